"""When somebody may have left who did not clock out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median_low

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.hours.spans import Span

OFFERED = 3
USUAL = timedelta(hours=8)


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
