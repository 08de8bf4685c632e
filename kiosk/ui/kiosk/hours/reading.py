"""Reads one person's hours, and of nobody else anything; for the worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from kiosk.domain.errors import NotFound
from kiosk.domain.hours import DayRow
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.language import _
from kiosk.domain.records import Records
from kiosk.services.attendance import Attendance
from kiosk.ui.common.locale import month, short_date, wall_time
from kiosk.ui.kiosk.hours import words
from kiosk.ui.kiosk.hours.model import Asked, DayLine, Entry, Month, OwnHours, Total, Writing
from kiosk.ui.kiosk.hours.questions import questions

SHOWN = 12
"""Of requests that were answered, the newest."""
WRITING = Writing(wall_time, short_date, month)


def read(
    records: Records,
    attendance: Attendance,
    person_id: int,
    name: str,
    now: datetime,
    writing: Writing = WRITING,
) -> OwnHours:
    """The days of this month and of the one before, what is open in them, and what was asked for.

    Raises:
        StorageError: the database can't be read.
    """
    today = attendance.today(now)
    since = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    rows = [row for row in attendance.days(since, today, [person_id]) if row.person_id == person_id]
    last = next((row for row in reversed(rows) if row.spans), None)
    running = last if last is not None and attendance.awaited(last, now) else None
    lines = {row.day: _line(row, attendance, writing, runs=row is running) for row in rows}
    requests = records.hours.requests(person_id)
    return OwnHours(
        person_id,
        name,
        _totals(rows, running, today, writing),
        questions(rows, running, lines, requests, attendance, now, writing),
        tuple(_asked(records, requests, writing)),
        tuple(_months(rows, lines, writing)),
        tuple(_days(lines, since, today, attendance, writing)),
    )


def _line(row: DayRow, attendance: Attendance, writing: Writing, *, runs: bool) -> DayLine:
    return DayLine(
        row.day,
        attendance.span(row.day)[0],
        writing.day(row.day),
        words.times(row.spans, writing, runs=runs),
        words.hours(row.counted) if row.counted or (row.spans and not runs) else "",
        words.notes(row, writing, runs=runs),
        tuple(
            Entry(event, words.entry(event, writing), words.evidence(event)) for event in row.events
        ),
    )


def _totals(
    rows: Sequence[DayRow], running: DayRow | None, today: date, writing: Writing
) -> tuple[Total, ...]:
    def since(day: date) -> str:
        return words.hours(sum((row.counted for row in rows if row.day >= day), timedelta()))

    note = ""
    if running is not None:
        span = running.spans[-1]
        assert span.came is not None
        resting = span.resting
        text = _("in since {time}") if resting is None else _("on a break since {time}")
        began = span.came if resting is None else resting.began
        note = text.format(time=words.at(began.local, writing, today))
    return (
        Total(_("Today"), since(today), note),
        Total(_("This week"), since(today - timedelta(days=today.weekday()))),
        Total(_("This month"), since(today.replace(day=1))),
    )


def _months(
    rows: Sequence[DayRow], lines: Mapping[date, DayLine], writing: Writing
) -> Iterator[Month]:
    newest_first = sorted(rows, key=lambda row: row.day, reverse=True)
    for first, of_month in groupby(newest_first, lambda row: row.day.replace(day=1)):
        days = tuple(of_month)
        total = sum((row.counted for row in days), timedelta())
        shown = (lines[row.day] for row in days)
        told = tuple(line for line in shown if line.times or line.notes)
        yield Month(writing.month(first), words.hours(total), told)


def _days(
    lines: Mapping[date, DayLine],
    since: date,
    today: date,
    attendance: Attendance,
    writing: Writing,
) -> Iterator[DayLine]:
    day = today
    while day >= since:
        yield lines.get(day) or DayLine(day, attendance.span(day)[0], writing.day(day))
        day -= timedelta(days=1)


def _asked(
    records: Records, requests: Sequence[CorrectionRequest], writing: Writing
) -> Iterator[Asked]:
    shown = 0
    for request in requests:
        shown += request.answer is not None
        if request.answer is None or shown <= SHOWN:
            replaced = None
            if request.replaces is not None:
                try:
                    replaced = records.clock_events.get(request.replaces)
                except NotFound:
                    continue
            yield words.asked(request, replaced, writing)
