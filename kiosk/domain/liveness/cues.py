"""What frames say of a face's being live, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Stream(StrEnum):
    """Whether a frame is one that a camera took just now."""

    FRESH = "fresh"
    SAME = "same"
    """The very picture of the frame before, as no sensor gives twice."""
    LOOP = "loop"
    """A picture that came before, some seconds ago: a clip that is shown again and again."""
    CLEAN = "clean"
    """Without the noise that every sensor has."""


Linear: TypeAlias = tuple[float, float, float]
"""Red, green and blue as light, 0 to 1, not as sRGB writes it: of twice the light twice as much."""


@dataclass(frozen=True, slots=True)
class Lit:
    """The mean light of a face's skin and of what is around the face; None where too little of it
    is in the picture."""

    skin: Linear
    around: Linear | None = None


@dataclass(frozen=True, slots=True)
class Cues:
    """What one frame says of one face. None: it could not be told.

    ``time`` is the frame's, in seconds. ``looks`` is the network's answer by the face and what is
    around it, the logarithm of the odds that it is live. ``turn`` is how far the
    nose stands from the middle of the eyes across, in distances between the eyes as they would be
    seen from the front: above nothing towards the right of the camera's unmirrored picture.
    ``motion`` is how far what is around the face goes in a tenth of a second, in face widths;
    ``changed`` how much of what is around it, 0 to 1, is not the empty scene that this camera
    knows. ``stream`` is what can be told of the source of the frames; ``lit`` what light the camera
    sees.
    """

    time: float
    looks: float | None = None
    turn: float | None = None
    motion: float | None = None
    changed: float | None = None
    stream: Stream = Stream.FRESH
    lit: Lit | None = None
