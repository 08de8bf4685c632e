"""The oval on the screen that a face belongs in, as a part of the camera's picture."""

from __future__ import annotations

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Box
from kiosk.domain.region import Region

PROPORTION = 0.74
"""Width of the oval over its height: a head, upright."""
HEIGHT = 0.9
"""Height of the oval over that of the region that is looked at."""
WIDEST = 0.86
"""The most of the region's width that it takes."""


def guide(box: Box, region: Region, width: int, height: int) -> Hint:
    """Which way a face must move to stand before the kiosk; NONE where it does: its middle lies
    between the oval's sides, and it is no taller than the oval. Too high or too low is cut off, or
    far away, and told as that.

    ``box`` is in a picture of ``width`` x ``height`` pixels, not mirrored; the oval stands in the
    middle of ``region``.
    """
    left, top, right, bottom = region.pixels(width, height)
    if box.height > HEIGHT * (bottom - top):
        return Hint.STEP_BACK
    half = min(PROPORTION * HEIGHT * (bottom - top), WIDEST * (right - left)) / 2
    off = box.centre[0] - (left + right) / 2
    if off > half:
        return Hint.MOVE_LEFT
    return Hint.MOVE_RIGHT if off < -half else Hint.NONE
