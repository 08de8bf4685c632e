"""What is not over yet: nobody has forgotten to go who is there, nobody is missing who may come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.hours import Flagged, Forgotten, Rules
from kiosk.domain.hours.shifts import Assignment, Rota
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.attendance import Attendance

MONDAY = date(2026, 3, 2)
BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def ada(storage: Storage, enrol: Callable[..., Person]) -> Person:
    person = enrol("Ada")
    rota = storage.hours.add_rota(Rota.parse("Day", "08:00-16:30," * 4 + "08:00-16:30,-,-"))
    storage.hours.assign(Assignment(person.id, MONDAY, rota))
    return person


def attendance(storage: Storage, now: datetime) -> Attendance:
    rules = Rules(forgotten=Forgotten.SHIFT)
    return Attendance(storage, 4, BERLIN, rules=rules, now=lambda: now)


def test_hours_to_come_do_not_count(storage: Storage, ada: Person) -> None:
    storage.clock_events.add(ada.id, Direction.IN, at(8))
    (row,) = attendance(storage, at(10)).days(MONDAY, MONDAY)
    assert (row.counted, row.flagged(Flagged.ASSUMED_END)) == (timedelta(), False)
    (row,) = attendance(storage, at(1, 3)).days(MONDAY, MONDAY)
    assert row.counted == timedelta(hours=8, minutes=30)
    assert row.flagged(Flagged.ASSUMED_END)


def test_nobody_is_missing_before_the_shift_is_over(storage: Storage, ada: Person) -> None:
    (row,) = attendance(storage, at(16)).days(MONDAY, MONDAY)
    assert not row.flagged(Flagged.MISSING)
    (row,) = attendance(storage, at(17)).days(MONDAY, MONDAY)
    assert row.flagged(Flagged.MISSING)
