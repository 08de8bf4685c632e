"""Records that are remembered only: for months by the thousand, which no database has to keep."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.hours.shifts import Absence, Assignment
from kiosk.domain.people import Person

ADA: Final = 1


class Remembered:
    """What :class:`Attendance` reads of one person. ``people``, ``events``, ``hours`` and
    ``clock_events`` are itself."""

    def __init__(
        self, events: Iterable[ClockEvent] = (), assignments: Iterable[Assignment] = ()
    ) -> None:
        self._found = sorted(events, key=_moment)
        self._assignments = tuple(assignments)

    def __getattr__(self, name: str) -> Any:
        if name in ("people", "events", "hours", "clock_events"):
            return self
        raise AttributeError(name)

    def keep(self, event: ClockEvent) -> None:
        insort(self._found, event, key=_moment)

    def put_in_place(self, event: ClockEvent, other: ClockEvent) -> None:
        """As a correction does: one counts no more, another stands in its place."""
        self._found.remove(event)
        self.keep(other)

    def find(self) -> tuple[Person, ...]:
        return (
            Person(ADA, "Ada", None, enabled=True, created_at=datetime(2026, 1, 1, tzinfo=UTC)),
        )

    def assignments(self, _person: int | None = None) -> tuple[Assignment, ...]:
        return self._assignments

    def absences(
        self, _since: date, _until: date, _person: int | None = None
    ) -> tuple[Absence, ...]:
        return ()

    def between(
        self, since: datetime, until: datetime, _person: int | None = None, **_: bool
    ) -> tuple[ClockEvent, ...]:
        begin = bisect_left(self._found, since, key=lambda event: event.at)
        end = bisect_left(self._found, until, key=lambda event: event.at)
        return tuple(self._found[begin:end])


def _moment(event: ClockEvent) -> tuple[datetime, int]:
    return event.at, event.id
