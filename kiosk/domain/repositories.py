"""What may be changed in a data folder: for services alone (an import contract holds it), since
that is where it is checked who asks, and written down.

Any thread may call; each call is one transaction, or part of ``Storage.transaction``; all raise
StorageError where the database fails.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence, Strike
from kiosk.domain.audit import AuditEntry
from kiosk.domain.backups import Contents
from kiosk.domain.consent import Consent
from kiosk.domain.decision import Decision
from kiosk.domain.frame import Vector
from kiosk.domain.gallery import Known
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import Answer, CorrectionRequest
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.people import Person, Template
from kiosk.domain.records import (
    AuditRecords,
    ClockRecords,
    ConsentRecords,
    EventRecords,
    HoursRecords,
    PeopleRecords,
    Records,
    RetentionRecords,
    RoleRecords,
    SettingsRecords,
)
from kiosk.domain.retention import Which
from kiosk.domain.roles import Role, StaffRole
from kiosk.domain.settings import SettingValue


class People(PeopleRecords, Protocol):
    """The enrolled people and their templates. NotFound where an id is unknown."""

    def add(self, name: str, staff_number: str | None = None) -> Person:
        """Raises BadInput for a bad name, AlreadyExists for a taken staff number."""
        ...

    def update(self, person: Person) -> Person:
        """Stores name, staff number and enabled; raises as ``add``."""
        ...

    def delete(self, person_id: int) -> None:
        """With all templates and the PIN; log rows stay and keep the name they were logged with,
        clock events stay."""
        ...

    def add_template(
        self,
        person_id: int,
        vector: Vector,
        encoder_id: str,
        quality: float,
        source: str,
        crop: bytes | None = None,
    ) -> Template:
        """``crop`` is a small JPEG of the face, where the site keeps them."""
        ...

    def forget_crops(self) -> int:
        """Delete the crops of everybody's templates; how many there were."""
        ...

    def delete_template(self, template_id: int) -> None: ...

    def keep_known(self, encoder_id: str, cohort: str, known: Mapping[int, Known]) -> None:
        """What a cohort (``ScoreScale.cohort_key``) says of people's vectors, in place of what was
        kept of the same people; of whoever is gone nothing is kept. No change to the gallery."""
        ...

    def set_pin_hash(self, person_id: int, pin_hash: str | None) -> None: ...


class Events(EventRecords, Protocol):
    """The access log."""

    def append(self, decision: Decision) -> Decision:
        """Commits the row and returns the decision with its ``event_id``. The row keeps the
        person's name as it was."""
        ...


class ClockEvents(ClockRecords, Protocol):
    """Attendance."""

    def add(
        self,
        person_id: int,
        direction: Direction,
        at: datetime,
        *,
        evidence: Evidence = Evidence.FACE,
        note: str = "",
        event_id: int | None = None,
        replaces: int | None = None,
    ) -> ClockEvent: ...

    def put(self, event: ClockEvent) -> ClockEvent:
        """One with all that is known of it; its id is not looked at, and name, number and offset
        are those of now where it has none."""
        ...

    def put_all(self, events: Collection[ClockEvent]) -> None:
        """As ``put``, of thousands; name, number and offset are theirs."""
        ...

    def strike(self, clock_event_id: int, strike: Strike, *, out: bool) -> ClockEvent:
        """Strike out, or (``out`` False) say that it counts; every one is kept.

        Raises:
            NotFound: there is no such event.
        """
        ...


class Hours(HoursRecords, Protocol):
    """What is planned, closed and asked for. Nothing is taken out."""

    def add_rota(self, rota: Rota) -> Rota: ...

    def assign(self, assignment: Assignment) -> None: ...

    def add_absence(self, absence: Absence) -> Absence: ...

    def withdraw_absence(self, absence_id: int) -> Absence:
        """Raises NotFound where there is none, or it was withdrawn already."""
        ...

    def close_period(self, period: Period, lines: Iterable[PeriodLine]) -> Period: ...

    def add_request(self, request: CorrectionRequest) -> CorrectionRequest: ...

    def answer_request(self, request_id: int, answer: Answer) -> CorrectionRequest:
        """Raises NotFound; BadInput where it was answered already."""
        ...


