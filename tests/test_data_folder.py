"""What others may read is closed at a start, or told; so are a full disk and a missing backup."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.app import Options, opened_administration, opened_storage
from kiosk.data_folder import check_backup, check_modes, check_room
from kiosk.domain.audit import PROGRAM
from kiosk.domain.settings import Settings

posix = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An older version's, or one that was copied here."""
    made = tmp_path / "data"
    with opened_storage(Options(data_dir=made)):
        pass
    for name in ("kiosk.db", "kiosk.db.backup-0002-20260101T000000Z", "kiosk.log", "kiosk.log.1"):
        (made / name).touch()
        (made / name).chmod(0o644)
    made.chmod(0o755)
    return made


@posix
def test_a_start_closes_what_others_could_read(folder: Path) -> None:
    with opened_storage(Options(data_dir=folder)):
        assert mode(folder) == 0o700
        assert {mode(path) for path in folder.iterdir()} == {0o600}
        assert check_modes(folder / "kiosk.db").ok


@posix
def test_a_folder_that_serves_others_too_stays_as_it_is_and_is_told(folder: Path) -> None:
    (folder / "pictures").mkdir()

    with opened_storage(Options(data_dir=folder)):
        assert mode(folder) == 0o755
        assert mode(folder / "kiosk.db") == 0o600

    found = check_modes(folder / "kiosk.db")
    assert (found.ok, found.advice) == (True, True)
    assert "a folder of its own" in found.text


@posix
def test_an_export_that_others_can_read_is_told_with_what_to_do(folder: Path) -> None:
    (folder / "log.csv").touch(mode=0o644)

    with opened_storage(Options(data_dir=folder)):
        pass

    found = check_modes(folder / "kiosk.db")
    assert not found.ok
    assert f"chmod go-rwx {folder / 'log.csv'}" in found.text
    assert mode(folder / "log.csv") == 0o644, "whoever exported it may have meant it"


def test_room_is_told(folder: Path) -> None:
    assert " MB are free" in check_room(folder / "kiosk.db").text


def test_a_missing_and_an_old_backup_are_told(folder: Path) -> None:
    now = datetime.now(UTC)
    with opened_storage(Options(data_dir=folder)) as storage:
        assert not check_backup(storage, storage.check(), now).advice, "there is nothing to lose"
        storage.people.add("Mia Chen")
        never = check_backup(storage, storage.check(), now)
    assert (never.ok, never.advice) == (True, True)
    assert "`kiosk backup now`" in never.text

    with opened_administration(Options(data_dir=folder)) as admin:
        admin.backups.make(PROGRAM, folder / "copy.db")
        report = admin.records.check()
        assert not check_backup(admin.records, report, now).advice
        old = check_backup(admin.records, report, now + timedelta(days=9))
    assert old.advice
    assert "8 days old" in old.text
    with opened_administration(Options(data_dir=folder)) as admin:
        admin.backups.now(PROGRAM)
        at = admin.backups.all()[0].at
        assert not check_backup(admin.records, report, at + timedelta(days=2)).advice
        assert check_backup(admin.records, report, at + timedelta(days=2, hours=1)).advice
        settings = Settings()
        admin.settings.change(PROGRAM, settings, settings.changed(backups=False))
        off = check_backup(admin.records, report, at + timedelta(days=3))
    assert "None is made each day" in off.text
