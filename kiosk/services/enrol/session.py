"""One way to enrol, whether from the camera, files, a folder or the command line: the same checks,
the same all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Frame, Image
from kiosk.domain.language import _
from kiosk.domain.liveness.passive import SHIPPED, Limits
from kiosk.domain.people import Person, clean_name, clean_staff_number
from kiosk.domain.pictures import require_inside
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.consents import Consents, check_consent
from kiosk.services.admin.trail import Trail
from kiosk.services.enrol.checks import Checks, picture_doubt
from kiosk.services.enrol.enroller import Capture, Enroller, EnrolStep, LiveEnrolment, Refused
from kiosk.services.enrol.prospects import Prospects
from kiosk.services.enrol.report import Enrolled, EnrolReport, Judged
from kiosk.services.enrol.roster import Entry, read_roster
from kiosk.services.enrol.target import Target, find_target


def _ignore(done: int, total: int) -> None:
    return None


def _never() -> bool:
    return False


class EnrolmentSession:
    """The models and the checks of an enrolment. One thread owns it.

    A photo that shows somebody else than the person's other photos is left out by name; a face that
    is enrolled under another name, and a name that reads like another's, are doubts that somebody
    must say yes to (``anyway``).
    """

    def __init__(
        self,
        storage: Storage,
        enroller: Enroller,
        settings: Settings,
        trail: Trail,
        to_jpeg: Callable[[Image], bytes],
        limits: Limits = SHIPPED,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """``to_jpeg`` makes the small picture that is stored only where the settings say so;
        ``limits`` say where a face before the camera is called live; ``now`` is in UTC."""
        self._storage = storage
        self._enroller = enroller
        self._settings = settings
        self._trail = trail
        self._to_jpeg = to_jpeg
        self._limits = limits
        self._consents = Consents(storage, trail, now)
        self._checks = Checks(storage.people, enroller.encoder, settings.far)
        self._prospects = Prospects(storage.people, enroller.encoder, settings)
        self.restart()

    def restart(self) -> None:
        """Before the camera: forget the captures made so far."""
        self._live = LiveEnrolment(self._enroller, self._checks.same_person)

    def offer(self, frame: Frame) -> EnrolStep:
        """Before the camera: take the newest frame."""
        return self._live.offer(frame)

    def judge_files(
        self,
        target: Target,
        paths: Iterable[Path],
        *,
        inside: Path | None = None,
        progress: Callable[[int, int], None] = _ignore,
        cancelled: Callable[[], bool] = _never,
    ) -> Judged:
        """Look at picture files of one person. With ``inside`` links out of that folder are
        refused. ``progress`` hears of pictures done and pictures in all."""
        files = list(paths)
        captures: list[Capture] = []
        refused: list[Refused] = []
        places: dict[int, Path] = {}
        for done, path in enumerate(files):
            if cancelled():
                return Judged(target, refused=tuple(refused), cancelled=True)
            try:
                if inside is not None:
                    require_inside(path, inside)
                capture = self._enroller.capture_file(path)
                places[id(capture)] = path
                captures.append(capture)
            except BadInput as error:
                refused.append(Refused(path, str(error)))
            progress(done + 1, len(files))
        fresh, known = self._checks.fresh(target, captures)
        judged = self.judge(target, fresh, refused, lambda capture: places[id(capture)])
        return replace(judged, known=known)

    def judge(
        self,
        target: Target,
        captures: Sequence[Capture],
        refused: Sequence[Refused] = (),
        path_of: Callable[[Capture], Path] = lambda capture: Path(capture.source),
    ) -> Judged:
        """All checks on one person's captures."""
        agreed = self._checks.one_person(target, captures)
        left_out = (*refused, *(Refused(path_of(other), agreed.why) for other in agreed.others))
        doubts = self._checks.doubts(target, agreed.kept)
        if agreed.doubt:
            doubts = (agreed.doubt, *doubts)
        picture = picture_doubt(agreed.kept, self._limits)
        if picture:
            doubts = (picture, *doubts)
        notes = self._prospects.obstacles(target, agreed.kept)
        return Judged(target, agreed.kept, (), left_out, doubts, notes)

    def store(self, actor: Actor, judged: Judged, consent: str = "") -> Person:
        """Add the photos, and the person where that is somebody new: all of it, or nothing.
        ``consent`` says how they agreed just now, in words.

        Raises:
            AlreadyExists: the number became somebody's meanwhile.
            NotFound: the person was deleted meanwhile.
            BadInput: the site asks for consent first, and there is none.
        """
        target, people = judged.target, self._storage.people
        new = target.person_id is None
        whom = () if target.person_id is None else (target.person_id,)
        with self._trail.act(actor, Action.ENROL if new else Action.ADD_TEMPLATES, *whom) as note:
            person_id = target.person_id
            check_consent(self._storage, self._settings, person_id, consent)
            if person_id is None:
                person_id = people.add(target.name, target.staff_number).id
            if consent:
                self._consents.record(actor, person_id, consent)
            for capture in judged.captures:
                people.add_template(
                    person_id,
                    capture.vector,
                    self._enroller.encoder.encoder_id,
                    capture.quality,
                    capture.source,
                    self._to_jpeg(capture.thumbnail) if self._settings.keep_crops else None,
                )
            person = people.get(person_id)
            if target.names:
                person = people.update(replace(person, name=target.name))
            note.about(person)
            note.details = ", ".join(capture.source for capture in judged.captures)
        return person

    def enrol_files(
        self,
        actor: Actor,
        name: str,
        paths: Sequence[Path],
        staff_number: str | None = None,
        *,
        anyway: bool = False,
        dry_run: bool = False,
        consent: str = "",
    ) -> EnrolReport:
        """Enrol one person from picture files: a new one, or more photos of the one who already has
        exactly this name and no other number. ``consent`` says how they agreed, in words.

        Raises:
            BadInput: the name or the number can't be used, or consent is needed; nothing was
                stored.
        """
        target = find_target(self._storage, clean_name(name), clean_staff_number(staff_number))
        check_consent(self._storage, self._settings, target.person_id, consent)
        judged = self.judge_files(target, paths)
        line = self._conclude(actor, judged, None, anyway, dry_run, consent)
        return EnrolReport((line,), dry_run=dry_run)

    def enrol_folder(
        self,
        actor: Actor,
        folder: Path,
        *,
        anyway: bool = False,
        dry_run: bool = False,
        consent: str = "",
        progress: Callable[[int, int], None] = _ignore,
        cancelled: Callable[[], bool] = _never,
    ) -> EnrolReport:
        """Enrol everybody in a folder; see :func:`read_roster` for what it may look like.
        ``consent`` says how all of them agreed, in words.

        Cancelling keeps the people who are complete and adds nothing of the one it was at.

        Raises:
            BadInput: the folder or the list in it can't be used.
        """
        roster = read_roster(folder)
        self._checks.forget()
        total = sum(len(entry.pictures) for entry in roster)
        done = 0
        lines: list[Enrolled] = []

        def looked(_done: int, _all: int) -> None:
            nonlocal done
            done += 1
            progress(done, total)

        for entry in roster:
            if cancelled():
                break
            end = done + len(entry.pictures)
            lines.append(
                self._enrol_entry(actor, entry, folder, anyway, dry_run, consent, looked, cancelled)
            )
            while done < end and not cancelled():  # not looked at, and done with all the same
                looked(done, total)
        return EnrolReport(tuple(lines), cancelled=cancelled(), dry_run=dry_run)

    def _enrol_entry(
        self,
        actor: Actor,
        entry: Entry,
        folder: Path,
        anyway: bool,
        dry_run: bool,
        consent: str,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Enrolled:
        left_out = Enrolled(entry.name, entry.staff_number, entry.where, notes=entry.notes)
        if entry.problem:
            return replace(left_out, problem=entry.problem)
        try:
            number = clean_staff_number(entry.staff_number)
            target = find_target(self._storage, clean_name(entry.name), number)
            check_consent(self._storage, self._settings, target.person_id, consent)
        except BadInput as error:
            return replace(left_out, problem=str(error))
        judged = self.judge_files(
            target, entry.pictures, inside=folder, progress=progress, cancelled=cancelled
        )
        if judged.cancelled:
            return replace(left_out, refused=judged.refused, problem=_("Stopped before the end."))
        judged = replace(judged, notes=(*entry.notes, *judged.notes))
        return self._conclude(actor, judged, entry.where, anyway, dry_run, consent)

    def _conclude(
        self,
        actor: Actor,
        judged: Judged,
        where: Path | None,
        anyway: bool,
        dry_run: bool,
        consent: str,
    ) -> Enrolled:
        target = judged.target
        line = Enrolled(
            target.name,
            target.staff_number,
            where,
            new=target.person_id is None,
            known=len(judged.known),
            refused=judged.refused,
            notes=judged.notes,
        )
        if not judged.captures:
            if judged.known and target.person_id is not None:
                if target.names and not dry_run:
                    return replace(line, person=self.store(actor, judged, consent))
                if consent and not dry_run:
                    self._consents.record(actor, target.person_id, consent)
                return replace(line, person=self._storage.people.get(target.person_id))
            if where is None and judged.refused:
                return line  # each picture says it
            return replace(line, problem=_("None of the pictures can be used."))
        if judged.doubts and not anyway:
            return replace(line, known=0, problem=" ".join(judged.doubts), doubtful=True)
        # Said yes to beforehand, it goes on being so.
        notes = (*judged.notes, *judged.doubts)
        line = replace(line, accepted=len(judged.captures), notes=notes)
        if dry_run:
            self._checks.rehearse(judged)
            return line
        return replace(line, person=self.store(actor, judged, consent))
