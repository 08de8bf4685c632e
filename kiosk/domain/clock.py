"""The clock on the wall: what it was ahead of UTC, and whether it can be right."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


def offset_minutes(at: datetime) -> int:
    """What this machine's clock on the wall is ahead of UTC at a moment (with zone)."""
    return (at.astimezone().utcoffset() or timedelta()) // timedelta(minutes=1)


def local_time(at: datetime, offset: int | None) -> datetime:
    """A moment by a clock so many minutes ahead of UTC; None: by this machine's."""
    return at.astimezone(None if offset is None else timezone(timedelta(minutes=offset)))
