from __future__ import annotations

from datetime import timedelta

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.hours.clocks import marked_ahead
from tests.fakes import MORNING

HOUR = timedelta(hours=1)


def test_what_was_recorded_ahead_of_a_clock_put_back_is_in_doubt() -> None:
    events = [
        ClockEvent(1, 1, Direction.IN, MORNING, event_id=10),
        ClockEvent(2, 1, Direction.OUT, MORNING + 3 * HOUR, event_id=11),
        ClockEvent(5, 1, Direction.IN, MORNING + 4 * HOUR, evidence=Evidence.HAND),
        ClockEvent(4, 1, Direction.OUT, MORNING + 5 * HOUR, event_id=13),
    ]
    assert marked_ahead(events, []) is events
    other = ClockEvent(3, 2, Direction.IN, MORNING + 2 * HOUR, event_id=12, clock_suspect=True)
    found = marked_ahead(events, [other])
    assert [event.clock_suspect for event in found] == [False, True, False, False]
