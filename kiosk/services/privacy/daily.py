"""Once a day what was kept for long enough goes, while the kiosk runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.audit import PROGRAM
from kiosk.domain.errors import KioskError
from kiosk.domain.language import _, marked
from kiosk.domain.records import Records
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.administration import Administration
from kiosk.services.chore import AT_NIGHT, TEN_MINUTES, Chore
from kiosk.services.privacy.retention import preview
from kiosk.services.site import Finding

_RAN_ON: Final = "retention_ran_on"
_WHY: Final = "retention_failed"
_FAILED: Final = marked("What is old enough could not be erased: {why}")


class DailyRetention(Chore):
    """``now`` is in UTC. What is not done yet when it is stopped is done the next day."""

    def __init__(self, admin: Administration, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__("retention", _FAILED, TEN_MINUTES)
        self._admin = admin
        self._now = now

    def _do(self) -> None:
        today = self._now().astimezone()
        if today.hour < AT_NIGHT or ran_on(self._admin.records) == f"{today:%Y-%m-%d}":
            return
        try:
            self._admin.retention.run(PROGRAM, self._ended.is_set)
        except (KioskError, OSError) as error:
            self._note(str(error))
            raise
        self._admin.settings.remember({_RAN_ON: f"{today:%Y-%m-%d}", _WHY: ""})

    def _note(self, why: str) -> None:
        """For whoever looks from elsewhere, as `doctor` does."""
        with suppress(KioskError):  # what can't be erased can perhaps not be written either
            if self._admin.records.settings.load().get(_WHY) != why:
                self._admin.settings.remember({_WHY: why})


def ran_on(records: Records) -> str:
    """The day (ISO, local) on which it was done last; empty for never."""
    return str(records.settings.load().get(_RAN_ON, ""))


def not_erased(records: Records, now: datetime) -> str:
    """Why something is still there that was old enough to go yesterday, and what is done about it;
    empty where all is well. ``now`` is in UTC; some ms.

    Raises:
        StorageError: it can't be read.
    """
    why = str(records.settings.load().get(_WHY, ""))
    yesterday = now.astimezone().date() - timedelta(days=1)
    if (not why and ran_on(records) >= yesterday.isoformat()) or not preview(records, now):
        return ""
    if why:
        return f"{_(_FAILED).format(why=why)} {_('A running kiosk tries again each ten minutes.')}"
    return _(
        "Something is old enough to go and is not erased: a running kiosk does that once a day, "
        "and none did yesterday. `kiosk retention run` does it now."
    )


def check_retention(records: Records, now: datetime) -> tuple[Finding, ...]:
    """Whether what the settings let go goes, for the doctor. ``now`` is in UTC."""
    title = _("Retention")
    try:
        problem, last = not_erased(records, now), ran_on(records)
    except KioskError:  # told of the database already
        return ()
    if problem:
        return (Finding(title, True, problem, advice=True),)
    if not last:
        return (Finding(title, True, _("Nothing is old enough to go.")),)
    return (Finding(title, True, _("It was done last on {day}.").format(day=last)),)


def next_run(records: Records, now: datetime) -> datetime:
    """When a running kiosk does it next (local), ``now`` where it is due already."""
    here = now.astimezone()
    begins = here.replace(hour=AT_NIGHT, minute=0, second=0, microsecond=0)
    if ran_on(records) == f"{here:%Y-%m-%d}":
        return begins + timedelta(days=1)
    return max(here, begins)
