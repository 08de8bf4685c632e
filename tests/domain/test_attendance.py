from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction, next_direction, worked, working_day
from tests.fakes import MORNING

IN, OUT = Direction.IN, Direction.OUT


def events(*steps: tuple[Direction, float]) -> list[ClockEvent]:
    return [
        ClockEvent(number, 1, direction, MORNING + timedelta(hours=hours))
        for number, (direction, hours) in enumerate(steps)
    ]


@pytest.mark.parametrize(
    ("at", "starts_at", "day"),
    [
        (datetime(2026, 3, 2, 3, 59), 4, date(2026, 3, 1)),
        (datetime(2026, 3, 2, 4, 0), 4, date(2026, 3, 2)),
        (datetime(2026, 3, 2, 0, 0), 0, date(2026, 3, 2)),
        (datetime(2026, 1, 1, 1, 0), 4, date(2025, 12, 31)),
        (datetime(2026, 3, 2, 22, 59), 23, date(2026, 3, 1)),
    ],
)
def test_a_night_counts_to_the_evening_it_began(at: datetime, starts_at: int, day: date) -> None:
    assert working_day(at, starts_at) == day


def test_in_and_out_alternate() -> None:
    assert next_direction([]) is IN
    assert next_direction(events((IN, 0))) is OUT
    assert next_direction(events((IN, 0), (OUT, 1))) is IN


@pytest.mark.parametrize(
    ("steps", "hours", "open_end"),
    [
        ([], 0, False),
        ([(IN, 0), (OUT, 4), (IN, 5), (OUT, 9)], 8, False),
        ([(IN, 0)], 0, True),
        ([(OUT, 4)], 0, True),
        ([(IN, 0), (IN, 1), (OUT, 3)], 2, True),
        ([(IN, 0), (OUT, 3), (OUT, 4)], 3, True),
        ([(OUT, 0), (IN, 1), (OUT, 3)], 2, True),
    ],
)
def test_only_closed_spans_are_work(
    steps: list[tuple[Direction, float]], hours: float, open_end: bool
) -> None:
    assert worked(events(*steps)) == (timedelta(hours=hours), open_end)
