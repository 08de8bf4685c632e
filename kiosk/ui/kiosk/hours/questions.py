"""What is open in a person's days: looks that nobody has explained, and ends that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.hours import DayRow, Span
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.language import _
from kiosk.services.attendance import Attendance
from kiosk.ui.kiosk.hours import words
from kiosk.ui.kiosk.hours.model import Choice, DayLine, Question, Writing

JUST_BEFORE = timedelta(microseconds=1)


def questions(
    rows: Sequence[DayRow],
    running: DayRow | None,
    lines: Mapping[date, DayLine],
    requests: Sequence[CorrectionRequest],
    attendance: Attendance,
    now: datetime,
    writing: Writing,
) -> tuple[Question, ...]:
    """The newest first; ``rows`` are one person's, by day, and ``running`` the one whose last span
    has not ended. What a request that waits for its answer would mend is not asked."""
    asking = _Asking(attendance, writing, [one for one in requests if one.answer is None])
    spans = [(row, span) for row in rows for span in row.spans]
    found: list[Question] = []
    for place, (row, span) in enumerate(spans):
        until = spans[place + 1][1].first.at if place + 1 < len(spans) else now
        runs = row is running and span is row.spans[-1]
        found += asking.of_span(span, lines[row.day], until, runs=runs)
    return tuple(reversed(found))


class _Asking:
    def __init__(
        self, attendance: Attendance, writing: Writing, waiting: Sequence[CorrectionRequest]
    ) -> None:
        self._attendance = attendance
        self._writing = writing
        self._waiting = waiting

    def of_span(
        self, span: Span, line: DayLine, until: datetime, *, runs: bool
    ) -> Iterator[Question]:
        for event in span.events:
            if event.asks and not any(one.replaces == event.id for one in self._waiting):
                yield self._of_look(event, line)
        longest = self._attendance.longest
        came, went = span.came, span.went
        if came is None and went is not None:
            asked = self._asked_for(Direction.IN, went.at - longest, went.at)
            yield from () if asked else (self._of_coming(went, line),)
        elif came is not None and went is None and not runs:
            asked = self._asked_for(Direction.OUT, came.at, came.at + longest)
            yield from () if asked else (self._of_going(came, line, until),)

    def _of_look(self, event: ClockEvent, line: DayLine) -> Question:
        reading = self._attendance.read_look(event.person_id, event.at - JUST_BEFORE)
        # As it was recorded comes first, whatever the days before it look like by now.
        options = dict.fromkeys((event.direction, *reading.options))
        return Question(
            event,
            line,
            _("{when}: what did you do?").format(when=words.at(event.local, self._writing)),
            tuple(Choice(words.meant(way, tuple(options)), way) for way in options),
        )

    def _of_going(self, came: ClockEvent, line: DayLine, until: datetime) -> Question:
        text = _("{when}: you came in. When did you leave?")
        offered = self._attendance.left(came, until)
        return Question(
            came,
            line,
            text.format(when=words.at(came.local, self._writing)),
            tuple(
                Choice(words.at(moment, self._writing, came.local.date()), Direction.OUT, moment)
                for moment in offered
            ),
            Direction.OUT,
        )

    def _of_coming(self, went: ClockEvent, line: DayLine) -> Question:
        text = _("{when}: you went out. When did you come?")
        when = words.at(went.local, self._writing)
        return Question(went, line, text.format(when=when), (), Direction.IN)

    def _asked_for(self, direction: Direction, after: datetime, before: datetime) -> bool:
        return any(
            one.direction is direction and one.moment is not None and after < one.moment < before
            for one in self._waiting
        )
