"""A video file as a camera."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.devices.capture import Capture, OpenCapture, grab, open_video, retrieve
from kiosk.domain.errors import CameraError
from kiosk.domain.frame import Frame
from kiosk.domain.language import _

_MAX_PIXELS: Final = 50_000_000
_MAX_DAMAGED: Final = 250
"""Damaged frames in a row; without a limit a file without a good one would go round for ever."""
_MAX_STEP: Final = 10.0
"""Seconds between two frames; a larger step is a damaged time stamp."""
_MAX_LATE: Final = 1.0
"""Seconds behind after which play goes on from there, as after a machine's sleep."""


class VideoFile:
    """A ``Camera`` over a video file. ``Frame.time`` is the media time in seconds from 0.

    With ``realtime`` it plays at its own rate, drops what comes too late and begins again at its
    end (time and index go on); without, it gives every frame as fast as it can and then None.
    A damaged file gives what can be read. It honours the file's rotation.
    """

    def __init__(
        self,
        path: Path,
        *,
        realtime: bool,
        open_capture: OpenCapture = open_video,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = path.name
        self.live = realtime
        self._path = path
        self._open_capture = open_capture
        self._clock = clock
        self._sleep = sleep
        self._capture: Capture | None = None

    def open(self) -> None:
        self.close()
        self._index = 0
        self._time = 0.0
        self._started: float | None = None
        self._rewind()

    def read(self) -> Frame | None:
        if self._capture is None:
            raise CameraError(_("{name} is not open.").format(name=self.name))
        damaged = 0
        while self._advance():
            if self.live and not self._in_time():
                continue
            image = retrieve(self._capture)
            if image is not None:
                return Frame(image, self._index - 1, self._time)
            damaged += 1
            if damaged > _MAX_DAMAGED:
                raise CameraError(
                    _("The pictures in {name} can't be decoded.").format(name=self.name)
                )
        return None

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _rewind(self) -> None:
        """Begin at the file's first frame, which is taken already."""
        import cv2

        self.close()
        capture = self._open_capture(str(self._path))
        self._capture = capture
        width, height = (
            capture.get(prop) for prop in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        too_large = width * height > _MAX_PIXELS
        if too_large or not capture.isOpened() or not grab(capture):
            self.close()
            raise CameraError(
                _("{name} is {width:.0f} x {height:.0f} pixels, too large to play.").format(
                    name=self.name, width=width, height=height
                )
                if too_large
                else _(
                    "{name} is not a video that can be read: there is no picture in it. Use MP4, "
                    "AVI, MKV or WebM."
                ).format(name=self.name)
            )
        fps = capture.get(cv2.CAP_PROP_FPS)
        self._period = 1 / fps if 1 <= fps <= 240 else 1 / 25
        self._grabbed = True
        self._last_stamp = self._stamp(capture)

    def _advance(self) -> bool:
        """Take the next frame and set its index and time; False at the end."""
        assert self._capture is not None
        if self._grabbed:
            self._grabbed = False
            # The first frame of all is at 0; that of the next round follows after one period.
            step = self._period if self._index else 0.0
        elif grab(self._capture):
            stamp = self._stamp(self._capture)
            step = stamp - self._last_stamp
            # Streams without time stamps have only their rate; variable rates only their stamps.
            if not 0 < step <= _MAX_STEP:
                step = self._period
            self._last_stamp = stamp
        elif self.live:
            self._rewind()
            return self._advance()
        else:
            return False
        self._index += 1
        self._time += step
        return True

    def _stamp(self, capture: Capture) -> float:
        import cv2

        return capture.get(cv2.CAP_PROP_POS_MSEC) / 1000

    def _in_time(self) -> bool:
        """Wait until the frame is due; False where its time has passed already."""
        now = self._clock()
        if self._started is None:
            self._started = now
        wait = self._started + self._time - now
        if wait < -_MAX_LATE:
            self._started = now - self._time
        elif wait < -self._period:
            return False
        elif wait > 0:
            self._sleep(wait)
        return True
