"""What the place looks like when nobody stands there, learned by a camera that does not move.

A running median: somebody who walks by leaves no trace, the light of the day is followed. How much
a place flickers by itself is learned beside it.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Image
from kiosk.vision.liveness.around import Mask

EVERY: Final = 0.25
"""Seconds from one look at the empty place to the next."""
KNOWN: Final = 8
"""After so many looks it is known: two seconds."""
_CELL: Final = 4  # pixels of the small picture a cell, each way
_STEP: Final = 0.5  # grey levels that the picture follows in a look: two a second
_NOISE: Final = 2.0
_LEAST: Final = 12.0  # grey levels that differ in no light and no sleeve of noise
_MANY: Final = 0.5  # of the place: so much has changed that it is another one
_ANEW: Final = 12  # looks in a row at another place, until it is learned anew: three seconds

Cells = NDArray[np.float32]


class Place:
    """The empty place. One thread owns it; a look takes 0.2 ms, four times a second."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Nothing is known of it."""
        self._picture: Cells | None = None
        self._noise: Cells | None = None
        self._looks = 0
        self._others = 0
        self._next = float("-inf")

    def due(self, time: float) -> bool:
        """Whether it is time to look again; ``time`` in seconds, any clock that goes forward."""
        return time >= self._next or time < self._next - EVERY

    def learn(self, image: Image, time: float) -> None:
        """A small picture, RGB, of the place with nobody near."""
        self._next = time + EVERY
        cells = _cells(image)
        if self._picture is None or self._noise is None or cells.shape != self._picture.shape:
            self._picture, self._noise = cells, np.full_like(cells, _NOISE)
            self._looks, self._others = 1, 0
            return
        apart = np.abs(cells - self._picture)
        self._others = self._others + 1 if (apart > _LEAST).any(axis=2).mean() > _MANY else 0
        if self._others >= _ANEW:
            self._picture = None
            self.learn(image, time)
            return
        self._picture += np.clip(cells - self._picture, -_STEP, _STEP)
        self._noise += np.clip(apart - self._noise, -_STEP / 4, _STEP / 4)
        self._looks += 1

    def changed(self, image: Image, ring: Mask, others: Mask) -> float | None:
        """How much of ``ring`` is not as it is when empty, 0 to 1; None while the place is not
        known or the ring is out of the picture.

        A camera turns its light up and down, and its white, as somebody comes: by how much is
        read from ``others``, what of the picture is neither person nor photo.
        """
        if self._picture is None or self._noise is None or self._looks < KNOWN:
            return None
        cells = _cells(image)
        if cells.shape != self._picture.shape:
            return None
        looked_at, rest = _covered(ring, cells), _covered(others, cells)
        if not looked_at.any():
            return None
        gain = _gain(cells, self._picture, rest if rest.sum() >= 40 else looked_at)
        apart = np.abs(cells - gain * self._picture)
        differs: Mask = np.max(apart > np.maximum(_LEAST, 5 * self._noise), axis=2)
        return float(differs[looked_at].mean())


def _gain(cells: Cells, picture: Cells, where: Mask) -> Cells:
    """By what each colour is brighter now, (3,)."""
    ratio = (cells[where] + 8) / (picture[where] + 8)
    return np.asarray(np.clip(np.median(ratio, axis=0), 0.4, 2.5), np.float32)


def _cells(image: Image) -> Cells:
    rows, columns = (max(1, n // _CELL) for n in image.shape[:2])
    part = image[: max(1, rows * _CELL), : max(1, columns * _CELL)]
    return cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)


def _covered(mask: Mask, cells: Cells) -> Mask:
    """The cells of which a mask of the small picture covers more than half."""
    rows, columns = cells.shape[:2]
    part = mask[: max(1, rows * _CELL), : max(1, columns * _CELL)].astype(np.float32)
    share = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0.5)
