"""Faces that are remembered for a while, in memory only; times are the frames' own, in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kiosk.domain.frame import Vector
from kiosk.domain.scale import CohortStatistics, ScoreScale

SAME: Final = 40.0
"""Points at which two looks are one face's: one person's looks of one day reach 60."""
_REMEMBERED: Final = 16
"""Faces at most: whoever comes after so many others begins anew."""


@dataclass(slots=True, eq=False)
class RememberedFace:
    """One face: how often it came, when it last did, and until when it waits."""

    face: Vector
    statistics: CohortStatistics
    count: int = 0
    at: float = 0.0
    until: float = 0.0


class Faces:
    """One thread. ``within`` is for how many seconds after it last came a face is remembered."""

    def __init__(self, scale: ScoreScale, within: float) -> None:
        self._scale = scale
        self._within = within
        self.forget()

    def forget(self) -> None:
        """Time began anew."""
        self._faces: list[RememberedFace] = []

    def find(self, face: Vector, now: float) -> RememberedFace | None:
        """The one that looks most like this, where one is the same person."""
        self._faces = [known for known in self._faces if 0 <= now - known.at < self._within]
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
        return self._faces[best] if scores[best] >= SAME else None

    def came(self, face: Vector, now: float) -> RememberedFace:
        """It came once more, or for the first time."""
        known = self.find(face, now)
        if known is None:
            known = RememberedFace(face, self._scale.statistics(face[None]))
            self._faces = [*self._faces, known][-_REMEMBERED:]
        known.count += 1
        known.at = now
        return known

    def remove(self, known: RememberedFace) -> None:
        """It is nobody who is remembered any more."""
        self._faces.remove(known)
