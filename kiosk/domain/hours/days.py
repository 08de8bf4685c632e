"""A person's day on a sheet: what began that day, what of it counts, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.hours.rules import (
    BREAKS_BY_LAW,
    LEAST_BREAK,
    BreakRule,
    Forgotten,
    Rounding,
    Rules,
)
from kiosk.domain.hours.shifts import Absence, Planned
from kiosk.domain.hours.spans import Span


class Flagged(StrEnum):
    """What whoever signs a sheet should know of a day."""

    OPEN_END = "open_end"
    ASSUMED_END = "assumed_end"
    """Nobody clocked out: the end of the shift stands in the place of it."""
    UNANSWERED = "unanswered"
    """The kiosk asked what a look meant, and nobody has said."""
    CLOCK = "clock"
    """The kiosk's clock was in doubt."""
    LONG = "long"
    """Somebody was there longer than people stay, at a stretch or in all."""
    BRIEF = "brief"
    """Somebody went minutes after coming, and has not said so: a second look may have been taken
    for a going."""
    SHORT_BREAK = "short_break"
    """Breaks are shorter than the law's, by so much."""
    DEDUCTED = "deducted"
    """What was missing of the law's break does not count."""
    SHORT_REST = "short_rest"
    """Since the shift before, the rest was shorter than it should be, by so much."""
    LATE = "late"
    EARLY = "early"
    """Gone before the shift's end."""
    MISSING = "missing"
    """A shift was planned, nothing was recorded, and no absence is known."""
    DAY_OFF = "day_off"
    """Somebody worked on a day on which their rota has no shift."""
    AWAY = "away"
    """Somebody worked on a day of absence."""


BRIEF = timedelta(minutes=15)
"""So short a stay is nobody's work."""


@dataclass(frozen=True, slots=True)
class Flag:
    """With how much time, where it is about some."""

    what: Flagged
    by: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class DayRow:
    """One person's day on the sheet: what began that day, to its end on the next day, too. Name and
    number are as they were recorded, where anything was; ``first_in`` and ``last_out`` have the
    zone that they were recorded in. ``counted`` is what the site's rules make of ``worked``."""

    person_id: int
    name: str
    staff_number: str | None
    day: date
    first_in: datetime | None
    last_out: datetime | None
    spans: tuple[Span, ...]
    deleted: bool = False
    group: str = ""
    counted: timedelta = timedelta()
    counted_by_hand: timedelta = timedelta()
    """Of what counts, what rests on somebody's word at one end at least."""
    planned: Planned | None = None
    day_off: bool = False
    """By their rota."""
    absence: Absence | None = None
    holiday: str = ""
    flags: tuple[Flag, ...] = field(default=())

    @property
    def events(self) -> tuple[ClockEvent, ...]:
        """All of them, by time."""
        return tuple(event for span in self.spans for event in span.events)

    @property
    def worked(self) -> timedelta:
        """What the spans that are closed come to, exactly."""
        return sum((span.worked for span in self.spans), timedelta())

    @property
    def rested(self) -> timedelta:
        """What the breaks in them come to, exactly."""
        return sum((span.rested for span in self.spans), timedelta())

    @property
    def open_end(self) -> bool:
        """Whether an IN is without its OUT, or the reverse."""
        return any(span.open for span in self.spans)

    def flagged(self, what: Flagged) -> bool:
        """Whether this is to be said of it."""
        return any(flag.what is what for flag in self.flags)


def judged(
    row: DayRow, rules: Rules, before: datetime | None = None, now: datetime | None = None
) -> DayRow:
    """The row with what counts of it and what is to be said of it. ``before`` is when the person
    last went, before this day; whoever may be there yet at ``now`` has forgotten nothing."""
    found = row.spans
    if rules.forgotten is Forgotten.SHIFT and row.planned is not None:
        over = None if now is None else now - rules.longest
        found = tuple(_ended(span, row.planned, over) for span in found)
    total = by_hand = timedelta()
    for span in found:
        of_span = counted(span, rules)
        total += of_span
        if rests_on_word(span):
            by_hand += of_span
    worked = sum((span.worked for span in found), timedelta())
    flags = [*_of_spans(found, worked, rules), *_of_plan(row, found, now)]
    lacking = _break_lacking(found, worked)
    if lacking and rules.break_rule is not BreakRule.OFF:
        deducts = rules.break_rule is BreakRule.DEDUCT
        flags.append(Flag(Flagged.DEDUCTED if deducts else Flagged.SHORT_BREAK, lacking))
        if deducts:
            total = max(timedelta(), total - lacking)
            by_hand = min(by_hand, total)
    first = next((span.came for span in found if span.came is not None), None)
    if before is not None and first is not None and rules.rest and first.at - before < rules.rest:
        flags.append(Flag(Flagged.SHORT_REST, rules.rest - (first.at - before)))
    return replace(row, spans=found, counted=total, counted_by_hand=by_hand, flags=tuple(flags))


