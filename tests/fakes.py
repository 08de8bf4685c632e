"""Stand-ins for cameras, models and listeners, passed in as arguments."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from argon2 import PasswordHasher

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadImage, CameraError
from kiosk.domain.frame import Box, Face, Frame, Image, Vector
from kiosk.domain.liveness.cues import Cues, Stream
from kiosk.domain.ports import EncoderInfo, Quality
from kiosk.domain.scale import ScoreScale, plain
from kiosk.domain.threshold import ErrorCurve
from kiosk.services.decide.engine import View

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
DIMENSION = 16

_SCORES = np.linspace(0, 60, 401)
CURVE = ErrorCurve(
    thresholds=_SCORES,
    far=10 ** (-_SCORES / 10),
    frr=(_SCORES / 60) ** 2,
    pairs="made up",
    genuine=1_000_000,
    impostor=1_000_000_000,
)
SCALE = ScoreScale(np.empty((0, 0), np.float32), 0, np.array([0.0, 1.0]), np.array([0.0, 60.0]))
"""60 points for a cosine similarity of 1: 1 in 1,000 at 0.5, 1 in 10,000 at 0.667."""

PLAIN = plain()
ENCODER = EncoderInfo("fake", DIMENSION, "Fake", "Of no use.", "none", CURVE, SCALE)

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2 in microseconds: no hash for anything real."""


class WallClock:
    """The time of day, moved by hand."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now
        self._passed = 0.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        """Seconds that passed, whatever the clock was set to."""
        return self._passed

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self._passed += max(0.0, seconds)

    def set(self, by: float) -> None:
        """Somebody moves the clock; no time passes."""
        self.now += timedelta(seconds=by)


def vector(person: int, similarity: float = 1.0) -> Vector:
    """A unit vector with this cosine similarity to ``vector(person)``, 0 to everybody else's."""
    made = np.zeros(DIMENSION, np.float32)
    made[person] = similarity
    made[-1] = np.sqrt(1 - similarity**2)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class Sitter:
    """Somebody in a picture: what the encoder makes of the face, how large it is (pixels),
    what the quality check finds, and where the face begins (pixels from the left; None: beside the
    one before). ``live`` is what the liveness network answers, None as if there were none."""

    vector: Vector
    size: float = 120.0
    hint: Hint = Hint.NONE
    quality: float = 0.9
    left: float | None = None
    covered: bool = False
    live: float | None = None
    turn: float = 0.0
    motion: float | None = None
    stream: Stream = Stream.FRESH


class Studio:
    """A detector, a quality check and an encoder which see in a picture exactly who was put into
    it: the picture carries its number in its first pixel."""

    info = ENCODER

    def __init__(self) -> None:
        self._pictures: list[tuple[Sitter, ...] | Exception] = []
        self.encoded = self.looked = self.emptied = self.forgotten = 0

    def picture(self, *sitters: Sitter, error: Exception | None = None) -> Image:
        """A picture of somebody or nobody; with ``error`` the detector fails on it."""
        image = np.full((240, 320, 3), 128, np.uint8)
        image[0, 0] = (len(self._pictures) >> 8, len(self._pictures) & 255, 0)
        self._pictures.append(error or sitters)
        return image

    def detect(self, image: Image) -> tuple[Face, ...]:
        found = self._in(image)
        if isinstance(found, Exception):
            raise found
        faces = (
            Face(
                Box(
                    10.0 + 100 * place if sitter.left is None else sitter.left,
                    20.0,
                    0.8 * sitter.size,
                    sitter.size,
                ),
                np.full((5, 2), place, np.float32),
                0.99,
            )
            for place, sitter in enumerate(found)
        )
        return tuple(sorted(faces, key=lambda face: -face.box.size))

    def assess(self, image: Image, face: Face) -> Quality:
        sitter = self._sitter(image, face)
        return Quality(sitter.quality, sitter.hint, sitter.covered)

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        self.encoded += len(faces)
        return tuple(self._sitter(image, face).vector for face in faces)

    def look(self, frame: Frame, face: Face) -> Cues:
        """The ``LivenessCheck`` port."""
        self.looked += 1
        sitter = self._sitter(frame.image, face)
        return Cues(
            frame.time,
            looks=sitter.live,
            turn=sitter.turn,
            motion=sitter.motion,
            stream=sitter.stream,
        )

    def empty(self, frame: Frame) -> None:
        self.emptied += 1

    def forget(self) -> None:
        self.forgotten += 1

    def _sitter(self, image: Image, face: Face) -> Sitter:
        found = self._in(image)
        assert not isinstance(found, Exception)
        return found[int(face.landmarks[0, 0])]

    def _in(self, image: Image) -> tuple[Sitter, ...] | Exception:
        high, low, _ = image[0, 0]
        return self._pictures[256 * int(high) + int(low)]


class PictureFiles:
    """Files with pictures of a studio in them, for ``load_image``; any other file is no picture."""

    def __init__(self) -> None:
        self._images: dict[Path, Image] = {}

    def write(self, path: Path, image: Image) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._images[path] = image
        return path

    def load(self, path: Path) -> Image:
        if path not in self._images:
            raise BadImage(f"{path.name} is not a picture.")
        return self._images[path]


class FakeCamera:
    """Gives what the test puts in: frames, errors to raise, None for the source's end."""

    def __init__(self, *script: Frame | Exception | None, live: bool = True) -> None:
        self.name = "Fake camera"
        self.live = live
        self.refuse_to_open: Exception | None = None
        self.opened = 0
        self.closed = 0
        self._script: queue.Queue[Frame | Exception | None] = queue.Queue()
        self.put(*script)

    def put(self, *items: Frame | Exception | None) -> None:
        for item in items:
            self._script.put(item)

    def open(self) -> None:
        self.opened += 1
        if self.refuse_to_open is not None:
            raise self.refuse_to_open

    def read(self) -> Frame | None:
        item = self._script.get()
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        self.closed += 1

    def unplug(self) -> None:
        """Whoever reads now or later gets an error, once."""
        self.put(CameraError("The camera was unplugged."))


class RecordingListener:
    """Writes down what the pipeline tells; ``wait_for`` waits until it is as it should be."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.views: list[View] = []
        self.cameras: list[str | None] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def on_frame(self, frame: Frame) -> None:
        self._note(lambda: self.frames.append(frame))

    def on_view(self, view: View) -> None:
        self._note(lambda: self.views.append(view))

    def on_camera(self, problem: str | None) -> None:
        self._note(lambda: self.cameras.append(problem))

    def wait_for(self, true: Callable[[RecordingListener], bool], timeout: float = 20.0) -> None:
        with self._changed:
            came = self._changed.wait_for(lambda: true(self), timeout)
        assert came, f"views {self.views}, cameras {self.cameras}, frames {len(self.frames)}"

    def _note(self, write: Callable[[], None]) -> None:
        with self._changed:
            write()
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()
