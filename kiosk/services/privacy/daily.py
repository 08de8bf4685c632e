"""Once a day what was kept for long enough goes, while the kiosk runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.audit import PROGRAM
from kiosk.domain.errors import KioskError
from kiosk.domain.language import _
from kiosk.domain.records import Records
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.administration import Administration

FROM: Final = 3
"""The hour from which it is done: at night, or when the kiosk is started after it."""
_RAN_ON: Final = "retention_ran_on"
_LOOKS_EVERY: Final = 600.0
"""Seconds until it is looked again whether another day has begun."""

log = logging.getLogger(__name__)


class DailyRetention:
    """A thread of its own; one problem is one line in the log. ``now`` is in UTC."""

    def __init__(self, admin: Administration, now: Callable[[], datetime] = utc_now) -> None:
        self.problem = ""
        """Why it was not done today, for the administrator."""
        self._admin = admin
        self._now = now
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is not done yet is done the next day."""
        self._ended.set()
        self._thread.join(5.0)

    def look(self) -> None:
        """Do it where it was not done today."""
        today = self._now().astimezone()
        try:
            if today.hour < FROM or ran_on(self._admin.records) == f"{today:%Y-%m-%d}":
                return
            self._admin.retention.run(PROGRAM, self._ended.is_set)
            self._admin.settings.remember({_RAN_ON: f"{today:%Y-%m-%d}"})
        except KioskError as error:
            problem = _("What is old enough could not be erased: {why}").format(why=error)
            if problem != self.problem:
                log.warning("%s", problem)
            self.problem = problem
        else:
            self.problem = ""

    def _run(self) -> None:
        while True:
            self.look()
            if self._ended.wait(_LOOKS_EVERY):
                return


def ran_on(records: Records) -> str:
    """The day (ISO, local) on which it was done last; empty for never."""
    return str(records.settings.load().get(_RAN_ON, ""))


def next_run(records: Records, now: datetime) -> datetime:
    """When a running kiosk does it next (local), ``now`` where it is due already."""
    here = now.astimezone()
    begins = here.replace(hour=FROM, minute=0, second=0, microsecond=0)
    if ran_on(records) == f"{here:%Y-%m-%d}":
        return begins + timedelta(days=1)
    return max(here, begins)
