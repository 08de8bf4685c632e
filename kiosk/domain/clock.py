"""The clock on the wall: what it was ahead of UTC, and whether it can be right."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from kiosk import BUILT
from kiosk.domain.language import _

SLACK = timedelta(minutes=1)
"""By how much clocks that are right may differ."""
OLD = timedelta(days=3 * 365)
"""A program in use is newer than this; a leap ahead on a newer one may be a long time off."""
LEAP = timedelta(days=365)
"""No kiosk is off for longer between two rows."""
OLD_AND_NEW_HERE = timedelta(days=5 * 365)
"""The same for a kiosk that has no row yet: nothing else tells how late it may be."""


def offset_minutes(at: datetime) -> int:
    """What this machine's clock on the wall is ahead of UTC at a moment (with zone)."""
    return (at.astimezone().utcoffset() or timedelta()) // timedelta(minutes=1)


def local_time(at: datetime, offset: int | None) -> datetime:
    """A moment by a clock so many minutes ahead of UTC; None: by this machine's."""
    return at.astimezone(None if offset is None else _zone(offset))


@cache
def _zone(offset: int) -> timezone:
    return timezone(timedelta(minutes=offset))


def clock_problem(now: datetime, newest: datetime | None, built: date = BUILT) -> str:
    """Why this can't be the time, in a sentence; empty where it can be.

    ``now`` and ``newest`` are in UTC; ``newest`` is the time of the newest row that was not in
    doubt itself, so that a wrong clock is noticed for as long as it is wrong. A kiosk that was
    switched off for months is no fault; a leap of a year with a program that is three years old is.
    """
    begun = datetime.combine(built, time(), UTC)
    said = {"now": f"{now:%Y-%m-%d %H:%M}", "built": built.isoformat()}
    if now < begun:
        return _(
            "The clock says {now} UTC, which is older than this program ({built}). Set it right, "
            "and see why it lost its time: an empty battery, or no network."
        ).format(**said)
    if newest is not None and now < newest - SLACK:
        return _(
            "The clock says {now} UTC, but the newest entry in the log is of {newest}. Set the "
            "clock right; if that entry was the wrong one, or a long recording was replayed here, "
            "wait until then."
        ).format(**said, newest=f"{newest:%Y-%m-%d %H:%M}")
    if newest is None:
        ahead = now - begun > OLD_AND_NEW_HERE
    else:
        ahead = now - begun > OLD and now - newest > LEAP
    if ahead:
        return _(
            "The clock says {now} UTC, far ahead of this program ({built}) and of everything in "
            "the log. Set it right; if it is right, install the newest version of the program."
        ).format(**said)
    return ""
