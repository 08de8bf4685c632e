"""Where everything on the page lies, at any size; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRect

from kiosk.ui.kiosk.band import VEILED

LETTERS = 1 / 12
"""The sentence's size over the page's height."""
TOUCH = 1 / 13
"""A button's height over the page's; never under 44 pixels."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be placed: ``other_way``, ``action`` and ``also`` are the widths that the buttons
    would like to have, in pixels; 0 where one is not shown. ``clock``: the page is idle."""

    clock: bool = False
    other_way: int = 0
    action: int = 0
    also: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """In pixels. ``guide`` is the oval's for ``CameraView.set_guide``, ``foot`` how much of the
    band's lower edge is the buttons', ``letters`` the sentence's size; ``small``: the other way has
    room for its icon only."""

    upright: bool
    camera: QRect
    guide: tuple[float, float, float]
    band: QRect
    foot: int
    letters: float
    other_way: QRect
    small: bool
    door: QRect
    action: QRect
    also: QRect
    pad: QRect


def touch(height: int) -> int:
    """A button's height on a page of this height, in pixels."""
    return max(44, math.ceil(TOUCH * height))


def places(width: int, height: int, wanted: Wanted) -> Places:
    """All of it on a page of this size."""
    upright = width < height
    side = touch(height)
    margin = round(0.22 * side)
    stacked = upright and wanted.also > 0
    foot = side + 2 * margin + (side + margin if stacked else 0)
    idle_top, top = (0.6, 0.56) if upright else (0.56, 0.66)
    # The picture ends where nothing of it is seen any more under the idle page's veil.
    seen = idle_top + VEILED * (1 - idle_top)
    band_top = round((idle_top if wanted.clock else top) * height)
    y = height - margin - side
    left, button = wanted.other_way or side, wanted.action
    if button and 2 * left + button + 4 * margin > width:
        left = side  # only its icon has room beside the large button
        button = min(button, width - 2 * side - 4 * margin)
    action, also = QRect((width - button) // 2, y, button, side), QRect()
    if wanted.also:
        # A pair in the middle, or one above the other; the corner is the panel's.
        row = 0 if stacked else wanted.also + margin
        start = (width - button - row) // 2
        action = QRect(start, y - side - margin if stacked else y, button, side)
        beside = (width - wanted.also) // 2 if stacked else start + button + margin
        also = QRect(beside, y, wanted.also, side)
    pad_top = round(0.015 * height)
    pad_height = round(top * height) - 2 * pad_top
    return Places(
        upright,
        QRect(0, 0, width, round(seen * height)),
        (0.5, top / 2 / seen, 0.9 * min(top, idle_top + 0.05) / seen),
        QRect(0, band_top, width, height - band_top),
        foot,
        LETTERS * height,
        QRect(margin, y, left, side),
        left == side,
        QRect(width - margin - side, y, side, side),
        action,
        also,
        QRect(round(0.02 * width), pad_top, round(0.96 * width), pad_height),
    )
