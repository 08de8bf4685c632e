"""What will keep somebody from being let in though they are enrolled: said when that is done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.domain.frame import Vector
from kiosk.domain.language import _
from kiosk.domain.names import folded, isolated, typeable
from kiosk.domain.people import FAIR, Template
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.records import PeopleRecords
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import operating_point
from kiosk.services.enrol.enroller import Capture
from kiosk.services.enrol.target import Target, stored_for

EVERYBODY = 1_000_000
"""More people than any site has: the threshold is nowhere higher."""


class Prospects:
    """By the settings in force. One thread; a call reads the database."""

    def __init__(self, people: PeopleRecords, encoder: EncoderInfo, settings: Settings) -> None:
        self._people = people
        self._encoder = encoder
        self._settings = settings

    def obstacles(self, target: Target, captures: Sequence[Capture]) -> tuple[str, ...]:
        """A sentence for each, with what to do, once these captures are stored beside the photos
        that the person has. Nothing where nobody would be enrolled."""
        photos: list[Template | Capture] = [
            *stored_for(self._people, target, self._encoder),
            *captures,
        ]
        if not photos:
            return ()
        found = [*self._switched_off(target), *self._typing(target)]
        name = isolated(target.name)
        if len(photos) == 1:
            found.append(
                _("There is only one photo of {name}: with two or three more it works better.")
                .format(name=name)
            )  # fmt: skip
        if all(photo.quality < FAIR for photo in photos):
            found.append(
                _(
                    "Every photo of {name} is poor, so the face may be refused: add a sharp one "
                    "in even light."
                ).format(name=name)
            )
        elif self._unlike([photo.vector for photo in photos]):
            found.append(
                _(
                    "The photos of {name} are less alike than the door asks for, so the face may "
                    "be refused: add some from the camera at the door."
                ).format(name=name)
            )
        return tuple(found)

    def _switched_off(self, target: Target) -> list[str]:
        if target.person_id is None or self._people.get(target.person_id).enabled:
            return []
        return [
            _("{name} is switched off and will not be let in: switch them on in the panel.").format(
                name=isolated(target.name)
            )
        ]

    def _typing(self, target: Target) -> list[str]:
        """The other way in, which claimed mode, a PIN and a close call need."""
        name, number = target.name, target.staff_number
        if number:
            if typeable(number) or typeable(name):
                return []
            return [
                _(
                    "Give {name} another staff number: neither this one nor the name can be typed "
                    "at the door."
                ).format(name=isolated(name))
            ]
        if not typeable(name):
            return [
                _("Give {name} a staff number: the name can't be typed at the door.").format(
                    name=isolated(name)
                )
            ]
        taken = [
            other.name
            for other in self._people.find(name)
            if other.id != target.person_id
            and folded(name) in (folded(other.name), folded(other.staff_number or ""))
        ]
        if not taken:
            return []
        return [
            _(
                "Give {name} a staff number: at the door the name may also stand for {other}."
            ).format(name=isolated(name), other=", ".join(dict.fromkeys(map(isolated, taken))))
        ]

    def _unlike(self, vectors: Sequence[Vector]) -> bool:
        """Whether by the others none of the photos would be recognised at the door."""
        if len(vectors) < 2:
            return False
        photos = np.stack(vectors)
        photos /= np.linalg.norm(photos, axis=1, keepdims=True)
        others = photos.sum(axis=0) - photos
        others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), np.float32(1e-6))
        best = float(self._encoder.scale.matrix(photos, others).diagonal().max())
        # Counted only where it matters: that reads every photo there is.
        return best < self._threshold(EVERYBODY) and best < self._threshold(self._count())

    def _threshold(self, people: int) -> float:
        comparisons = people if self._settings.mode == "walk_up" else 1
        return operating_point(self._encoder.curve, self._settings.far, comparisons).threshold

    def _count(self) -> int:
        return len({t.person_id for t in self._people.templates(self._encoder.encoder_id)})
