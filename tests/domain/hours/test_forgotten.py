"""When somebody left who never clocked out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import spans
from kiosk.domain.hours.forgotten import leaving_times, said_time

CAME = ClockEvent(1, 7, Direction.IN, datetime(2026, 3, 2, 7, 2, tzinfo=UTC), utc_offset_minutes=60)
"""08:02 by the clock on the wall."""
UNTIL = CAME.at + timedelta(hours=16)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("0803", 1 / 60), ("1730", 9 + 28 / 60), ("2359", 15 + 57 / 60), ("0001", 15 + 59 / 60)],
)
def test_a_time_of_day_is_the_first_after_the_coming(text: str, hours: float) -> None:
    left = said_time(CAME, text, UNTIL)
    assert left - CAME.at == timedelta(seconds=round(hours * 3600))
    assert f"{left:%H%M}" == text


@pytest.mark.parametrize("text", ["0802", "0002", "0600"])
def test_nobody_left_before_they_came_nor_after_the_longest_shift(text: str) -> None:
    with pytest.raises(BadInput, match="between 08:02, when you came, and 00:02"):
        said_time(CAME, text, UNTIL)


@pytest.mark.parametrize("text", ["", "17", "173", "17300", "17:3", "\u0661\u0667\u0663\u0660x"])
def test_a_time_has_four_digits(text: str) -> None:
    with pytest.raises(BadInput, match="four digits"):
        said_time(CAME, text, UNTIL)


@pytest.mark.parametrize("text", ["2400", "1260", "9999"])
def test_there_are_times_that_no_clock_shows(text: str) -> None:
    with pytest.raises(BadInput, match=f"no {text[:2]}:{text[2:]}"):
        said_time(CAME, text, UNTIL)


def test_what_is_offered_lies_between() -> None:
    for until in (UNTIL, CAME.at + timedelta(minutes=10), CAME.at):
        for moment in leaving_times(CAME, spans([CAME]), until):
            assert CAME.at < moment < until
