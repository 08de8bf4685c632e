"""What was recorded, read: what a look means, who is in, and the day sheets."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TextIO

from kiosk.domain.attendance import ClockEvent, Direction, working_day
from kiosk.domain.hours import LONGEST, DayRow, Reading, Rules, Span, read_look, spans
from kiosk.domain.hours.clocks import marked_ahead
from kiosk.domain.hours.days import judged
from kiosk.domain.hours.forgotten import leaving_times, said_time
from kiosk.domain.hours.inside import Inside, Present, inside
from kiosk.domain.hours.shifts import Absence, Assignment, day_off, planned
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.domain.records import Records
from kiosk.domain.settings import Settings, SettingValue
from kiosk.services.access.pins import utc_now
from kiosk.services.attendance.holidays import no_holidays, public_holidays
from kiosk.services.csv_safe import cell

ZONES = timedelta(hours=26)
"""The farthest that two zones of the world lie apart."""
LOOKED_BACK = timedelta(days=10)
"""How long ago somebody may have come of whom it is asked when they left."""
HABIT = timedelta(days=30)
"""Of which stays it follows when somebody usually goes."""


@dataclass(frozen=True, slots=True)
class _Plans:
    """What is known of some days beside the punches, by person."""

    assignments: Mapping[int, list[Assignment]]
    absences: Mapping[int, list[Absence]]

    def any_of(self, person_id: int) -> bool:
        return person_id in self.assignments or person_id in self.absences

    def absence(self, person_id: int, day: date) -> Absence | None:
        of_person = self.absences.get(person_id, ())
        return next((one for one in of_person if one.since <= day <= one.until), None)


_NO_PLANS = _Plans({}, {})


class Attendance:
    """Any thread. ``day_starts`` is the hour at which a working day begins; ``rules`` say the rest;
    ``longest`` is their longest shift, for who has no others.

    What is recorded is read by the local time of then, whatever zone the machine is in now; with
    ``zone`` everything is read in that zone. ``holiday`` names a day's public holiday."""

    def __init__(
        self,
        storage: Records,
        day_starts: int,
        zone: tzinfo | None = None,
        longest: timedelta = LONGEST,
        rules: Rules | None = None,
        holiday: Callable[[date], str] = no_holidays,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self.rules = rules or Rules(longest=longest)
        self._day_starts = day_starts
        self._zone = zone
        self.holiday = holiday
        self._now = now

    @classmethod
    def of(cls, storage: Records, settings: Settings) -> Attendance:
        """As the settings say."""
        return cls(
            storage,
            settings.day_starts,
            rules=Rules.of(settings),
            holiday=public_holidays(settings.holidays),
        )

    def under(self, rules: Mapping[str, SettingValue]) -> Attendance:
        """The same by other rules: settings by name, as a closed period keeps them."""
        settings = Settings.of(rules)
        return Attendance(
            self._storage,
            settings.day_starts,
            self._zone,
            rules=Rules.of(settings),
            holiday=self.holiday,
            now=self._now,
        )

    @property
    def longest(self) -> timedelta:
        """The longest shift."""
        return self.rules.longest

    def today(self, at: datetime) -> date:
        """The working day that a moment (UTC) belongs to."""
        return working_day(at.astimezone(self._zone), self._day_starts)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """The moments (with zone) at which a working day begins and ends."""
        return self._begin(day), self._begin(day + timedelta(days=1))

    def read_look(self, person_id: int, at: datetime) -> Reading:
        """What it means that the person looks into the camera at a moment."""
        return read_look(self._lately(at, LOOKED_BACK, person_id), at, self.rules)

    def left(self, came: ClockEvent, until: datetime) -> tuple[datetime, ...]:
        """When whoever came and never went may have left, before ``until``: at most three moments
        (with zone), the likely one first."""
        before = self._storage.clock_events.between(came.at - HABIT, came.at, came.person_id)
        plan = planned(self._storage.hours.assignments(came.person_id), self._day(came), self._zone)
        found = spans(before, self.longest)
        ends = plan.ends if plan else None
        return leaving_times(came, found, self._latest(came, until), ends)

    def said_left(self, came: ClockEvent, text: str, until: datetime) -> datetime:
        """The same moment (with zone) where the person types a time of day.

        Raises:
            BadInput: there is no such time, or nobody who came then can have left so late.
        """
        return said_time(came, text, self._latest(came, until))

    def last(self, person_id: int, at: datetime) -> ClockEvent | None:
        """The person's newest coming, going or break within the longest shift before a moment."""
        events = self._lately(at, self.longest, person_id)
        moved = (event for event in reversed(events) if event.direction is not Direction.SEEN)
        return next(moved, None)

    def awaited(self, row: DayRow, now: datetime) -> bool:
        """Whether somebody came and may be there yet: no open end, then."""
        newest = row.spans[-1] if row.spans else None
        if newest is None or newest.came is None or newest.went is not None:
            return False
        return now - newest.came.at <= self.longest

    def here(self, now: datetime) -> tuple[ClockEvent, ...]:
        """Who came within the longest shift and has not gone since: their coming, by name."""
        return tuple(one.event for one in self.inside(now) if one.inside is not Inside.UNKNOWN)

    def inside(self, now: datetime) -> tuple[Present, ...]:
        """Everybody who is or may be in, by name."""
        groups = {person.id: person.group for person in self._storage.people.find()}
        found = []
        for person_id, events in _by_person(self._lately(now, LOOKED_BACK)).items():
            present = inside(events, now, self.rules)
            if present is not None:
                found.append(replace(present, group=groups.get(person_id, "")))
        return tuple(sorted(found, key=lambda one: (one.event.person_name, one.event.person_id)))

    def spans(
        self, since: date, until: date, person_id: int | None = None
    ) -> dict[date, dict[int, list[Span]]]:
        """What began on the working days from ``since`` to ``until``, both included: by day, then
        by person, then by time. Of a century, too, by one question."""
        days: defaultdict[date, defaultdict[int, list[Span]]]
        days = defaultdict(lambda: defaultdict(list))
        for of_person, found in self._spans_by_person(since, until, person_id).items():
            for span in found:
                day = self._day(span.first)
                if since <= day <= until:
                    days[day][of_person].append(span)
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
        return self.days(day, day, empty=True)

    def days(
        self,
        since: date,
        until: date,
        people: Collection[int] | None = None,
        *,
        empty: bool = False,
    ) -> tuple[DayRow, ...]:
        """A row a person and day, by day and then by name, of everybody or of some people: where
        anything was recorded, planned, or is known of an absence; with ``empty`` of everybody
        enabled and valid."""
        alone = next(iter(people)) if people is not None and len(people) == 1 else None
        known = {p.id: p for p in self._storage.people.find() if people is None or p.id in people}
        plans = self._plans(since, until, alone)
        by_day: defaultdict[date, dict[int, DayRow]] = defaultdict(dict)
        for person_id, theirs in self._spans_by_person(since, until, alone).items():
            if people is None or person_id in people:
                rows_of = self._rows(person_id, theirs, known.get(person_id), plans, since, until)
                for row in rows_of:
                    by_day[row.day][person_id] = row
        rows: list[DayRow] = []
        for number in range((until - since).days + 1):
            day = since + timedelta(days=number)
            made = by_day.pop(day, {})
            for person in known.values():
                found = made.pop(person.id, None) or self._bare(person, day, plans, empty=empty)
                if found is not None:
                    rows.append(found)
            rows += made.values()  # whoever is deleted since
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
        for row in self._recorded_rows(tuple(days)):
            writer.writerow(
                [
                    row.day.isoformat(),
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

    def _latest(self, came: ClockEvent, until: datetime) -> datetime:
        return min(until, came.at + self.longest)

    def _recorded_rows(self, days: Sequence[date]) -> Iterable[DayRow]:
        """A row for whoever has events, day by day in the order given, of each day by name and then
        whoever is deleted since, by their first event around that day."""
        if not days:
            return
        known = {person.id: person for person in self._storage.people.find()}
        wanted = frozenset(days)
        by_day: defaultdict[date, dict[int, list[Span]]] = defaultdict(dict)
        moments: dict[int, list[tuple[datetime, int]]] = {}
        for person_id, found in self._spans_by_person(min(days), max(days), None).items():
            moments[person_id] = sorted((e.at, e.id) for span in found for e in span.events)
            for span in found:
                day = self._day(span.first)
                if day in wanted:
                    by_day[day].setdefault(person_id, []).append(span)
        for day in days:
            made = by_day.get(day, {})
            begins = (self._around(day, day)[0], 0)
            deleted = [one for one in made if one not in known]
            deleted.sort(key=lambda one: moments[one][bisect_left(moments[one], begins)])
            for person_id in (*(one for one in known if one in made), *deleted):
                yield self._row(person_id, day, made[person_id], known.get(person_id))

    def _lately(
        self, at: datetime, back: timedelta, person_id: int | None = None
    ) -> tuple[ClockEvent, ...]:
        """Within some time before a moment, that moment included."""
        until = at + timedelta(microseconds=1)
        return self._storage.clock_events.between(at - back, until, person_id)

    def _around(self, since: date, until: date) -> tuple[datetime, datetime]:
        """Between when the events lie that may belong to these working days: a going belongs to its
        coming, which may lie before the first day, or the other way round."""
        wider = ZONES + self.longest
        return self._begin(since) - wider, self._begin(until + timedelta(days=1)) + wider

    def _spans_by_person(
        self, since: date, until: date, person_id: int | None
    ) -> dict[int, tuple[Span, ...]]:
        """Some of the days around, too."""
        around = self._around(since, until)
        events = self._storage.clock_events.between(*around, person_id)
        if person_id is None:
            in_doubt = tuple(event for event in events if event.clock_suspect)
        else:  # everybody's: the clock is the kiosk's
            in_doubt = self._storage.clock_events.between(*around, suspect=True)
        doubted = marked_ahead(events, in_doubt)
        return {of: spans(found, self.longest) for of, found in _by_person(doubted).items()}

    def _plans(self, since: date, until: date, person_id: int | None) -> _Plans:
        hours = self._storage.hours
        assignments: defaultdict[int, list[Assignment]] = defaultdict(list)
        for assignment in hours.assignments(person_id):
            assignments[assignment.person_id].append(assignment)
        absences: defaultdict[int, list[Absence]] = defaultdict(list)
        for absence in hours.absences(since, until, person_id):
            absences[absence.person_id].append(absence)
        return _Plans(assignments, absences)

    def _begin(self, day: date) -> datetime:
        local = datetime.combine(day, time(self._day_starts))
        return local.astimezone() if self._zone is None else local.replace(tzinfo=self._zone)

    def _local(self, event: ClockEvent) -> datetime:
        return event.local if self._zone is None else event.at.astimezone(self._zone)

    def _day(self, event: ClockEvent) -> date:
        return working_day(self._local(event), self._day_starts)

    def _rows(
        self,
        person_id: int,
        found: Sequence[Span],
        person: Person | None,
        plans: _Plans,
        since: date,
        until: date,
    ) -> Iterable[DayRow]:
        """Of one person, a row each day, both ends included, on which anything began."""
        of_day: defaultdict[date, list[Span]] = defaultdict(list)
        for span in found:
            of_day[self._day(span.first)].append(span)
        went: datetime | None = None
        now = self._now()
        for day, mine in of_day.items():
            if since <= day <= until:
                row = self._row(person_id, day, mine, person, plans)
                yield judged(row, self.rules, went, now)
            went = mine[-1].end or went

    def _bare(self, person: Person, day: date, plans: _Plans, *, empty: bool) -> DayRow | None:
        """A day on which nothing was recorded, where there is anything to say of it."""
        if not person.enabled or not person.valid(day):
            return None
        if not empty and not plans.any_of(person.id):
            return None
        row = self._row(person.id, day, [], person, plans)
        if not empty and row.planned is None and row.absence is None:
            return None
        return judged(row, self.rules, now=self._now())

    def _row(
        self,
        person_id: int,
        day: date,
        mine: list[Span],
        person: Person | None,
        plans: _Plans = _NO_PLANS,
    ) -> DayRow:
        assignments = plans.assignments.get(person_id, ())
        name, staff_number = (person.name, person.staff_number) if person else ("", None)
        events = tuple(event for span in mine for event in span.events)
        if events and events[-1].person_name:
            name, staff_number = events[-1].person_name, events[-1].staff_number
        return DayRow(
            person_id,
            name or _("no. {number}").format(number=person_id),
            staff_number,
            day,
            first_in=self._first(events, Direction.IN),
            last_out=self._first(reversed(events), Direction.OUT),
            spans=tuple(mine),
            deleted=person is None,
            group=person.group if person else "",
            planned=planned(assignments, day, self._zone) if assignments else None,
            day_off=day_off(assignments, day) if assignments else False,
            absence=plans.absence(person_id, day),
            holiday=self.holiday(day),
        )

    def _first(self, events: Iterable[ClockEvent], direction: Direction) -> datetime | None:
        found = (self._local(event) for event in events if event.direction is direction)
        return next(found, None)


def _by_person(events: Iterable[ClockEvent]) -> dict[int, list[ClockEvent]]:
    found: defaultdict[int, list[ClockEvent]] = defaultdict(list)
    for event in events:
        found[event.person_id].append(event)
    return dict(found)


def _clock(local: datetime | None) -> str:
    return f"{local:%H:%M}" if local else ""
