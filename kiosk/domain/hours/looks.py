"""What a look at the door means: whether somebody comes or goes, and when that must be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.hours.rules import Rules
from kiosk.domain.hours.spans import Span, spans


@dataclass(frozen=True, slots=True)
class Reading:
    """``options`` are all that it may mean, the likely one first: that is recorded at once, and
    where ``doubt`` is set the person is asked. ``forgotten`` is a coming whose going is missing:
    the person is asked when they left."""

    options: tuple[Direction, ...]
    doubt: Doubt | None = None
    forgotten: ClockEvent | None = None

    @property
    def likely(self) -> Direction:
        return self.options[0]


def read_look(events: Sequence[ClockEvent], at: datetime, rules: Rules) -> Reading:
    """Of one person's events that count, by time, of some days; what lies after ``at`` (a clock
    that was set back) is not looked at."""
    before = [event for event in events if event.at <= at]
    found = spans(before, rules.longest)
    moved = [event for event in before if event.direction is not Direction.SEEN]
    just = bool(moved) and at - moved[-1].at < rules.shortest
    running = next((span for span in reversed(found) if span.came is not None), None)
    if running is not None and _there(running, at, rules.longest):
        return _there_already(running, at, rules, just=just)
    if just and moved[-1].direction is Direction.OUT:
        return Reading((Direction.SEEN, Direction.IN), Doubt.SOON)
    missing = running.came if running is not None and running.went is None else None
    return Reading(
        (Direction.IN, Direction.SEEN), Doubt.CHOICE if rules.by_touch else None, missing
    )


def _there(span: Span, at: datetime, longest: timedelta) -> bool:
    return span.went is None and span.came is not None and at - span.came.at <= longest


def _there_already(span: Span, at: datetime, rules: Rules, *, just: bool) -> Reading:
    assert span.came is not None
    chosen = Doubt.CHOICE if rules.by_touch else None
    if span.resting is not None:
        if just:
            return Reading((Direction.SEEN, Direction.BACK, Direction.OUT), Doubt.SHORT)
        return Reading((Direction.BACK, Direction.OUT, Direction.SEEN), chosen)
    going = (Direction.OUT, Direction.BREAK) if rules.breaks else (Direction.OUT,)
    if just:
        return Reading((Direction.SEEN, *going), Doubt.SHORT)
    if at - span.came.at > rules.usual:
        return Reading((Direction.OUT, Direction.IN, Direction.SEEN), Doubt.LONG)
    return Reading((*going, Direction.SEEN), chosen)
