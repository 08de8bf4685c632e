"""A process that watches the kiosk's screen, and starts the kiosk anew where nobody could use it.

It is the parent: the program forks before anything heavy is loaded, so the start takes no longer,
and the next start is a fork, too. The kiosk tells twice a second what it painted (``Beat``); what
that means is ``domain.screen_watch``. Whoever ends the kiosk on purpose (the panel's *Quit*,
Ctrl+C, SIGTERM to either) ends both. A kiosk whose watcher dies goes on, unwatched.

Nothing that was announced is lost by killing it: a decision is on disk before it is told.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.domain.language import _
from kiosk.domain.screen_watch import Beat, Ill, Patience, Restarts, ScreenWatch, said
from kiosk.service_manager import ALIVE, READY, STOPPING, ServiceManager, status

INTERRUPTED: Final = 130
GAVE_UP: Final = 3
"""The exit code where starting anew did not help: systemd tries with a fresh program."""
ENDS_WITHIN: Final = 1.0
"""Seconds that an ill kiosk gets to end by itself, so that camera and database are left well."""
QUITS_WITHIN: Final = 15.0
"""The same for one that is well and was asked to end."""
LOOK_EVERY: Final = 0.25
SLEPT: Final = 2.0
"""Seconds between two looks after which the watcher itself was held up: a stopped or a swamped
machine, on which the kiosk could not say anything either."""

log = logging.getLogger(__name__)

Tell = Callable[[Beat], None]


def can_watch() -> bool:
    """Only where the screen's own libraries bear a fork before they are loaded."""
    return sys.platform == "linux"


def supervise(
    start: Callable[[Tell], int],
    note: Callable[[str], None],
    *,
    patience: Patience | None = None,
    manager: ServiceManager | None = None,
) -> int:
    """Run ``start`` in a child process, again whenever its screen is ill; returns its exit code.

    Returns in **both** processes: in the child with what ``start`` returned or raised. ``note``
    writes down each restart, in a sentence. A kiosk that ends with an error before it was ever
    well is not started again: whoever started it is told why. One that was started anew fifteen
    times in a row and never ran for a minute is given up with ``GAVE_UP``. ``manager`` hears of all
    that, and several times a second that somebody watches.
    """
    manager = manager or ServiceManager()
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, ask) for number in numbers]
    restarts, was_ever_well, ill = Restarts(), False, None
    try:
        while True:
            reading, writing = os.pipe()
            sys.stdout.flush()
            sys.stderr.flush()
            child = os.fork()
            if child == 0:
                os.close(reading)
                for number, handler in zip(numbers, before, strict=True):
                    signal.signal(number, handler)
                return start(_teller(writing))
            os.close(writing)
            hung = ill is Ill.CAMERA_SILENT
            watch = ScreenWatch(time.monotonic(), patience, camera_hung=hung)
            try:
                ill, code = _watched(child, reading, watch, asked, manager)
            finally:
                os.close(reading)
            well = 0.0 if watch.well_since is None else time.monotonic() - watch.well_since
            was_ever_well = was_ever_well or watch.well_since is not None
            if asked and code < 0:  # it did not obey in time
                return INTERRUPTED if signal.SIGINT in asked else 0
            if ill is None and (asked or code in (0, INTERRUPTED) or not was_ever_well):
                return code
            wait, why = restarts.wait(well), said(ill or Ill.ENDED)
            if wait is None:
                told = _("The kiosk can't run: {why}. Run main.py doctor.").format(why=why)
                note(told)
                manager.tell(status(told))
                return GAVE_UP
            told = _("The kiosk was started anew: {why}.").format(why=why)
            note(told)
            manager.tell(status(told))
            until = time.monotonic() + wait
            while not asked and time.monotonic() < until:
                manager.tell(ALIVE)
                time.sleep(LOOK_EVERY)
            if asked:
                return INTERRUPTED if signal.SIGINT in asked else 0
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _teller(writing: int) -> Tell:
    """Writes beats; a watcher that died, or does not read, holds nobody up."""
    os.set_blocking(writing, False)
    alone: list[bool] = []

    def tell(beat: Beat) -> None:
        try:
            os.write(writing, beat.line())
        except BlockingIOError:
            pass
        except OSError:
            if not alone:
                gone = _("Nobody watches the screen any more: the process that did has ended.")
                log.warning("%s", gone)
            alone.append(True)

    # Ends with the watcher, not with this process.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    return tell


def _watched(
    child: int, reading: int, watch: ScreenWatch, asked: list[int], manager: ServiceManager
) -> tuple[Ill | None, int]:
    """Until the child ends: what it was ill with, if it was killed for that, and its exit code."""
    rest = b""
    passed_on = 0.0
    looked = time.monotonic()
    ready = False
    while True:
        manager.tell(ALIVE)
        if not ready and watch.well_since is not None:
            ready = True
            manager.tell(READY)
        code = _ended(child)
        if code is not None:
            return None, code
        now = time.monotonic()
        if now - looked > SLEPT:
            watch.slept(now)
        looked = now
        if asked and not passed_on:
            passed_on = now
            manager.tell(STOPPING)
            # Ctrl+C reaches every process of the terminal by itself.
            os.kill(child, signal.SIGTERM if asked[0] != signal.SIGINT else signal.SIGINT)
        if passed_on and now - passed_on > QUITS_WITHIN:
            return None, _end(child, 0.0)
        try:
            readable, _w, _x = select.select([reading], [], [], LOOK_EVERY)
        except InterruptedError:
            continue
        if readable:
            data = os.read(reading, 65536)
            if not data:  # ends in a moment, or closed what it tells by
                time.sleep(LOOK_EVERY / 10)
            *lines, rest = (rest + data).split(b"\n")
            for beat in map(Beat.of, lines):
                if beat is not None:
                    watch.see(beat, time.monotonic())
        ill = None if passed_on else watch.ill(time.monotonic())
        if ill is not None:
            # A screen's thread that hangs can't obey: its time is the next start's.
            return ill, _end(child, 0.0 if ill is Ill.NO_ANSWER else ENDS_WITHIN)


def _ended(child: int) -> int | None:
    """The exit code of a child that has ended; a signal's number below 0."""
    done, status = os.waitpid(child, os.WNOHANG)
    return None if done == 0 else os.waitstatus_to_exitcode(status)


def _end(child: int, within: float) -> int:
    """Ask it to end, then make it end after so many seconds."""
    os.kill(child, signal.SIGTERM)
    until = time.monotonic() + within
    while time.monotonic() < until:
        code = _ended(child)
        if code is not None:
            return code
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def note_in(folder: Path) -> Callable[[str], None]:
    """Writes restarts to the log file of the data folder, which is opened for each alone: the kiosk
    writes there, too."""
    from kiosk.services.log_file import log_file

    def note(text: str) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:  # told on the error output all the same
            log.error("%s", text)
            return
        with log_file(folder):
            log.error("%s", text)

    return note
