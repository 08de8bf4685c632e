"""Refusals of one face in a row: after five it waits, or types a PIN.

A promise of one stranger in 1,000 is one of a visit. Whoever is refused and looks again, with
another tilt of the head, has another chance; five times as many chances are still few, a quarter of
an hour of them is not. NIST SP 800-63B-4, 3.2.3: no more than five failed attempts in a row, then
a delay of at least 30 s, or another authenticator.
"""

from __future__ import annotations

from typing import Final

from kiosk.domain.faces import Faces
from kiosk.domain.frame import Vector
from kiosk.domain.scale import ScoreScale

MOST: Final = 5
"""Refusals of one face."""
WITHIN: Final = 300.0
"""Seconds after its last refusal for which a face is remembered."""
WAIT: Final = 30.0
"""Seconds that it waits then."""


class Tries:
    """Faces that were refused lately. One thread; every time is a frame's own, in seconds."""

    def __init__(self, scale: ScoreScale) -> None:
        self._faces = Faces(scale, WITHIN)

    def forget(self) -> None:
        """Time began anew."""
        self._faces.forget()

    def refused(self, face: Vector, now: float) -> float:
        """A look was refused; the seconds to wait, 0 where there are tries left."""
        known = self._faces.came(face, now)
        if known.count >= MOST:
            known.until = now + WAIT
        return max(known.until - now, 0.0)

    def let_in(self, face: Vector, now: float) -> None:
        """Whoever it was is known after all."""
        known = self._faces.find(face, now)
        if known is not None:
            self._faces.remove(known)

    def waits(self, face: Vector, now: float) -> bool:
        """Whether a face must wait still."""
        known = self._faces.find(face, now)
        if known is None or known.count < MOST:
            return False
        if now < known.until:
            return True
        self._faces.remove(known)
        return False
