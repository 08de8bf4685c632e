"""From a frame to what it says: detect, judge, encode, search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.decision import Hint, Observation
from kiosk.domain.frame import Face, Frame
from kiosk.domain.gallery import Gallery
from kiosk.domain.ports import Detector, Encoder, QualityCheck

NEAR = 0.6
"""A second face of at least this share of the largest face's size stands beside that person, not
behind: at arm's length (0.7 m) somebody waiting half a metre further back falls below it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame says, and what each stage cost in seconds."""

    observation: Observation
    face: Face | None = None
    stages: dict[str, float] = field(default_factory=dict)


class Recogniser:
    """The path from a frame to an observation. One thread owns it and its models."""

    def __init__(
        self,
        detector: Detector,
        quality: QualityCheck,
        encoder: Encoder,
        gallery: Gallery,
        *,
        min_face: float,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._detector = detector
        self._quality = quality
        self._encoder = encoder
        self._min_face = min_face
        self._clock = clock
        self.gallery = gallery

    def look(self, frame: Frame, claim: int | None = None) -> Look:
        """Compare the frame's face with everybody, or with the one claimed person.

        A face that is too small, dark, blurred or turned is not encoded: its vector would only
        be wrong, and the time is better spent on the next frame.
        """
        stages: dict[str, float] = {}
        begun = self._clock()

        def lap(stage: str) -> None:
            nonlocal begun
            now = self._clock()
            stages[stage] = now - begun
            begun = now

        faces = self._detector.detect(frame.image)
        lap("detect")
        if not faces:
            return Look(Observation(frame.time, Hint.NO_FACE), None, stages)
        face = faces[0]
        if len(faces) > 1 and _beside(face, faces[1], self._min_face):
            return Look(Observation(frame.time, Hint.ONE_PERSON), face, stages)
        quality = self._quality.assess(frame.image, face)
        lap("quality")
        if quality.hint is not Hint.NONE:
            return Look(Observation(frame.time, quality.hint), face, stages)
        (probe,) = self._encoder.encode(frame.image, (face,))
        lap("encode")
        if claim is None:
            candidates = self.gallery.search(probe)
        else:
            candidates = self.gallery.compare(probe, claim)
        lap("search")
        return Look(Observation(frame.time, Hint.NONE, candidates), face, stages)


def _beside(largest: Face, second: Face, min_face: float) -> bool:
    return second.box.size >= max(NEAR * largest.box.size, min_face)
