"""``attendance import`` and ``attendance absences``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app import Options, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.attendance import Evidence

Capture = pytest.CaptureFixture[str]
EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PUNCHES = "Staff;Time;Kind\n101;02.02.2026 08:00;Kommen\n101;02.02.2026 16:00;Gehen\n"
MAP = "number=Staff,moment=Time,direction=Kind"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        storage.people.add("Mia Chen", "101")
    return tmp_path


def run(folder: Path, command: str, text: str, *words: str) -> int:
    file = folder / "old.csv"
    file.write_text(text)
    return execute(["attendance", command, str(file), "--data-dir", str(folder), *words])


def events(folder: Path) -> int:
    with opened_storage(Options(data_dir=folder)) as storage:
        return storage.check().clock_events


def test_a_dry_run_then_in_earnest_then_again(folder: Path, capsys: Capture) -> None:
    words = ("--map", MAP, "--zone", "Europe/Berlin")
    assert run(folder, "import", PUNCHES, *words, "--dry-run") == 0
    assert "2 new, 0 there already.\nNothing was written" in capsys.readouterr().out
    assert events(folder) == 0
    assert run(folder, "import", PUNCHES, *words) == 0
    assert "Imported." in capsys.readouterr().out
    assert run(folder, "import", PUNCHES, *words, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"new": 0, "there": 2, "added": 0, "refused": []}
    assert events(folder) == 2
    with opened_storage(Options(data_dir=folder)) as storage:
        kept = storage.clock_events.between(*EVER)
        assert {event.evidence for event in kept} == {Evidence.IMPORT}, "marked for ever"


def test_what_is_refused_is_told_by_line(folder: Path, capsys: Capture) -> None:
    wrong = PUNCHES + "102;02.02.2026 08:00;Kommen\n"
    assert run(folder, "import", wrong, "--map", MAP) == 2
    told = capsys.readouterr().out
    assert "Line 4: Nobody has the staff number 102." in told
    assert "so nothing was imported" in told
    assert events(folder) == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "Say which column is the number"),
        (("--map", "number"), "can't be read"),
        (("--map", MAP, "--zone", "Mars/Base"), "no zone"),
        (("--map", MAP, "--encoding", "none"), "no encoding"),
    ],
)
def test_bad_options(folder: Path, capsys: Capture, words: tuple[str, ...], why: str) -> None:
    assert run(folder, "import", PUNCHES, *words) == 2
    assert why in capsys.readouterr().err


def test_absences(folder: Path, capsys: Capture) -> None:
    text = "number,kind,since,until\n101,Holiday,2026-08-03,2026-08-14\n"
    assert run(folder, "absences", text) == 0
    assert "Imported." in capsys.readouterr().out
    assert run(folder, "absences", text) == 0
    assert "0 new, 1 there already" in capsys.readouterr().out
