"""Once a day what was kept for long enough goes, while the kiosk runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.audit import PROGRAM
from kiosk.domain.language import marked
from kiosk.domain.records import Records
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.administration import Administration
from kiosk.services.chore import AT_NIGHT, TEN_MINUTES, Chore

_RAN_ON: Final = "retention_ran_on"


class DailyRetention(Chore):
    """``now`` is in UTC. What is not done yet when it is stopped is done the next day."""

    def __init__(self, admin: Administration, now: Callable[[], datetime] = utc_now) -> None:
        failed = marked("What is old enough could not be erased: {why}")
        super().__init__("retention", failed, TEN_MINUTES)
        self._admin = admin
        self._now = now

    def _do(self) -> None:
        today = self._now().astimezone()
        if today.hour < AT_NIGHT or ran_on(self._admin.records) == f"{today:%Y-%m-%d}":
            return
        self._admin.retention.run(PROGRAM, self._ended.is_set)
        self._admin.settings.remember({_RAN_ON: f"{today:%Y-%m-%d}"})


def ran_on(records: Records) -> str:
    """The day (ISO, local) on which it was done last; empty for never."""
    return str(records.settings.load().get(_RAN_ON, ""))


def next_run(records: Records, now: datetime) -> datetime:
    """When a running kiosk does it next (local), ``now`` where it is due already."""
    here = now.astimezone()
    begins = here.replace(hour=AT_NIGHT, minute=0, second=0, microsecond=0)
    if ran_on(records) == f"{here:%Y-%m-%d}":
        return begins + timedelta(days=1)
    return max(here, begins)
