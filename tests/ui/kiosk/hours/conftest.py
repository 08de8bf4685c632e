"""People with hours, in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.hours import Rules
from kiosk.domain.people import Person
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance import Attendance
from kiosk.services.site import Site
from kiosk.storage import SqlStorage, database_url, open_storage
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.hours.model import OwnHours, Writing
from kiosk.ui.kiosk.hours.reading import read
from kiosk.ui.kiosk.page import KioskPage
from tests.fakes import QUICK_HASHER
from tests.ui.fakes import Clock, FakeKiosk

PLAIN = Writing(
    lambda at: f"{at:%H:%M}", lambda day: f"{day:%a} {day.day} {day:%b}", lambda day: f"{day:%B}"
)


def local(text: str) -> datetime:
    """A moment by this machine's clock: ``2026-11-24 07:42``."""
    return datetime.fromisoformat(text).astimezone()


@dataclass
class Hours:
    """A database with hours in it, and a clock that is set by hand."""

    storage: SqlStorage
    rules: Rules
    now: datetime

    @property
    def admin(self) -> Administration:
        return Administration.of(
            self.storage, Pins(self.storage, hasher=QUICK_HASHER), lambda: self.now
        )

    @property
    def attendance(self) -> Attendance:
        return Attendance(self.storage, 0, rules=self.rules, now=lambda: self.now)

    def punch(self, person: Person, *punches: str, **more: Any) -> ClockEvent:
        """``in 2026-11-24 07:42``; the last is returned."""
        for punch in punches:
            direction, _, at = punch.partition(" ")
            moment = local(at).astimezone(UTC)
            wanted = ClockEvent(0, person.id, Direction(direction), moment, **more)
            made = self.storage.clock_events.put(wanted)
        return made

    def said(self, person: Person, *punches: str) -> ClockEvent:
        return self.punch(person, *punches, evidence=Evidence.HAND)

    def read(self, person: Person) -> OwnHours:
        return read(self.storage, self.attendance, person.id, person.name, self.now, PLAIN)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    opened = open_storage(database_url(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def hours(storage: SqlStorage) -> Hours:
    return Hours(storage, Rules(), local("2026-11-24 12:00"))


@pytest.fixture
def mia(storage: SqlStorage) -> Person:
    return storage.people.add("Mia Chen", "101")


@pytest.fixture
def ben(storage: SqlStorage) -> Person:
    return storage.people.add("Ben Weber", "102")


@pytest.fixture
def site(kiosk: FakeKiosk, hours: Hours) -> Site:
    """A kiosk whose hours are real."""
    return replace(
        kiosk.site(),
        records=hours.storage,
        admin=hours.admin,
        attendance=lambda: hours.attendance,
    )


@pytest.fixture
def page(
    qtbot: QtBot, site: Site, bridge: Bridge, worker: Worker, clock: Clock, hours: Hours
) -> KioskPage:
    made = KioskPage(site, bridge, worker, clock=clock, now=lambda: hours.now)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    return made
