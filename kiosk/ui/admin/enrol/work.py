"""What enrolment does off the screen's thread; no widget is touched here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.errors import AlreadyExists, BadImage, BadInput
from kiosk.domain.frame import Frame, Image
from kiosk.domain.people import Person, clean_name, clean_staff_number
from kiosk.services.enrol.enroller import (
    THUMBNAIL,
    Capture,
    Enroller,
    EnrolReport,
    EnrolStep,
    LiveEnrolment,
    Refused,
)
from kiosk.services.site import Site
from kiosk.ui.admin.widgets.tasks import Task


@dataclass(frozen=True, slots=True)
class Target:
    """Whom templates are for: somebody new, or with ``person_id`` somebody enrolled."""

    name: str
    staff_number: str | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An enrolled person whose face looks like the one before the camera."""

    person: Person
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Picture files that were looked at: what can be used, what not, and why."""

    captures: tuple[Capture, ...]
    refused: tuple[Refused, ...]
    cancelled: bool
    duplicate: Duplicate | None = None


class NameTaken(BadInput):
    """Somebody of this name is enrolled and nothing tells the two apart."""


def check_target(site: Site, name: str, staff_number: str) -> Target:
    """A new person's name and number, cleaned.

    Raises:
        BadInput: the name or the number can't be used.
        AlreadyExists: the staff number is somebody's.
        NameTaken: the name is somebody's, and there is no number to tell them apart.
    """
    target = Target(clean_name(name), clean_staff_number(staff_number))
    for person in site.records.people.find(target.staff_number or target.name):
        if target.staff_number and person.staff_number == target.staff_number:
            raise AlreadyExists(f"{person.name} has this number: give another, or none.")
        if not target.staff_number and person.name.casefold() == target.name.casefold():
            raise NameTaken(
                f"{person.name} is enrolled already: open that card to add templates, or give a "
                "staff number to tell the two apart."
            )
    return target


class EnrolmentSession:
    """The models for one enrolment. Every method belongs to the one worker that calls them."""

    def __init__(self, site: Site, target: Target) -> None:
        self._site = site
        self._target = target
        self._enroller: Enroller | None = None
        self._live: LiveEnrolment | None = None
        self._threshold = 1.0

    def open(self) -> None:
        """Load the models; takes about a second. Raises ModelError."""
        info = self._site.encoder()
        self._threshold = info.curve.threshold_at(self._site.settings().far)
        self._enroller = self._site.open_enroller()
        self.restart()

    def restart(self) -> None:
        """Forget the captures made so far."""
        assert self._enroller is not None
        self._live = LiveEnrolment(self._enroller, self._threshold)

    def offer(self, frame: Frame) -> EnrolStep:
        """Take the newest frame."""
        assert self._live is not None
        return self._live.offer(frame)

    def judge(self, paths: Sequence[Path], task: Task) -> Judged:
        """Look at picture files, until cancelled."""
        self.open()
        assert self._enroller is not None
        captures: list[Capture] = []
        refused: list[Refused] = []
        for done, path in enumerate(paths):
            if task.cancelled():
                return Judged((), tuple(refused), cancelled=True)
            try:
                captures.append(self._enroller.capture_file(path))
            except BadInput as error:
                refused.append(Refused(path, str(error)))
            task.progress(done + 1, len(paths))
        found = tuple(captures)
        return Judged(found, tuple(refused), False, self.duplicate(found))

    def duplicate(self, captures: Sequence[Capture]) -> Duplicate | None:
        """Somebody else enrolled whose face is the same, as far as the threshold can tell."""
        assert self._enroller is not None
        best = self._enroller.looks_like(captures, but=self._target.person_id)
        if best is None or best.score < self._threshold:
            return None
        return Duplicate(self._site.records.people.get(best.person_id), best.score)

    def store(self, captures: Sequence[Capture]) -> Person:
        """Add the templates, and the person where that is somebody new; all or nothing."""
        assert self._enroller is not None
        target = self._target
        if target.person_id is not None:
            return self._enroller.store(target.person_id, captures)
        return self._enroller.add(target.name, target.staff_number, captures)


def enrol_folder(site: Site, folder: Path, task: Task) -> EnrolReport:
    """Enrol everybody in a folder of NAME/picture files."""
    return site.open_enroller().enrol_folder(
        folder, progress=task.progress, cancelled=task.cancelled
    )


def thumbnail(site: Site, path: Path) -> Image | None:
    """A refused picture, small; None where it can't be read."""
    try:
        image = site.load_image(path)
    except (BadImage, OSError):
        return None
    step = max(1, -(-max(image.shape[:2]) // THUMBNAIL))
    return image[::step, ::step].copy()
