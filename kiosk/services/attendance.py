"""Clocking in and out, and the day sheets."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TextIO

from kiosk.domain.attendance import (
    ClockEvent,
    DayRow,
    Direction,
    next_direction,
    worked,
    working_day,
)
from kiosk.domain.records import Records
from kiosk.services.csv_safe import cell


class Attendance:
    """Any thread. ``day_starts`` is the hour at which a working day begins, ``zone`` the site's
    time zone (None: the machine's)."""

    def __init__(self, storage: Records, day_starts: int, zone: tzinfo | None = None) -> None:
        self._storage = storage
        self._day_starts = day_starts
        self._zone = zone

    def today(self, at: datetime) -> date:
        """The working day that a moment (UTC) belongs to."""
        return working_day(at.astimezone(self._zone), self._day_starts)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """The moments (with zone) at which a working day begins and ends."""
        return self._begin(day), self._begin(day + timedelta(days=1))

    def next_direction(self, person_id: int, at: datetime) -> Direction:
        """Whether the person comes or goes, by the events of the working day so far."""
        return next_direction(self.events(self.today(at), person_id))

    def last(self, person_id: int, at: datetime) -> ClockEvent | None:
        """The person's newest clock event of the working day."""
        events = self.events(self.today(at), person_id)
        return events[-1] if events else None

    def events(self, day: date, person_id: int | None = None) -> tuple[ClockEvent, ...]:
        """One working day's clock events by time, everybody's or one person's."""
        since, until = self.span(day)
        return self._storage.clock_events.between(since, until, person_id)

    def sheet(self, day: date) -> tuple[DayRow, ...]:
        """A row for each enabled person, and for whoever else has events that day; by name.

        A row without events says that nothing was recorded, which is no absence.
        """
        grouped: defaultdict[int, list[ClockEvent]] = defaultdict(list)
        for event in self.events(day):
            grouped[event.person_id].append(event)
        rows = []
        for person in self._storage.people.find():
            events = tuple(grouped.pop(person.id, ()))
            if events or person.enabled:
                rows.append(_row(person.id, person.name, person.staff_number, day, events))
        rows += [
            _row(person_id, f"(deleted, no. {person_id})", None, day, tuple(events))
            for person_id, events in grouped.items()
        ]
        return tuple(rows)

    def export(self, days: Iterable[date], out: TextIO) -> int:
        """The sheets of some days as CSV; returns the number of rows. People without events are
        left out. Times are local."""
        writer = csv.writer(out)
        writer.writerow(
            ["day", "name", "staff number", "first in", "last out", "hours", "open end", "by hand"]
        )
        count = 0
        for day in days:
            for row in self.sheet(day):
                if not row.events:
                    continue
                writer.writerow(
                    [
                        day.isoformat(),
                        cell(row.name),
                        cell(row.staff_number or ""),
                        self._clock(row.first_in),
                        self._clock(row.last_out),
                        f"{row.worked.total_seconds() / 3600:.2f}",
                        "yes" if row.open_end else "",
                        "yes" if any(event.by_hand for event in row.events) else "",
                    ]
                )
                count += 1
        return count

    def _begin(self, day: date) -> datetime:
        local = datetime.combine(day, time(self._day_starts))
        return local.astimezone() if self._zone is None else local.replace(tzinfo=self._zone)

    def _clock(self, at: datetime | None) -> str:
        return f"{at.astimezone(self._zone):%H:%M}" if at else ""


def _row(
    person_id: int,
    name: str,
    staff_number: str | None,
    day: date,
    events: tuple[ClockEvent, ...],
) -> DayRow:
    ins = [event.at for event in events if event.direction is Direction.IN]
    outs = [event.at for event in events if event.direction is Direction.OUT]
    total, open_end = worked(events)
    return DayRow(
        person_id,
        name,
        staff_number,
        day,
        first_in=min(ins, default=None),
        last_out=max(outs, default=None),
        worked=total,
        open_end=open_end,
        events=events,
    )
