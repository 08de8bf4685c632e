"""How long data is kept, and erasing somebody, on the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from kiosk.app import Options, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.records import EventFilter
from tests.fakes import MORNING, vector

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ada was let in, somebody was refused; both long ago."""
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        ada = storage.people.add("Ada", "17")
        storage.people.add_template(ada.id, vector(1), "fake", 0.9, "camera")
        long_ago = MORNING - timedelta(days=900)
        storage.events.append(
            Decision(long_ago, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP, score=12.0)
        )
        storage.events.append(
            Decision(long_ago, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, ada.id, score=61.0)
        )
    return tmp_path


def kiosk(folder: Path, *words: str) -> int:
    return execute([*words, "--data-dir", str(folder)])


def keep(folder: Path, **days: int) -> None:
    with opened_storage(Options(data_dir=folder)) as storage:
        storage.settings.save(dict(days))


def test_nothing_goes_as_delivered(folder: Path, capsys: Capture) -> None:
    assert kiosk(folder, "retention", "preview") == 0
    assert kiosk(folder, "retention", "run") == 0
    assert capsys.readouterr().out == 2 * "Nothing is old enough to go.\n"


def test_what_would_go_is_told_and_goes(folder: Path, capsys: Capture) -> None:
    keep(folder, keep_refused=30)
    assert kiosk(folder, "retention", "preview") == 0
    told = "Log: looks that were refused: 1 row, 2023-09-14 – 2023-09-14\n"
    assert capsys.readouterr().out == told
    assert kiosk(folder, "retention", "preview", "--json") == 0
    (due,) = json.loads(capsys.readouterr().out)
    assert due == {"kind": "refused", "count": 1, "first": "2023-09-14", "last": "2023-09-14"}
    assert kiosk(folder, "retention", "run", "--yes") == 0
    assert capsys.readouterr().out.startswith(told + "It is erased.")
    assert kiosk(folder, "retention", "preview") == 0
    assert kiosk(folder, "log", "verify") == 0
    assert "All stands as it was written" in capsys.readouterr().out


def test_it_asks_first(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(folder, keep_refused=30)
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    assert kiosk(folder, "retention", "run") == 1
    assert "1 row" in capsys.readouterr().out
    assert kiosk(folder, "retention", "preview") == 0
    assert "1 row" in capsys.readouterr().out


def test_somebody_is_erased_with_a_receipt(folder: Path, capsys: Capture) -> None:
    assert kiosk(folder, "people", "erase", "17", "--yes") == 0
    title, went, log, backups = capsys.readouterr().out.splitlines()
    assert title.startswith("Receipt: the data of Ada (no. 1) were deleted on ")
    assert went == "Deleted: the name and number on the card, the PIN, 1 photo."
    assert log.startswith("Erased: the name in 1 log entry")
    assert backups.startswith("Backups made before")
    with opened_storage(Options(data_dir=folder)) as storage:
        assert storage.people.find() == ()
        assert "Ada" not in str(storage.events.query(EventFilter())) + str(storage.audit.newest())


def test_somebody_is_removed_and_stays_in_the_log(folder: Path, capsys: Capture) -> None:
    assert kiosk(folder, "people", "remove", "17", "--yes") == 0
    told = capsys.readouterr().out
    assert told.startswith("Deleted Ada.\n")
    assert "Stays: 1 log entry with the name, until they are old enough to go." in told


def test_of_nobody_there_is_no_receipt(folder: Path, capsys: Capture) -> None:
    assert kiosk(folder, "people", "erase", "Ben", "--yes") == 2
    assert "Nobody here is called 'Ben'" in capsys.readouterr().err


def test_what_is_kept_of_somebody_is_written_out(
    folder: Path, capsys: Capture, qapp: object
) -> None:
    assert kiosk(folder, "people", "data", "17") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["card"][0]["name"], len(told["looks"])) == ("Ada", 1)
    out = folder / "out"
    out.mkdir()
    paper, plain = out / "ada.pdf", out / "ada.json"
    assert kiosk(folder, "people", "data", "Ada", str(paper), str(plain)) == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert json.loads(plain.read_text())["card"] == told["card"]
    assert {one.stat().st_mode & 0o777 for one in (paper, plain)} == {0o600}


def test_data_goes_into_files_of_two_kinds(folder: Path, capsys: Capture) -> None:
    assert kiosk(folder, "people", "data", "17", "ada.txt") == 2
    assert "ada.txt must end in .pdf, for people, or .json" in capsys.readouterr().err


def test_a_notice_for_the_door(folder: Path, capsys: Capture, qapp: object) -> None:
    paper = folder / "door.pdf"
    assert kiosk(folder, "notice", str(paper)) == 0
    assert paper.read_bytes().startswith(b"%PDF")
    told = capsys.readouterr().out
    assert "by hand, or set first: Who is responsible; Who answers, and where to object." in told
    with opened_storage(Options(data_dir=folder)) as storage:
        storage.settings.save({"controller": "Acme", "data_contact": "dpo@example.org"})
    assert kiosk(folder, "notice", str(paper)) == 0
    assert "by hand" not in capsys.readouterr().out
    assert kiosk(folder, "notice", "door.txt") == 2
