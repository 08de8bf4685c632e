"""What a look at the door means: whether somebody comes or goes, and when that must be asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.hours.rules import Rules
from kiosk.domain.hours.spans import Span, spans

DAY = timedelta(days=1)
SAME_HOUR = timedelta(hours=1)
"""So near to each other on a clock's face two moments are at the same hour."""
OTHER_HOUR = timedelta(hours=3)
"""So far apart they are not."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``options`` are all that it may mean, the likely one first: that is recorded at once, and
    where ``doubt`` is set the person is asked. ``forgotten`` is a coming whose going is missing:
    the person is asked when they left. ``since`` is what held until the look: a coming, a break's
    beginning, or a going a few minutes ago."""

    options: tuple[Direction, ...]
    doubt: Doubt | None = None
    forgotten: ClockEvent | None = None
    since: ClockEvent | None = None

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
    comings = [span.came.at for span in found if span.came is not None]
    goings = [span.went.at for span in found if span.went is not None]
    if running is not None and _there(running, at, rules.longest):
        odd = _as_ever(at, comings[:-1], goings)
        found_there = _there_already(running, at, rules, just=just, odd=odd)
        return replace(
            found_there, since=running.resting.began if running.resting else running.came
        )
    if just and moved[-1].direction is Direction.OUT:
        return Reading((Direction.SEEN, Direction.IN), Doubt.SOON, since=moved[-1])
    missing = running.came if running is not None and running.went is None else None
    if missing is None and _as_ever(at, goings, comings):
        return Reading((Direction.IN, Direction.OUT, Direction.SEEN), Doubt.UNUSUAL)
    return Reading(
        (Direction.IN, Direction.SEEN), Doubt.CHOICE if rules.by_touch else None, missing
    )


def from_panel(reading: Reading) -> Reading:
    """The same for whoever has just left the panel: probably nobody comes or goes."""
    others = (option for option in reading.options if option is not Direction.SEEN)
    return replace(reading, options=(Direction.SEEN, *others), doubt=Doubt.UNUSUAL)


def _as_ever(at: datetime, others: Iterable[datetime], same: Iterable[datetime]) -> bool:
    """Whether at this hour the person did the other thing on another day (went, where this would be
    a coming), and never this. A look was missed, then, or one was too many: where shifts are as
    long as the time between them nothing else would tell."""
    other_days = (at - other for other in others if at - other >= DAY - SAME_HOUR)
    return any(_apart(time) <= SAME_HOUR for time in other_days) and not any(
        _apart(at - one) < OTHER_HOUR for one in same
    )


def _apart(time: timedelta) -> timedelta:
    """How far from each other on a clock's face two moments are."""
    return min(time % DAY, -time % DAY)


def _there(span: Span, at: datetime, longest: timedelta) -> bool:
    return span.went is None and span.came is not None and at - span.came.at <= longest


def _there_already(span: Span, at: datetime, rules: Rules, *, just: bool, odd: bool) -> Reading:
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
    if odd:
        return Reading((*going, Direction.IN, Direction.SEEN), Doubt.UNUSUAL)
    return Reading((*going, Direction.SEEN), chosen)
