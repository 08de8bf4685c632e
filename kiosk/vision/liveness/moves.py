"""Does what is around a face go where the face goes?

The camera stands still, so what lies behind a person does too. A photo or a phone in the hand
carries its own background along.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box
from kiosk.vision.liveness.around import Grey, Mask, ring

TENTH: Final = 0.1
"""Seconds in which motion is told."""
_BASE: Final = 0.09  # seconds at least between two frames that are compared
_LONGEST: Final = 0.4
_GROWN: Final = 1.15  # as much larger a face may seem: a detector's unrest, nobody who walks up
_ENOUGH: Final = 0.8  # of the face's area must be seen around it
POINTS: Final = 60
"""As many places are followed, at most."""
FEWEST: Final = 8
"""Of so few nothing is told: a bare wall shows no motion, whoever moves it."""
_STEP: Final = 6
_TEXTURE: Final = 2e-3  # the smaller eigenvalue of a window that can be followed, as OpenCV has it
_WINDOW: Final = (11, 11)


class Surroundings:
    """Follows what is around one face from frame to frame. One thread owns it; 1 ms a frame."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, Grey, Box]] = deque()

    def forget(self) -> None:
        """Nobody is there, or somebody else."""
        self._seen.clear()

    def motion(self, grey: Grey, face: Box, time: float) -> float | None:
        """How far what is around the face goes in a tenth of a second, in face widths, of a small
        picture and the face's box in it; None where that can't be told: too little is seen around
        the face or nothing that can be followed, the face came nearer, or no frame came for long.

        A tenth of a second, since a camera's own noise makes as much of every step, however short.
        """
        while self._seen and not 0 < time - self._seen[0][0] <= _LONGEST:
            self._seen.popleft()
        while len(self._seen) > 1 and time - self._seen[1][0] >= _BASE:
            self._seen.popleft()
        told = None
        if self._seen and time - self._seen[0][0] >= _BASE:
            then, before, box = self._seen[0]
            went = _between(before, grey, box, face)
            told = None if went is None else went / face.width * TENTH / (time - then)
        self._seen.append((time, grey, face))
        return told


def _between(before: Grey, now: Grey, there: Box, here: Box) -> float | None:
    """The median way, in pixels, of the places with a texture around a face from one small picture
    to another."""
    if before.shape != now.shape or not 1 / _GROWN < here.width / max(there.width, 1) < _GROWN:
        return None
    seen = ring(here, now.shape) & ring(there, before.shape)
    if seen.sum() < _ENOUGH * here.area:
        return None
    rows, columns = np.nonzero(seen[_STEP // 2 :: _STEP, _STEP // 2 :: _STEP])
    if len(rows) < FEWEST:
        return None
    some = np.linspace(0, len(rows) - 1, min(POINTS, len(rows))).round().astype(int)
    points = (_STEP * np.stack([columns[some], rows[some]], axis=1) + _STEP // 2).astype(np.float32)
    went, steady = _followed(before, now, points)
    if steady.sum() < FEWEST:
        return None
    return float(np.median(np.hypot(*went[steady].T)))


def _followed(
    before: Grey, now: Grey, points: NDArray[np.float32]
) -> tuple[NDArray[np.float32], Mask]:
    there, found, _eigenvalue = cv2.calcOpticalFlowPyrLK(
        before,
        now,
        points[:, None],
        points[:, None].copy(),
        winSize=_WINDOW,
        maxLevel=2,
        flags=cv2.OPTFLOW_LK_GET_MIN_EIGENVALS,
        minEigThreshold=_TEXTURE,
    )
    went = there[:, 0] - points
    return np.asarray(went, np.float32), np.asarray(found[:, 0] > 0)
