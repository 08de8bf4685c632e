"""What somebody is asked to do in a challenge, for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Colour = tuple[int, int, int]
"""sRGB, 0 to 255 each."""


class Ask(StrEnum):
    """What is asked now. Left and right are those of the person who is asked: whoever looks into
    the mirrored picture turns towards the arrow."""

    STRAIGHT = "straight"
    LEFT = "left"
    RIGHT = "right"
    LIGHT = "light"
    """Nothing but to look into the camera, while the screen changes its colour."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the screen shows of a challenge.

    ``turned`` is how much of the turn asked for is made, 0 to 1; ``left`` how much of the time for
    it is left, 1 to 0; ``done`` of ``asks`` turns are made. ``missed``: the turn before was not
    made as asked, and this is another chance. ``colour`` is sRGB, 0 to 255 each, that the screen is
    to be lit with while ``ask`` is LIGHT.
    """

    ask: Ask
    turned: float = 0.0
    left: float = 1.0
    done: int = 0
    asks: int = 2
    missed: bool = False
    colour: Colour | None = None
