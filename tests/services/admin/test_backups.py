"""Backups come each day, and go when they are old enough."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.audit import PROGRAM, Action
from kiosk.domain.backups import gone_after
from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.daily_backups import DailyBackups
from kiosk.storage import SqlStorage, open_storage
from tests.fakes import WallClock


class Day:
    """The kiosk's day, and its settings, for a test to change."""

    def __init__(self, storage: SqlStorage, clock: WallClock) -> None:
        self.clock = clock
        self.seconds = 0.0
        self.storage = storage
        self.admin = Administration.of(storage, Pins(storage), clock)
        self.daily = DailyBackups(self.admin, self._settings, clock, lambda: self.seconds)

    def _settings(self) -> Settings:
        return Settings.of(self.storage.settings.load())

    def choose(self, **values: object) -> None:
        self.storage.settings.save(asdict(Settings().changed(**values)))

    def next(self, hours: float) -> int:
        """Look after some hours; how many backups there are."""
        self.clock.now += timedelta(hours=hours)
        self.seconds += hours * 3600
        self.daily.look()
        return len(self.admin.backups.all())


@pytest.fixture
def day(tmp_path: Path, machine_in: Callable[[str], None]) -> Iterator[Day]:
    machine_in("UTC")
    clock = WallClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    storage = open_storage(f"sqlite:///{tmp_path / 'kiosk.db'}", clock)
    yield Day(storage, clock)
    storage.close()


def test_one_a_day_at_night(day: Day) -> None:
    assert day.next(0) == 1, "at the first start"
    assert day.next(8) == 1
    assert day.next(6) == 1, "two in the morning"
    assert day.next(1) == 2
    entry = day.storage.audit.newest(1)[0]
    assert (entry.actor, entry.action) == (PROGRAM, Action.BACK_UP)
    assert entry.details == str(day.admin.backups.all()[0].path)


def test_whoever_is_deleted_is_gone_from_all_after_the_days_that_are_said(day: Day) -> None:
    day.choose(backups_daily=3, backups_weekly=1)
    ada = day.storage.people.add("Ada")
    day.next(0)
    day.storage.people.delete(ada.id)
    there = [day.admin.backups.verify(one.path).people for one in day.admin.backups.all()]
    assert there == [1]
    for _each in range(gone_after(3, 1)):
        day.next(24)
    there = [day.admin.backups.verify(one.path).people for one in day.admin.backups.all()]
    assert there == [0, 0, 0]
    assert "; 1 older one deleted" in day.storage.audit.newest(1)[0].details


def test_copies_beside_the_database_go_too(day: Day, tmp_path: Path) -> None:
    old = tmp_path / "kiosk.db.backup-0002-20260101T000000Z"
    young = tmp_path / "kiosk.db.before-restore-20260301T000000Z"
    for path in (old, young):
        path.write_bytes(b"SQLite format 3\0Ada")
    other = tmp_path / "kiosk.db.backup-of-mine"
    other.write_text("mine")
    with old.open("rb") as held:  # as a disk holds it
        day.next(0)
        assert set(held.read()) == {0}, "what is not encrypted is overwritten"
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_another_kiosks_in_the_same_folder_stay(day: Day, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    theirs = tmp_path / "backups" / "kiosk-00000000-20200101T000000Z.db"
    theirs.write_bytes(b"theirs")
    assert day.next(0) == 1
    assert theirs.exists()


def test_two_within_a_second_are_two(day: Day) -> None:
    first, second = day.admin.backups.now(PROGRAM), day.admin.backups.now(PROGRAM)
    assert first.path != second.path
    assert [one.path for one in day.admin.backups.all()] == [second.path], "the newest of the day"


def test_switched_off_none_is_made(day: Day) -> None:
    day.choose(backups=False)
    assert day.next(0) == 0


def test_a_folder_elsewhere_must_be_there(
    day: Day, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    disk = tmp_path / "disk"
    day.choose(backup_folder=str(disk / "backups"))
    with caplog.at_level(logging.WARNING):
        assert day.next(0) == 0
        disk.mkdir()
        assert day.next(0.5) == 0, "it is tried again after an hour"
    (record,) = caplog.records
    assert f"There is no folder {disk / 'backups'} for the backups" in record.getMessage()
    assert day.next(0.6) == 1
    assert not day.daily.problem
    assert day.admin.backups.all()[0].path.parent == disk / "backups"


def test_a_disk_is_never_filled(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 150_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(EnvironmentFailed, match=r"has 150 MB left, and 200 MB are needed"):
        day.admin.backups.now(PROGRAM)


def test_a_database_that_is_no_file_has_none(clock: WallClock) -> None:
    storage = open_storage("sqlite://", clock)
    admin = Administration.of(storage, Pins(storage), clock)
    assert admin.backups.all() == ()
    with pytest.raises(BadInput, match=r"pg_dump .* pg_restore"):
        admin.backups.now(PROGRAM)
    storage.close()


def test_what_is_being_made_when_the_kiosk_ends_is_made_anew(day: Day) -> None:
    day.daily.start()
    day.daily.stop()
    assert day.admin.backups.all() == ()
