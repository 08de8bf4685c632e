"""A backup each day, while the kiosk runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.domain.audit import PROGRAM
from kiosk.domain.errors import KioskError
from kiosk.domain.language import _
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.administration import Administration

FROM: Final = 3
"""The hour (local) from which it is made: at night, or when the kiosk is started after it."""
_FIRST_AFTER: Final = 60.0
"""Seconds after the start, which has enough to do."""
_LOOKS_EVERY: Final = 600.0
"""Seconds until it is looked again whether another day has begun."""
_AGAIN_AFTER: Final = 3600.0
"""Seconds until a backup that failed is tried again."""

log = logging.getLogger(__name__)


class DailyBackups:
    """A thread of its own; one problem is one line in the log. ``now`` is in UTC, ``monotonic`` in
    seconds."""

    def __init__(
        self,
        admin: Administration,
        settings: Callable[[], Settings],
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.problem = ""
        """Why there is none of today, for the administrator."""
        self._admin = admin
        self._settings = settings
        self._now = now
        self._monotonic = monotonic
        self._not_before = float("-inf")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """One that is being made is left without a name, and made anew at the next start."""
        self._ended.set()
        self._thread.join(5.0)

    def look(self) -> None:
        """Make one where there is none of today."""
        try:
            if self._due():
                self._admin.backups.now(PROGRAM)
        except (KioskError, OSError) as error:
            self._not_before = self._monotonic() + _AGAIN_AFTER
            problem = _("There is no backup of today: {why}").format(why=error)
            if problem != self.problem:
                log.warning("%s", problem)
            self.problem = problem
        else:
            self.problem = ""

    def _due(self) -> bool:
        here = self._now().astimezone()
        if not self._settings().backups or here.hour < FROM or self._admin.backups.folder is None:
            return False
        if self._monotonic() < self._not_before:
            return False
        made = self._admin.backups.all()
        return not made or made[0].at.astimezone().date() != here.date()

    def _run(self) -> None:
        wait = _FIRST_AFTER
        while not self._ended.wait(wait):
            self.look()
            wait = _LOOKS_EVERY
