"""What holds of every sheet, whatever was recorded; ``KIOSK_EXAMPLES=10000`` tries more."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence
from kiosk.domain.hours import BreakRule, DayRow, Flagged, Rounding, Rules, Span, Way, spans
from kiosk.services.attendance import Attendance
from tests.services.attendance.remembered import ADA, Remembered

EXAMPLES = int(os.environ.get("KIOSK_EXAMPLES", "200"))
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "UTC",
    )
]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

gaps = st.one_of(
    st.sampled_from([0, 0, 3600]),
    st.integers(0, 20 * 60),
    st.integers(20 * 60, 30 * 3600),
    st.sampled_from([0, 60, 8 * 3600, 16 * 3600, 24 * 3600, -3600, -8 * 3600]),
)
"""Seconds until the next punch; fewer than none: the clock was set back."""


@dataclass(frozen=True)
class Recorded:
    """Punches by when they were entered, and what the site has agreed on."""

    events: tuple[ClockEvent, ...]
    rules: Rules

    @property
    def by_time(self) -> list[ClockEvent]:
        return sorted(self.events, key=lambda event: (event.at, event.id))

    def rows(self, events: Sequence[ClockEvent] | None = None) -> tuple[DayRow, ...]:
        kept = cast(Any, Remembered(self.events if events is None else events))
        moments = [event.at for event in self.events] or [BEGIN]
        days = [min(moments).date() - timedelta(days=3), max(moments).date() + timedelta(days=3)]
        return Attendance(kept, 4, rules=self.rules).days(*days)


@st.composite
def recorded(draw: st.DrawFn) -> Recorded:
    """Months of anything: breaks, doubts, corrections, other zones, a clock that was set back."""
    at = BEGIN + draw(st.integers(0, 360)) * 24 * HOUR
    zone = draw(st.sampled_from(ZONES))
    events: list[ClockEvent] = []
    punches = draw(
        st.lists(
            st.tuples(
                gaps,
                st.sampled_from(Direction),
                st.sampled_from([*Evidence, Evidence.FACE, Evidence.FACE]),
                st.sampled_from([None, None, None, *Doubt]),
                st.integers(0, 63),
            ),
            max_size=60,
        )
    )
    taken: set[tuple[datetime, Direction]] = set()
    for number, (gap, direction, evidence, doubt, chance) in enumerate(punches, 1):
        at += timedelta(seconds=gap)
        if chance == 1:
            zone = ZONES[number % len(ZONES)]
        if (at, direction) in taken:  # the same again is refused
            continue
        taken.add((at, direction))
        offset = (at.astimezone(zone).utcoffset() or timedelta()) // MINUTE
        events.append(
            ClockEvent(
                number,
                ADA,
                direction,
                at,
                evidence,
                utc_offset_minutes=offset,
                clock_suspect=gap < 0,
                doubt=doubt,
                answered=bool(chance & 2),
                replaces=number - 1 if chance == 8 else None,
            )
        )
    rules = Rules(
        longest=draw(st.sampled_from([8, 16, 24])) * HOUR,
        paid_breaks=draw(st.booleans()),
        break_rule=draw(st.sampled_from(BreakRule)),
        rounding=Rounding(draw(st.sampled_from([1, 5, 6, 10, 15, 30])), draw(st.sampled_from(Way))),
    )
    return Recorded(tuple(events), rules)


def closed(found: Sequence[Span]) -> Iterator[tuple[ClockEvent, ClockEvent, Span]]:
    for span in found:
        if span.came is not None and span.went is not None:
            yield span.came, span.went, span


@settings(max_examples=EXAMPLES)
@given(recorded())
def test_every_punch_is_in_one_span_and_spans_never_overlap(of: Recorded) -> None:
    found = spans(of.by_time, of.rules.longest)
    placed = [event.id for span in found for event in span.events]
    assert sorted(placed) == sorted(event.id for event in of.events)
    ended = datetime.min.replace(tzinfo=UTC)
    for came, went, span in closed(found):
        assert ended <= came.at <= went.at <= came.at + of.rules.longest
        assert (came.direction, went.direction) == (Direction.IN, Direction.OUT)
        assert all(came.at <= event.at <= went.at for event in span.events)
        ended = went.at


@settings(max_examples=EXAMPLES)
@given(recorded())
def test_the_sum_of_the_spans_is_the_time_worked(of: Recorded) -> None:
    """By another way: from punch to punch, where somebody is there and not on a break."""
    worked = timedelta()
    for came, went, span in closed(spans(of.by_time, of.rules.longest)):
        resting, last = False, came.at
        for event in [*span.events[1:-1], went]:
            worked += timedelta() if resting else event.at - last
            last = event.at
            if event.direction is Direction.BREAK:
                resting = True
            elif event.direction in (Direction.BACK, Direction.IN):
                resting = False
    assert sum((row.worked for row in of.rows()), timedelta()) == worked


@settings(max_examples=EXAMPLES)
@given(recorded())
def test_each_punch_is_on_one_day_and_what_hours_are_missing_of_is_said(of: Recorded) -> None:
    rows = of.rows()
    on_days = sorted(event.id for row in rows for event in row.events)
    assert on_days == sorted(event.id for event in of.events)
    for row in rows:
        moved = [event for event in row.events if event.direction is not Direction.SEEN]
        whole = {event.id for *_, span in closed(row.spans) for event in span.events}
        if any(event.id not in whole for event in moved):
            assert row.flagged(Flagged.OPEN_END)
        if any(event.asks for event in row.events):
            assert row.flagged(Flagged.UNANSWERED)
        if any(event.clock_suspect for event in row.events):
            assert row.flagged(Flagged.CLOCK)


@settings(max_examples=EXAMPLES)
@given(recorded(), st.randoms(use_true_random=False))
def test_whichever_was_entered_first_the_sheet_is_the_same(of: Recorded, chance: Any) -> None:
    ids = [event.id for event in of.events]
    chance.shuffle(ids)
    again = [replace(event, id=new) for event, new in zip(of.events, ids, strict=True)]
    chance.shuffle(again)

    def says(rows: Sequence[DayRow]) -> list[object]:
        return [
            (
                r.day,
                r.worked,
                r.rested,
                r.counted,
                r.counted_by_hand,
                r.flags,
                r.first_in,
                r.last_out,
            )
            for r in rows
        ]

    assert says(of.rows(again)) == says(of.rows())


@settings(max_examples=EXAMPLES)
@given(recorded())
def test_what_counts_is_never_negative_and_as_near_as_rounding_allows(of: Recorded) -> None:
    step = of.rules.rounding.step * MINUTE
    for row in of.rows():
        assert timedelta() <= row.counted_by_hand <= row.counted
        exact = row.worked + (row.rested if of.rules.paid_breaks else timedelta())
        deducted = sum((f.by for f in row.flags if f.what is Flagged.DEDUCTED), timedelta())
        ends = sum(2 + 2 * len(span.breaks) for span in row.spans)
        assert abs(row.counted + deducted - exact) <= ends * step or row.counted == timedelta()
        assert row.counted <= exact + ends * step
