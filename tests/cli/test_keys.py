"""The key of the database, on the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app import Options, opened_administration, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.keys import on_paper
from kiosk.services.access.keys import KEY_FILE
from tests.services.access.software_tpm import software_tpm

Capture = pytest.CaptureFixture[str]
TOOL = Path(__file__).parents[2] / "tools" / "verify_log.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "config" / "database.key"))
    folder = tmp_path / "data"
    with opened_administration(Options(data_dir=folder)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "258014")
    return folder


def key(folder: Path, *words: str) -> int:
    return execute(["key", *words, "--data-dir", str(folder)])


def newest(folder: Path) -> str:
    with opened_administration(Options(data_dir=folder)) as admin:
        return admin.records.audit.newest(1)[0].action.value


def test_where_it_lies_is_said(folder: Path, capsys: Capture) -> None:
    assert key(folder, "status") == 0
    told = capsys.readouterr().out
    assert "config/database.key" in told
    assert "on the same disk as the data" in told
    assert key(folder, "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["same_disk_as_data"] is True


def test_a_lost_key_comes_back_from_paper(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key(folder, "show") == 0
    paper = capsys.readouterr().out
    assert newest(folder) == "show_key"
    (folder.parent / "config" / "database.key").unlink()
    assert key(folder, "show") == 2
    assert "its key is not there" in capsys.readouterr().err
    assert not (folder.parent / "config" / "database.key").exists(), "no new one is made"
    monkeypatch.setattr("sys.stdin", io.StringIO(paper + "\n"))
    assert key(folder, "restore") == 0
    assert newest(folder) == "restore_key"


def test_a_key_that_opens_nothing_is_not_kept(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder.parent / "config" / "database.key"
    assert key(folder, "show") == 0
    right, kept = capsys.readouterr().out, place.read_bytes()
    monkeypatch.setattr("sys.stdin", io.StringIO(on_paper(bytes(32)) + "\n"))
    assert key(folder, "restore") == 2
    told = capsys.readouterr().err
    assert f"does not open {folder / 'kiosk.db'}: nothing was changed" in told
    assert place.read_bytes() == kept

    place.unlink()
    monkeypatch.setattr("sys.stdin", io.StringIO(on_paper(bytes(32)) + "\n"))
    assert key(folder, "restore") == 2
    assert not place.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO(right + "\n"))
    assert key(folder, "restore") == 0


def test_the_key_of_a_backup_is_tried_on_it(
    folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert execute(["backup", "now", str(tmp_path / "one.db"), "--data-dir", str(folder)]) == 0
    assert key(folder, "show") == 0
    paper = capsys.readouterr().out.split("\n", 1)[1]
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "other" / "database.key"))
    other = tmp_path / "other" / "data"
    with opened_storage(Options(data_dir=other)):
        pass
    monkeypatch.setattr("sys.stdin", io.StringIO(paper + "\n"))
    assert key(other, "restore") == 2
    assert "name that with --backup" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(paper + "\n"))
    assert key(other, "restore", "--backup", str(tmp_path / "one.db")) == 0
    assert execute(["restore", str(tmp_path / "one.db"), "--yes", "--data-dir", str(other)]) == 0
    assert newest(other) == "restore_backup"


def test_rotation(folder: Path, capsys: Capture) -> None:
    before = (folder / "kiosk.db").read_bytes()
    assert key(folder, "rotate", "--yes") == 0
    assert "All is under a new key" in capsys.readouterr().out
    assert newest(folder) == "rotate_key"
    assert key(folder, "status") == 0
    assert "1 older key beside it" in capsys.readouterr().out
    assert execute(["log", "verify", "--data-dir", str(folder)]) == 0
    (folder / "kiosk.db").write_bytes(before)  # as of a backup from before
    assert newest(folder) == "set_admin_pin"


def test_no_rotation_while_the_kiosk_runs(folder: Path, capsys: Capture) -> None:
    code = (
        "import sys; from pathlib import Path; from kiosk.app import Options, opened_storage\n"
        "with opened_storage(Options(data_dir=Path(sys.argv[1]))) as s:\n"
        "    s.people.find(); print('open', flush=True); input(); s.people.find()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert key(folder, "rotate", "--yes") == 2
        assert "is in use: close the kiosk" in capsys.readouterr().err
        other.communicate(b"\n")
        assert other.returncode == 0
    assert key(folder, "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["keys"] == 1


def test_the_record_for_somebody_without_the_key(folder: Path, tmp_path: Path) -> None:
    record_key = tmp_path / "record.key"
    record_key.write_text("5a" * 32)
    out = tmp_path / "record.db"
    assert execute(["log", "extract", str(out), "--data-dir", str(folder)]) == 0
    assert out.stat().st_mode & 0o077 == 0
    told = subprocess.run(
        [sys.executable, "-I", TOOL, out, record_key], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "2 entries" in told.stdout
    assert execute(["log", "extract", str(out), "--data-dir", str(folder)]) == 2
    with opened_storage(Options(data_dir=folder)) as storage:
        assert storage.audit.newest(1)[0].action == "extract_record"


def test_a_key_in_the_tpm_is_told_shown_and_renewed(
    folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with software_tpm(tmp_path / "tpm", monkeypatch):
        assert key(folder, "move", "tpm") == 0
        assert "Keep a copy on paper" in capsys.readouterr().out
        assert newest(folder) == "move_key"
        assert key(folder, "status") == 0
        told = capsys.readouterr().out
        assert f"the TPM of this machine (sealed in {tmp_path / 'config'}" in told
        assert "same disk" not in told
        assert key(folder, "rotate", "--yes") == 0
        assert key(folder, "show") == 0
        paper = capsys.readouterr().out.split("void.")[-1].split(".\n")[-1]
    with software_tpm(tmp_path / "another mainboard", monkeypatch):
        assert key(folder, "show") == 2
        assert "put it back with `kiosk key restore`" in capsys.readouterr().err
        monkeypatch.setattr("sys.stdin", io.StringIO(paper + "\n"))
        assert key(folder, "restore") == 0
        assert f"The key is in {tmp_path / 'config' / 'database.key'}." in capsys.readouterr().out
    assert newest(folder) == "restore_key"


def test_to_nowhere_it_is_not_moved(folder: Path, capsys: Capture) -> None:
    assert key(folder, "move", "cellar") == 2
    assert "Say tpm, keyring or file: 'cellar' is none of them." in capsys.readouterr().err
