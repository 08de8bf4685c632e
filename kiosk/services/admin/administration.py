"""All of administration in one value: what pages and commands hold instead of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.audit import ADMINISTRATOR, Actor
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.domain.rights import departments_of
from kiosk.domain.settings import Settings
from kiosk.services.access.limited import DepartmentRecords
from kiosk.services.access.pins import Pins, utc_now
from kiosk.services.access.staff import Staff
from kiosk.services.admin.backups import Backups
from kiosk.services.admin.consents import Consents
from kiosk.services.admin.corrections import Corrections
from kiosk.services.admin.imports import Imports
from kiosk.services.admin.people import PeopleAdmin
from kiosk.services.admin.periods import Periods
from kiosk.services.admin.plans import Plans
from kiosk.services.admin.recovery import Recovery
from kiosk.services.admin.requests import Requests
from kiosk.services.admin.roles import RolesAdmin
from kiosk.services.admin.settings import SettingsAdmin
from kiosk.services.admin.sheet_profiles import SheetProfiles
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.drill import Drills
from kiosk.services.privacy.erasure import Erasures
from kiosk.services.privacy.own_data import OwnDataAdmin
from kiosk.services.privacy.retention import Retention


@dataclass(frozen=True, slots=True)
class Administration:
    """``records`` are for reading; every change goes through a use case that is told who acts.
    ``actor`` is who works with it: see ``by``."""

    records: Records
    people: PeopleAdmin
    consents: Consents
    corrections: Corrections
    plans: Plans
    requests: Requests
    periods: Periods
    imports: Imports
    profiles: SheetProfiles
    settings: SettingsAdmin
    backups: Backups
    retention: Retention
    erasures: Erasures
    own_data: OwnDataAdmin
    drills: Drills
    trail: Trail
    roles: RolesAdmin
    staff: Staff
    recovery: Recovery
    actor: Actor = ADMINISTRATOR

    @classmethod
    def of(
        cls, storage: Storage, pins: Pins, now: Callable[[], datetime] = utc_now
    ) -> Administration:
        """Everything over one database; ``now`` gives the time in UTC."""
        trail = Trail(storage, now)
        corrections = Corrections(storage, trail, now)
        staff = Staff(storage, pins, now)

        def attendance() -> Attendance:
            return Attendance.of(storage, Settings.of(storage.settings.load()))

        retention = Retention(storage, trail, now)
        return cls(
            storage,
            PeopleAdmin(storage, pins, trail),
            Consents(storage, trail, now),
            corrections,
            Plans(storage, trail),
            Requests(storage, trail, corrections, now),
            Periods(storage, trail, now, attendance),
            Imports(storage, trail, now),
            SheetProfiles(storage, trail),
            SettingsAdmin(storage, pins, trail, now),
            Backups(storage, trail, now),
            retention,
            Erasures(storage, pins, staff, trail, retention, now),
            OwnDataAdmin(storage, trail, now),
            Drills(storage, trail, now),
            trail,
            RolesAdmin(storage, pins, staff, trail),
            staff,
            Recovery(storage, pins, trail, now),
        )

    def by(self, actor: Actor) -> Administration:
        """The same for somebody who signed in: who is bound to departments reads of nobody else."""
        departments = departments_of(actor)
        records = (
            self.records if departments is None else DepartmentRecords(self.records, departments)
        )
        return replace(self, records=records, actor=actor)
