"""From moments at which somebody came or went to spans of work, whatever the date says.

Nothing is cut at midnight, nor where a working day begins: whoever comes at 22:00 and goes at 06:00
worked once, eight hours, on the evening it began. What tells a going from a coming is whether
somebody is there: a span that is open and younger than the longest shift is closed; one that is
older was forgotten, stays open, and a new one begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from kiosk.domain.attendance import ClockEvent, Direction

LONGEST: Final = timedelta(hours=16)
"""The longest shift, unless a site says otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """A coming with its going, by time; one of them is None where an end is open."""

    came: ClockEvent | None
    went: ClockEvent | None

    @property
    def first(self) -> ClockEvent:
        """By whose moment it belongs to a day."""
        event = self.came or self.went
        assert event is not None
        return event

    @property
    def open(self) -> bool:
        """Whether an end is missing."""
        return self.came is None or self.went is None

    @property
    def worked(self) -> timedelta:
        """Nothing where an end is open."""
        if self.came is None or self.went is None:
            return timedelta()
        return self.went.at - self.came.at

    @property
    def events(self) -> tuple[ClockEvent, ...]:
        """One or both, by time."""
        return tuple(event for event in (self.came, self.went) if event is not None)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One person's day on the sheet: what began that day, to its end on the next day, too. Name and
    number are as they were recorded, where anything was; ``first_in`` and ``last_out`` have the
    zone that they were recorded in."""

    person_id: int
    name: str
    staff_number: str | None
    day: date
    first_in: datetime | None
    last_out: datetime | None
    spans: tuple[Span, ...]
    deleted: bool = False

    @property
    def events(self) -> tuple[ClockEvent, ...]:
        """All of them, by time."""
        return tuple(event for span in self.spans for event in span.events)

    @property
    def worked(self) -> timedelta:
        """What the spans that are closed come to."""
        return sum((span.worked for span in self.spans), timedelta())

    @property
    def open_end(self) -> bool:
        """Whether an IN is without its OUT, or the reverse."""
        return any(span.open for span in self.spans)


def next_direction(
    last: ClockEvent | None, at: datetime, longest: timedelta = LONGEST
) -> Direction:
    """Whether somebody comes or goes at a moment, by their newest event before it."""
    if last is None or last.direction is Direction.OUT:
        return Direction.IN
    return Direction.OUT if timedelta() <= at - last.at <= longest else Direction.IN


def spans(events: Iterable[ClockEvent], longest: timedelta = LONGEST) -> tuple[Span, ...]:
    """One person's, of events by time: every event is in exactly one."""
    made: list[Span] = []
    came: ClockEvent | None = None
    for event in events:
        if event.direction is Direction.IN:
            if came is not None:
                made.append(Span(came, None))
            came = event
        elif came is not None and event.at - came.at <= longest:
            made.append(Span(came, event))
            came = None
        else:
            if came is not None:
                made.append(Span(came, None))
            made.append(Span(None, event))
            came = None
    if came is not None:
        made.append(Span(came, None))
    return tuple(made)
