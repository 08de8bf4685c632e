"""In, out, and the day between them."""

from __future__ import annotations

from collections.abc import Sequence
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
class ClockEvent:
    """One clocking in or out. ``at`` is in UTC; ``by_hand`` marks one that an operator added,
    with ``note`` saying why; ``event_id`` is the log row of the ALLOW it came from.

    ``person_name``, ``staff_number`` and ``utc_offset_minutes`` (the local time ahead of UTC) are
    as they were when it was recorded; ``clock_suspect`` marks a moment that can't be right."""

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

    @property
    def local(self) -> datetime:
        """When it was by the clock on the wall there and then."""
        return local_time(self.at, self.utc_offset_minutes)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One person's day on the sheet. ``open_end`` marks an IN without its OUT or the reverse;
    ``worked`` sums the closed spans only. Name and number are as they were recorded, where
    anything was; ``first_in`` and ``last_out`` have the zone that they were recorded in."""

    person_id: int
    name: str
    staff_number: str | None
    day: date
    first_in: datetime | None
    last_out: datetime | None
    worked: timedelta
    open_end: bool
    events: tuple[ClockEvent, ...]
    deleted: bool = False


def working_day(at: datetime, starts_at: int) -> date:
    """The working day that a local time belongs to; a day begins at ``starts_at`` o'clock
    (0 to 23), so that a night shift's end counts to the evening it began."""
    return (at - timedelta(hours=starts_at)).date()


def next_direction(today: Sequence[ClockEvent]) -> Direction:
    """In and out alternate within one working day; every day begins with an in."""
    return today[-1].direction.other if today else Direction.IN


def worked(events: Sequence[ClockEvent]) -> tuple[timedelta, bool]:
    """The time between each IN and the OUT after it, and whether an end is open.

    ``events`` are one person's of one day, by time.
    """
    total = timedelta()
    open_end = False
    since: datetime | None = None
    for event in events:
        if event.direction is Direction.IN:
            open_end |= since is not None
            since = event.at
        elif since is None:
            open_end = True
        else:
            total += event.at - since
            since = None
    return total, open_end or since is not None
