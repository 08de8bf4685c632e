"""Records as somebody may read them who is bound to departments: nobody else is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.attendance import ClockEvent, Mark, Strike
from kiosk.domain.audit import Actor, AuditEntry
from kiosk.domain.chain import ChainReport, Head
from kiosk.domain.consent import Consent
from kiosk.domain.decision import Decision
from kiosk.domain.errors import NotFound
from kiosk.domain.gallery import Known
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.language import _
from kiosk.domain.people import Person, Template
from kiosk.domain.records import ALL_ACTS, AuditFilter, EventFilter, Records, StorageReport
from kiosk.domain.roles import StaffRole
from kiosk.domain.settings import SettingValue


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the records, of people in these departments only."""

    whole: Records
    departments: frozenset[str]

    def ids(self) -> frozenset[int]:
        return frozenset(person.id for person in self.whole.people.find() if self.theirs(person))

    def theirs(self, person: Person) -> bool:
        return person.group in self.departments

    def check(self, person_id: int) -> None:
        if not self.theirs(self.whole.people.get(person_id)):
            raise NotFound(_("This person is in no department of yours."))


class _People(_Part):
    __slots__ = ()

    def get(self, person_id: int) -> Person:
        self.check(person_id)
        return self.whole.people.get(person_id)

    def find(self, text: str = "") -> tuple[Person, ...]:
        return tuple(filter(self.theirs, self.whole.people.find(text)))

    def claim(self, who: str) -> Person | None:
        person = self.whole.people.claim(who)
        return person if person is not None and self.theirs(person) else None

    def templates(self, encoder_id: str, *, enabled_only: bool = True) -> tuple[Template, ...]:
        return ()

    def encoders(self) -> Mapping[str, int]:
        return self.whole.people.encoders()

    def templates_of(self, person_id: int) -> tuple[Template, ...]:
        return ()

    def crops_of(self, person_id: int) -> Mapping[int, bytes]:
        return {}

    def staff_numbers(self, person_ids: Collection[int]) -> Mapping[int, str]:
        return self.whole.people.staff_numbers(self.ids().intersection(person_ids))

    def known(self, encoder_id: str, cohort: str) -> Mapping[int, Known]:
        return {}

    def any_pin(self) -> bool:
        return self.whole.people.any_pin()

    def pin_hash(self, person_id: int) -> str | None:
        return None

    def revision(self) -> int:
        return self.whole.people.revision()


class _Events(_Part):
    """The access log is nobody's who is bound to departments."""

    __slots__ = ()

    def query(
        self, wanted: EventFilter, *, limit: int = 200, offset: int = 0
    ) -> tuple[Decision, ...]:
        return ()

    def count(self, wanted: EventFilter) -> int:
        return 0

    def last_allow(self, person_id: int) -> Decision | None:
        self.check(person_id)
        return self.whole.events.last_allow(person_id)

    def liveness_scores(self, camera: str, version: str, limit: int) -> tuple[float, ...]:
        return ()

    def last_at(self) -> datetime | None:
        return self.whole.events.last_at()


class _Clock(_Part):
    __slots__ = ()

    def between(
        self,
        since: datetime,
        until: datetime,
        person_id: int | None = None,
        *,
        struck: bool = False,
        suspect: bool = False,
    ) -> tuple[ClockEvent, ...]:
        theirs = self.ids()
        found = self.whole.clock_events.between(
            since, until, person_id, struck=struck, suspect=suspect
        )
        return tuple(event for event in found if event.person_id in theirs)

    def get(self, clock_event_id: int) -> ClockEvent:
        event = self.whole.clock_events.get(clock_event_id)
        self.check(event.person_id)
        return event

    def newest(self) -> Mark:
        return self.whole.clock_events.newest()

    def said_since(
        self, mark: Mark, since: datetime, until: datetime
    ) -> tuple[tuple[int, datetime], ...]:
        theirs = self.ids()
        found = self.whole.clock_events.said_since(mark, since, until)
        return tuple((person, at) for person, at in found if person in theirs)

    def strikes(self, clock_event_ids: Collection[int]) -> Mapping[int, tuple[Strike, ...]]:
        theirs = self.ids()
        events = self.whole.clock_events
        ids = [one for one in clock_event_ids if events.get(one).person_id in theirs]
        return events.strikes(ids)


class _Hours(_Part):
    __slots__ = ()

    def rotas(self) -> tuple[Rota, ...]:
        return self.whole.hours.rotas()

    def assignments(self, person_id: int | None = None) -> tuple[Assignment, ...]:
        theirs = self.ids()
        return tuple(
            one for one in self.whole.hours.assignments(person_id) if one.person_id in theirs
        )

    def absences(
        self, since: date, until: date, person_id: int | None = None
    ) -> tuple[Absence, ...]:
        theirs = self.ids()
        found = self.whole.hours.absences(since, until, person_id)
        return tuple(one for one in found if one.person_id in theirs)

    def periods(self) -> tuple[Period, ...]:
        return self.whole.hours.periods()

    def period_lines(
        self, period_id: int | None = None, day: date | None = None
    ) -> tuple[PeriodLine, ...]:
        theirs = self.ids()
        found = self.whole.hours.period_lines(period_id, day)
        return tuple(one for one in found if one.person_id in theirs)

    def requests(
        self, person_id: int | None = None, *, open_only: bool = False
    ) -> tuple[CorrectionRequest, ...]:
        theirs = self.ids()
        found = self.whole.hours.requests(person_id, open_only=open_only)
        return tuple(one for one in found if one.person_id in theirs)


class _Consents(_Part):
    __slots__ = ()

    def of(self, person_id: int) -> tuple[Consent, ...]:
        self.check(person_id)
        return self.whole.consents.of(person_id)

    def newest(self) -> Mapping[int, Consent]:
        theirs = self.ids()
        return {one: said for one, said in self.whole.consents.newest().items() if one in theirs}


class _Audit:
    """What others did in administration is not for whoever is bound to departments."""

    def newest(self, limit: int = 200, wanted: AuditFilter = ALL_ACTS) -> tuple[AuditEntry, ...]:
        return ()

    def actors(self) -> tuple[Actor, ...]:
        return ()


class _Roles:
    def get(self, person_id: int) -> StaffRole | None:
        return None

    def all(self) -> tuple[StaffRole, ...]:
        return ()

    def secret_hash(self, person_id: int) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class _Settings:
    whole: Records

    def load(self) -> Mapping[str, SettingValue]:
        return self.whole.settings.load()


class DepartmentRecords:
    """The ``Records`` port over another, with nobody in it but the people of some departments as
    they are now; who was deleted is in no department. Any thread."""

    def __init__(self, whole: Records, departments: Collection[str]) -> None:
        self._whole = whole
        theirs = frozenset(departments)
        self.people = _People(whole, theirs)
        self.events = _Events(whole, theirs)
        self.clock_events = _Clock(whole, theirs)
        self.hours = _Hours(whole, theirs)
        self.audit = _Audit()
        self.consents = _Consents(whole, theirs)
        self.retention = whole.retention
        self.roles = _Roles()
        self.settings = _Settings(whole)

    def check_chain(self, *known: Head | None) -> ChainReport:
        return self._whole.check_chain(*known)

    def chain_head(self) -> Head | None:
        return self._whole.chain_head()

    def chain_holds(self, one: Head) -> bool:
        return self._whole.chain_holds(one)

    def check(self) -> StorageReport:
        return self._whole.check()
