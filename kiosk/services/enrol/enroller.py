"""Enrolment: pictures to templates, with a reason for every picture that is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadImage, BadInput
from kiosk.domain.frame import Box, Frame, Image, Vector
from kiosk.domain.gallery import Candidate, Gallery
from kiosk.domain.people import Person, clean_name
from kiosk.domain.pictures import require_inside
from kiosk.domain.repositories import Storage
from kiosk.services.decide.analyse import Analyser

WANTED = 5
"""Templates taken from the live camera."""
SPACING = 0.6
"""Seconds between two of them, so that they differ a little."""
THUMBNAIL = 160

REFUSALS = {
    Hint.NO_FACE: "No face was found: take a picture from the front with the whole face in it.",
    Hint.ONE_PERSON: "There is more than one person in it: use a picture of one person.",
    Hint.COME_CLOSER: "The face is too small: use a larger picture or come closer.",
    Hint.STEP_BACK: "The face does not fit into the picture: use one with some room around it.",
    Hint.MOVE_LEFT: "The face is cut off at the edge: use a picture with the whole face.",
    Hint.MOVE_RIGHT: "The face is cut off at the edge: use a picture with the whole face.",
    Hint.MORE_LIGHT: "The face is too dark or too bright: use a picture in even light.",
    Hint.HOLD_STILL: "The face is blurred: use a sharp picture.",
    Hint.LOOK_STRAIGHT: "The face is turned away: use a picture looking at the camera.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """A usable face: its template's vector, quality (0 to 1), a thumbnail (RGB, at most 160 px)
    for the screen, which is never stored, and where it came from."""

    vector: Vector
    quality: float
    thumbnail: Image
    source: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A picture that was not taken, and the sentence that says why and what to do."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class EnrolReport:
    """What an enrolment from files came to."""

    people: tuple[Person, ...]
    accepted: int
    refused: tuple[Refused, ...]
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class EnrolStep:
    """Where an enrolment before the camera stands: what to ask for, and the captures so far."""

    hint: Hint
    captures: tuple[Capture, ...]
    done: bool


class Enroller:
    """Owns models; one thread at a time.

    ``load_image`` reads a file as RGB or raises BadImage.
    """

    def __init__(
        self,
        storage: Storage,
        analyser: Analyser,
        load_image: Callable[[Path], Image],
    ) -> None:
        self._storage = storage
        self._analyser = analyser
        self._load_image = load_image

    def capture(self, image: Image, source: str, at: float | None = None) -> Capture | Hint:
        """The one usable face in a picture, or why there is none. ``at`` is the frame's time in
        seconds, where the camera took it."""
        found = self._analyser.analyse(image, at=at)
        if found.vector is None or found.face is None:
            return found.hint
        return Capture(found.vector, found.quality, _thumbnail(image, found.face.box), source)

    def capture_file(self, path: Path) -> Capture:
        """The one usable face in a picture file; its source is the file's name.

        Raises:
            BadImage: with the sentence for the report.
        """
        found = self.capture(self._load_image(path), path.name)
        if isinstance(found, Hint):
            raise BadImage(REFUSALS[found])
        return found

    def largest_face(self, path: Path) -> Vector:
        """The vector of the largest face in a picture file, whatever its quality: for comparing
        two pictures that can't be taken again.

        Raises:
            BadImage: it can't be read, or no face was found.
        """
        found = self._analyser.analyse(self._load_image(path), any_quality=True)
        if found.vector is None:
            raise BadImage(REFUSALS[found.hint])
        return found.vector

    def looks_like(self, captures: Sequence[Capture], but: int | None = None) -> Candidate | None:
        """The enrolled person (other than ``but``) most similar to any of the captures."""
        gallery = Gallery.of(
            template
            for template in self._storage.people.templates(
                self._analyser.encoder.encoder_id, enabled_only=False
            )
            if template.person_id != but
        )
        found = [best for capture in captures for best in gallery.search(capture.vector)[:1]]
        return max(found, key=lambda candidate: candidate.score, default=None)

    def add(self, name: str, staff_number: str | None, captures: Sequence[Capture]) -> Person:
        """Enrol somebody new: the person and all templates, or nothing.

        Raises:
            BadInput: the name can't be used, or the number is somebody's.
        """
        with self._storage.transaction():
            return self.store(self._storage.people.add(name, staff_number).id, captures)

    def store(self, person_id: int, captures: Sequence[Capture]) -> Person:
        """Add the captures to a person's templates: all of them, or nothing."""
        with self._storage.transaction():
            for capture in captures:
                self._storage.people.add_template(
                    person_id,
                    capture.vector,
                    self._analyser.encoder.encoder_id,
                    capture.quality,
                    capture.source,
                )
            return self._storage.people.get(person_id)

    def enrol_files(
        self, name: str, paths: Sequence[Path], staff_number: str | None = None
    ) -> EnrolReport:
        """Enrol one person from picture files: a new one, or more templates for the one person
        who already has exactly this name.

        Raises:
            BadInput: the name can't be used; nothing was stored.
        """
        return self._enrol(name, paths, staff_number, lambda: False)

    def enrol_folder(
        self,
        folder: Path,
        *,
        progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> EnrolReport:
        """Enrol everybody in a folder of ``NAME/picture`` files.

        ``progress`` hears of pictures done and pictures in all. Cancelling keeps the people who
        are complete and adds nothing of the one it was at.

        Raises:
            BadInput: the folder does not exist, can't be read or holds no sub-folders with files.
        """
        if not folder.is_dir():
            raise BadInput(f"There is no folder {folder}: choose one with a sub-folder a person.")
        try:
            groups = {
                sub: sorted(file for file in sub.iterdir() if _is_candidate(file))
                for sub in sorted(folder.iterdir())
                if sub.is_dir() and not sub.name.startswith(".")
            }
        except OSError as error:
            raise BadInput(f"{folder} can't be read ({error}): copy it and try again.") from error
        total = sum(len(paths) for paths in groups.values())
        if not total:
            raise BadInput(
                f"{folder} has no sub-folders with pictures: it should look like NAME/1.jpg."
            )
        done = 0
        reports = []
        for sub, paths in groups.items():
            if cancelled():
                break

            def counted(paths: list[Path] = paths) -> Iterator[Path]:
                nonlocal done
                for path in paths:
                    yield path
                    done += 1
                    progress(done, total)

            name = sub.name.replace("_", " ")
            pictures = counted()
            try:
                reports.append(self._enrol(name, pictures, None, cancelled, folder))
            except BadInput as error:
                for _ in pictures:  # They count as done, so that the progress reaches its end.
                    continue
                reports.append(EnrolReport((), 0, (Refused(sub, str(error)),)))
        return EnrolReport(
            people=tuple(person for report in reports for person in report.people),
            accepted=sum(report.accepted for report in reports),
            refused=tuple(refused for report in reports for refused in report.refused),
            cancelled=cancelled(),
        )

    def _enrol(
        self,
        name: str,
        paths: Sequence[Path] | Iterator[Path],
        staff_number: str | None,
        cancelled: Callable[[], bool],
        folder: Path | None = None,
    ) -> EnrolReport:
        name = clean_name(name)
        captures: list[Capture] = []
        refused: list[Refused] = []
        for path in paths:
            if cancelled():
                return EnrolReport((), 0, tuple(refused), cancelled=True)
            try:
                if folder is not None:
                    require_inside(path, folder)
                captures.append(self.capture_file(path))
            except BadInput as error:
                refused.append(Refused(path, str(error)))
        if not captures:
            return EnrolReport((), 0, tuple(refused))
        person = self._storage.people.claim(staff_number or name)
        if person is None or person.name != name:
            person = self.add(name, staff_number, captures)
        else:
            person = self.store(person.id, captures)
        return EnrolReport((person,), len(captures), tuple(refused))


class LiveEnrolment:
    """Takes templates of one person before the camera; fed by one thread."""

    def __init__(self, enroller: Enroller, same_person: float) -> None:
        """``same_person`` is the cosine similarity that a capture must reach with the first, so
        that nobody else who steps in is mixed in."""
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
            if self._captures and (
                float(self._captures[0].vector @ found.vector) < self._same_person
            ):
                return EnrolStep(Hint.ONE_PERSON, self._captures, False)
            self._captures = (*self._captures, found)
            self._last = frame.time
        return EnrolStep(Hint.NONE, self._captures, len(self._captures) >= WANTED)


def _is_candidate(file: Path) -> bool:
    # What is no file at all is refused by name when it is read.
    return not file.is_dir() and not file.name.startswith(".")


def _thumbnail(image: Image, box: Box) -> Image:
    """The face with some room around it, by whole steps: no image library at this layer."""
    x, y = box.centre
    half = box.size * 0.75
    height, width = image.shape[:2]
    top, bottom = int(max(0, y - half)), int(min(height, y + half))
    left, right = int(max(0, x - half)), int(min(width, x + half))
    step = max(1, -(-max(bottom - top, right - left) // THUMBNAIL))
    return image[top:bottom:step, left:right:step].copy()