class AuditTrail(AuditRecords, Protocol):
    """What was done in administration; nothing is ever changed or taken out."""

    def append(self, entry: AuditEntry) -> AuditEntry: ...


class Consents(ConsentRecords, Protocol):
    """Who agreed to have their face compared. Nothing is taken out."""

    def add(self, consent: Consent) -> Consent: ...

    def withdraw(self, consent_id: int, at: datetime, by: str) -> Consent:
        """Raises NotFound where there is none, or it was withdrawn already."""
        ...


class Retention(RetentionRecords, Protocol):
    """What was kept for long enough. Rows stay, and name nobody any more."""

    def empty(self, which: Which, limit: int) -> int:
        """Empty at most so many rows, and enter that into the chain; how many there were. 0 once
        there are none."""
        ...

    def erase_acts(self, person_id: int, name: str, *, unique: bool) -> int:
        """Take a person's name from what was done about and by them; how many rows there were.
        ``unique``: nobody else has the name, so that rows with it alone are theirs."""
        ...


class Roles(RoleRecords, Protocol):
    """Who has a role. A person's goes with the person."""

    def give(self, person_id: int, role: Role, departments: Collection[str] = ()) -> StaffRole:
        """In the place of the one they had, whose secret stays. Raises NotFound."""
        ...

    def take(self, person_id: int) -> None:
        """With its secret; nothing where there is none."""
        ...

    def set_secret_hash(self, person_id: int, secret_hash: str | None) -> None:
        """Raises NotFound where the person has no role."""
        ...


class SettingsStore(SettingsRecords, Protocol):
    """Settings and small secrets (hashes, lock-outs) by name."""

    def save(self, values: Mapping[str, SettingValue]) -> None:
        """All in one transaction; other names stay as they are."""
        ...

    def remove(self, names: Collection[str]) -> None:
        """What is under these names, as far as there is any."""
        ...


class Storage(Records, Protocol):
    """A data folder's database. ``close`` once, at the end."""

    @property
    def people(self) -> People: ...

    @property
    def events(self) -> Events: ...

    @property
    def clock_events(self) -> ClockEvents: ...

    @property
    def hours(self) -> Hours: ...

    @property
    def audit(self) -> AuditTrail: ...

    @property
    def consents(self) -> Consents: ...

    @property
    def retention(self) -> Retention: ...

    @property
    def roles(self) -> Roles: ...

    @property
    def settings(self) -> SettingsStore: ...

    @property
    def file(self) -> Path | None:
        """The database's file, where it is one."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Everything that this thread reads and writes inside is one transaction: on disk when
        the block ends, undone if it raises. One at a time, whoever else uses the database: what
        was read inside is still true when it is written. May be nested."""
        ...

    def decide(
        self, decision: Decision, direction: Direction | None, doubt: Doubt | None = None
    ) -> tuple[Decision, ClockEvent | None]:
        """Log a decision and, with a direction, its clock event, in one transaction: neither
        stands without the other."""
        ...

    def back_up(self, target: Path) -> Contents:
        """Copy all that is committed into a new file, for its owner only, which has its name only
        once it was restored to a temporary place and found whole: seconds where it is large.
        Raises BadInput where the file exists already or the database is on a server."""
        ...

    def check_backup(self, path: Path) -> Contents:
        """Restore a backup to a temporary place and read all of it. Raises StorageError where it
        does not come back whole."""
        ...

    def forget_copies(self, before: datetime) -> int:
        """Delete what was kept beside the database when it was migrated or replaced by a backup,
        where that was before a moment (UTC); how many copies there were."""
        ...

    def extract(self, target: Path) -> int:
        """Write the chained record into a new file that anybody can read who gets it; returns how
        many entries it has. Raises BadInput as ``back_up``."""
        ...

    def close(self) -> None: ...
