"""What a look means, and when it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.hours import Rules, read_look
from kiosk.domain.hours.looks import from_panel
from tests.fakes import MORNING

IN, OUT, SEEN = Direction.IN, Direction.OUT, Direction.SEEN


def worked(*hours: float) -> list[ClockEvent]:
    return [
        ClockEvent(number, 1, (IN, OUT)[number % 2], MORNING + timedelta(hours=at))
        for number, at in enumerate(hours)
    ]


@pytest.mark.parametrize(
    ("before", "hours", "asks"),
    [
        ((0, 12), 36, True),
        ((0, 12), 24, False),
        ((0, 8), 24 + 8.9, True),
        ((0, 8), 24 + 9.1, False),
        ((0, 4), 4.5, False),
        ((0, 24), 48, False),
        ((0, 4), 7 * 24 + 4, True),
        ((0, 2), 26, False),
        ((0, 12, 24, 25), 36, True),
    ],
    ids=[
        "came unseen",
        "as ever",
        "within an hour",
        "later",
        "back from lunch",
        "on call",
        "a week later",
        "a short stay",
        "after a second look this morning",
    ],
)
def test_a_coming_at_the_hour_of_the_last_going_is_asked_about(
    before: tuple[float, ...], hours: float, asks: bool
) -> None:
    reading = read_look(worked(*before), MORNING + timedelta(hours=hours), Rules())
    assert reading.likely is IN
    assert reading.doubt is (Doubt.UNUSUAL if asks else None)
    assert (OUT in reading.options) is asks


def test_a_going_at_the_hour_of_comings_is_asked_about() -> None:
    """From six to ten and from four to eight; that she came at four was not seen yesterday."""
    before = worked(0, 4, 10, 14, 24, 28, 38)
    reading = read_look(before, MORNING + timedelta(hours=48), Rules())
    assert reading.options == (OUT, IN, SEEN)
    assert reading.doubt is Doubt.UNUSUAL
    assert read_look(before, MORNING + timedelta(hours=42), Rules()).doubt is None


@pytest.mark.parametrize("before", [(), (0,)], ids=["out", "in"])
def test_whoever_leaves_the_panel_was_probably_only_there(before: tuple[float, ...]) -> None:
    reading = from_panel(read_look(worked(*before), MORNING + timedelta(hours=2), Rules()))
    assert reading.likely is SEEN
    assert reading.doubt is Doubt.UNUSUAL
    assert len(reading.options) == 2
