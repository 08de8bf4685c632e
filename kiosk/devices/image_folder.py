"""A folder of pictures, or one picture, as a camera."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from kiosk.devices.capture import LONG_SIDE, shrink
from kiosk.devices.images import image_files, load_image, visible_files
from kiosk.domain.errors import BadImage, BadInput, CameraError
from kiosk.domain.frame import Frame, Image
from kiosk.domain.language import _
from kiosk.domain.pictures import require_inside

SHOWN: Final = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 6.0)
"""Seconds at which a picture is shown: often enough that three frames agree, seldom enough that
the verdict is not followed by another on the same picture, and once more when the rule gives up
on a picture that is of no use."""
EMPTY: Final = (6.5, 9.5)
"""Seconds at which nobody is there, so that the next picture is a new attempt."""
ROUND: Final = 10.0
"""Seconds from one picture to the next."""


class ImageFolder:
    """A ``Camera`` before which each picture steps up, looks for 6 s and goes away.

    With ``realtime`` it keeps that pace and begins again at the end; without, it goes as fast as
    it can and ends with None. ``skipped`` tells what could not be shown and why.
    """

    def __init__(
        self,
        path: Path,
        *,
        realtime: bool,
        load: Callable[[Path], Image] = load_image,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = path.name or str(path)
        self.live = realtime
        self.skipped: list[tuple[Path, str]] = []
        self._path = path
        self._load = load
        self._clock = clock
        self._sleep = sleep
        self._frames: Iterator[Frame] | None = None

    def open(self) -> None:
        self.skipped = []
        try:
            self._frames = self._play(self._files())
        except BadInput as error:
            raise CameraError(str(error)) from None
        self._started: float | None = None

    def read(self) -> Frame | None:
        if self._frames is None:
            raise CameraError(_("{name} is not open.").format(name=self.name))
        frame = next(self._frames, None)
        if frame is not None and self.live:
            self._wait(frame.time)
        return frame

    def close(self) -> None:
        self._frames = None

    def _files(self) -> list[Path]:
        if not self._path.is_dir():
            return [self._path]
        files = image_files(self._path)
        named = set(files)
        self.skipped = [
            (path, _("{name} is not named like a picture.").format(name=path.name))
            for path in visible_files(self._path)
            if path not in named
        ]
        inside = []
        for path in files:
            try:
                require_inside(path, self._path)
                inside.append(path)
            except BadImage as error:
                self.skipped.append((path, str(error)))
        return inside

    def _play(self, files: Sequence[Path]) -> Iterator[Frame]:
        index = 0
        begun = 0.0
        while True:
            good = []
            for path in files:
                try:
                    image = np.ascontiguousarray(shrink(self._load(path), LONG_SIDE))
                except BadImage as error:
                    self.skipped.append((path, str(error)))
                    continue
                good.append(path)
                nobody = np.full_like(image, 128)
                for second in SHOWN + EMPTY:
                    picture = image if second in SHOWN else nobody
                    yield Frame(picture, index, begun + second)
                    index += 1
                begun += ROUND
            if not good:
                raise CameraError(self._nothing())
            if not self.live:
                return
            files = good

    def _nothing(self) -> str:
        if len(self.skipped) == 1:
            return self.skipped[0][1]
        return _(
            "There is no picture that can be read in {name}: expected JPEG, HEIC, PNG, WebP or BMP "
            "files, found {count} others."
        ).format(name=self.name, count=len(self.skipped))

    def _wait(self, due: float) -> None:
        now = self._clock()
        if self._started is None:
            self._started = now - due
        wait = self._started + due - now
        if wait > 0:
            self._sleep(wait)
