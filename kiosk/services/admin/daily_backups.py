"""A backup each day, while the kiosk runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.domain.audit import PROGRAM
from kiosk.domain.errors import KioskError
from kiosk.domain.language import marked
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.administration import Administration
from kiosk.services.chore import AT_NIGHT, TEN_MINUTES, Chore

_FIRST_AFTER: Final = 60.0
"""Seconds after the start, which has enough to do."""
_AGAIN_AFTER: Final = 3600.0
"""Seconds until a backup that failed is tried again."""


class DailyBackups(Chore):
    """``now`` is in UTC, ``monotonic`` in seconds. One that is being made when it is stopped is
    left without a name, and made anew at the next start."""

    def __init__(
        self,
        admin: Administration,
        settings: Callable[[], Settings],
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        failed = marked("There is no backup of today: {why}")
        super().__init__("backups", failed, TEN_MINUTES, _FIRST_AFTER)
        self._admin = admin
        self._settings = settings
        self._now = now
        self._monotonic = monotonic
        self._not_before = float("-inf")

    def _do(self) -> None:
        try:
            if self._due():
                self._admin.backups.now(PROGRAM)
        except (KioskError, OSError):
            self._not_before = self._monotonic() + _AGAIN_AFTER
            raise

    def _due(self) -> bool:
        here = self._now().astimezone()
        if not self._settings().backups or here.hour < AT_NIGHT:
            return False
        if self._admin.backups.folder is None or self._monotonic() < self._not_before:
            return False
        made = self._admin.backups.all()
        return not made or made[0].at.astimezone().date() != here.date()
