"""How long which kind of data is kept, and what is due to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk.domain.language import _, counted, marked

NOBODY: Final = 0
"""The person of a row that was emptied: no person ever has this id."""


class Kept(StrEnum):
    """A kind of data that is kept for a time of its own."""

    REFUSED = "refused"
    ALLOWED = "allowed"
    ATTENDANCE = "attendance"
    REQUESTS = "requests"
    AUDIT = "audit"
    FACES = "faces"
    """Photos of people whose last day has passed."""
    ERASED = "erased"
    """What is left of people who were erased, once nothing makes it stay."""


KINDS: Final = {
    Kept.REFUSED: marked("Log: looks that were refused"),
    Kept.ALLOWED: marked("Log: looks that were let in"),
    Kept.ATTENDANCE: marked("Hours: punches, absences, closed periods"),
    Kept.REQUESTS: marked("Requests for corrections"),
    Kept.AUDIT: marked("What was done in administration"),
    Kept.FACES: marked("Photos of people whose last day has passed"),
    Kept.ERASED: marked("What is left of people who were erased"),
}
SETTINGS: Final = {
    Kept.REFUSED: "keep_refused",
    Kept.ALLOWED: "keep_allowed",
    Kept.ATTENDANCE: "keep_attendance",
    Kept.REQUESTS: "keep_requests",
    Kept.AUDIT: "keep_audit",
    Kept.FACES: "keep_faces",
}
"""The setting that says for how many days; 0 is for ever."""


@dataclass(frozen=True, slots=True)
class Due:
    """How many rows of a kind are due to go, and of which days, both included (UTC)."""

    kind: Kept
    count: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Rows of a kind: older than ``before`` (UTC; None: of any age), of some people or of all."""

    kind: Kept
    before: datetime | None = None
    people: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How many rows of a kind there are of one person, the day of the oldest (UTC), and for how
    many days such rows are kept, 0 for ever."""

    kind: Kept
    count: int
    first: date | None
    days: int

    @property
    def ends(self) -> date | None:
        """The day on which the oldest of them goes; None where none does."""
        if self.first is None or not self.days:
            return None
        return self.first + timedelta(days=self.days + 1)


def until_deleted(count: int) -> str:
    """How long so many are kept that do not go by themselves."""
    return counted("until somebody deletes it", "until somebody deletes them", count)


def due_words(due: Due, day: Callable[[date], str]) -> str:
    """How much of a kind, and of which days, which ``day`` writes."""
    if due.kind is Kept.FACES:
        many = counted("{count} photo", "{count} photos", due.count)
    else:
        many = counted("{count} row", "{count} rows", due.count)
    if due.first is None or due.last is None:
        return many
    if due.first == due.last:
        return _("{many}, of {day}").format(many=many, day=day(due.first))
    return _("{many}, of {first} to {last}").format(
        many=many, first=day(due.first), last=day(due.last)
    )
