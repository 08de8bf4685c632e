"""All of administration in one value: what pages and commands hold instead of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins, utc_now
from kiosk.services.admin.backups import Backups
from kiosk.services.admin.corrections import Corrections
from kiosk.services.admin.people import PeopleAdmin
from kiosk.services.admin.settings import SettingsAdmin
from kiosk.services.admin.trail import Trail
from kiosk.services.drill import Drills


@dataclass(frozen=True, slots=True)
class Administration:
    """``records`` are for reading; every change goes through a use case that is told who acts."""

    records: Records
    people: PeopleAdmin
    corrections: Corrections
    settings: SettingsAdmin
    backups: Backups
    drills: Drills
    trail: Trail

    @classmethod
    def of(
        cls, storage: Storage, pins: Pins, now: Callable[[], datetime] = utc_now
    ) -> Administration:
        """Everything over one database; ``now`` gives the time in UTC."""
        trail = Trail(storage, now)
        return cls(
            storage,
            PeopleAdmin(storage, pins, trail),
            Corrections(storage, trail, now),
            SettingsAdmin(storage, pins, trail, now),
            Backups(storage, trail, now),
            Drills(storage, trail, now),
            trail,
        )
