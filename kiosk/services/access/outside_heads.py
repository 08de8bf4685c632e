"""The record's newest entry, told outside of the kiosk: in a folder that the administrator names,
and in the system's log. So an older copy is found even where key and heads went back with it."""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import threading
from collections.abc import Callable
from datetime import date, datetime
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Final

from kiosk.domain.chain import Head, heads_in
from kiosk.domain.errors import BadInput, KioskError
from kiosk.domain.language import _
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.site import Finding

SYSLOG: Final = Path("/dev/log")
_LOOKS_EVERY: Final = 60.0
"""Seconds until the settings and the day are looked at again."""

log = logging.getLogger(__name__)


class OutsideHeads:
    """Tells once a day, and where the kiosk stops, on a thread of its own: a share that hangs holds
    up nobody. ``address`` is the database's; ``head`` gives its record's newest entry."""

    def __init__(
        self,
        address: str,
        head: Callable[[], Head | None],
        settings: Callable[[], Settings],
        now: Callable[[], datetime] = utc_now,
        syslog: Path = SYSLOG,
    ) -> None:
        self.problem = ""
        """Why an entry was not told, for the administrator; empty where all is well."""
        self._address = address
        self._head = head
        self._settings = settings
        self._now = now
        self._syslog = syslog
        self._logged: date | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record heads", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The last entry is told, too."""
        self._ended.set()
        self._thread.join(5.0)

    def tell(self, *, again: bool = False) -> tuple[str, ...]:
        """Tell today's, or ``again`` one that came later; where to, in words. What fails is in
        ``problem``."""
        settings, told = self._settings(), []
        problem = ""
        try:
            head = self._head()
            if head is not None and settings.head_folder:
                path = file_of(settings.head_folder, self._address)
                if self._into_file(path, head, again=again):
                    told.append(str(path))
            if head is not None and settings.head_syslog and (again or self._logged != self._day()):
                self._into_syslog(head)
                told.append(_("the system's log"))
        except (KioskError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            problem = _("The record's newest entry could not be told outside: {why}").format(
                why=why
            )
        if problem and problem != self.problem:
            log.warning("%s", problem)
        self.problem = problem
        return tuple(told)

    def _into_file(self, path: Path, head: Head, *, again: bool) -> bool:
        _must_be_there(path.parent)
        before = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
        newest = before[-1] if before else ""
        line = head.told(self._now())
        if newest.endswith(line.split()[1]) or (not again and newest[:10] == line[:10]):
            return False
        with path.open("a", encoding="ascii") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def _into_syslog(self, head: Head) -> None:
        if not self._syslog.exists():
            raise BadInput(_("there is no system log at {path}.").format(path=self._syslog))
        handler = _Syslog(str(self._syslog), SysLogHandler.LOG_AUTH)
        try:
            text = f"kiosk: record {head.told(self._now())}"
            handler.emit(logging.makeLogRecord({"msg": text, "levelname": "INFO"}))
        finally:
            handler.close()
        self._logged = self._day()

    def _day(self) -> date:
        return self._now().date()

    def _run(self) -> None:
        while not self._ended.is_set():
            self.tell()
            self._ended.wait(_LOOKS_EVERY)
        self.tell(again=True)


class _Syslog(SysLogHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Whoever tells hears of it."""
        raise


def file_of(folder: str, address: str) -> Path:
    """Where the lines of a database are kept in a folder that many kiosks may share."""
    name = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return Path(folder).expanduser() / f"kiosk-heads-{platform.node() or 'kiosk'}-{name}.txt"


def told_outside(settings: Settings, address: str) -> tuple[Head, ...]:
    """All that was ever written into the folder that the settings name; nothing where no file is.

    Raises:
        BadInput: the file can't be read, or names no entry.
    """
    if not settings.head_folder:
        return ()
    path = file_of(settings.head_folder, address)
    return read_heads(path) if path.exists() else ()


def read_heads(path: Path) -> tuple[Head, ...]:
    """All entries that a file names.

    Raises:
        BadInput: it can't be read, or names none.
    """
    try:
        return heads_in(path.read_text("utf-8", "replace"))
    except OSError as error:
        raise BadInput(
            _("{path} can't be read: {why}.").format(path=path, why=error.strerror)
        ) from None


def check_outside(settings: Settings, address: str, problem: str = "") -> tuple[Finding, ...]:
    """Whether the record's newest entry is told outside, for the doctor; ``problem`` is that of
    whoever tells it."""
    title = _("Record elsewhere")
    if problem:
        return (Finding(title, False, problem),)
    if not settings.head_folder and not settings.head_syslog:
        text = _(
            "The record's newest entry is told nowhere outside: whoever takes back the whole disk "
            "to an older state goes unnoticed. Name a folder in the settings, under Record."
        )
        return (Finding(title, True, text, advice=True),)
    try:
        heads = told_outside(settings, address)
        if settings.head_folder:
            _must_be_there(Path(settings.head_folder).expanduser())
    except BadInput as error:
        return (Finding(title, False, str(error)),)
    if not settings.head_folder:
        return (Finding(title, True, _("Told the system's log once a day.")),)
    if not heads:
        return (Finding(title, True, _("Nothing is written there yet."), advice=True),)
    text = _("{path}; the newest is no. {number}.").format(
        path=file_of(settings.head_folder, address), number=heads[-1].seq
    )
    return (Finding(title, True, text),)


def _must_be_there(folder: Path) -> None:
    if not folder.is_dir():
        raise BadInput(
            _("the folder {path} is not there: is the stick plugged in, the share mounted?").format(
                path=folder
            )
        )
