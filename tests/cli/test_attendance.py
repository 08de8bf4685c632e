"""`attendance` on the command line: sheets, entries put right, periods, requests."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.app import Options, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.attendance import Direction
from kiosk.domain.audit import Action, ActorKind
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.services.attendance.profiles import DATEV, RECORD
from tests.services.attendance.conftest import month_folder

__all__ = ["month_folder"]

Capture = pytest.CaptureFixture[str]
MONTH = ("--month", "2025-11")


@pytest.fixture
def folder(month_folder: Path, tmp_path: Path, machine_in: Callable[[str], None]) -> Path:
    machine_in("Europe/Berlin")
    return Path(shutil.copytree(month_folder, tmp_path / "data"))


@pytest.fixture
def run(folder: Path, capsys: Capture) -> Callable[..., tuple[int, str]]:
    """Run a command; its code and what it said."""

    def run(*words: object) -> tuple[int, str]:
        code = execute(["attendance", *map(str, words), "--data-dir", str(folder)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


Run = Callable[..., tuple[int, str]]


def test_one_persons_month_on_the_screen(run: Run) -> None:
    code, text = run("sheet", "17", *MONTH)
    assert code == 0
    assert "Ada Lovelace, 17, Laboratory, 2025-11-01 – 2025-11-30" in text
    assert "h, of which" in text
    assert "Rests on: face" in text
    assert "2025-10-08  +0:45  The gate's list says so" in text
    assert "Björn" not in text


def test_everybody_as_figures(run: Run) -> None:
    code, text = run("sheet", *MONTH, "--json")
    told = json.loads(text)
    assert (code, len(told)) == (0, 4)
    for one in told:
        assert one["counted_s"] == sum(day["counted_s"] for day in one["days"])
        assert one["payable_s"] == one["counted_s"] + one["carried_s"]
        assert isinstance(one["counted_s"], int)


@pytest.mark.usefixtures("qapp")
def test_files_by_their_endings(run: Run, folder: Path) -> None:
    for name, begins in (
        ("all.pdf", b"%PDF"),
        ("all.xlsx", b"PK"),
        ("all.ics", b"BEGIN:VCALENDAR"),
        ("all.csv", b"\xef\xbb\xbfday,"),
        ("all.txt", b"Ada Lovelace"),
    ):
        code, text = run("sheet", folder / name, *MONTH)
        assert (code, f"written to {folder / name}" in text) == (0, True), text
        assert (folder / name).read_bytes().startswith(begins)
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    code, _text = run(
        "sheet", "Ada Lovelace", folder / "ada.xlsx", *MONTH, "--profile", "month totals"
    )
    sheet = load_workbook(folder / "ada.xlsx").active
    assert sheet is not None
    assert (code, sheet.max_row) == (0, 2)


def test_csv_on_the_screen_in_a_file_and_of_a_group(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["attendance", "sheet", *MONTH, "--group", "laboratory", "--profile", DATEV.name]
    assert execute([*words, "--as", "csv", "--data-dir", str(folder)]) == 0
    shown = capfdbinary.readouterr().out
    rows = list(csv.reader(io.StringIO(shown.decode("cp1252")), delimiter=";"))
    assert [row[0] for row in rows] == ["Personalnummer", "17", "31"]
    assert execute([*words, str(folder / "out.csv"), "--data-dir", str(folder)]) == 0
    assert (folder / "out.csv").read_bytes() == shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("sheet", "--month", "2026-13"), "is no month"),
        (("sheet", *MONTH, "--since", "2025-11-01"), "not both"),
        (("sheet", "--until", "2025-11-01"), "--until needs --since"),
        (("sheet", "--since", "2025-11-02", "--until", "2025-11-01"), "before the first"),
        (("sheet", *MONTH, "--as", "pdf"), "Name a file"),
        (("sheet", "17", "out.doc", *MONTH), "does not say what to write"),
        (("sheet", "nobody", *MONTH), "Nobody here is called 'nobody'"),
        (("sheet", *MONTH, "--group", "Kitchen"), "There are: Laboratory, Warehouse"),
        (("sheet", *MONTH, "--profile", "Weeks"), "There are: Days"),
        (("sheet", *MONTH, "--profile", "Days", "--as", "ical"), "leave it out"),
        (("sheet", "/nowhere/all.csv", *MONTH), "can't be written"),
        (("correct", "17", "--why", "x"), "Say one thing"),
        (("correct", "17", "--in", "2025-11-02", "--turn", "1"), "Say one thing"),
        (("correct", "17", "--in", "2025-11-02T08:00"), "Say why"),
        (("correct", "17", "--in", "soon", "--why", "x"), "is no time"),
        (("correct", "17", "--strike", "999999", "--why", "x"), "no clock event 999999"),
        (("correct", "204", "--strike", "1", "--why", "x"), "of somebody else"),
        (("events", "17", "--since", "2025-11-02", "--until", "2025-11-01"), "before the first"),
        (("close", "--since", "2025-11-01"), "Give the first and the last day"),
        (("close", "--since", "2025-10-01", "--until", "2025-10-02"), "is closed already"),
        (("requests", "approve", "7"), "no such request"),
        (("requests", "refuse"), "no such request"),
        (("profiles", "--add", "/nowhere.json"), "can't be read"),
        (("profiles", "--remove", "Days"), "of your own"),
    ],
)
def test_what_is_wrong_is_a_sentence(run: Run, words: tuple[str, ...], why: str) -> None:
    code, text = run(*words)
    assert (code, why in text) == (2, True), text


def test_an_entry_is_added_moved_turned_struck_out_and_put_back(run: Run, folder: Path) -> None:
    reason = ("--why", "The gate's list")
    code, text = run("correct", "17", "--in", "2025-11-18T08:00", *reason, "--json")
    made = json.loads(text)
    assert (code, made["direction"], made["evidence"]) == (0, "in", "hand")
    _code, text = run("correct", "17", "--move", made["id"], "2025-11-18T08:30", *reason)
    assert "2025-11-18 08:30:00  in     by hand, The gate's list" in text
    moved = int(text.split()[0])
    _code, text = run("correct", "17", "--turn", moved, "--json")
    turned = json.loads(text)
    assert (turned["direction"], turned["replaces"]) == ("out", moved)
    assert run("correct", "17", "--strike", turned["id"])[0] == 2, "a reason is needed"
    assert run("correct", "17", "--strike", turned["id"], *reason)[0] == 0
    day = ("--since", "2025-11-18", "--until", "2025-11-18")
    _code, text = run("events", "17", *day)
    assert text.count("struck out by") == 3
    assert run("correct", "17", "--put-back", turned["id"], *reason)[0] == 0
    _code, text = run("events", "17", *day, "--json")
    assert [one["struck"] for one in json.loads(text)] == [True, True, False]
    for word, kept in (("--break", "break"), ("--back", "back"), ("--out", "out")):
        _code, text = run("correct", "17", word, "2025-11-19T03:00", *reason, "--json")
        assert json.loads(text)["direction"] == kept
    with opened_storage(Options(folder)) as storage:
        entries = storage.audit.newest(3)
    assert {entry.actor.kind for entry in entries} == {ActorKind.SYSTEM_USER}


def test_events_without_days_are_the_last_seven(run: Run) -> None:
    assert run("events", "17") == (0, "Nothing was recorded in these days.\n")


def test_a_month_is_closed_and_listed(run: Run) -> None:
    days = ("--since", "2025-09-01", "--until", "2025-09-30")
    code, text = run("close", *days)
    assert (code, "2025-09-01 – 2025-09-30  0:00 h  0 lines" in text) == (0, True), text
    _code, text = run("periods", "--json")
    september, october = json.loads(text)
    assert september["since"] == "2025-09-01"
    assert len(october["sha256"]) == 64
    assert october["counted_s"] > 100 * 3600
    _code, text = run("periods")
    assert text.count("SHA-256") == 2


def test_what_is_not_settled_is_closed_only_if_told_so(run: Run, folder: Path) -> None:
    with opened_storage(Options(folder)) as storage:
        storage.clock_events.add(1, Direction.IN, datetime(2025, 9, 3, 8, tzinfo=UTC))
    days = ("--since", "2025-09-01", "--until", "2025-09-30")
    code, text = run("close", *days)
    assert (code, "1 open end in these days" in text) == (2, True), text
    code, text = run("close", *days, "--anyway", "--json")
    assert (code, json.loads(text)["lines_count"]) == (0, 1)


def test_requests_are_listed_approved_and_refused(run: Run, folder: Path) -> None:
    assert run("requests") == (0, "Nobody waits for an answer.\n")
    at = datetime(2025, 11, 18, 7, tzinfo=UTC)
    with opened_storage(Options(folder)) as storage:
        for minute in (0, 10):
            storage.hours.add_request(
                CorrectionRequest(
                    0,
                    1,
                    "Ada Lovelace",
                    at,
                    Direction.IN,
                    at + timedelta(minutes=minute),
                    None,
                    "forgot",
                )
            )
    _code, text = run("requests", "--json")
    second, first = json.loads(text)
    assert run("requests", "refuse", second["id"])[0] == 2, "a reason is needed"
    code, text = run("requests", "refuse", second["id"], "--why", "You were away")
    assert (code, "refused: You were away" in text) == (0, True), text
    code, text = run("requests", "approve", first["id"])
    assert (code, "approved" in text) == (0, True), text
    assert run("requests", "approve", first["id"])[0] == 2, "once"
    assert "2025-11-18 08:00" in run("events", "17", "--since", "2025-11-18")[1]
    assert run("requests", "--all")[1].count("\n") == 2


def test_a_profile_of_ones_own(run: Run, folder: Path) -> None:
    _code, text = run("profiles", "--show", RECORD.name)
    (profile,) = json.loads(text)
    profile |= {"name": "Ours", "columns": profile["columns"][:2], "delimiter": ";"}
    (folder / "ours.json").write_text(json.dumps([profile]), "utf-8")
    assert run("profiles", "--add", folder / "ours.json") == (0, "Kept: Ours.\n")
    assert "Ours: name, staff number\n" in run("profiles")[1]
    assert json.loads(run("profiles", "--json")[1])[-1]["name"] == "Ours"
    assert run("sheet", folder / "ours.csv", *MONTH, "--profile", "ours")[0] == 0
    assert (folder / "ours.csv").read_bytes().startswith(b"\xef\xbb\xbfname;staff number\r\n")
    assert run("profiles", "--remove", "Ours") == (0, "Removed: Ours.\n")
    (folder / "ours.json").write_text("[]", "utf-8")
    assert "holds no profile" in run("profiles", "--add", folder / "ours.json")[1]
    with opened_storage(Options(folder)) as storage:
        assert storage.audit.newest(1)[0].action is Action.CHANGE_SETTINGS


def test_who_is_in_surely_perhaps_or_not_known(run: Run, folder: Path) -> None:
    now = datetime.now(UTC)
    with opened_storage(Options(folder)) as storage:
        for person, hours in ((1, 2), (2, 14), (3, 40)):
            storage.clock_events.add(person, Direction.IN, now - timedelta(hours=hours))
        storage.clock_events.add(4, Direction.IN, now - timedelta(hours=3))
        storage.clock_events.add(4, Direction.BREAK, now - timedelta(hours=1))
    _code, text = run("who")
    assert "3 people are in.\nOf 1 person nobody knows whether they left.\n" in text
    assert text.count("perhaps") == text.count("not known") == text.count("on a break") == 1
    told = {one["name"].split()[0]: one for one in json.loads(run("who", "--json")[1])}
    assert [told[name]["inside"] for name in ("Ada", "Björn", "Ελένη")] == [
        "surely",
        "perhaps",
        "unknown",
    ]
    assert told["Ada"]["group"] == "Laboratory"
