"""What a running kiosk looks after by itself."""

from __future__ import annotations

import logging
import threading
from typing import Final

from kiosk.domain.errors import KioskError
from kiosk.domain.language import _

AT_NIGHT: Final = 3
"""The hour (local) from which what is done once a day is done, or when the kiosk is started after
it."""
TEN_MINUTES: Final = 600.0
"""Seconds until it is looked again whether another day has begun."""

log = logging.getLogger(__name__)


class Chore:
    """Done every so many seconds on a thread of its own; one problem is one line in the log,
    however often it comes. ``failed`` is the marked sentence for it, with ``{why}``."""

    def __init__(self, name: str, failed: str, every: float, first_after: float = 0.0) -> None:
        self.problem = ""
        """Why it was not done the last time, for the administrator; empty where all is well."""
        self._failed = failed
        self._every = every
        self._first_after = first_after
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is not done yet is left for the next start."""
        self._ended.set()
        self._thread.join(5.0)

    def look(self) -> None:
        """Do it where it is due."""
        problem = ""
        try:
            self._do()
        except (KioskError, OSError) as error:
            problem = _(self._failed).format(why=error)
        if problem and problem != self.problem:
            log.warning("%s", problem)
        self.problem = problem

    def _do(self) -> None:
        """Do it where it is due. May raise KioskError and OSError."""
        raise NotImplementedError

    def _run(self) -> None:
        wait = self._first_after
        while not self._ended.wait(wait):
            self.look()
            wait = self._every
