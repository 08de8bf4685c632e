"""Does a sequence of pictures come again, whatever was done to each of them on the way?

The last two seconds are laid beside every two seconds of the last minute. In a clip that is shown
again they differ by less than a third of what moves in them, however it was compressed; of live
people (five clips, 120 s) never by less than 1.2 times that.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.liveness.around import Grey

MEMORY: Final = 60.0
"""Seconds that are remembered: a longer clip is not noticed."""
_WINDOW: Final = 2.0  # seconds that are compared
_EVERY: Final = 1.0  # seconds from one comparison to the next
_SHORTEST: Final = 2.0  # seconds: what comes again sooner is a fan or a lamp that flickers
_STEP: Final = 1 / 30
_LOOKED_AT: Final = 10
_ALIKE: Final = 0.6  # of what moves within the window
_CLOSE: Final = 1.3  # of what changes from one picture to the next
_SIZE: Final = (16, 12)
_MOST: Final = 2400

Vectors = NDArray[np.float32]


def signature(grey: Grey) -> Vectors:
    """A small grey picture as (192,), whatever its brightness."""
    tiny = cv2.resize(grey, _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    return np.asarray(tiny - tiny.mean(), np.float32)


class Sequence:
    """The signatures of the last minute. One thread owns it."""

    def __init__(self) -> None:
        # Twice as long as needed, so that what is kept moves to the front but once a minute.
        self._times = np.zeros(2 * _MOST)
        self._vectors = np.zeros((2 * _MOST, _SIZE[0] * _SIZE[1]), np.float32)
        self._begin = self._end = 0
        self._next = float("-inf")

    def add(self, vector: Vectors, time: float) -> bool:
        """Whether the last seconds were seen before; asked once a second, else False."""
        if self._end > self._begin and time < self._times[self._end - 1]:
            self._begin = self._end = 0
            self._next = float("-inf")
        if self._end == len(self._times):
            kept = slice(max(self._begin, self._end - _MOST), self._end)
            length = kept.stop - kept.start
            self._times[:length], self._vectors[:length] = self._times[kept], self._vectors[kept]
            self._begin, self._end = 0, length
        self._times[self._end], self._vectors[self._end] = time, vector
        self._end += 1
        while time - self._times[self._begin] > MEMORY or self._end - self._begin > _MOST:
            self._begin += 1
        if time < self._next or time - self._times[self._begin] < 2 * _WINDOW:
            return False
        self._next = time + _EVERY
        known = slice(self._begin, self._end)
        return comes_again(self._times[known], self._vectors[known])


def comes_again(times: NDArray[np.float64], vectors: Vectors) -> bool:
    """Whether the end of a sequence was seen before: times (n,) ascending, in seconds, vectors
    (n, k)."""
    recent = np.flatnonzero(times > times[-1] - _WINDOW)
    if len(recent) < 8:
        return False
    window = vectors[recent]
    moves = float(_apart(window, window.mean(axis=0)).mean())
    steps = float(_apart(window[1:], window[:-1]).mean())
    some = recent[np.linspace(0, len(recent) - 1, _LOOKED_AT).round().astype(int)]
    lags = np.arange(0.4, times[-1] - times[0] - _WINDOW, _STEP)
    if not len(lags):
        return False
    apart = _distances(vectors[some], vectors)
    at = _nearest(times, times[some][None] - lags[:, None])
    found = apart[np.arange(len(some)), at].mean(axis=1)
    alike = (found < _ALIKE * moves) & (found < _CLOSE * steps)
    return bool(alike.any()) and float(lags[alike][0]) >= _SHORTEST


def _apart(one: Vectors, other: Vectors) -> NDArray[np.float64]:
    """Root mean square differences, (n,)."""
    return np.asarray(np.sqrt(((one - other) ** 2).mean(axis=1, dtype=np.float64)))


def _distances(some: Vectors, all_: Vectors) -> NDArray[np.float64]:
    """Root mean square differences of each to each."""
    squares = (some**2).sum(1)[:, None] + np.einsum("ij,ij->i", all_, all_) - 2 * some @ all_.T
    return np.asarray(np.sqrt(np.maximum(squares, 0).astype(np.float64) / some.shape[1]))


def _nearest(times: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.intp]:
    after = np.searchsorted(times, wanted).clip(1, len(times) - 1)
    sooner = wanted - times[after - 1] < times[after] - wanted
    return np.asarray(after - sooner, np.intp)
