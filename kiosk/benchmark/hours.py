"""A year of 500 people's punches, and how long a month's sheet of all of them takes."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.settings import Settings
from kiosk.services.attendance import Attendance
from kiosk.storage import database_url, open_storage

PEOPLE: Final = 500
DAYS: Final = 220
ROUNDS: Final = 7
YEAR: Final = 2026
FROM, TO = date(YEAR, 5, 1), date(YEAR, 5, 31)
LOOKS: Final = (
    (Direction.IN, timedelta(hours=7)),
    (Direction.OUT, timedelta(hours=11)),
    (Direction.IN, timedelta(hours=11, minutes=45)),
    (Direction.OUT, timedelta(hours=16)),
)


def month_sheet_seconds(people: int = PEOPLE, days: int = DAYS, rounds: int = ROUNDS) -> float:
    """The median of some rounds, in seconds; the first one, which warms up, is left out."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        storage = open_storage(database_url(Path(folder)))
        try:
            known = [
                storage.people.add(f"Person {number}", str(number)) for number in range(people)
            ]
            storage.clock_events.put_all(list(_year([person.id for person in known], days)))
            times = []
            for _ in range(rounds + 1):
                attendance = Attendance.of(storage, Settings())
                began = time.perf_counter()
                attendance.days(FROM, TO)
                times.append(time.perf_counter() - began)
        finally:
            storage.close()
    return statistics.median(times[1:])


def _year(people: list[int], days: int) -> Iterator[ClockEvent]:
    workdays = (
        day
        for number in range(365)
        if (day := datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(days=number)).weekday() < 5
    )
    for _, day in zip(range(days), workdays, strict=False):
        for number, person_id in enumerate(people):
            for direction, at in LOOKS:
                moment = day + at + timedelta(seconds=7 * number % 600)
                yield ClockEvent(
                    0,
                    person_id,
                    direction,
                    moment,
                    person_name=f"Person {number}",
                    utc_offset_minutes=0,
                )
