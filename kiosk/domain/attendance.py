"""In and out, as they were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kiosk.domain.clock import local_time


class Direction(StrEnum):
    """A clock event's direction."""

    IN = "in"
    OUT = "out"

    @property
    def other(self) -> Direction:
        return Direction.OUT if self is Direction.IN else Direction.IN


@dataclass(frozen=True, slots=True)
class Strike:
    """That an event counts no more: since when (UTC), by whom and why."""

    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One clocking in or out. ``at`` is in UTC; ``by_hand`` marks one that an operator added,
    with ``note`` saying why; ``event_id`` is the log row of the ALLOW it came from.

    ``person_name``, ``staff_number`` and ``utc_offset_minutes`` (the local time ahead of UTC) are
    as they were when it was recorded; ``clock_suspect`` marks a moment that can't be right;
    ``struck`` is set where it was struck out: it stays, and counts no more."""

    id: int
    person_id: int
    direction: Direction
    at: datetime
    by_hand: bool = False
    note: str = ""
    event_id: int | None = None
    person_name: str = ""
    staff_number: str | None = None
    utc_offset_minutes: int | None = None
    clock_suspect: bool = False
    struck: Strike | None = None

    @property
    def local(self) -> datetime:
        """When it was by the clock on the wall there and then."""
        return local_time(self.at, self.utc_offset_minutes)


def working_day(at: datetime, starts_at: int) -> date:
    """The working day that a local time belongs to; a day begins at ``starts_at`` o'clock
    (0 to 23), so that whoever comes shortly after midnight counts to the evening before."""
    return (at - timedelta(hours=starts_at)).date()
