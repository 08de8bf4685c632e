"""Clocks that were wrong, as they show afterwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.clock import SLACK


def marked_ahead(
    events: Sequence[ClockEvent], in_doubt: Iterable[ClockEvent]
) -> Sequence[ClockEvent]:
    """The events, in doubt too where the clock may have been ahead when they were recorded.

    ``in_doubt`` are everybody's, of a clock in doubt, at about the same time. One that was recorded
    after an event and tells an earlier time says that one of the two is wrong."""
    later = sorted((event.id, event.at) for event in in_doubt)
    if not later:
        return events
    numbers = [number for number, _ in later]
    # Of each, the earliest time that it or any after it tells.
    earliest = list(accumulate((at for _, at in reversed(later)), min))[::-1]

    def ahead(event: ClockEvent) -> bool:
        if event.event_id is None or event.clock_suspect:  # nobody's clock, or known already
            return False
        after = bisect_right(numbers, event.id)
        return after < len(numbers) and earliest[after] < event.at - SLACK

    return tuple(replace(event, clock_suspect=True) if ahead(event) else event for event in events)
