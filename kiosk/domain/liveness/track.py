"""Is the face in this frame the one of the frame before, by where it is? Times in seconds."""

from __future__ import annotations

import math
from typing import Final

from kiosk.domain.frame import Box

VANISH: Final = 0.5
"""Seconds for which a face may be out of sight."""
JUMP: Final = 0.6
"""Of its size: as far as it may go between two frames,"""
GROW: Final = 1.5
"""and as many times as large it may become."""


def jumped(before: Box, box: Box, jump: float = JUMP, grow: float = GROW) -> bool:
    """Whether a face can't have gone from one place to the other."""
    (x, y), (to_x, to_y) = before.centre, box.centre
    small, large = sorted((before.size, box.size))
    moved = math.hypot(to_x - x, to_y - y)
    return moved > jump * large or large > grow * small


class Track:
    """One face after the other. One thread."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._seen = float("-inf")

    def see(self, now: float, box: Box | None) -> bool:
        """A frame, with where the face is in it; whether it may still be the same one."""
        if box is None:
            return now - self._seen <= VANISH
        before, self._box = self._box, box
        held = before is not None and 0 <= now - self._seen <= VANISH and not jumped(before, box)
        self._seen = now
        return held
