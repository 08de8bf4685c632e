"""From moments at which somebody came or went to spans of work, whatever the date says.

Nothing is cut at midnight, nor where a working day begins: whoever comes at 22:00 and goes at 06:00
worked once, eight hours, on the evening it began. What tells a going from a coming is whether
somebody is there: a span that is open and younger than the longest shift is closed; one that is
older was forgotten, stays open, and a new one begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.hours.rules import LONGEST


@dataclass(frozen=True, slots=True)
class Break:
    """A break within a span. Without ``ended`` it lasts to the span's end: whoever goes home from
    a break worked until it began."""

    began: ClockEvent
    ended: ClockEvent | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A coming with its going, by time; one of them is None where an end is open. ``others`` are
    events between them, or without any, from which no hours follow. ``assumed`` is the end that a
    rule of the site puts in the place of a forgotten going."""

    came: ClockEvent | None
    went: ClockEvent | None
    breaks: tuple[Break, ...] = ()
    others: tuple[ClockEvent, ...] = ()
    assumed: datetime | None = None

    @property
    def first(self) -> ClockEvent:
        """By whose moment it belongs to a day."""
        return self.events[0]

    @property
    def open(self) -> bool:
        """Whether an end is missing."""
        if self.came is not None and self.went is not None:
            return False
        alone = self.came is None and self.went is None
        return not alone or any(other.direction is not Direction.SEEN for other in self.others)

    @property
    def end(self) -> datetime | None:
        """When it ended (UTC), by what was recorded or else by the site's rule."""
        return self.assumed if self.went is None else self.went.at

    @property
    def there(self) -> timedelta:
        """From coming to going, breaks too; nothing where an end is open."""
        if self.came is None or self.end is None:
            return timedelta()
        return self.end - self.came.at

    @property
    def rested(self) -> timedelta:
        """What its breaks come to."""
        if self.came is None or self.end is None:
            return timedelta()
        return sum(
            ((b.ended.at if b.ended else self.end) - b.began.at for b in self.breaks), timedelta()
        )

    @property
    def worked(self) -> timedelta:
        """Without its breaks; nothing where an end is open."""
        return self.there - self.rested

    @property
    def resting(self) -> Break | None:
        """The break that has not ended yet, nor has the span."""
        if self.went is not None or not self.breaks or self.breaks[-1].ended is not None:
            return None
        return self.breaks[-1]

    @property
    def events(self) -> tuple[ClockEvent, ...]:
        """All, by time."""
        found = [event for event in (self.came, self.went) if event is not None]
        if not self.breaks and not self.others:
            return tuple(found)
        for pause in self.breaks:
            found.append(pause.began)
            if pause.ended is not None:
                found.append(pause.ended)
        return tuple(sorted((*found, *self.others), key=_order))


def spans(events: Iterable[ClockEvent], longest: timedelta = LONGEST) -> tuple[Span, ...]:
    """One person's, of events by time: every event is in exactly one. What is of the same moment is
    taken in the order in which it makes sense, whichever was entered first."""
    making = _Making(longest)
    for event in _in_order(tuple(events)):
        making.take(event)
    return making.ended()


_AT_ONCE: Final = {
    Direction.BREAK: 0,
    Direction.BACK: 1,
    Direction.OUT: 2,
    Direction.IN: 3,
    Direction.SEEN: 4,
}


def _in_order(events: tuple[ClockEvent, ...]) -> Iterable[ClockEvent]:
    if all(one.at < following.at for one, following in pairwise(events)):
        return events
    return sorted(events, key=_order)


def _order(event: ClockEvent) -> tuple[datetime, int, int]:
    return event.at, _AT_ONCE[event.direction], event.id


class _Making:
    def __init__(self, longest: timedelta) -> None:
        self._longest = longest
        self._made: list[Span] = []
        self._came: ClockEvent | None = None
        self._breaks: list[Break] = []
        self._others: list[ClockEvent] = []

    def take(self, event: ClockEvent) -> None:
        if self._came is not None and event.at - self._came.at > self._longest:
            self._put(None)
        there = self._came is not None
        resting = bool(self._breaks) and self._breaks[-1].ended is None
        match event.direction:
            case Direction.IN | Direction.BACK if there and resting:
                self._breaks[-1] = Break(self._breaks[-1].began, event)
            case Direction.IN:
                if there:
                    self._put(None)
                self._came = event
            case Direction.OUT:
                self._put(event)
            case Direction.BREAK if there and not resting:
                self._breaks.append(Break(event))
            case _ if there:
                self._others.append(event)
            case _:
                self._made.append(Span(None, None, others=(event,)))

    def ended(self) -> tuple[Span, ...]:
        if self._came is not None:
            self._put(None)
        return tuple(self._made)

    def _put(self, went: ClockEvent | None) -> None:
        self._made.append(Span(self._came, went, tuple(self._breaks), tuple(self._others)))
        self._came, self._breaks, self._others = None, [], []
