"""Refusals of one face in a row: after five it waits, or types a PIN.

A promise of one stranger in 1,000 is one of a visit. Whoever is refused and looks again, with
another tilt of the head, has another chance; five times as many chances are still few, a quarter of
an hour of them is not. NIST SP 800-63B-4, 3.2.3: no more than five failed attempts in a row, then
a delay of at least 30 s, or another authenticator.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kiosk.domain.frame import Vector
from kiosk.domain.scale import CohortStatistics, ScoreScale

MOST: Final = 5
"""Refusals of one face."""
WITHIN: Final = 300.0
"""Seconds after its last refusal for which a face is remembered."""
WAIT: Final = 30.0
"""Seconds that it waits then."""
_SAME: Final = 40.0
"""Points at which two looks are one face's: one person's looks of one day reach 60."""
_REMEMBERED: Final = 16
"""Faces at most: whoever comes after so many others begins anew."""


class Tries:
    """Faces that were refused lately; in memory only. One thread; every time is a frame's own, in
    seconds."""

    def __init__(self, scale: ScoreScale) -> None:
        self._scale = scale
        self.forget()

    def forget(self) -> None:
        """Time began anew."""
        self._faces: list[_Refused] = []

    def refused(self, face: Vector, now: float) -> float:
        """A look was refused; the seconds to wait, 0 where there are tries left."""
        known = self._known(face, now)
        if known is None:
            known = _Refused(face, self._scale.statistics(face[None]))
            self._faces = [*self._faces, known][-_REMEMBERED:]
        known.count += 1
        known.at = now
        if known.count >= MOST:
            known.until = now + WAIT
        return max(known.until - now, 0.0)

    def let_in(self, face: Vector, now: float) -> None:
        """Whoever it was is known after all."""
        known = self._known(face, now)
        if known is not None:
            self._faces.remove(known)

    def waits(self, face: Vector, now: float) -> bool:
        """Whether a face must wait still."""
        known = self._known(face, now)
        if known is None or known.count < MOST:
            return False
        if now < known.until:
            return True
        self._faces.remove(known)
        return False

    def _known(self, face: Vector, now: float) -> _Refused | None:
        self._faces = [known for known in self._faces if 0 <= now - known.at < WITHIN]
        if not self._faces:
            return None
        vectors = np.stack([known.face for known in self._faces])
        beside = CohortStatistics(
            np.concatenate([known.statistics.mean for known in self._faces]),
            np.concatenate([known.statistics.deviation for known in self._faces]),
        )
        seen = self._scale.statistics(face[None])
        scores = self._scale.score(self._scale.normalise(face[None], seen, vectors, beside)[0])
        best = int(scores.argmax())
        return self._faces[best] if scores[best] >= _SAME else None


class _Refused:
    """One face."""

    def __init__(self, face: Vector, statistics: CohortStatistics) -> None:
        self.face = face
        self.statistics = statistics
        self.count = 0
        self.at = 0.0
        self.until = 0.0
