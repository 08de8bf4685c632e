"""When somebody may have left who did not clock out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median_low

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.errors import BadInput
from kiosk.domain.hours.spans import Span
from kiosk.domain.language import _

OFFERED = 3
USUAL = timedelta(hours=8)
FIGURES = 4
"""Of a time of day that is typed: hours and minutes, two each."""


def leaving_times(
    came: ClockEvent,
    spans: Sequence[Span],
    until: datetime,
    shift_end: datetime | None = None,
) -> tuple[datetime, ...]:
    """At most three moments to choose from, the likely one first: the end of the shift, when this
    person usually goes, after as long as they usually stay. All after the coming and before
    ``until``; empty where none is."""
    stays = [span.there for span in spans if span.there > timedelta()]
    stay = median_low(stays) if stays else USUAL
    offered = [shift_end] if shift_end is not None else []
    gone = [span.went.local for span in spans if span.went is not None and span.there]
    if gone:
        usual = median_low(
            [(g - g.replace(hour=0, minute=0, second=0, microsecond=0)) for g in gone]
        )
        midnight = came.local.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + usual
        offered.append(at if at > came.local else at + timedelta(days=1))
    offered.append(came.local + stay)
    found: list[datetime] = []
    for moment in offered:
        quarter = _to_five_minutes(moment)
        if came.at < quarter < until and quarter not in found:
            found.append(quarter)
    return tuple(found[:OFFERED])


def _to_five_minutes(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    step = timedelta(minutes=5)
    return whole + (moment - whole + step / 2) // step * step


def clock_time(text: str) -> timedelta:
    """A time of day as it is typed, ``1730``: how long after midnight.

    Raises:
        BadInput: there is no such time.
    """
    if len(text) != FIGURES or not text.isdecimal():
        raise BadInput(_("Type four digits: 1730 for 17:30, 0600 for 06:00."))
    hours, minutes = int(text[:2]), int(text[2:])
    if hours > 23 or minutes > 59:
        raise BadInput(
            _("There is no {hours}:{minutes}: type a time from 0000 to 2359.").format(
                hours=text[:2], minutes=text[2:]
            )
        )
    return timedelta(hours=hours, minutes=minutes)


def said_time(came: ClockEvent, text: str, until: datetime) -> datetime:
    """When somebody left who types a time of day: the first such moment after their coming.

    Raises:
        BadInput: there is no such time, or it is not before ``until``.
    """
    day = came.local.replace(hour=0, minute=0, second=0, microsecond=0)
    left = day + clock_time(text)
    if left <= came.at:
        left += timedelta(days=1)
    if left >= until:
        raise BadInput(
            _("It must lie between {came:%H:%M}, when you came, and {until:%H:%M}.").format(
                came=came.local, until=until.astimezone(came.local.tzinfo)
            )
        )
    return left
