"""What an enrolment looks at before it stores: is it one person, and is it somebody new?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Final

import numpy as np

from kiosk.domain.agreement import belongs, majority, same_picture
from kiosk.domain.gallery import Candidate, Gallery
from kiosk.domain.language import _
from kiosk.domain.liveness.calibration import thresholds
from kiosk.domain.liveness.passive import Finding, Limits, find
from kiosk.domain.lookalike import look_alike, mixes_scripts
from kiosk.domain.names import isolated
from kiosk.domain.people import Template
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.records import PeopleRecords
from kiosk.domain.threshold import operating_point
from kiosk.services.enrol.enroller import Capture
from kiosk.services.enrol.report import Judged
from kiosk.services.enrol.target import Target, stored_for

MAX_FAR_EACH: Final = 1e-4
"""The FAR of a single comparison above which nobody is said to be enrolled already."""
SAME_FAR: Final = 0.01
"""The FAR from which several pictures are one person's. Of 250 people of CelebA with five pictures
each 2.9% of the right pictures are left out so and one stranger slips in; at 0.1% it is 4.9% and
none."""
PAIR_FAR: Final = 0.1
"""The FAR at which two pictures, which may be years apart, pass for one person's: 1.2% of the same
people are asked about for nothing, 7% of strangers pass; at 6% it is 2% and 4%."""

DOUBTED: Final = 0.1
"""The share of people before the camera of whom it is asked whether they are a picture."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """The captures of one person, and the others with the sentence that says why. Where it can't
    be told who is who all are kept, and ``doubt`` is the sentence to ask with."""

    kept: tuple[Capture, ...]
    others: tuple[Capture, ...] = ()
    why: str = ""
    doubt: str = ""


def picture_doubt(captures: Sequence[Capture], limits: Limits) -> str:
    """What somebody must say yes to where a picture, and no person, may have been before the
    camera; nothing where it was a person, or where it was not looked at. Whoever enrols sees who
    stands there, so they decide, at the line that ships: who is let in here says nothing yet."""
    cues = [capture.cues for capture in captures if capture.cues is not None]
    finding, score = find(cues, thresholds((), DOUBTED, limits), limits)
    if not cues or finding is Finding.LIVE or (finding is Finding.UNSURE and score is None):
        return ""
    return _(
        "This may be a picture of a face and not a person: go on only if you see them standing "
        "before the camera. Whoever enrols a picture lets that picture in."
    )


class Checks:
    """For one enrolment at the FAR in force. One thread; a call reads the database."""

    def __init__(self, people: PeopleRecords, encoder: EncoderInfo, far: float) -> None:
        self._people = people
        self._encoder = encoder
        self._far = far
        self.same_person = encoder.curve.threshold_at(max(far, SAME_FAR))
        """The score of one person."""
        # Of two pictures none is outvoted: only what is hardly one person is asked about.
        self._same_pair = encoder.curve.threshold_at(max(far, PAIR_FAR))
        self._gallery: Gallery | None = None
        # Who a dry run would have enrolled so far: the next ones are compared with them too.
        self._rehearsed: dict[int, tuple[str, tuple[Template, ...]]] = {}

    def fresh(
        self, target: Target, captures: Sequence[Capture]
    ) -> tuple[tuple[Capture, ...], tuple[str, ...]]:
        """The captures that are not stored yet, each once, and the names of the others."""
        stored = [template.vector for template in stored_for(self._people, target, self._encoder)]
        fresh: list[Capture] = []
        known = []
        for capture in captures:
            if same_picture(capture.vector, [*stored, *(other.vector for other in fresh)]):
                known.append(capture.source)
            else:
                fresh.append(capture)
        return tuple(fresh), tuple(known)

    def one_person(self, target: Target, captures: Sequence[Capture]) -> Agreement:
        """Which captures show the person: as stored, or as most of them show."""
        stored = [template.vector for template in stored_for(self._people, target, self._encoder)]
        if stored and captures:
            scores = self._encoder.scale.matrix(
                np.stack([c.vector for c in captures]), np.stack(stored)
            )
            same = [belongs(row, self.same_person) for row in scores]
            why = _("The face is not that of the photos stored for this person: left out.")
        else:
            alike = self.same_person if len(captures) > 2 else self._same_pair
            places: tuple[int, ...] = ()
            if captures:
                vectors = np.stack([c.vector for c in captures])
                places = majority(self._encoder.scale.matrix(vectors, vectors), alike)
            if captures and not places:
                return Agreement(tuple(captures), doubt=_differ(captures))
            same = [place in places for place in range(len(captures))]
            why = _("It shows another face than the other pictures of this person: left out.")
        pairs = list(zip(captures, same, strict=True))
        return Agreement(
            tuple(c for c, mine in pairs if mine), tuple(c for c, mine in pairs if not mine), why
        )

    def doubts(self, target: Target, captures: Sequence[Capture]) -> tuple[str, ...]:
        """What somebody must say yes to before it is stored."""
        doubts = []
        if target.person_id is None or target.names:
            doubts += self._name_doubts(target.name)
        best = self._somebody_else(target, captures) if captures else None
        if best is not None:
            doubts.append(
                _(
                    "This face is enrolled already as {other} (score {score}): one person "
                    "enrolled twice is let in under either name, or asked for a number."
                ).format(other=self._called(best.person_id), score=f"{best.score:.0f}")
            )
        return tuple(doubts)

    def _called(self, person_id: int) -> str:
        if person_id in self._rehearsed:
            return self._rehearsed[person_id][0]
        person = self._people.get(person_id)
        name = isolated(person.name)
        return f"{name} ({person.staff_number})" if person.staff_number else name

    def _name_doubts(self, name: str) -> list[str]:
        others = [p.name for p in self._people.find() if look_alike(p.name, name)]
        if others:
            return [
                _(
                    "The name {name} reads like {other}, who is enrolled: at the door and in the "
                    "log nobody could tell them apart."
                ).format(name=isolated(name), other=", ".join(dict.fromkeys(map(isolated, others))))
            ]
        if mixes_scripts(name):
            return [
                _(
                    "The name {name} mixes letters of different scripts that look the same: type "
                    "it anew."
                ).format(name=isolated(name))
            ]
        return []

    def _somebody_else(self, target: Target, captures: Sequence[Capture]) -> Candidate | None:
        """Who else is the person on the captures, as far as it can be told: the more people there
        are, the more alike the best of them is by chance. A single comparison is never taken for
        more than one in 10,000, for of several photos each the best counts."""
        templates = chain(
            self._people.templates(self._encoder.encoder_id, enabled_only=False),
            *(rehearsed for _name, rehearsed in self._rehearsed.values()),
        )
        others = (t for t in templates if t.person_id != target.person_id)
        gallery = Gallery.of(others, self._encoder.scale, self._gallery)
        self._gallery = gallery
        found = [best for capture in captures for best in gallery.search(capture.vector)[:1]]
        far = min(self._far, MAX_FAR_EACH * max(len(gallery), 1))
        point = operating_point(self._encoder.curve, far, len(gallery))
        best = max(found, key=lambda candidate: candidate.score, default=None)
        return best if best is not None and best.score >= point.threshold else None

    def rehearse(self, judged: Judged) -> None:
        """Take these captures for stored, until :meth:`forget`."""
        target = judged.target
        person_id = target.person_id or -1 - len(self._rehearsed)
        templates = tuple(
            Template(0, person_id, c.vector, self._encoder.encoder_id, c.quality, c.source, _NEVER)
            for c in judged.captures
        )
        self._rehearsed[person_id] = (target.name, templates)

    def forget(self) -> None:
        """Nobody is rehearsed any more."""
        self._rehearsed.clear()


def _differ(captures: Sequence[Capture]) -> str:
    names = ", ".join(capture.source for capture in captures)
    return _(
        "The pictures {names} do not seem to show one person: none is on most of them."
    ).format(names=names)
