"""A made-up November of people who work as people do: nights, breaks, what was put right by hand,
what came from elsewhere, and something of October that was corrected after it was closed."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.admin.corrections import Corrections
from kiosk.services.admin.periods import Periods
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.storage import database_url, open_storage
from tests.fakes import WallClock

T = TypeVar("T")
NOVEMBER = date(2025, 11, 1), date(2025, 11, 30)
OCTOBER = date(2025, 10, 1), date(2025, 10, 31)
CET = timedelta(hours=1)
NOW = datetime(2025, 12, 2, 8, tzinfo=UTC)
IN, OUT, BREAK, BACK = Direction.IN, Direction.OUT, Direction.BREAK, Direction.BACK
PEOPLE = (
    ("Ada Lovelace", "17", "Laboratory", "days"),
    ("Björn Åström", "204", "Warehouse", "nights"),
    ("Ελένη Παππά", "31", "Laboratory", "days"),
    ("Maria-Theodora von Hohenlohe-Waldenburg-Schillingsfürst Mayer", "1001", "", "split"),
)
SETTINGS = Settings().changed(
    rounding="15",
    rounding_way="nearest",
    breaks="unpaid",
    break_rule="deduct",
    forgotten="shift",
    holidays="DE-BY",
)


def filled(storage: Storage, settings: Settings = SETTINGS) -> tuple[int, ...]:
    """Fill a database; the ids of the people by the order of ``PEOPLE``."""
    storage.settings.save(
        {
            name: getattr(settings, name)
            for name in ("rounding", "rounding_way", "breaks", "break_rule", "forgotten")
        }
        | {"holidays": settings.holidays}
    )
    ids = []
    chance = random.Random(18)
    with storage.transaction():
        for name, number, group, kind in PEOPLE:
            person = storage.people.add(name, number)
            storage.people.update(replace(person, group=group))
            ids.append(person.id)
            for month, last in ((10, 31), (11, 30)):
                for day in range(1, last + 1):
                    began = date(2025, month, day)
                    if began.weekday() < 5 and (month, day) not in _AWAY.get(name, ()):
                        _work(storage, person.id, began, kind, chance)
    rota = storage.hours.add_rota(Rota.parse("Early", "08:00-16:30," * 5 + "-,-"))
    storage.hours.assign(Assignment(ids[0], date(2025, 11, 1), rota))
    storage.hours.add_absence(
        Absence(0, ids[0], "Holiday", date(2025, 11, 12), date(2025, 11, 13), "")
    )
    storage.hours.add_absence(Absence(0, ids[2], "Sick", date(2025, 11, 24), date(2025, 11, 26)))
    clock = WallClock(NOW)
    trail = Trail(storage, clock)
    corrections = Corrections(storage, trail, clock)
    attendance = Attendance.of(storage, settings)
    periods = Periods(storage, trail, clock, lambda: attendance)
    periods.close(ADMINISTRATOR, *OCTOBER, unsettled_too=True)
    for person_id, day, minutes in ((ids[0], 8, 60), (ids[0], 20, -45), (ids[1], 14, 30)):
        went = last_going(storage, person_id, date(2025, 10, day))
        corrections.move(
            ADMINISTRATOR, went, went.at + timedelta(minutes=minutes), "The gate's list says so"
        )
    went = last_going(storage, ids[0], date(2025, 11, 5))
    corrections.strike(ADMINISTRATOR, went, "It was her brother")  # the end is assumed then
    went = last_going(storage, ids[2], date(2025, 11, 4))
    corrections.move(
        ADMINISTRATOR, went, went.at - timedelta(minutes=17), "Left with the fire alarm"
    )
    came = storage.clock_events.add(
        ids[3], IN, _moment(date(2025, 11, 22), 9, 3), evidence=Evidence.IMPORT, note="old system"
    )
    storage.clock_events.add(
        ids[3], OUT, came.at + timedelta(hours=2, minutes=41), evidence=Evidence.IMPORT
    )
    storage.clock_events.add(ids[3], IN, _moment(date(2025, 11, 23), 9, 3))  # and never goes
    return tuple(ids)


def filled_file(folder: Path) -> Path:
    """The same in a data folder."""
    storage = open_storage(database_url(folder))
    try:
        assert filled(storage) == (1, 2, 3, 4)
    finally:
        storage.close()
    return folder


def in_berlin(act: Callable[[], T]) -> T:
    """What an act gives on a machine in Berlin."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    try:
        return act()
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def last_going(storage: Storage, person_id: int, day: date) -> ClockEvent:
    """The going of whoever came on a day."""
    since = _moment(day, 4, 0)
    found = storage.clock_events.between(since, since + timedelta(days=1, hours=4), person_id)
    return [event for event in found if event.direction is OUT][-1]


_AWAY = {
    "Ada Lovelace": {(11, 12), (11, 13), (11, 18)},
    "Ελένη Παππά": {(11, 24), (11, 25), (11, 26)},
}


def _moment(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC) - CET


def _work(storage: Storage, person_id: int, day: date, kind: str, chance: random.Random) -> None:
    late = timedelta(seconds=chance.randrange(-500, 700), microseconds=chance.randrange(10**6))
    plans = {
        "days": ((IN, 8, 0), (BREAK, 12, 0), (BACK, 12, 20 + chance.randrange(20)), (OUT, 16, 30)),
        "nights": ((IN, 22, 0), (BREAK, 26, 10), (BACK, 26, 45), (OUT, 30, 0)),
        "split": ((IN, 7, 30), (OUT, 11, 15), (IN, 15, 0), (OUT, 19, 10)),
    }
    for direction, hour, minute in plans[kind]:
        at = _moment(day, 0, 0) + timedelta(hours=hour, minutes=minute) + late
        late = timedelta(seconds=chance.randrange(-300, 900), microseconds=chance.randrange(10**6))
        weak = chance.random()
        evidence = Evidence.FACE
        if weak < 0.04:
            evidence = Evidence.PERSON
        elif weak < 0.15:
            evidence = Evidence.PIN
        storage.clock_events.add(person_id, direction, at, evidence=evidence)