def counted(span: Span, rules: Rules) -> timedelta:
    """What of a span counts: between its rounded ends, without breaks unless they are paid."""
    if span.came is None or span.end is None:
        return timedelta()
    rounding = rules.rounding
    came, went = _rounded_came(span.came, rounding), _rounded_end(span, rounding)
    total = went - came
    if not rules.paid_breaks:
        for pause in span.breaks:
            began = rounding.went(pause.began.local)
            ended = _rounded_came(pause.ended, rounding) if pause.ended else went
            total -= max(timedelta(), ended - began)
    return max(timedelta(), total)


def rests_on_word(span: Span) -> bool:
    """Whether hours of it follow from what somebody said rather than from what the kiosk saw."""
    return span.assumed is not None or any(event.by_hand for event in span.events)


def _rounded_came(event: ClockEvent, rounding: Rounding) -> datetime:
    return rounding.came(event.local)


def _rounded_end(span: Span, rounding: Rounding) -> datetime:
    if span.went is not None:
        return rounding.went(span.went.local)
    assert span.assumed is not None
    return span.assumed


def _ended(span: Span, planned: Planned, over: datetime | None) -> Span:
    if span.came is None or span.went is not None or planned.ends <= span.came.at:
        return span
    if over is not None and span.came.at >= over:
        return span
    return replace(span, assumed=planned.ends)


def _of_spans(found: Sequence[Span], worked: timedelta, rules: Rules) -> list[Flag]:
    said = {what for span in found for what in _of_span(span)}
    flags = [Flag(what) for what in Flagged if what in said] if said else []
    longest = max([worked, *(span.there for span in found)])
    if longest > rules.usual:
        flags.append(Flag(Flagged.LONG, longest))
    return flags


def _of_span(span: Span) -> Iterator[Flagged]:
    if span.assumed is not None:
        yield Flagged.ASSUMED_END
    elif span.open:
        yield Flagged.OPEN_END
    if _brief(span):
        yield Flagged.BRIEF
    for event in span.events:
        if event.asks:
            yield Flagged.UNANSWERED
        if event.clock_suspect:
            yield Flagged.CLOCK


def _brief(span: Span) -> bool:
    if span.came is None or span.went is None or span.there >= BRIEF:
        return False
    return not (span.went.answered or span.went.by_hand or span.went.replaces is not None)


def _of_plan(row: DayRow, found: Sequence[Span], now: datetime | None) -> list[Flag]:
    flags = []
    if row.absence is not None and found:
        flags.append(Flag(Flagged.AWAY))
    if row.day_off and found:
        flags.append(Flag(Flagged.DAY_OFF))
    if row.planned is None or row.absence is not None or row.holiday:
        return flags
    came = next((span.came for span in found if span.came is not None), None)
    if came is None:
        over = now is None or now >= row.planned.ends  # who is not there yet may come
        return [*flags, Flag(Flagged.MISSING)] if over else flags
    late = came.at - row.planned.starts
    if late > row.planned.grace:
        flags.append(Flag(Flagged.LATE, late))
    went = found[-1].end
    if went is not None and row.planned.ends - went > row.planned.grace:
        flags.append(Flag(Flagged.EARLY, row.planned.ends - went))
    return flags


def _break_lacking(found: Sequence[Span], worked: timedelta) -> timedelta:
    """How much of the law's break is missing; the time between two spans is one, too."""
    if worked <= BREAKS_BY_LAW[0][0]:
        return timedelta()
    rests = [
        (pause.ended.at if pause.ended else span.end or pause.began.at) - pause.began.at
        for span in found
        for pause in span.breaks
    ]
    for one, next_one in pairwise(found):
        if one.end is not None and next_one.came is not None:
            rests.append(next_one.came.at - one.end)
    rested = sum((rest for rest in rests if rest >= LEAST_BREAK), timedelta())
    lacking = timedelta()
    for longer_than, least in BREAKS_BY_LAW:
        if worked > longer_than:
            lacking = max(lacking, min(least - rested, worked - longer_than))
    return max(timedelta(), lacking)
