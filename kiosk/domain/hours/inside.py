"""Who is in, as far as punches tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.hours.rules import Rules
from kiosk.domain.hours.spans import spans


class Inside(StrEnum):
    """How sure it is."""

    SURELY = "surely"
    PERHAPS = "perhaps"
    """On a break, longer there than people stay, or it was asked and not answered."""
    UNKNOWN = "unknown"
    """Came longer ago than anybody stays, and never went."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is or may be in, since (UTC) their coming."""

    event: ClockEvent
    inside: Inside
    group: str = ""
    on_break: bool = False


def inside(events: Sequence[ClockEvent], now: datetime, rules: Rules) -> Present | None:
    """Of one person's events that count, by time, of the last days; None where they went."""
    before = [event for event in events if event.at <= now]
    found = spans(before, rules.longest)
    if not found:
        return None
    last = before[-1]
    newest = next((span for span in reversed(found) if span.came or span.went), None)
    if newest is None or newest.came is None:
        return None
    if newest.went is not None:
        doubtful = newest.went.asks or (last.direction is Direction.SEEN and last.asks)
        return Present(newest.came, Inside.PERHAPS) if doubtful else None
    stay = now - newest.came.at
    if stay > rules.longest:
        return Present(newest.came, Inside.UNKNOWN)
    resting = newest.resting is not None
    unsure = stay > rules.usual or (last.asks and last.doubt is not Doubt.CHOICE)
    return Present(
        newest.came, Inside.PERHAPS if resting or unsure else Inside.SURELY, on_break=resting
    )
