"""Is the face in this frame the one of the frame before, by where it is? Times in seconds."""

from __future__ import annotations

import math
from typing import Final

from kiosk.domain.frame import Box

VANISH: Final = 0.5
"""Seconds for which a face may be out of sight,"""
STALL: Final = 1.5
"""and for which there may be no frames: long enough for lost ones, too short to change places."""
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


class Absence:
    """For how long something is missing. Only frames that show it to be missing count: a camera
    that loses frames says nothing about what stands before it."""

    def __init__(self) -> None:
        self._before: float | None = None
        self._since: float | None = None

    def see(self, now: float, missing: bool, longest: float) -> bool:
        """A frame; whether it is, or was until now, missing for more than ``longest`` seconds, or
        nothing was seen at all for ``STALL``."""
        stalled = self._before is not None and not 0 <= now - self._before <= STALL
        self._before = now
        if missing and self._since is None:
            self._since = now
        gone = self._since is not None and now - self._since > longest
        if not missing:
            self._since = None
        return gone or stalled


class Track:
    """One face after the other. One thread."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._absence = Absence()

    def see(self, now: float, box: Box | None) -> bool:
        """A frame, with where the face is in it; whether it may still be the same one."""
        gone = self._absence.see(now, box is None, VANISH)
        if gone:
            self._box = None
        if box is None:
            return self._box is not None
        before, self._box = self._box, box
        return before is not None and not jumped(before, box)
