"""Clocks that were wrong, as they show afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.clock import SLACK


def marked_ahead(
    events: Sequence[ClockEvent], back: Iterable[tuple[int, datetime]]
) -> Sequence[ClockEvent]:
    """The events, in doubt too where the clock may have been ahead when they were recorded.

    ``back`` are rows of the log whose clock was in doubt: id and moment. Such a row that was
    written after an event and tells an earlier time says that one of the two is wrong."""
    earlier = tuple(back)
    if not earlier:
        return events
    return tuple(
        replace(event, clock_suspect=True) if _ahead(event, earlier) else event for event in events
    )


def _ahead(event: ClockEvent, earlier: Iterable[tuple[int, datetime]]) -> bool:
    written = event.event_id
    if written is None or event.clock_suspect:
        return False
    return any(row > written and at < event.at - SLACK for row, at in earlier)
