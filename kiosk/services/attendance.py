"""Clocking in and out, and the day sheets."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
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
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.domain.records import Records
from kiosk.services.csv_safe import cell

ZONES = timedelta(hours=26)
"""The farthest that two zones of the world lie apart."""


class Attendance:
    """Any thread. ``day_starts`` is the hour at which a working day begins.

    What is recorded is read by the local time of then, whatever zone the machine is in now; with
    ``zone`` everything is read in that zone."""

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
        found = self._storage.clock_events.between(since - ZONES, until + ZONES, person_id)
        return tuple(event for event in found if self._day(event) == day)

    def recorded(self, since: date, until: date) -> tuple[date, ...]:
        """The working days, both ends included, on which anybody came or went: of a century, too,
        by one question."""
        begin, end = self._begin(since), self._begin(until)
        found = self._storage.clock_events.between(begin - ZONES, end + timedelta(days=1) + ZONES)
        days = {self._day(event) for event in found}
        return tuple(day for day in sorted(days) if since <= day <= until)

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
                rows.append(self._row(person.id, day, events, person))
        rows += [self._row(gone, day, tuple(events)) for gone, events in grouped.items()]
        return tuple(rows)

    def export(self, days: Iterable[date], out: TextIO) -> int:
        """The sheets of some days as CSV; returns the number of rows. People without events are
        left out. Times are those of the clock on the wall then."""
        writer = csv.writer(out)
        writer.writerow(
            [
                "day",
                "name",
                "staff number",
                "first in",
                "last out",
                "hours",
                "open end",
                "by hand",
                "clock",
            ]
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
                        _clock(row.first_in),
                        _clock(row.last_out),
                        f"{row.worked.total_seconds() / 3600:.2f}",
                        "yes" if row.open_end else "",
                        "yes" if any(event.by_hand for event in row.events) else "",
                        "doubtful" if any(event.clock_suspect for event in row.events) else "",
                    ]
                )
                count += 1
        return count

    def _begin(self, day: date) -> datetime:
        local = datetime.combine(day, time(self._day_starts))
        return local.astimezone() if self._zone is None else local.replace(tzinfo=self._zone)

    def _local(self, event: ClockEvent) -> datetime:
        return event.local if self._zone is None else event.at.astimezone(self._zone)

    def _day(self, event: ClockEvent) -> date:
        return working_day(self._local(event), self._day_starts)

    def _row(
        self,
        person_id: int,
        day: date,
        events: tuple[ClockEvent, ...],
        person: Person | None = None,
    ) -> DayRow:
        name, staff_number = (person.name, person.staff_number) if person else ("", None)
        if events and events[-1].person_name:
            name, staff_number = events[-1].person_name, events[-1].staff_number
        total, open_end = worked(events)
        return DayRow(
            person_id,
            name or _("no. {number}").format(number=person_id),
            staff_number,
            day,
            first_in=self._end(events, Direction.IN, min),
            last_out=self._end(events, Direction.OUT, max),
            worked=total,
            open_end=open_end,
            events=events,
            deleted=person is None,
        )

    def _end(
        self,
        events: Iterable[ClockEvent],
        direction: Direction,
        choose: Callable[[list[datetime]], datetime],
    ) -> datetime | None:
        moments = [self._local(event) for event in events if event.direction is direction]
        return choose(moments) if moments else None


def _clock(local: datetime | None) -> str:
    return f"{local:%H:%M}" if local else ""
