"""Cameras that go on by themselves: plugged in, or in the network."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from kiosk.devices.capture import Capture, OpenCapture, grab, open_device, open_stream, retrieve
from kiosk.domain.address import Address
from kiosk.domain.errors import CameraError
from kiosk.domain.frame import Frame, Image
from kiosk.domain.language import _

_GIVE_UP: Final = 2.0
"""Seconds of pictures that fail before the camera counts as lost."""
_FAILURES: Final = 5
_VIDEO_DEVICES: Final = 81
"""The major number of Linux's video devices."""
WHOLE_FROZEN: Final = 5.0
"""Seconds after which the very same picture is a frozen camera where each comes as a whole: no two
pictures of a sensor are the same to the last bit."""
_PATIENCE: Final = 4.0
"""Seconds that ``open`` waits for a picture that is well: longer than a device may be frozen."""


class LiveCamera:
    """A ``Camera`` over a capture that never ends; see ``device_camera`` and ``stream_camera``.

    A camera that shows only black or stands still is as bad as none, and the second is what a
    picture fed in place of a camera looks like: both end in a CameraError. ``open`` asks for a
    picture that is well, so that trying again does not look like success for a moment.

    ``why_not_open`` finds the sentence for a source that can't be opened; ``lost`` is the one for
    pictures that stop. ``frozen_after`` is in seconds.
    """

    def __init__(
        self,
        source: str | int,
        name: str,
        *,
        open_capture: OpenCapture,
        why_not_open: Callable[[], str],
        lost: str,
        frozen_after: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.live = True
        self._source = source
        self._open_capture = open_capture
        self._why_not_open = why_not_open
        self._lost = lost
        self._clock = clock
        self._watch = PictureWatch(name, frozen_after=frozen_after)
        self._capture: Capture | None = None
        self._index = 0

    def open(self) -> None:
        self.close()
        self._capture = self._open_capture(self._source)
        if getattr(self._capture, "whole_pictures", False):
            self._watch.frozen_after = WHOLE_FROZEN
        try:
            # A busy camera often opens and then gives no picture, so one is asked for at once.
            if not self._capture.isOpened() or not grab(self._capture):
                raise CameraError(self._why_not_open())
            self._wait_until_well()
        except CameraError:
            self.close()
            raise

    def read(self) -> Frame:
        image, now = self._next_picture()
        self._check(image, now)
        frame = Frame(image, self._index, now)
        self._index += 1
        return frame

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _next_picture(self) -> tuple[Image, float]:
        if self._capture is None:
            raise CameraError(_("{name} is not open.").format(name=self.name))
        begun = self._clock()
        # Now and then a picture arrives damaged; only a row of them means the camera is gone.
        for _attempt in range(_FAILURES):
            if grab(self._capture):
                now = self._clock()
                image = retrieve(self._capture)
                if image is not None:
                    return image, now
            if self._clock() - begun > _GIVE_UP:
                break
        raise CameraError(self._lost)

    def _wait_until_well(self) -> None:
        self._watch.begin()
        begun = now = self._clock()
        while not self._watch.well and now - begun <= _PATIENCE:
            image, now = self._next_picture()
            self._check(image, now)

    def _check(self, image: Image, now: float) -> None:
        problem = self._watch.problem(image, now)
        if problem is not None:
            raise CameraError(problem)


class PictureWatch:
    """Tells a black picture and one that stands still from a good one. Times are in seconds."""

    def __init__(
        self,
        name: str,
        *,
        black_below: float = 3.0,
        black_after: float = 2.0,
        frozen_after: float = 3.0,
    ) -> None:
        self._name = name
        self._black_below = black_below
        self._black_after = black_after
        self.frozen_after = frozen_after
        self.begin()

    def begin(self) -> None:
        """Forget what was seen."""
        self._previous: Image | None = None
        self._black_since: float | None = None
        self._same_since: float | None = None
        self.well = False
        """Whether the newest picture is not black and differs from the one before."""

    def problem(self, image: Image, now: float) -> str | None:
        """A sentence once the picture has been black or the same for too long."""
        # Every fourth pixel each way tells the brightness at a sixteenth of the cost.
        black = float(image[::4, ::4].mean()) < self._black_below
        same = self._previous is not None and np.array_equal(image, self._previous)
        self.well = not black and not same and self._previous is not None
        self._previous = image
        self._black_since = _since(self._black_since, black, now)
        self._same_since = _since(self._same_since, same, now)
        if self._black_since is not None and now - self._black_since >= self._black_after:
            return _(
                "{name} sees only black. Take the cover off its lens, or switch the light on."
            ).format(name=self._name)
        if self._same_since is not None and now - self._same_since >= self.frozen_after:
            return _(
                "{name} has shown the very same picture for {seconds:.0f} seconds. Unplug it, wait "
                "a moment and plug it in again."
            ).format(name=self._name, seconds=self.frozen_after)
        return None


def device_camera(
    source: str | int,
    *,
    open_capture: OpenCapture = open_device,
    clock: Callable[[], float] = time.monotonic,
    devices: Path = Path("/dev"),
    may_use: Callable[[Path], bool] = lambda node: os.access(node, os.R_OK | os.W_OK),
) -> LiveCamera:
    """A camera that is plugged in, by number or by path such as ``/dev/video2``."""
    name = (
        _("Camera {number}").format(number=source) if isinstance(source, int) else Path(source).name
    )
    node = devices / f"video{source}" if isinstance(source, int) else Path(source)

    def why_not_open() -> str:
        # Only Linux shows its cameras as files; elsewhere the reason can't be told.
        if sys.platform == "linux":
            if not node.exists():
                return _(
                    "There is no camera at {node}. Plug one in, or choose another in the settings."
                ).format(node=node)
            if not _is_video(node):
                return _(
                    "{node} is not a camera. Choose one in the settings, by its number or as "
                    "/dev/video0."
                ).format(node=node)
            if not may_use(node):
                return _(
                    "{name} may not be used by this account. Add it to the group 'video', then "
                    "log in again."
                ).format(name=name)
        return _(
            "{name} gives no picture. Close other programs that use it, or choose another in the "
            "settings."
        ).format(name=name)

    return LiveCamera(
        source,
        name,
        open_capture=open_capture,
        why_not_open=why_not_open,
        lost=_("{name} stopped sending pictures. Check that it is plugged in.").format(name=name),
        frozen_after=3.0,
        clock=clock,
    )


def _is_video(node: Path) -> bool:
    """Whether a device is one of Linux's video devices; tests stand plain files in for them."""
    about = node.stat()
    return not stat.S_ISCHR(about.st_mode) or os.major(about.st_rdev) == _VIDEO_DEVICES


def stream_camera(
    address: str,
    *,
    open_capture: OpenCapture = open_stream,
    clock: Callable[[], float] = time.monotonic,
) -> LiveCamera:
    """A network camera by its address; user, password, path and query of it are never shown.

    A password may be written as it is: it is escaped before the address is opened.
    """
    parts = Address.of(address)
    return network_camera(parts.escaped(), parts, open_capture, clock)


def network_camera(
    source: str, address: Address, open_capture: OpenCapture, clock: Callable[[], float]
) -> LiveCamera:
    """A camera at an address; ``source`` is what ``open_capture`` is given."""
    return LiveCamera(
        source,
        address.place,
        open_capture=open_capture,
        why_not_open=lambda: no_answer(address),
        lost=_("{name} stopped sending pictures. Check the network and the camera's power.").format(
            name=address.place
        ),
        # Compression repeats a still scene bit for bit until its next whole picture.
        frozen_after=15.0,
        clock=clock,
    )


def no_answer(address: Address) -> str:
    """The sentence for a network camera that can't be opened, for whatever reason."""
    return _(
        "{name} does not answer or gives no picture. Check the address, the user and password in "
        "it, and the network."
    ).format(name=address.place) + escapes(address)


def escapes(address: Address) -> str:
    """A further sentence where the password may have been understood in another way than meant."""
    if not address.doubtful:
        return ""
    return " " + _(
        "If it is right, write these signs of the user and password in their safe form: # as %23, "
        "/ as %2F, ? as %3F, @ as %40, : as %3A, % as %25 and a space as %20."
    )


def _since(since: float | None, holds: bool, now: float) -> float | None:
    if not holds:
        return None
    return now if since is None else since
