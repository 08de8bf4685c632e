"""Clocking in and out, and the day sheets."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TextIO

from kiosk.domain.attendance import ClockEvent, Direction, working_day
from kiosk.domain.hours import LONGEST, DayRow, Span, next_direction, spans
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.domain.records import Records
from kiosk.domain.settings import Settings
from kiosk.services.csv_safe import cell

ZONES = timedelta(hours=26)
"""The farthest that two zones of the world lie apart."""


class Attendance:
    """Any thread. ``day_starts`` is the hour at which a working day begins; ``longest`` is the
    longest shift: whoever came longer ago has forgotten to go.

    What is recorded is read by the local time of then, whatever zone the machine is in now; with
    ``zone`` everything is read in that zone."""

    def __init__(
        self,
        storage: Records,
        day_starts: int,
        zone: tzinfo | None = None,
        longest: timedelta = LONGEST,
    ) -> None:
        self._storage = storage
        self.longest = longest
        self._day_starts = day_starts
        self._zone = zone

    @classmethod
    def of(cls, storage: Records, settings: Settings) -> Attendance:
        """As the settings say."""
        longest = timedelta(hours=settings.longest_shift)
        return cls(storage, settings.day_starts, longest=longest)

    def today(self, at: datetime) -> date:
        """The working day that a moment (UTC) belongs to."""
        return working_day(at.astimezone(self._zone), self._day_starts)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """The moments (with zone) at which a working day begins and ends."""
        return self._begin(day), self._begin(day + timedelta(days=1))

    def next_direction(self, person_id: int, at: datetime) -> Direction:
        """Whether the person comes or goes: goes, where they came within the longest shift."""
        return next_direction(self.last(person_id, at), at, self.longest)

    def last(self, person_id: int, at: datetime) -> ClockEvent | None:
        """The person's newest clock event within the longest shift before a moment."""
        events = self._lately(at, person_id)
        return events[-1] if events else None

    def awaited(self, row: DayRow, now: datetime) -> bool:
        """Whether somebody came and may be there yet: no open end, then."""
        if not row.events or row.events[-1].direction is not Direction.IN:
            return False
        return now - row.events[-1].at <= self.longest

    def here(self, now: datetime) -> tuple[ClockEvent, ...]:
        """Who came within the longest shift and has not gone since: their coming, by name."""
        last = {event.person_id: event for event in self._lately(now)}
        there = (event for event in last.values() if event.direction is Direction.IN)
        return tuple(sorted(there, key=lambda event: (event.person_name, event.person_id)))

    def spans(self, since: date, until: date) -> dict[date, dict[int, list[Span]]]:
        """What began on the working days from ``since`` to ``until``, both included: by day, then
        by person, then by time. Of a century, too, by one question."""
        found: defaultdict[int, list[ClockEvent]] = defaultdict(list)
        for event in self._storage.clock_events.between(*self._around(since, until)):
            found[event.person_id].append(event)
        days: defaultdict[date, defaultdict[int, list[Span]]]
        days = defaultdict(lambda: defaultdict(list))
        for person_id, events in found.items():
            for span in spans(events, self.longest):
                day = self._day(span.first)
                if since <= day <= until:
                    days[day][person_id].append(span)
        return {day: dict(people) for day, people in days.items()}

    def struck(self, row: DayRow) -> tuple[ClockEvent, ...]:
        """What of a person's day was struck out, by time."""
        found = self._storage.clock_events.between(
            *self._around(row.day, row.day), row.person_id, struck=True
        )
        return tuple(e for e in found if e.struck is not None and self._day(e) == row.day)

    def recorded(self, since: date, until: date) -> tuple[date, ...]:
        """The working days, both ends included, on which anybody came or went."""
        return tuple(sorted(self.spans(since, until)))

    def sheet(self, day: date) -> tuple[DayRow, ...]:
        """A row for each enabled person, and for whoever else has events that day; by name.

        A row without events says that nothing was recorded, which is no absence.
        """
        grouped = self.spans(day, day).get(day, {})
        rows = []
        for person in self._storage.people.find():
            mine = grouped.pop(person.id, [])
            if mine or person.enabled:
                rows.append(self._row(person.id, day, mine, person))
        rows += [self._row(gone, day, mine) for gone, mine in grouped.items()]
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

    def _lately(self, at: datetime, person_id: int | None = None) -> tuple[ClockEvent, ...]:
        """Within the longest shift before a moment, that moment included."""
        until = at + timedelta(microseconds=1)
        return self._storage.clock_events.between(at - self.longest, until, person_id)

    def _around(self, since: date, until: date) -> tuple[datetime, datetime]:
        """Between when the events lie that may belong to these working days: a going belongs to its
        coming, which may lie before the first day, or the other way round."""
        wider = ZONES + self.longest
        return self._begin(since) - wider, self._begin(until + timedelta(days=1)) + wider

    def _begin(self, day: date) -> datetime:
        local = datetime.combine(day, time(self._day_starts))
        return local.astimezone() if self._zone is None else local.replace(tzinfo=self._zone)

    def _local(self, event: ClockEvent) -> datetime:
        return event.local if self._zone is None else event.at.astimezone(self._zone)

    def _day(self, event: ClockEvent) -> date:
        return working_day(self._local(event), self._day_starts)

    def _row(
        self, person_id: int, day: date, mine: list[Span], person: Person | None = None
    ) -> DayRow:
        name, staff_number = (person.name, person.staff_number) if person else ("", None)
        events = tuple(event for span in mine for event in span.events)
        if events and events[-1].person_name:
            name, staff_number = events[-1].person_name, events[-1].staff_number
        return DayRow(
            person_id,
            name or _("no. {number}").format(number=person_id),
            staff_number,
            day,
            first_in=self._end(events, Direction.IN, min),
            last_out=self._end(events, Direction.OUT, max),
            spans=tuple(mine),
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
