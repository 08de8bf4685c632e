"""What looks like a face and belongs to the room: a poster, a portrait, a picture on a monitor.

Nobody keeps a face still. On a clip of somebody who tries to (``live_blinks.mp4``) the middle of
the face wanders by 7% of its size within 19 s, and the longest time in which the picture at one
place stays as it was (a correlation of 0.98) is 4.3 s; a picture of the same face keeps 0.9999
under a sensor's noise, and its box stays within 1.2%. So what has stayed in its place and unchanged
for two minutes is a thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image

AFTER: Final = 120.0
"""Seconds after which what has not moved counts as furniture."""
FORGOTTEN: Final = 300.0
"""Seconds of looking after which furniture that is no longer seen is forgotten."""
_LOOKS: Final = 50
"""As often it must have been looked at in that time."""
_GAP: Final = 3.0
"""Seconds without the face after which a thing that is still watched begins anew: a detector may
miss a face for a moment."""
_PLACE: Final = 0.05
"""How far middle and size of the box may differ, as a share of the face's size: the detector's
own unrest."""
_SAME: Final = 0.98
_FAMILIAR: Final = 0.95
"""The correlation at which furniture is known again: light may have changed a little."""
_GRID: Final = 24
_POINTS: Final = 4
"""Points looked at each way in a cell of the grid: their mean is free of the sensor's noise."""
_FOLLOW: Final = 0.02
"""How fast what is remembered follows the light of the day, each look."""
_MOST: Final = 32


@dataclass(slots=True)
class _Thing:
    box: Box
    look: NDArray[np.float32]
    since: float
    seen: float
    looks: int = 1
    known: bool = field(default=False)


class Furniture:
    """Remembers what has not moved. One thread owns it; a call takes less than 1 ms a face."""

    def __init__(self) -> None:
        self._things: list[_Thing] = []
        self._now = float("-inf")

    def __len__(self) -> int:
        """How many things are known as furniture."""
        return sum(thing.known for thing in self._things)

    def among(self, now: float, image: Image, boxes: Sequence[Box]) -> tuple[bool, ...]:
        """Which of the faces found in a picture are furniture.

        ``now`` is the frame's time in seconds; a source that begins anew is looked at anew.
        """
        if now < self._now:
            self._things.clear()
        self._now = now
        answers = tuple(self._is_known(now, image, box) for box in boxes)
        self._things = [thing for thing in self._things if self._stays(thing)][-_MOST:]
        return answers

    def _is_known(self, now: float, image: Image, box: Box) -> bool:
        here = [thing for thing in self._things if _same_place(thing.box, box)]
        for thing in here:
            # At the place where it was first seen, so that the detector's unrest plays no part.
            look = _look(image, thing.box)
            if float((look * thing.look).mean()) >= (_FAMILIAR if thing.known else _SAME):
                thing.look = _normal(thing.look + _FOLLOW * (look - thing.look))
                thing.seen = now
                thing.looks += 1
                thing.known |= now - thing.since >= AFTER and thing.looks >= _LOOKS
                return thing.known
        # Somebody is there who moves: what was watched around this place was no thing.
        self._things = [thing for thing in self._things if thing.known or thing.box.iou(box) < 0.3]
        self._things.append(_Thing(box, _look(image, box), since=now, seen=now))
        return False

    def _stays(self, thing: _Thing) -> bool:
        return self._now - thing.seen < (FORGOTTEN if thing.known else _GAP)


def _same_place(known: Box, box: Box) -> bool:
    (x, y), (known_x, known_y) = box.centre, known.centre
    slack = max(2.0, _PLACE * known.size)
    return (
        abs(x - known_x) <= slack
        and abs(y - known_y) <= slack
        and abs(box.width - known.width) <= slack
        and abs(box.height - known.height) <= slack
    )


def _look(image: Image, box: Box) -> NDArray[np.float32]:
    """The face in grey on a coarse grid, whatever the light's strength."""
    height, width = image.shape[:2]
    steps = (np.arange(_GRID * _POINTS) + 0.5) / (_GRID * _POINTS)
    rows = (box.y + steps * box.height).astype(int).clip(0, height - 1)
    columns = (box.x + steps * box.width).astype(int).clip(0, width - 1)
    grey = image[rows[:, None], columns].mean(axis=2, dtype=np.float32)
    return _normal(grey.reshape(_GRID, _POINTS, _GRID, _POINTS).mean(axis=(1, 3)))


def _normal(look: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = look - look.mean()
    return np.asarray(centred / max(float(centred.std()), 1e-6), np.float32)
