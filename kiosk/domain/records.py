"""What may be read of a data folder: the ports that everybody may hold.

Nothing here changes anything; ``repositories`` has the writing half, which services alone may use.
Any thread may call; each call is one transaction; all raise StorageError where the database fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from kiosk.domain.attendance import ClockEvent, Mark, Strike
from kiosk.domain.audit import Action, Actor, AuditEntry
from kiosk.domain.chain import ChainReport, Head
from kiosk.domain.consent import Consent
from kiosk.domain.decision import Decision, Mode, Outcome
from kiosk.domain.gallery import Known
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.people import Person, Template
from kiosk.domain.retention import Due, Which
from kiosk.domain.roles import StaffRole
from kiosk.domain.settings import SettingValue


class PeopleRecords(Protocol):
    """The enrolled people and their templates. NotFound where an id is unknown."""

    def get(self, person_id: int) -> Person: ...

    def find(self, text: str = "") -> tuple[Person, ...]:
        """By part of the name (case and accents do not matter) or staff number; by name, in the
        order that readers of the system's language expect."""
        ...

    def claim(self, who: str) -> Person | None:
        """The one person with exactly this staff number or, failing that, this name (case does
        not matter, nor do accents where that still leaves one); None where there is none or the
        name is several people's."""
        ...

    def templates(self, encoder_id: str, *, enabled_only: bool = True) -> tuple[Template, ...]:
        """All templates of one encoder, by default those of enabled people only."""
        ...

    def encoders(self) -> Mapping[str, int]:
        """How many templates of enabled people there are, by encoder id; costs next to nothing."""
        ...

    def templates_of(self, person_id: int) -> tuple[Template, ...]:
        """One person's, of all encoders, oldest first."""
        ...

    def crops_of(self, person_id: int) -> Mapping[int, bytes]:
        """The small pictures (JPEG) of one person's templates by their ids; of those that have
        one. They are read apart from the templates, of which the gallery holds thousands."""
        ...

    def staff_numbers(self, person_ids: Collection[int]) -> Mapping[int, str]:
        """By the person's id, of those among some people who have one."""
        ...

    def known(self, encoder_id: str, cohort: str) -> Mapping[int, Known]:
        """What was kept by ``People.keep_known``, by the person's id."""
        ...

    def any_pin(self) -> bool:
        """Whether anybody who may be let in has a PIN."""
        ...

    def pin_hash(self, person_id: int) -> str | None: ...

    def revision(self) -> int:
        """A number that rises with every change to people and templates, whoever made it; costs
        next to nothing. The same number means the same gallery."""
        ...


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which log rows: all that are set must fit. ``since`` and ``until`` are UTC, the second
    exclusive; ``text`` is part of a name; ``clock_suspect`` asks for rows whose moment can't be
    right, or for all the others."""

    person_id: int | None = None
    outcome: Outcome | None = None
    mode: Mode | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    clock_suspect: bool | None = None


class EventRecords(Protocol):
    """The access log."""

    def query(
        self, wanted: EventFilter, *, limit: int = 200, offset: int = 0
    ) -> tuple[Decision, ...]:
        """Newest first (by the order they were logged, whatever the clock did)."""
        ...

    def count(self, wanted: EventFilter) -> int: ...

    def last_allow(self, person_id: int) -> Decision | None:
        """The newest that is no repeat: when the person was last let in anew."""
        ...

    def liveness_scores(self, camera: str, version: str, limit: int) -> tuple[float, ...]:
        """How live the visitors looked whom one camera let in, the newest first; of one version of
        what the scores are made by. Repeats are no visits."""
        ...

    def last_at(self) -> datetime | None:
        """The time of the newest row whose clock was not in doubt, to notice one that is wrong."""
        ...


class ClockRecords(Protocol):
    """Attendance."""

    def between(
        self,
        since: datetime,
        until: datetime,
        person_id: int | None = None,
        *,
        struck: bool = False,
        suspect: bool = False,
    ) -> tuple[ClockEvent, ...]:
        """By time; ``until`` is exclusive. What was struck out only with ``struck``; with
        ``suspect`` only those of a clock in doubt."""
        ...

    def get(self, clock_event_id: int) -> ClockEvent:
        """One, struck out or not. Raises NotFound."""
        ...

    def newest(self) -> Mark:
        """Up to where things are said by now."""
        ...

    def said_since(
        self, mark: Mark, since: datetime, until: datetime
    ) -> tuple[tuple[int, datetime], ...]:
        """The person and the moment (UTC) of each event between two moments, the second exclusive,
        that was recorded, struck out or put back after a mark."""
        ...

    def strikes(self, clock_event_ids: Collection[int]) -> Mapping[int, tuple[Strike, ...]]:
        """All that was said of some events since they were recorded, by their ids; the oldest
        first. Events of which nothing was said are left out."""
        ...


class HoursRecords(Protocol):
    """What is planned, closed and asked for, beside what was recorded."""

    def rotas(self) -> tuple[Rota, ...]:
        """The oldest first."""
        ...

    def assignments(self, person_id: int | None = None) -> tuple[Assignment, ...]:
        """By person and day; of one day the one that was said last."""
        ...

    def absences(
        self, since: date, until: date, person_id: int | None = None
    ) -> tuple[Absence, ...]:
        """Those that touch these days, both included, by their first day."""
        ...

    def periods(self) -> tuple[Period, ...]:
        """By their first day."""
        ...

    def period_lines(
        self, period_id: int | None = None, day: date | None = None
    ) -> tuple[PeriodLine, ...]:
        """As they were when it was closed; of all periods where none is named, and of all days."""
        ...

    def requests(
        self, person_id: int | None = None, *, open_only: bool = False
    ) -> tuple[CorrectionRequest, ...]:
        """Newest first."""
        ...


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which acts: all that are set must fit. ``actions`` are any of those; ``since`` and ``until``
    are UTC, the second exclusive; ``text`` is part of whom or what an act concerned (case and
    accents do not matter)."""

    actions: frozenset[Action] = frozenset()
    actor: Actor | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


