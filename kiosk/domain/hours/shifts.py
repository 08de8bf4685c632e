"""When people are expected: shifts, how they follow each other, and days on which nobody is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

LONGEST_CYCLE: Final = 366


@dataclass(frozen=True, slots=True)
class Shift:
    """By the clock on the wall; one that ends at or before its start ends on the next day."""

    starts: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> Shift | None:
        """``08:00-16:30``; ``-`` or nothing is a day off.

        Raises:
            BadInput: it is neither.
        """
        text = text.strip()
        if text in ("", "-", "–"):
            return None
        try:
            starts, ends = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError:
            raise BadInput(
                _("{text} is no shift: write it as 08:00-16:30, and - for a day off.").format(
                    text=repr(text)
                )
            ) from None
        return cls(starts.replace(tzinfo=None), ends.replace(tzinfo=None))

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"


@dataclass(frozen=True, slots=True)
class Rota:
    """Shifts that follow each other and begin anew: of seven days from Monday on, or of any other
    number, which turns. None is a day off. Never changed: people are given another one from a day
    on, so that sheets of the past stay."""

    id: int
    name: str
    days: tuple[Shift | None, ...]
    grace: timedelta = timedelta(minutes=5)

    @classmethod
    def parse(cls, name: str, days: str, grace: timedelta = timedelta(minutes=5)) -> Rota:
        """Of shifts with commas between, a day each.

        Raises:
            BadInput: there is no name, no shift, or one can't be read.
        """
        name = " ".join(name.split())
        shifts = tuple(Shift.parse(part) for part in days.split(","))
        if not name:
            raise BadInput(_("Give the rota a name, such as Early shift."))
        if not any(shifts) or len(shifts) > LONGEST_CYCLE:
            raise BadInput(
                _(
                    "A rota has a shift at least, and {count} days at most: seven from Monday on."
                ).format(count=LONGEST_CYCLE)
            )
        return cls(0, name, shifts, grace)


@dataclass(frozen=True, slots=True)
class Assignment:
    """That somebody works by a rota (None: by none) from a day on; ``first`` is the place in the
    cycle of that day. A rota of seven days begins on Mondays whatever it says."""

    person_id: int
    since: date
    rota: Rota | None
    first: int = 0

    def shift(self, day: date) -> Shift | None:
        """What is planned for a day."""
        if self.rota is None or day < self.since:
            return None
        days = self.rota.days
        if len(days) == 7:
            return days[day.weekday()]
        return days[(self.first + (day - self.since).days) % len(days)]


@dataclass(frozen=True, slots=True)
class Planned:
    """A day's shift as moments (with zone)."""

    starts: datetime
    ends: datetime
    grace: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Absence:
    """Days, both ends included, on which somebody is not expected; ``kind`` is the site's word."""

    id: int
    person_id: int
    kind: str
    since: date
    until: date
    note: str = ""


def planned(
    assignments: Iterable[Assignment], day: date, zone: tzinfo | None = None
) -> Planned | None:
    """A person's shift on a day, by the assignment that began last before it; ``zone`` is the
    site's (None: the machine's)."""
    newest = _in_force(assignments, day)
    shift = newest.shift(day) if newest else None
    if newest is None or shift is None or newest.rota is None:
        return None
    next_day = day + timedelta(days=shift.ends <= shift.starts)
    return Planned(
        _moment(day, shift.starts, zone), _moment(next_day, shift.ends, zone), newest.rota.grace
    )


def day_off(assignments: Iterable[Assignment], day: date) -> bool:
    """Whether a person works by a rota, and it has no shift that day."""
    newest = _in_force(assignments, day)
    return newest is not None and newest.rota is not None and newest.shift(day) is None


def _in_force(assignments: Iterable[Assignment], day: date) -> Assignment | None:
    begun = (one for one in assignments if one.since <= day)
    return max(begun, key=lambda one: one.since, default=None)


def _moment(day: date, at: time, zone: tzinfo | None) -> datetime:
    local = datetime.combine(day, at)
    return local.astimezone() if zone is None else local.replace(tzinfo=zone)
