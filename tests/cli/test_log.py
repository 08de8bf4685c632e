"""Whether the record was altered, asked on the command line."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import Options, opened_administration, read_settings, record_heads
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR, Action
from tests.databases import opened

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened_administration(Options(data_dir=tmp_path)) as admin:
        for pin in ("258014", "936114"):
            admin.settings.set_admin_pin(ADMINISTRATOR, pin)
    return tmp_path


def sql(folder: Path, statement: str) -> None:
    with closing(opened(folder / "kiosk.db")) as connection:
        connection.execute(statement)


def verify(folder: Path, *more: str) -> int:
    return execute(["log", "verify", "--data-dir", str(folder), *more])


def test_what_stands_as_it_was_written_is_said(folder: Path, capsys: Capture) -> None:
    assert verify(folder) == 0
    told = capsys.readouterr().out
    assert "All stands as it was written: 2 entries." in told
    assert "The newest is 2:" in told
    assert verify(folder, "--json") == 0
    assert json.loads(capsys.readouterr().out)["found"] == []


def test_what_was_altered_is_named(folder: Path, capsys: Capture) -> None:
    sql(folder, "UPDATE audit SET action = 'export' WHERE id = 1")
    assert verify(folder) == 1
    told = capsys.readouterr().out
    assert "Row 1 of audit was changed (entry 1)." in told
    assert verify(folder, "--json") == 1
    (found,) = json.loads(capsys.readouterr().out)["found"]
    assert found == {"what": "changed", "entry": 1, "table": "audit", "row": 1}


def take_back(folder: Path) -> None:
    """Put a copy from before the third entry in the place of the database."""
    shutil.copy(folder / "kiosk.db", folder / "older.db")
    write(folder, "471108")
    for left in folder.glob("kiosk.db*"):
        left.unlink()
    shutil.move(folder / "older.db", folder / "kiosk.db")


def write(folder: Path, pin: str) -> None:
    with opened_administration(Options(data_dir=folder)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, pin)


def doctor(folder: Path, capsys: Capture) -> dict[str, str | bool]:
    capsys.readouterr()
    execute(["doctor", "--data-dir", str(folder), "--json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    (record,) = (one for one in findings if one["title"] == "Record")
    return dict(record)


def test_an_older_copy_in_its_place_is_found(folder: Path, capsys: Capture) -> None:
    take_back(folder)
    known = record_heads(Options(data_dir=folder)).known()
    assert known is not None
    assert known.seq == 3
    assert verify(folder) == 1
    assert "entry 3 was written, and is not there" in capsys.readouterr().out


def test_an_older_copy_is_found_however_much_is_written_after(
    folder: Path, capsys: Capture
) -> None:
    take_back(folder)
    for number in range(3):
        write(folder, f"69037{number}")
        assert verify(folder) == 1, number
        assert "entry 3 was written, and is not there" in capsys.readouterr().out
        record = doctor(folder, capsys)
        assert not record["ok"]
        assert "Entry no. 3 was written" in str(record["text"])


def test_what_was_put_back_on_purpose_is_accepted_in_the_trail(
    folder: Path, capsys: Capture
) -> None:
    assert execute(["log", "accept", "--data-dir", str(folder)]) == 2
    assert "nothing to accept" in capsys.readouterr().err
    take_back(folder)
    assert execute(["log", "accept", "--data-dir", str(folder)]) == 0
    with opened_administration(Options(data_dir=folder)) as admin:
        newest = admin.records.audit.newest(1)[0]
    assert newest.action is Action.RESTORE_BACKUP
    assert "the newest entry known here was no. 3" in newest.details
    write(folder, "690371")
    assert verify(folder) == 0
    assert doctor(folder, capsys)["ok"]


def test_a_disk_put_back_is_found_by_what_was_told_outside(
    folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    options = Options(data_dir=folder)
    with opened_administration(options) as admin:
        before = read_settings(admin.records, options)
        admin.settings.change(ADMINISTRATOR, before, before.changed(head_folder=str(stick)))
    shutil.copy(folder / "kiosk.db", tmp_path / "older.db")
    kept = record_heads(options).path.read_text()
    with opened_administration(options) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "471108")
    assert verify(folder) == 0
    assert f"Told outside: {stick}" in capsys.readouterr().out
    (written,) = stick.iterdir()
    line = written.read_text()

    for left in folder.glob("kiosk.db*"):
        left.unlink()
    shutil.move(tmp_path / "older.db", folder / "kiosk.db")
    record_heads(options).path.write_text(kept)
    assert verify(folder) == 1
    assert "entry 4 was written, and is not there" in capsys.readouterr().out
    written.rename(tmp_path / "taken away.txt")
    assert verify(folder) == 0
    written.unlink()  # what was told just now
    assert verify(folder, "--head", str(tmp_path / "taken away.txt")) == 1
    assert verify(folder, "--head", line.split()[1]) == 1


def test_what_is_no_entry_is_said(folder: Path, capsys: Capture) -> None:
    assert verify(folder, "--head", "yesterday") == 2
    assert "should name an entry of the record" in capsys.readouterr().err
