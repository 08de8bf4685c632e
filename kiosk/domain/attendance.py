"""Punches: that somebody came, went, took a break or was seen, as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kiosk.domain.clock import local_time
from kiosk.domain.language import marked


class Direction(StrEnum):
    """What a punch says."""

    IN = "in"
    OUT = "out"
    BREAK = "break"
    """A break begins."""
    BACK = "back"
    """It is over."""
    SEEN = "seen"
    """The person was there, and neither came nor went: no hours follow from it."""

    @property
    def other(self) -> Direction:
        """The reverse, for who says that it was the wrong way round."""
        return _REVERSE[self]


_REVERSE = {
    Direction.IN: Direction.OUT,
    Direction.OUT: Direction.IN,
    Direction.BREAK: Direction.BACK,
    Direction.BACK: Direction.BREAK,
    Direction.SEEN: Direction.OUT,
}

DIRECTIONS = {
    Direction.IN: marked("Came in"),
    Direction.OUT: marked("Went out"),
    Direction.BREAK: marked("Began a break"),
    Direction.BACK: marked("Came back from a break"),
    Direction.SEEN: marked("Was seen"),
}
"""Plain words for each."""


class Evidence(StrEnum):
    """What a punch rests on, the strongest first."""

    FACE = "face"
    PIN = "pin"
    PERSON = "person"
    """The person said so, at the kiosk, after face or PIN: when they left yesterday."""
    HAND = "hand"
    """An operator entered it."""
    IMPORT = "import"
    """It came from another system."""
    RECORDING = "recording"
    """A face in a recording that was played: nobody stood there."""


class Doubt(StrEnum):
    """Why the kiosk asks what a look meant."""

    SHORT = "short"
    """It would end a stay of a few minutes."""
    LONG = "long"
    """It would end a stay that is longer than people stay."""
    SOON = "soon"
    """The person went a few minutes ago."""
    UNUSUAL = "unusual"
    """It would be a coming at an hour at which the person goes, or the reverse, or it follows a
    visit to the panel."""
    CHOICE = "choice"
    """At this site people always choose."""


@dataclass(frozen=True, slots=True)
class Strike:
    """What was said of an event later: that it counts no more, or (``out`` False) that it does.
    When (UTC), by whom and why."""

    at: datetime
    by: str
    why: str
    out: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where things were said of punches: the newest one's id, and that of the newest row
    which strikes one out or puts it back. Both only ever rise, whatever the clock does."""

    event: int = 0
    strike: int = 0


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One punch. ``at`` is in UTC; ``note`` says why an operator added it; ``event_id`` is the log
    row of the ALLOW it came from, ``far`` and ``liveness`` what that row says of the face,
    ``kiosk`` the camera.

    ``person_name``, ``staff_number`` and ``utc_offset_minutes`` (the local time ahead of UTC) are
    as they were when it was recorded; ``clock_suspect`` marks a moment that can't be right.
    ``doubt`` is set where the kiosk asked what it meant, ``answered`` where somebody said so
    since. ``struck`` is set where it was struck out: it stays, and counts no more; ``replaces`` is
    the id of the one that this stands in the place of, ``by`` who entered it, where somebody did.
    Nothing of it is ever changed."""

    id: int
    person_id: int
    direction: Direction
    at: datetime
    evidence: Evidence = Evidence.FACE
    note: str = ""
    event_id: int | None = None
    person_name: str = ""
    staff_number: str | None = None
    utc_offset_minutes: int | None = None
    clock_suspect: bool = False
    struck: Strike | None = None
    doubt: Doubt | None = None
    answered: bool = False
    replaces: int | None = None
    far: float | None = None
    liveness: str | None = None
    kiosk: str = ""
    by: str = ""

    @property
    def local(self) -> datetime:
        """When it was by the clock on the wall there and then."""
        return local_time(self.at, self.utc_offset_minutes)

    @property
    def by_hand(self) -> bool:
        """Whether it rests on what somebody said, and not on what the kiosk saw."""
        return self.evidence in (Evidence.PERSON, Evidence.HAND, Evidence.IMPORT)

    @property
    def asks(self) -> bool:
        """Whether it is an open question what it meant."""
        return self.doubt is not None and not self.answered


def working_day(at: datetime, starts_at: int) -> date:
    """The working day that a local time belongs to; a day begins at ``starts_at`` o'clock
    (0 to 23), so that whoever comes shortly after midnight counts to the evening before."""
    return (at - timedelta(hours=starts_at)).date()
