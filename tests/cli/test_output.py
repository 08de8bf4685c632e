"""Whatever standard output is, and whatever the database answers: a sentence and the right code."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import Options, opened_storage
from kiosk.cli.program import execute

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("王小明", "Łukasz Żak", "محمد", "Zoë Müller")


def kiosk(*words: object, **how: Any) -> subprocess.CompletedProcess[bytes]:
    variables = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "LC_ALL")}
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, words)],
        cwd=ROOT, env=variables | how.pop("env", {}), timeout=60, check=False,
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how),
    )  # fmt: skip


def told(ran: subprocess.CompletedProcess[bytes]) -> str:
    """The error output, which must be sentences."""
    text = ran.stderr.decode()
    assert "Traceback" not in text
    assert "Exception ignored" not in text
    return text


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    with opened_storage(Options(data_dir=folder)) as storage:
        for name in NAMES:
            storage.people.add(name)
        for number in range(400):
            storage.people.add(f"Somebody With A Long Name {number}")
    return folder


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "words", [("people", "list"), ("people", "list", "--json"), ("log", "export"), ("--help",),
              ("attendance", "export"), ("--version",), ("people", "remove", "王小明")],
    ids=" ".join,
)  # fmt: skip
def test_a_full_disk_is_told(data: Path, words: tuple[str, ...]) -> None:
    where = () if words[0].startswith("--") else ("--data-dir", data)
    with Path("/dev/full").open("wb") as full:
        ran = kiosk(*words, *where, stdout=full, stdin=subprocess.DEVNULL)

    assert ran.returncode == 2
    assert "The output can't be written: No space left on device" in told(ran)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_error_output_that_is_full_changes_nothing(data: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        assert kiosk("people", "list", "--data-dir", data, stderr=full).returncode == 0
        assert kiosk("people", "remove", "nobody", "--data-dir", data, stderr=full).returncode == 2


@pytest.mark.parametrize("words", [("people", "list"), ("log", "export"), ("people", "--help")])
def test_whoever_stops_reading_changes_nothing(data: Path, words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = kiosk(*words, "--data-dir", data, stdout=writer) if words[1] != "--help" else kiosk(
        *words, stdout=writer
    )  # fmt: skip
    os.close(writer)

    assert told(ran) == ""
    assert ran.returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_names_are_written_whatever_the_terminal_knows(data: Path, encoding: str) -> None:
    how = {"PYTHONIOENCODING": encoding, "LANG": "C"}
    plain = kiosk("people", "list", "--data-dir", data, env=how)
    as_json = kiosk("people", "list", "--data-dir", data, "--json", env=how)

    assert (plain.returncode, told(plain)) == (0, "")
    assert plain.stdout.count(b"\n") == 400 + len(NAMES)
    assert {row["name"] for row in json.loads(as_json.stdout.decode(encoding))} >= set(NAMES)


def test_a_closed_output_is_no_error(data: Path) -> None:
    ran = subprocess.run(
        f'exec "{sys.executable}" -m kiosk people list --data-dir "{data}" >&-',
        shell=True, cwd=ROOT, stderr=subprocess.PIPE, timeout=60, check=False,
    )  # fmt: skip

    assert (ran.returncode, told(ran)) == (0, "")


@pytest.fixture
def web_server() -> Iterator[int]:
    """Something that listens and is no database."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                client.recv(1000)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_web_server_is_no_database(web_server: int) -> None:
    pytest.importorskip("psycopg")

    ran = kiosk(
        "people",
        "list",
        "--database-url",
        f"postgresql+psycopg://u:geheim@127.0.0.1:{web_server}/x",
    )

    assert ran.returncode == 2
    assert "127.0.0.1" in told(ran)
    assert "geheim" not in told(ran)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u@127.0.0.1:1/x",
        "postgresql+psycopg://u@127.0.0.1:port/x",
        "postgresql+psycopg://u@127.0.0.1:99999999/x",
        "postgresql+psycopg://u@127.0.0.1:1/x?no_such_option=1",
        "postgresql+psycopg://u@no-such-host.invalid/x",
        "postgresql+nodriver://u@127.0.0.1/x",
        "nodialect://u@127.0.0.1/x",
        "postgresql://u@127.0.0.1/x",
        "mysql+pymysql://u@127.0.0.1/x",
        "no address at all",
        "://",
        "sqlite:////nowhere/at/all.db",
        "sqlite:////dev/null",
        "sqlite:////tmp",
        "sqlite:///a.db?no_such_option=1",
        "sqlite:///a.db?timeout=soon",
        "sqlite+nodriver:///a.db",
        "sqlite://host/a.db",
    ],
)
def test_no_address_of_a_database_ends_in_a_traceback(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    code = execute(["people", "list", "--database-url", url, "--json"])

    error = json.loads(capsys.readouterr().err)["error"]
    assert code == 2, error
    assert error.endswith(".")
    assert len(error.split()) > 5


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")

    for folder in (file, file / "below"):
        ran = kiosk("people", "list", "--data-dir", folder)
        assert ran.returncode == 2
        assert str(file) in told(ran)


def test_a_home_that_nobody_has(tmp_path: Path) -> None:
    ran = kiosk("people", "list", "--data-dir", "~no-such-user-here/data")

    assert ran.returncode == 2
    assert "no-such-user-here" in told(ran)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_with_130(data: Path) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "people", "remove", "王小明", "--data-dir", str(data)],
        cwd=ROOT, stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.read(1)  # it asks
    process.send_signal(signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        # Between the question and its reading Python hears no signal: one presses it once more.
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    os.close(reader)
    os.close(writer)

    assert (process.returncode, errors) == (130, b"")


def test_a_question_that_nobody_answers_is_no_yes(data: Path) -> None:
    ran = kiosk("people", "remove", "王小明", "--data-dir", data, stdin=subprocess.DEVNULL)

    assert ran.returncode == 2
    assert "--yes" in told(ran)


def test_help_never_tells_the_address_in_the_environment(data: Path) -> None:
    url = "postgresql+psycopg://kiosk:geheim@127.0.0.1:1/x"

    for words in (("--help",), ("people", "--help"), ("people", "list", "--help")):
        ran = kiosk(*words, env={"KIOSK_DATABASE_URL": url})
        assert (ran.returncode, told(ran)) == (0, "")
        assert b"KIOSK_DATABASE_URL" in ran.stdout
        assert b"geheim" not in ran.stdout


def test_a_replay_goes_on_when_nobody_reads_it(data: Path, tmp_path: Path) -> None:
    """What is decided is logged, whoever listens."""
    reader, writer = os.pipe()
    os.close(reader)
    pictures = ROOT / "assets" / "demo" / "people" / "Mia Chen"
    ran = kiosk("replay", pictures, "--data-dir", tmp_path, stdout=writer)
    os.close(writer)

    assert "Broken pipe" not in told(ran)
    assert ran.returncode == 1, "nobody is enrolled there"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("log export --since yesterday", "'yesterday' is no time: write it as 2026-11-24"),
        ("log export --since 0001-01-01", "is no time"),
        ("log export --until 2026-13-01", "is no time"),
        ("log export --since 2026-02-02 --until 2026-01-01", "--since must lie before --until."),
        ("audit list --limit 0", "'0' is no such number"),
        ("audit list --limit many", "'many' is no such number"),
        ("audit list --limit " + 40 * "9", "is no such number"),
        ("people remove 99999999999999999999999 --yes", "Nobody here is called"),
        ("people remove \udcff --yes", "Nobody here is called"),
    ],
)
def test_a_value_that_is_none_is_told_in_a_sentence(
    data: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([*words.split(), "--data-dir", str(data)]) == 2
    assert said in capsys.readouterr().err


def test_times_may_have_a_zone(data: Path) -> None:
    times = ["--since", "2026-11-24T07:00+01:00", "--until", "2026-11-24T06:30Z"]
    assert execute(["log", "export", *times, "--data-dir", str(data)]) == 0