ALL_ACTS: Final = AuditFilter()


class AuditRecords(Protocol):
    """What was done in administration."""

    def newest(self, limit: int = 200, wanted: AuditFilter = ALL_ACTS) -> tuple[AuditEntry, ...]:
        """Newest first. With a ``text`` it looks through all that fits otherwise."""
        ...

    def actors(self) -> tuple[Actor, ...]:
        """Whoever did anything, by kind and name."""
        ...


class ConsentRecords(Protocol):
    """Who agreed to have their face compared."""

    def of(self, person_id: int) -> tuple[Consent, ...]:
        """All of one person, withdrawn ones too, the newest first."""
        ...

    def newest(self) -> Mapping[int, Consent]:
        """The newest of each person, by their id."""
        ...


class RetentionRecords(Protocol):
    """What is old enough to go."""

    def due(self, which: Which) -> Due:
        """How many rows are not emptied yet, and of which days; of photos nothing."""
        ...


class RoleRecords(Protocol):
    """Who has a role; one a person."""

    def get(self, person_id: int) -> StaffRole | None: ...

    def all(self) -> tuple[StaffRole, ...]:
        """By the person's id."""
        ...

    def secret_hash(self, person_id: int) -> str | None: ...


class SettingsRecords(Protocol):
    """Settings and small secrets (hashes, lock-outs) by name."""

    def load(self) -> Mapping[str, SettingValue]: ...


@dataclass(frozen=True, slots=True)
class StorageReport:
    """A database's health. ``location`` has no password in it; ``size`` is in bytes, None where
    it is not known; ``problems`` are empty where all is well, and so is ``unwritable``, the
    sentence that says why nothing can be written."""

    engine: str
    location: str
    revision: str
    people: int
    templates: int
    events: int
    clock_events: int
    size: int | None
    problems: tuple[str, ...] = ()
    unwritable: str = ""
    encrypted: bool = False
    can_encrypt: bool = True


class Records(Protocol):
    """A data folder's database, for reading."""

    @property
    def people(self) -> PeopleRecords: ...

    @property
    def events(self) -> EventRecords: ...

    @property
    def clock_events(self) -> ClockRecords: ...

    @property
    def hours(self) -> HoursRecords: ...

    @property
    def audit(self) -> AuditRecords: ...

    @property
    def consents(self) -> ConsentRecords: ...

    @property
    def retention(self) -> RetentionRecords: ...

    @property
    def roles(self) -> RoleRecords: ...

    @property
    def settings(self) -> SettingsRecords: ...

    def check_chain(self, *known: Head | None) -> ChainReport:
        """Whether the record stands as it was written, all read through: some seconds for 100,000
        rows. ``known`` are heads that were told outside of the database."""
        ...

    def chain_head(self) -> Head | None:
        """The newest entry of the chain; costs next to nothing."""
        ...

    def chain_holds(self, one: Head) -> bool:
        """Whether the chain has this entry, and not another in its place; costs next to nothing."""
        ...

    def check(self) -> StorageReport:
        """Looks the whole database through: seconds where it is large. Raises StorageError where
        it can't be read at all."""
        ...
