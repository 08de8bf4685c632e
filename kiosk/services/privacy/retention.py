"""Empties what was kept for long enough, some rows at a time, so that nobody at the door waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from kiosk.domain.audit import Action, Actor
from kiosk.domain.people import Person, Template
from kiosk.domain.records import AuditFilter, Records
from kiosk.domain.repositories import Storage
from kiosk.domain.retention import SETTINGS, Due, End, Kept, Which
from kiosk.domain.settings import Settings
from kiosk.services.admin.trail import Trail

AT_ONCE: Final = 100
"""Rows in one transaction: it holds up the door for some 30 ms on a slow machine."""
PAUSE: Final = 0.1
"""Seconds between two, in which others write."""
_ERASED: Final = AuditFilter(actions=frozenset({Action.ERASE_PERSON}))
_ALL: Final = 1_000_000


def _never() -> bool:
    return False


class Retention:
    """Any thread but the screen's. ``now`` is in UTC; ``pause`` is called between transactions."""

    def __init__(
        self,
        storage: Storage,
        trail: Trail,
        now: Callable[[], datetime],
        pause: Callable[[], object] = lambda: time.sleep(PAUSE),
    ) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now
        self._pause = pause

    def preview(self, settings: Settings | None = None) -> tuple[Due, ...]:
        """What would go now, of each kind that anything would go of, by the settings in force or
        by others that are only thought of; changes nothing."""
        return preview(self._storage, self._now(), settings)

    def run(self, actor: Actor, cancelled: Callable[[], bool] = _never) -> tuple[Due, ...]:
        """Empty all of it; what was due when it began. One that is broken off goes on the next
        time."""
        due = self.preview()
        if not due:
            return ()
        with self._trail.act(actor, Action.EMPTY_OLD_ROWS) as note:
            note.details = "; ".join(map(told, due))
            self._forget_faces()
        self._empty(self._wanted(), cancelled)
        return due

    def of_erased(self) -> None:
        """Empty what is left of people who were erased: that they were is written down already."""
        self._empty((which for which in self._wanted() if which.people is not None), _never)

    def _wanted(self) -> Iterator[Which]:
        return wanted(self._storage, self._now(), _in_force(self._storage))

    def _empty(self, kept: Iterable[Which], cancelled: Callable[[], bool]) -> None:
        for which in kept:
            while not cancelled() and self._storage.retention.empty(which, AT_ONCE):
                self._pause()

    def _forget_faces(self) -> None:
        for template in _outlived(self._storage, self._now(), _in_force(self._storage)):
            self._storage.people.delete_template(template.id)


def preview(records: Records, now: datetime, settings: Settings | None = None) -> tuple[Due, ...]:
    """What is due, of each kind that anything is due of; by the settings in force where none are
    given."""
    settings = settings or _in_force(records)
    found: dict[Kept, Due] = {}
    for which in wanted(records, now, settings):
        found[which.kind] = _both(found.get(which.kind), records.retention.due(which))
    faces = _outlived(records, now, settings)
    days = sorted(template.created_at.date() for template in faces)
    if days:
        found[Kept.FACES] = Due(Kept.FACES, len(days), days[0], days[-1])
    return tuple(found[kind] for kind in Kept if kind in found and found[kind].count)


def wanted(records: Records, now: datetime, settings: Settings) -> Iterator[Which]:
    """Which rows are due by these settings, and of people who were erased."""
    for kind in SETTINGS:
        days = days_kept(settings, kind)
        if kind is not Kept.FACES and days:
            yield Which(kind, _before(now, days))
    erased = erased_people(records)
    if erased:
        yield Which(Kept.ERASED, None, erased)
        yield Which(Kept.ATTENDANCE, _before(now, settings.hours_by_law), erased)


def ends(records: Records, person: Person) -> tuple[End, ...]:
    """What there is of one person, and when it goes; of acts nothing is said here."""
    settings = _in_force(records)
    found = []
    for kind in (Kept.REFUSED, Kept.ALLOWED, Kept.ATTENDANCE, Kept.REQUESTS):
        due = records.retention.due(Which(kind, None, frozenset({person.id})))
        found.append(End(kind, due.count, due.first, days_kept(settings, kind)))
    days = settings.keep_faces
    found.append(End(Kept.FACES, person.template_count, person.valid_until, days))
    return tuple(found)


def days_kept(settings: Settings, kind: Kept) -> int:
    """For how many days rows of a kind are kept; 0 is for ever. Hours for no less than the law
    asks."""
    days = int(getattr(settings, SETTINGS[kind]))
    if kind is Kept.ATTENDANCE and days:
        return max(days, settings.hours_by_law)
    return days


def erased_people(records: Records) -> frozenset[int]:
    """The ids of people who were erased."""
    subjects = (entry.subject for entry in records.audit.newest(_ALL, _ERASED))
    numbers = (subject.removeprefix("no. ") for subject in subjects)
    return frozenset(int(number) for number in numbers if number.isdecimal())


def told(due: Due) -> str:
    """A kind with how many rows and their days, for the audit trail."""
    return f"{due.kind.value}: {due.count} rows, {due.first} to {due.last}"


def _in_force(records: Records) -> Settings:
    return Settings.of(records.settings.load())


def _before(now: datetime, days: int) -> datetime:
    """The beginning of the oldest day that stays, by this machine's clock on the wall."""
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days)


def _outlived(records: Records, now: datetime, settings: Settings) -> tuple[Template, ...]:
    """Photos of people whose last day lies too far back."""
    if not settings.keep_faces:
        return ()
    last = _before(now, settings.keep_faces).date()
    people = (person for person in records.people.find() if _ended(person, last))
    return tuple(one for person in people for one in records.people.templates_of(person.id))


def _ended(person: Person, last: date) -> bool:
    return person.valid_until is not None and person.valid_until < last


def _both(one: Due | None, other: Due) -> Due:
    if one is None:
        return other
    days = [day for due in (one, other) for day in (due.first, due.last) if day is not None]
    first, last = min(days, default=None), max(days, default=None)
    return Due(other.kind, one.count + other.count, first, last)
