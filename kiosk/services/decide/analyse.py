"""From a picture to a vector: detect, one person, judge, encode. Written once, for the door, for
enrolment and for comparing two pictures alike: what is refused here is refused everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.decision import Hint, Observation
from kiosk.domain.frame import Face, Frame, Image, Vector
from kiosk.domain.gallery import Gallery
from kiosk.domain.liveness.cues import Cues
from kiosk.domain.ports import Detector, Encoder, EncoderInfo, LivenessCheck, QualityCheck
from kiosk.services.decide.scene import Scene

NEAR = 0.6
"""A second face of at least this share of the largest face's size stands beside that person, not
behind: at arm's length (0.7 m) somebody waiting half a metre further back falls below it."""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What one picture holds. ``hint`` says why it is of no use (``Hint.NONE``: it is);
    ``vector`` is (dimension,), unit length, None where nothing was encoded; ``quality`` is 0 to 1;
    ``outside`` is True where the face is not in the oval, ``covered`` where it seems to wear a mask
    or sunglasses; ``stages`` is what each stage cost in seconds. ``cues`` say whether the face is
    live, where that is looked at; None where it is not, or where it is not clear whose face."""

    hint: Hint
    face: Face | None = None
    vector: Vector | None = None
    quality: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    outside: bool = False
    covered: bool = False
    cues: Cues | None = None


class Analyser:
    """The path from a picture to a vector. One thread owns it and its models."""

    def __init__(
        self,
        detector: Detector,
        quality: QualityCheck,
        encoder: Encoder,
        *,
        min_face: float,
        scene: Scene | None = None,
        liveness: LivenessCheck | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """``min_face`` is the smallest usable face in pixels: nobody further away counts.
        ``scene`` is what the camera looks at; without one everybody in its pictures counts.
        ``liveness`` looks at what the camera took; pictures from elsewhere have no time to be
        judged by."""
        self._detector = detector
        self._quality = quality
        self._encoder = encoder
        self._min_face = min_face
        self._scene = scene
        self._liveness = liveness
        self._clock = clock

    def judged_by(self, quality: QualityCheck) -> Analyser:
        """The same models with another quality check."""
        return Analyser(
            self._detector,
            quality,
            self._encoder,
            min_face=self._min_face,
            scene=self._scene,
            liveness=self._liveness,
            clock=self._clock,
        )

    def forget(self) -> None:
        """Time began anew: what was remembered of earlier frames is of another time."""
        if self._liveness is not None:
            self._liveness.forget()

    @property
    def encoder(self) -> EncoderInfo:
        """The encoder that the vectors are of."""
        return self._encoder.info

    def analyse(
        self, image: Image, *, at: float | None = None, any_quality: bool = False
    ) -> Analysis:
        """Find the one person in a picture and encode the face.

        ``at`` is the frame's time in seconds, where the camera took the picture: then only the
        people of the scene count. None is a picture from elsewhere.

        A face that is too small, dark, blurred or turned is not encoded: its vector would only
        be wrong, and the time is better spent on the next frame. With ``any_quality`` the largest
        face is encoded all the same, and ``hint`` says what is wrong with it.
        """
        stages: dict[str, float] = {}
        begun = self._clock()

        def lap(stage: str) -> None:
            nonlocal begun
            now = self._clock()
            stages[stage] = now - begun
            begun = now

        if self._scene is None or at is None:
            faces = self._detector.detect(image)
        else:
            faces = self._scene.people(self._detector, image, at)
        lap("detect")
        if not faces:
            if self._liveness is not None and at is not None:
                self._liveness.empty(Frame(image, 0, at))
                lap("liveness")
            return Analysis(Hint.NO_FACE, stages=stages)
        face = self._in_the_oval(faces, image) if at is not None else faces[0]
        if face is None:
            assert self._scene is not None
            way = self._scene.guide(faces[0], image)
            return Analysis(way, faces[0], stages=stages, outside=True)
        others = [other for other in faces if other is not face]
        hint, quality, covered, cues = Hint.ONE_PERSON, 0.0, False, None
        if not any(self._beside(face, other) for other in others):
            judged = self._quality.assess(image, face)
            hint, quality, covered = judged.hint, judged.score, judged.covered
            lap("quality")
            if self._liveness is not None and at is not None:
                # Of a face that is turned away or dark, too: it must be followed all the time.
                cues = self._liveness.look(Frame(image, 0, at), face)
                lap("liveness")
        if hint is not Hint.NONE and not any_quality:
            return Analysis(hint, face, None, quality, stages, cues=cues)
        (vector,) = self._encoder.encode(image, (face,))
        lap("encode")
        return Analysis(hint, face, vector, quality, stages, covered=covered, cues=cues)

    def _in_the_oval(self, faces: tuple[Face, ...], image: Image) -> Face | None:
        """The largest that stands where the screen asks for it."""
        scene = self._scene
        if scene is None:
            return faces[0]
        return next((face for face in faces if scene.guide(face, image) is Hint.NONE), None)

    def _beside(self, largest: Face, other: Face) -> bool:
        return other.box.size >= max(NEAR * largest.box.size, self._min_face)


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame says, what each stage cost in seconds, the face's vector (dimension,) where
    one was encoded, and what says whether it is live, where that is looked at."""

    observation: Observation
    face: Face | None = None
    stages: dict[str, float] = field(default_factory=dict)
    vector: Vector | None = None
    cues: Cues | None = None


class Recogniser:
    """From a frame to who it may be. One thread owns it."""

    def __init__(
        self,
        analyser: Analyser,
        gallery: Gallery,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._analyser = analyser
        self._clock = clock
        self.gallery = gallery

    def forget(self) -> None:
        """Time began anew."""
        self._analyser.forget()

    def look(self, frame: Frame, claim: int | None = None) -> Look:
        """Compare the frame's face with everybody, or with the one claimed person."""
        found = self._analyser.analyse(frame.image, at=frame.time)
        if found.vector is None:
            seen = Observation(frame.time, found.hint, outside=found.outside)
            return Look(seen, found.face, found.stages, cues=found.cues)
        begun = self._clock()
        if claim is None:
            candidates = self.gallery.search(found.vector)
        else:
            candidates = self.gallery.compare(found.vector, claim)
        stages = found.stages | {"search": self._clock() - begun}
        seen = Observation(frame.time, Hint.NONE, candidates, covered=found.covered)
        return Look(seen, found.face, stages, found.vector, found.cues)
