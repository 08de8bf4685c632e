"""The screen saver and the power saving of an X server, through Xlib's own functions."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_ubyte, c_ushort, c_void_p
from dataclasses import dataclass

_RESET, _ON = 0, 0


@dataclass(frozen=True, slots=True)
class SaverSettings:
    """What ``xset s`` and ``xset dpms`` show. ``timeout`` and ``interval`` are in seconds,
    0 means never; ``dpms`` is whether the screen is switched off to save power."""

    timeout: int
    interval: int
    prefer_blanking: int
    allow_exposures: int
    dpms: bool


class X11Saver:
    """A connection to an X server. ``hold`` keeps the screen lit until ``release``, and may be
    called again to make sure that it still is; a desktop that sets another time meanwhile is
    overruled then, and has its own again after ``release``.

    The server forgets that a screen saver is suspended when the connection ends, but not what
    ``hold`` sets, so somebody must call ``release``.

    Raises:
        OSError: libX11 is not installed, or no server answers.
    """

    def __init__(self, display: str) -> None:
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._x11.XOpenDisplay.argtypes = [c_char_p]
        self._x11.XOpenDisplay.restype = c_void_p
        opened = self._x11.XOpenDisplay(display.encode())
        if not opened:
            raise OSError(f"no X server answers at {display}")
        self._display = c_void_p(opened)
        self._ext = _library("libXext.so.6")
        self._xss = _library("libXss.so.1")
        self._before: SaverSettings | None = None

    def read(self) -> SaverSettings:
        """What the server does now."""
        self._x11.XSync(self._display, 1)
        timeout, interval, blanking, exposures = c_int(), c_int(), c_int(), c_int()
        self._x11.XGetScreenSaver(
            self._display, byref(timeout), byref(interval), byref(blanking), byref(exposures)
        )
        return SaverSettings(
            timeout.value, interval.value, blanking.value, exposures.value, self._dpms()
        )

    def write(self, settings: SaverSettings) -> None:
        """Have the server do as ``settings`` say."""
        self._x11.XSetScreenSaver(
            self._display,
            settings.timeout,
            settings.interval,
            settings.prefer_blanking,
            settings.allow_exposures,
        )
        if self._ext is not None and settings.dpms != self._dpms():
            act = self._ext.DPMSEnable if settings.dpms else self._ext.DPMSDisable
            act(self._display)
        self._x11.XSync(self._display, 0)

    def hold(self) -> None:
        """Keep the screen lit from now on; wakes one that is dark."""
        now = self.read()
        if now.timeout == 0 and not now.dpms:
            return
        before = self._before or now
        # What somebody else set since is what they want to find again.
        timeout, dpms = now.timeout or before.timeout, now.dpms or before.dpms
        self._before = SaverSettings(
            timeout, now.interval, now.prefer_blanking, now.allow_exposures, dpms
        )
        if now.dpms and self._ext is not None:
            self._ext.DPMSForceLevel(self._display, _ON)
        self.write(
            SaverSettings(0, now.interval, now.prefer_blanking, now.allow_exposures, dpms=False)
        )
        self._x11.XForceScreenSaver(self._display, _RESET)
        self._suspend(True)
        self._x11.XSync(self._display, 0)

    def release(self) -> None:
        """Leave the server as it was found."""
        self._suspend(False)
        before, self._before = self._before, None
        if before is not None and self.read().timeout == 0:
            self.write(before)

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)

    def _suspend(self, suspended: bool) -> None:
        if self._xss is None:
            return
        event, error = c_int(), c_int()
        if self._xss.XScreenSaverQueryExtension(self._display, byref(event), byref(error)):
            self._xss.XScreenSaverSuspend(self._display, int(suspended))

    def _dpms(self) -> bool:
        """Whether the server switches the screen off; False where it can't."""
        if self._ext is None:
            return False
        event, error, level, on = c_int(), c_int(), c_ushort(), c_ubyte()
        self._ext.DPMSInfo.argtypes = [c_void_p, POINTER(c_ushort), POINTER(c_ubyte)]
        able = self._ext.DPMSQueryExtension(self._display, byref(event), byref(error))
        if not able or not self._ext.DPMSCapable(self._display):
            return False
        self._ext.DPMSInfo(self._display, byref(level), byref(on))
        return bool(on.value)


def _library(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None
