"""Keeps the screen awake while the kiosk runs: at a door people look, and touch nothing.

A process of its own does it, and waits for the end of its input: however the kiosk ends, crashed
or killed, the screen goes dark again as it did before. No Qt here, for `doctor` asks too.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import IO

from kiosk.domain.language import _
from kiosk.ui.common.inhibitors import Inhibitor, inhibit
from kiosk.ui.common.x11_saver import X11Saver

AGAIN = 30.0
"""Seconds after which it looks whether the screen is still kept awake: a desktop that starts
after the kiosk, or starts anew, is asked then."""

log = logging.getLogger(__name__)


class ScreenAwake:
    """Keeps the screen awake from ``start`` to ``close``; ``start`` takes milliseconds."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def problem(self) -> str:
        """A sentence for the administrator if the screen may go dark, else nothing. Takes up to
        some seconds."""
        if self._guard is not None and self._guard.poll() is not None:
            return _("The screen may go dark: what keeps it awake has ended. Restart the kiosk.")
        return screen_awake_problem(self._environment)

    def start(self) -> None:
        if self._guard is not None or not _has_saver(self._environment):
            return
        # A session of its own: Ctrl+C in the kiosk's terminal is not meant for it.
        self._guard = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        guard, self._guard = self._guard, None
        if guard is None:
            return
        assert guard.stdin is not None
        guard.stdin.close()
        try:
            guard.wait(5.0)
        except subprocess.TimeoutExpired:
            log.warning("the screen saver could not be switched on again in time")
            guard.kill()
            guard.wait()


def screen_awake_problem(environment: Mapping[str, str] | None = None) -> str:
    """Why the screen may go dark while the kiosk runs, and what to do; empty if it is kept awake
    or if there is no screen here. Tries it for a moment; any thread, no window; takes up to some
    seconds."""
    environment = os.environ if environment is None else environment
    keeper = _Keeper(environment)
    try:
        return keeper.hold() if _has_saver(environment) else ""
    finally:
        keeper.close()


def _has_saver(environment: Mapping[str, str]) -> bool:
    """Whether the kiosk would stand on a screen that somebody else may darken."""
    if environment.get("QT_QPA_PLATFORM", "xcb").split(":")[0].startswith(("offscreen", "minimal")):
        return False
    if sys.platform != "linux":
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


class _Keeper:
    """All that keeps the screen awake here."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._inhibitor: Inhibitor | None = None
        self._x11: X11Saver | None = None

    def hold(self) -> str:
        """Keep the screen awake, or go on with it; the problem, if it can't be done."""
        if self._inhibitor is not None and not self._inhibitor.holds():
            self._inhibitor.close()
            self._inhibitor = None
        if self._inhibitor is None:
            self._inhibitor = inhibit(self._environment)
        display = self._environment.get("DISPLAY", "")
        wayland = bool(self._environment.get("WAYLAND_DISPLAY"))
        if display:
            try:
                self._x11 = self._x11 or X11Saver(display)
                self._x11.hold()
            except OSError as error:
                if not wayland and self._inhibitor is None:
                    return _(
                        "The screen may go dark: {why}. Install libX11, or switch the screen "
                        "saver off by hand (xset s off -dpms)."
                    ).format(why=error)
        # A Wayland desktop does not care what the X server inside it is told.
        if self._inhibitor is None and (wayland or not display):
            return _(
                "The screen may go dark: nothing on this desktop can be asked to keep it awake. "
                "Switch the blanking of the screen off in the system's settings."
            )
        return ""

    def close(self) -> None:
        if self._inhibitor is not None:
            self._inhibitor.close()
        if self._x11 is not None:
            self._x11.release()
            self._x11.close()


def _wait(kiosk: IO[bytes], seconds: float) -> bool:
    """Whether the kiosk still runs after so many seconds."""
    if sys.platform == "win32":  # pipes can't be waited for with a limit there
        return bool(kiosk.read(1))
    readable, _writable, _failed = select.select([kiosk], [], [], seconds)
    return not readable


def _guard() -> None:
    """In a process of its own: keep the screen awake until the input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keeper = _Keeper(os.environ)
    told = ""
    try:
        while True:
            problem = keeper.hold()
            if problem and problem != told:
                log.warning(problem)
            told = problem
            if not _wait(sys.stdin.buffer, AGAIN):
                return
    finally:
        keeper.close()


if __name__ == "__main__":
    _guard()
