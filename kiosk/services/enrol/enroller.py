"""From pictures to usable faces, with a reason for every picture that is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Box, Frame, Image, Vector
from kiosk.domain.language import _, marked
from kiosk.domain.liveness.cues import Cues
from kiosk.domain.ports import EncoderInfo
from kiosk.services.decide.analyse import Analyser

WANTED = 5
"""Templates taken from the live camera."""
SPACING = 0.6
"""Seconds between two of them, so that they differ a little."""
THUMBNAIL = 160

REFUSALS = {
    Hint.NO_FACE: marked(
        "No face was found: take a picture from the front with the whole face in it."
    ),
    Hint.ONE_PERSON: marked("There is more than one person in it: use a picture of one person."),
    Hint.COME_CLOSER: marked("The face is too small: use a larger picture or come closer."),
    Hint.STEP_BACK: marked(
        "The face does not fit into the picture: use one with some room around it."
    ),
    Hint.MOVE_LEFT: marked("The face is cut off at the edge: use a picture with the whole face."),
    Hint.MOVE_RIGHT: marked("The face is cut off at the edge: use a picture with the whole face."),
    Hint.MORE_LIGHT: marked("The face is too dark or too bright: use a picture in even light."),
    Hint.HOLD_STILL: marked("The face is blurred: use a sharp picture."),
    Hint.LOOK_STRAIGHT: marked("The face is turned away: use a picture looking at the camera."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """A usable face: its template's vector, quality (0 to 1), a thumbnail (RGB, at most 160 px)
    for the screen, which is never stored, and where it came from; ``cues`` are what its frame says
    of its being live, where a camera took it and that is looked at."""

    vector: Vector
    quality: float
    thumbnail: Image
    source: str
    cues: Cues | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A picture that was not taken, and the sentence that says why and what to do."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class EnrolStep:
    """Where an enrolment before the camera stands: what to ask for, and the captures so far."""

    hint: Hint
    captures: tuple[Capture, ...]
    done: bool


class Enroller:
    """Owns models; one thread at a time.

    ``load_image`` reads a file as RGB or raises BadImage. ``for_files`` judges pictures from files,
    which can't be taken again, more mildly; without it as those of the camera.
    """

    def __init__(
        self,
        analyser: Analyser,
        load_image: Callable[[Path], Image],
        for_files: Analyser | None = None,
    ) -> None:
        self._analyser = analyser
        self._for_files = for_files or analyser
        self._load_image = load_image

    @property
    def encoder(self) -> EncoderInfo:
        """The encoder that the vectors are of."""
        return self._analyser.encoder

    def capture(self, image: Image, source: str, at: float | None = None) -> Capture | Hint:
        """The one usable face in a picture, or why there is none. ``at`` is the frame's time in
        seconds, where the camera took it."""
        return _capture(self._analyser, image, source, at)

    def capture_file(self, path: Path) -> Capture:
        """The one usable face in a picture file; its source is the file's name.

        Raises:
            BadImage: with the sentence for the report.
        """
        found = _capture(self._for_files, self._load_image(path), path.name, None)
        if isinstance(found, Hint):
            raise BadImage(_(REFUSALS[found]))
        return found

    def largest_face(self, path: Path) -> tuple[Vector, Hint]:
        """The vector of the largest face in a picture file, whatever its quality, and what is
        wrong with it: for comparing two pictures that can't be taken again.

        Raises:
            BadImage: it can't be read, or no face was found.
        """
        found = self._analyser.analyse(self._load_image(path), any_quality=True)
        if found.vector is None:
            raise BadImage(_(REFUSALS[found.hint]))
        return found.vector, found.hint


class LiveEnrolment:
    """Takes templates of one person before the camera; fed by one thread."""

    def __init__(self, enroller: Enroller, same_person: float) -> None:
        """``same_person`` is the score that a capture must reach with the first, so that nobody
        else who steps in is mixed in."""
        self._enroller = enroller
        self._same_person = same_person
        self._captures: tuple[Capture, ...] = ()
        self._last = float("-inf")

    def offer(self, frame: Frame) -> EnrolStep:
        """Take the next frame, which may or may not become a capture."""
        if len(self._captures) >= WANTED:
            return EnrolStep(Hint.NONE, self._captures, True)
        found = self._enroller.capture(frame.image, "camera", frame.time)
        if isinstance(found, Hint):
            return EnrolStep(found, self._captures, False)
        if frame.time - self._last >= SPACING:
            scale = self._enroller.encoder.scale
            if self._captures and (
                scale.compare(self._captures[0].vector, found.vector) < self._same_person
            ):
                return EnrolStep(Hint.ONE_PERSON, self._captures, False)
            self._captures = (*self._captures, found)
            self._last = frame.time
        return EnrolStep(Hint.NONE, self._captures, len(self._captures) >= WANTED)


def _capture(analyser: Analyser, image: Image, source: str, at: float | None) -> Capture | Hint:
    found = analyser.analyse(image, at=at)
    if found.vector is None or found.face is None:
        return found.hint
    thumbnail = _thumbnail(image, found.face.box)
    return Capture(found.vector, found.quality, thumbnail, source, found.cues)


def _thumbnail(image: Image, box: Box) -> Image:
    """The face with some room around it, by whole steps: no image library at this layer."""
    x, y = box.centre
    half = box.size * 0.75
    height, width = image.shape[:2]
    top, bottom = int(max(0, y - half)), int(min(height, y + half))
    left, right = int(max(0, x - half)), int(min(width, x + half))
    step = max(1, -(-max(bottom - top, right - left) // THUMBNAIL))
    return image[top:bottom:step, left:right:step].copy()
