"""After a suspected attack: a pause that grows, so that nobody tries clip after clip.

It is the shown face's, and whoever holds up a colleague's photo pauses the colleague: so it is
never long. Two minutes at most, of which the first attempt costs none; what is shown meanwhile is
not looked at and makes it no longer; a quarter of an hour later it is forgotten; and the
colleague's PIN opens at once and ends it. Whoever shows the faces of many pauses everybody, for
half a minute at most.
"""

from __future__ import annotations

from typing import Final

from kiosk.domain.faces import Faces
from kiosk.domain.frame import Vector
from kiosk.domain.scale import ScoreScale

STEPS: Final = (0.0, 5.0, 30.0, 60.0, 120.0)
"""Seconds of pause after a face's first suspected attack, its second, and so on."""
ANYBODY: Final = (0.0, 0.0, 5.0, 15.0, 30.0)
"""The same for every face at this kiosk."""
WITHIN: Final = 900.0
"""Seconds for which an attempt counts."""


class Pause:
    """In memory only. One thread; every time is a frame's own, in seconds."""

    def __init__(self, scale: ScoreScale) -> None:
        self._faces = Faces(scale, WITHIN)
        self.forget()

    def forget(self) -> None:
        """Time began anew."""
        self._faces.forget()
        self._attempts: list[float] = []
        self._until = float("-inf")

    def suspected(self, face: Vector | None, now: float) -> float:
        """A picture may have been held before the camera; how many seconds this face waits."""
        self._attempts = [at for at in self._attempts if 0 <= now - at < WITHIN]
        self._attempts.append(now)
        self._until = now + _step(ANYBODY, len(self._attempts))
        if face is None:
            return self._until - now
        known = self._faces.came(face, now)
        known.until = now + _step(STEPS, known.count)
        return max(known.until, self._until) - now

    def left(self, face: Vector, now: float) -> float:
        """How many seconds a face still waits, 0 where it may be looked at."""
        known = self._faces.find(face, now)
        until = self._until if known is None else max(self._until, known.until)
        return max(until - now, 0.0)

    def let_in(self, face: Vector, now: float) -> None:
        """Whoever it is was let in after all: by the PIN, or alive."""
        known = self._faces.find(face, now)
        if known is not None:
            self._faces.remove(known)


def _step(steps: tuple[float, ...], count: int) -> float:
    return steps[min(count, len(steps)) - 1]
