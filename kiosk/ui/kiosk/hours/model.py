"""What one person sees of their own hours, in words; values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.attendance import ClockEvent, Direction


@dataclass(frozen=True, slots=True)
class Writing:
    """How times are written here: ``clock`` the time of day of a moment by the clock on the wall
    there and then, ``day`` a day with its weekday, ``month`` a day's month."""

    clock: Callable[[datetime], str]
    day: Callable[[date], str]
    month: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know of a day; ``warns`` where it should be looked at."""

    text: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One punch of a day, which may be wrong: what and when, and what it rests on."""

    event: ClockEvent
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """A working day. ``begin`` (with zone) is when it began, ``times`` are its spans, ``total``
    what counts of it."""

    day: date
    begin: datetime
    title: str
    times: str = ""
    total: str = ""
    notes: tuple[Note, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """What counts of today, this week, this month; ``note`` says what runs yet."""

    title: str
    time: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """Its days that have anything to say, the newest first, and what counts of all."""

    title: str
    total: str
    days: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer in one touch: that a look meant ``direction``, or that it was at ``moment`` (with
    zone)."""

    label: str
    direction: Direction
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something that nobody has said yet of ``event``: what that look meant, or, where ``missing``
    is set, when the coming or going that belongs to it was."""

    event: ClockEvent
    line: DayLine
    text: str
    choices: tuple[Choice, ...]
    missing: Direction | None = None


class Answered(StrEnum):
    """How far a request is."""

    WAITS = "waits"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of one's own: for what, why, and what was said to it."""

    text: str
    why: str
    state: Answered
    answer: str


@dataclass(frozen=True, slots=True)
class OwnHours:
    """All of it. ``days`` are those of which a correction can be asked for, the newest first."""

    person_id: int
    name: str
    totals: tuple[Total, ...]
    questions: tuple[Question, ...] = ()
    asked: tuple[Asked, ...] = ()
    months: tuple[Month, ...] = ()
    days: tuple[DayLine, ...] = ()
