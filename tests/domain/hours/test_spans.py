"""Spans of work, whatever the date says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.hours import LONGEST, Rules, read_look, spans
from tests.fakes import MORNING

IN, OUT = Direction.IN, Direction.OUT


def events(*steps: tuple[Direction, float]) -> list[ClockEvent]:
    return [
        ClockEvent(number, 1, direction, MORNING + timedelta(hours=hours))
        for number, (direction, hours) in enumerate(steps)
    ]


@pytest.mark.parametrize(
    ("before", "hours", "direction"),
    [
        ((), 0, IN),
        (((IN, 0),), 8, OUT),
        (((IN, 0),), 16, OUT),
        (((IN, 0),), 16.1, IN),
        (((IN, 0), (OUT, 1)), 1.5, IN),
        (((OUT, 0),), 8, IN),
        (((IN, 9),), 8, IN),
    ],
    ids=["first", "a shift", "the longest", "forgotten", "back", "a lone going", "clock set back"],
)
def test_whoever_is_there_goes(
    before: tuple[tuple[Direction, float], ...], hours: float, direction: Direction
) -> None:
    reading = read_look(events(*before), MORNING + timedelta(hours=hours), Rules())
    assert reading.likely is direction


@pytest.mark.parametrize(
    ("steps", "hours", "still_open"),
    [
        ([], 0, 0),
        ([(IN, 0), (OUT, 4), (IN, 5), (OUT, 9)], 8, 0),
        ([(IN, 14), (OUT, 22), (IN, 38), (OUT, 46), (IN, 62), (OUT, 70)], 24, 0),
        ([(IN, 0)], 0, 1),
        ([(OUT, 4)], 0, 1),
        ([(IN, 0), (IN, 1), (OUT, 3)], 2, 1),
        ([(IN, 0), (OUT, 3), (OUT, 4)], 3, 1),
        ([(OUT, 0), (IN, 1), (OUT, 3)], 2, 1),
        ([(IN, 0), (OUT, 16)], 16, 0),
        ([(IN, 0), (OUT, 17)], 0, 2),
        ([(IN, 0), (OUT, 17), (IN, 18), (OUT, 26)], 8, 2),
    ],
)
def test_only_closed_spans_are_work(
    steps: list[tuple[Direction, float]], hours: float, still_open: int
) -> None:
    found = spans(events(*steps))
    assert sum((span.worked for span in found), timedelta()) == timedelta(hours=hours)
    assert sum(span.open for span in found) == still_open


@pytest.mark.parametrize("first", [IN, OUT])
def test_out_and_in_at_the_same_moment_are_two_spans_whichever_was_entered_first(
    first: Direction,
) -> None:
    found = spans(events((IN, 0), (first, 4), (first.other, 4), (OUT, 8)))
    assert [span.worked for span in found] == [timedelta(hours=4)] * 2


@given(st.lists(st.tuples(st.sampled_from([IN, OUT]), st.floats(0, 2000)), max_size=40))
def test_every_event_is_in_one_span_and_none_is_longer_than_the_longest(
    steps: list[tuple[Direction, float]],
) -> None:
    recorded = sorted(events(*steps), key=lambda event: event.at)
    found = spans(recorded)
    placed = [event for span in found for event in span.events]
    assert [event.at for event in placed] == [event.at for event in recorded]
    assert sorted(event.id for event in placed) == sorted(event.id for event in recorded)
    assert all(timedelta() <= span.worked <= LONGEST for span in found)
    assert all(span.open or span.worked == span.went.at - span.came.at for span in found)  # type: ignore[union-attr]


@given(st.lists(st.floats(0.1, 40), min_size=1, max_size=60))
def test_looks_alone_never_turn_anything_round(gaps: list[float]) -> None:
    """Whatever the hours between looks: each closed span is of two looks in a row."""
    recorded: list[ClockEvent] = []
    at = MORNING
    for number, gap in enumerate(gaps):
        at += timedelta(hours=gap)
        direction = read_look(recorded, at, Rules()).likely
        recorded.append(ClockEvent(number, 1, direction, at))
    for span in spans(recorded):
        assert span.came is not None, "nobody goes who did not come"
        assert span.went is None or span.went.id == span.came.id + 1


def test_what_is_of_one_moment_is_told_in_the_order_in_which_it_was_taken() -> None:
    """A break and its end, entered the other way round, and an hour of work after it."""
    steps = [(IN, 0), (IN, 1), (Direction.BREAK, 1), (OUT, 2)]
    (span,) = spans(events(*steps))
    assert span.worked == timedelta(hours=2)
    assert [event.id for event in span.events] == [0, 2, 1, 3]
