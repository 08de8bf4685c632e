"""What the view of hours reads, and says of it in a sentence."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from kiosk.domain.language import _, counted
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.model import Line
from kiosk.ui.admin.attendance.totals import Total
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import long_day
from kiosk.ui.admin.widgets.words import hours


def days_of(span: str, day: date) -> list[date]:
    """The days of the span that a day lies in."""
    if span == "week":
        monday = day - timedelta(days=day.weekday())
        return [monday + timedelta(days=n) for n in range(7)]
    if span == "month":
        last = calendar.monthrange(day.year, day.month)[1]
        return [day.replace(day=n) for n in range(1, last + 1)]
    return [day]


def read_lines(site: Site, days: Sequence[date], person_id: int | None) -> tuple[Line, ...]:
    """The sheets of some days that follow each other, of everybody or of one person; for the
    worker."""
    attendance = site.attendance()
    now = datetime.now(UTC)
    people = None if person_id is None else (person_id,)
    return tuple(
        Line(
            found,
            attendance.span(found.day)[0].replace(tzinfo=None),
            attendance.awaited(found, now),
            found.planned is not None and found.planned.ends > now,
        )
        for found in attendance.days(days[0], days[-1], people, empty=True)
    )


def day_in_words(day: date, lines: Sequence[Line]) -> str:
    """How many came, are there, and what is open."""
    came = sum(bool(line.row.events) for line in lines)
    parts = [
        _("{day}: {count} of {all} came").format(
            day=long_day(day), count=f"{came:,}", all=_people(len(lines))
        )
    ]
    working = sum(line.at_work for line in lines)
    if working:
        parts.append(_("{count} at work now").format(count=f"{working:,}"))
    ends = sum(line.open_end for line in lines)
    if ends:
        parts.append(counted("{count} open end", "{count} open ends", ends))
    return ", ".join(parts)


def days_in_words(days: Sequence[date], totals: Sequence[Total]) -> str:
    """What everybody's hours come to, and how many questions are open."""
    time = sum((total.counted for total in totals), timedelta())
    text = _("{since} to {until}: {people}, {hours} hours").format(
        since=day_text(days[0]),
        until=day_text(days[-1]),
        people=_people(len(totals)),
        hours=hours(time.total_seconds()),
    )
    questions = sum(total.questions for total in totals)
    if not questions:
        return text
    return ", ".join((text, counted("{count} thing open", "{count} things open", questions)))


def _people(count: int) -> str:
    return counted("{count} person", "{count} people", count)
