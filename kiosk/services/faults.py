"""What failed around the kiosk, for its administrator: the door's screen tells none of it."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.address import hide_secrets_in
from kiosk.domain.errors import EnvironmentFailed, KioskError
from kiosk.domain.frame import Frame
from kiosk.domain.language import _
from kiosk.services.access.pins import utc_now
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.pipeline import Listener

AGAIN: Final = timedelta(hours=1)
"""After this time a fault that goes on is written down again."""
_TAIL: Final = 64 * 1024
"""Bytes at the end of a log that are searched for its newest fault."""
_LINE: Final = re.compile(
    r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ERROR kiosk\.services\.faults: (.+)$"
)
_INSIDES: Final = re.compile(r"://|[/\\]")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """``at`` is in UTC; ``text`` is the sentence for the administrator, without passwords."""

    at: datetime
    text: str


class Faults:
    """The newest fault, and each in the log. Any thread; costs next to nothing."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._last: Fault | None = None
        self._written = datetime.min.replace(tzinfo=UTC)

    @property
    def last(self) -> Fault | None:
        return self._last

    def note(self, text: str) -> None:
        """Something failed; what goes on failing is written down once an hour."""
        fault = Fault(self._now(), hide_secrets_in(" ".join(text.split())))
        with self._lock:
            known = self._last is not None and self._last.text == fault.text
            self._last = fault
            if known and fault.at - self._written < AGAIN:
                return
            self._written = fault.at
        log.error("%s", fault.text)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note why the kiosk can't start, where it fails inside; an error of ours becomes a
        sentence, and its stack trace stands in the log once."""
        try:
            yield
        except KioskError as error:
            self.note(str(error))
            raise
        except Exception as error:
            told = EnvironmentFailed(
                _("The kiosk could not start, and tries again: run main.py doctor.")
            )
            if self._last is None or self._last.text != str(told):
                log.exception("the kiosk could not start")
            self.note(str(told))
            raise told from error


class Discreet:
    """A listener before the page: notes what failed, and passes on no more of it than the public
    may read, which is neither a path nor a host nor the text of an error."""

    def __init__(self, listener: Listener, faults: Faults) -> None:
        self._listener = listener
        self._faults = faults
        self.camera_problem = ""
        """Why there is no picture, for the administrator; empty while there is one."""

    def on_frame(self, frame: Frame) -> None:
        self.camera_problem = ""
        self._listener.on_frame(frame)

    def on_view(self, view: View) -> None:
        if view.phase is Phase.FAULT:
            self._faults.note(view.message)
            view = replace(view, message="")
        self._listener.on_view(view)

    def on_camera(self, problem: str | None) -> None:
        self.camera_problem = problem or ""
        if problem is not None:
            self._faults.note(problem)
            if _INSIDES.search(problem):
                problem = _("Check that it is switched on and connected.")
        self._listener.on_camera(problem)


def last_fault(file: Path) -> Fault | None:
    """The newest fault in a log file; None where there is none, or no file."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _TAIL))
            lines = opened.read().decode(errors="replace").splitlines()
    except OSError:
        return None
    found = next((match for line in reversed(lines) if (match := _LINE.match(line))), None)
    return None if found is None else Fault(datetime.fromisoformat(found[1]), found[2])
