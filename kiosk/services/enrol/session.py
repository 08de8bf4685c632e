"""One way to enrol, whether from the camera, files, a folder or the command line: the same checks,
the same all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

from kiosk.domain.agreement import belongs, majority, same_picture
from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import AlreadyExists, BadInput
from kiosk.domain.frame import Frame, Image, Vector
from kiosk.domain.gallery import Candidate, Gallery
from kiosk.domain.language import _
from kiosk.domain.lookalike import look_alike, mixes_scripts
from kiosk.domain.people import Person, Template, clean_name, clean_staff_number
from kiosk.domain.pictures import require_inside
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import operating_point
from kiosk.services.admin.trail import Trail
from kiosk.services.enrol.enroller import Capture, Enroller, EnrolStep, LiveEnrolment, Refused
from kiosk.services.enrol.report import Enrolled, EnrolReport, Judged, Target
from kiosk.services.enrol.roster import Entry, read_roster

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


MAX_FAR_EACH: Final = 1e-4
"""The FAR of a single comparison above which nobody is said to be enrolled already."""


PAIR_FAR: Final = 0.06
"""The FAR at which two pictures, which may be years apart, pass for one person's."""


class NameTaken(BadInput):
    """Somebody of this name is enrolled and nothing tells the two apart."""


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
    ) -> None:
        """``to_jpeg`` makes the small picture that is stored only where the settings say so."""
        self._storage = storage
        self._enroller = enroller
        self._settings = settings
        self._trail = trail
        self._to_jpeg = to_jpeg
        self._encoder = enroller.encoder
        self._same_person = self._encoder.curve.threshold_at(settings.far)
        # Of two pictures none is outvoted: only what is hardly one person is asked about.
        self._same_pair = self._encoder.curve.threshold_at(max(settings.far, PAIR_FAR))
        # Who a dry run would have enrolled so far: the next ones are compared with them too.
        self._rehearsed: dict[int, tuple[str, tuple[Template, ...]]] = {}
        self.restart()

    def check_target(self, name: str, staff_number: str | None) -> Target:
        """A new person's name and number, cleaned.

        Raises:
            BadInput: the name or the number can't be used.
            AlreadyExists: the number is somebody's.
            NameTaken: the name is somebody's, and there is no number to tell them apart.
        """
        return check_target(self._storage, name, staff_number)

    def restart(self) -> None:
        """Before the camera: forget the captures made so far."""
        self._live = LiveEnrolment(self._enroller, self._same_person)

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
        stored = [template.vector for template in self._stored(target.person_id)]
        fresh, known = _fresh(captures, stored)
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
        kept, strangers, why = self._one_person(captures, self._stored(target.person_id))
        left_out = (*refused, *(Refused(path_of(capture), why) for capture in strangers))
        doubts, notes = self._doubts(target, kept or captures)
        if captures and not kept and not left_out[len(refused) :]:
            # Two pictures may be years apart: whoever knows the person may say so.
            names = ", ".join(capture.source for capture in captures)
            kept, doubts = (
                list(captures),
                (
                    _(
                        "The pictures {names} do not seem to show one person: "
                        "none is on most of them."
                    ).format(names=names),
                    *doubts,
                ),
            )
        return Judged(target, tuple(kept), (), left_out, doubts, notes)

    def store(self, actor: Actor, judged: Judged) -> Person:
        """Add the photos, and the person where that is somebody new: all of it, or nothing.

        Raises:
            AlreadyExists: the number became somebody's meanwhile.
            NotFound: the person was deleted meanwhile.
        """
        target, people = judged.target, self._storage.people
        new = target.person_id is None
        with self._trail.act(actor, Action.ENROL if new else Action.ADD_TEMPLATES) as note:
            person_id = target.person_id
            if person_id is None:
                person_id = people.add(target.name, target.staff_number).id
            for capture in judged.captures:
                people.add_template(
                    person_id,
                    capture.vector,
                    self._encoder.encoder_id,
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
    ) -> EnrolReport:
        """Enrol one person from picture files: a new one, or more photos of the one who already has
        exactly this name and no other number.

        Raises:
            BadInput: the name or the number can't be used; nothing was stored.
        """
        target = self._target(clean_name(name), clean_staff_number(staff_number))
        judged = self.judge_files(target, paths)
        line = self._conclude(actor, judged, None, anyway, dry_run)
        return EnrolReport((line,), dry_run=dry_run)

    def enrol_folder(
        self,
        actor: Actor,
        folder: Path,
        *,
        anyway: bool = False,
        dry_run: bool = False,
        progress: Callable[[int, int], None] = _ignore,
        cancelled: Callable[[], bool] = _never,
    ) -> EnrolReport:
        """Enrol everybody in a folder; see :func:`read_roster` for what it may look like.

        Cancelling keeps the people who are complete and adds nothing of the one it was at.

        Raises:
            BadInput: the folder or the list in it can't be used.
        """
        roster = read_roster(folder)
        self._rehearsed.clear()
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
                self._enrol_entry(actor, entry, folder, anyway, dry_run, looked, cancelled)
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
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Enrolled:
        left_out = Enrolled(entry.name, entry.staff_number, entry.where, notes=entry.notes)
        if entry.problem:
            return replace(left_out, problem=entry.problem)
        try:
            number = clean_staff_number(entry.staff_number)
            target = self._target(clean_name(entry.name), number)
        except BadInput as error:
            return replace(left_out, problem=str(error))
        judged = self.judge_files(
            target, entry.pictures, inside=folder, progress=progress, cancelled=cancelled
        )
        if judged.cancelled:
            return replace(left_out, refused=judged.refused, problem=_("Stopped before the end."))
        judged = replace(judged, notes=(*entry.notes, *judged.notes))
        return self._conclude(actor, judged, entry.where, anyway, dry_run)

    def _conclude(
        self, actor: Actor, judged: Judged, where: Path | None, anyway: bool, dry_run: bool
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
                    return replace(line, person=self.store(actor, judged))
                return replace(line, person=self._storage.people.get(target.person_id))
            if where is None and judged.refused:
                return line  # each picture says it
            return replace(line, problem=_("None of the pictures can be used."))
        if judged.doubts and not anyway:
            return replace(line, known=0, problem=" ".join(judged.doubts), doubtful=True)
        line = replace(line, accepted=len(judged.captures))
        if dry_run:
            self._rehearse(judged)
            return line
        return replace(line, person=self.store(actor, judged))

    def _rehearse(self, judged: Judged) -> None:
        target = judged.target
        person_id = target.person_id or -1 - len(self._rehearsed)
        templates = tuple(
            Template(0, person_id, c.vector, self._encoder.encoder_id, c.quality, c.source, _NEVER)
            for c in judged.captures
        )
        self._rehearsed[person_id] = (target.name, templates)

    def _target(self, name: str, staff_number: str | None) -> Target:
        """Somebody new, or the one who is meant.

        Raises:
            AlreadyExists: the number is that of somebody with another name.
            NameTaken: several people have the name.
        """
        people = self._storage.people
        if staff_number is not None:
            found = people.claim(staff_number)
            if found is None or (found.staff_number or "").casefold() != staff_number.casefold():
                return Target(name, staff_number)
            if found.name == found.staff_number and name != staff_number:
                return Target(name, found.staff_number, found.id, names=True)
            # A number without a name beside it is whoever has it.
            if found.name != name and name != staff_number:
                raise AlreadyExists(
                    _(
                        "The staff number {number} is that of {other}, not of {name}: correct the "
                        "number, or the name in the panel."
                    ).format(number=staff_number, other=found.name, name=name)
                )
            return Target(found.name, found.staff_number, found.id)
        same = [person for person in people.find(name) if person.name == name]
        if len(same) > 1:
            raise NameTaken(
                _("Several people are called {name}: give the staff number.").format(name=name)
            )
        if same:
            return Target(same[0].name, same[0].staff_number, same[0].id)
        return Target(name, None)

    def _stored(self, person_id: int | None) -> tuple[Template, ...]:
        if person_id is None:
            return ()
        templates = self._storage.people.templates_of(person_id)
        return tuple(t for t in templates if t.encoder_id == self._encoder.encoder_id)

    def _one_person(
        self, captures: Sequence[Capture], stored: Sequence[Template]
    ) -> tuple[list[Capture], list[Capture], str]:
        """The captures of the person, the others, and the sentence for these; no others where it
        can't be told who is who."""
        if stored:
            known = [template.vector for template in stored]
            kept = [c for c in captures if belongs(c.vector, known, self._same_person)]
            why = _("The face is not that of the photos stored for this person: left out.")
        else:
            alike = self._same_person if len(captures) > 2 else self._same_pair
            places = majority([c.vector for c in captures], alike)
            kept = [captures[place] for place in places]
            why = _("It shows another face than the other pictures of this person: left out.")
            if not kept:
                return [], [], why
        chosen = {id(capture) for capture in kept}
        return kept, [c for c in captures if id(c) not in chosen], why

    def _doubts(
        self, target: Target, captures: Sequence[Capture]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        doubts, notes = [], []
        if target.person_id is None or target.names:
            doubts += self._name_doubts(target.name)
        elif not self._storage.people.get(target.person_id).enabled:
            notes.append(
                _(
                    "{name} is switched off and will not be let in: switch them on in the panel."
                ).format(name=target.name)
            )
        best, threshold = self._somebody_else(target, captures)
        if best is not None and best.score >= threshold:
            doubts.append(
                _(
                    "This face is enrolled already as {other} (similarity {score}): one person "
                    "enrolled twice is let in under either name."
                ).format(other=self._called(best.person_id), score=f"{best.score:.2f}")
            )
        return tuple(doubts), tuple(notes)

    def _called(self, person_id: int) -> str:
        if person_id in self._rehearsed:
            return self._rehearsed[person_id][0]
        person = self._storage.people.get(person_id)
        return f"{person.name} ({person.staff_number})" if person.staff_number else person.name

    def _name_doubts(self, name: str) -> list[str]:
        others = [p.name for p in self._storage.people.find() if look_alike(p.name, name)]
        if others:
            return [
                _(
                    "The name {name} reads like {other}, who is enrolled: at the door and in the "
                    "log nobody could tell them apart."
                ).format(name=name, other=", ".join(dict.fromkeys(others)))
            ]
        if mixes_scripts(name):
            return [
                _(
                    "The name {name} mixes letters of different scripts that look the same: type "
                    "it anew."
                ).format(name=name)
            ]
        return []

    def _somebody_else(
        self, target: Target, captures: Sequence[Capture]
    ) -> tuple[Candidate | None, float]:
        """Who else looks most like the captures, and from which similarity on it is one person:
        the more people there are, the more alike the best of them is by chance. A single comparison
        is never taken for more than one in 10,000, for of several photos each the best counts."""
        templates = chain(
            self._storage.people.templates(self._encoder.encoder_id, enabled_only=False),
            *(rehearsed for _name, rehearsed in self._rehearsed.values()),
        )
        gallery = Gallery.of(t for t in templates if t.person_id != target.person_id)
        found = [best for capture in captures for best in gallery.search(capture.vector)[:1]]
        far = min(self._settings.far, MAX_FAR_EACH * max(len(gallery), 1))
        point = operating_point(self._encoder.curve, far, len(gallery))
        return max(found, key=lambda candidate: candidate.score, default=None), point.threshold


def check_target(records: Records, name: str, staff_number: str | None) -> Target:
    """See :meth:`EnrolmentSession.check_target`; needs no models."""
    target = Target(clean_name(name), clean_staff_number(staff_number))
    for person in records.people.find(target.staff_number or target.name):
        if target.staff_number and person.staff_number == target.staff_number:
            raise AlreadyExists(
                _("{name} has this number: give another, or none.").format(name=person.name)
            )
        if not target.staff_number and person.name.casefold() == target.name.casefold():
            raise NameTaken(
                _(
                    "{name} is enrolled already: open that card to add photos, or give a staff "
                    "number to tell the two apart."
                ).format(name=person.name)
            )
    return target


def _fresh(
    captures: Sequence[Capture], stored: Sequence[Vector]
) -> tuple[list[Capture], tuple[str, ...]]:
    """The captures that are not stored yet, each once, and the names of the others."""
    fresh: list[Capture] = []
    known = []
    for capture in captures:
        vectors = [*stored, *(other.vector for other in fresh)]
        if same_picture(capture.vector, vectors):
            known.append(capture.source)
        else:
            fresh.append(capture)
    return fresh, tuple(known)
