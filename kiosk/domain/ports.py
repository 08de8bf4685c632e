"""The ports: what the services need of cameras and models; of storage see ``records`` (reading) and
``repositories`` (writing).

Each docstring names the thread that may call and what a call costs. Implementations live in
``devices`` and ``vision``; each port has one suite in ``tests/contracts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Face, Frame, Image, Vector
from kiosk.domain.liveness.cues import Cues
from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve


class Camera(Protocol):
    """A source of frames. One thread opens, reads and closes it."""

    @property
    def name(self) -> str:
        """For the log and the screen, such as ``Camera 0`` or a file's name; no password."""
        ...

    @property
    def live(self) -> bool:
        """Whether the source goes on by itself; a file or a folder ends, a camera does not."""
        ...

    def open(self) -> None:
        """May take seconds.

        Raises:
            CameraError: it does not answer, is busy or does not exist.
        """
        ...

    def read(self) -> Frame | None:
        """The next frame, as fast as it comes; None at the end of a file. Blocks up to seconds.

        Raises:
            CameraError: unplugged, frozen, black, or the picture can't be decoded.
        """
        ...

    def close(self) -> None:
        """Never raises; may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera that is plugged in: what to set as ``Settings.camera``, and its name for people."""

    source: str
    name: str


class Detector(Protocol):
    """Finds faces. One thread owns it; a call takes 5 to 30 ms on 640x480."""

    def detect(self, image: Image) -> tuple[Face, ...]:
        """All faces of at least the detector's minimum size, the largest first."""
        ...


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What is known of an encoder from the manifest. ``scale`` says how alike two of its vectors
    are, ``curve`` is its FAR and FRR over the threshold, ``licence`` and ``summary`` are for
    people."""

    encoder_id: str
    dimension: int
    title: str
    summary: str
    licence: str
    curve: ErrorCurve
    scale: ScoreScale


class Encoder(Protocol):
    """Turns faces into vectors. One thread owns it; a call takes 3 to 130 ms a face."""

    @property
    def info(self) -> EncoderInfo: ...

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        """One L2-normalised float32 vector (dimension,) a face, aligned by its landmarks."""
        ...


@dataclass(frozen=True, slots=True)
class Quality:
    """How usable a face is: 0 to 1, and what to ask of the person where it is not
    (``Hint.NONE`` where it is). ``covered``: by a mask or sunglasses, it seems."""

    score: float
    hint: Hint
    covered: bool = False


class QualityCheck(Protocol):
    """Judges a face before it is encoded. Any thread; under 1 ms."""

    def assess(self, image: Image, face: Face) -> Quality: ...


class LivenessCheck(Protocol):
    """Tells a person from a picture of one. One thread owns it; a call takes 5 to 10 ms."""

    def look(self, frame: Frame, face: Face) -> Cues:
        """What the frame says of the one face that is being looked at.

        Frames come in the order of their times; what the camera sees between them is remembered.
        """
        ...

    def empty(self, frame: Frame) -> None:
        """A frame without a face: what the place looks like when nobody stands there. Under 1 ms
        in the mean."""
        ...

    def forget(self) -> None:
        """Time began anew, or the camera stands elsewhere."""
        ...
