"""Where everything on the page lies, at any size; pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect

from kiosk.ui.kiosk.band import VEILED

LETTERS = 1 / 12
"""The sentence's size over the page's height."""
TOUCH = 1 / 13
"""A button's height over the page's; never under 44 pixels."""
CHOICE = 1.35
"""How much higher buttons are that there is a choice of, where the page is wide."""
SENTENCE = 0.25
"""What is left above rows of buttons for the sentence and its icon, over the page's height."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be placed: ``other_way`` and ``offers`` are the widths that the buttons would like
    to have, in pixels; 0 where the first is not shown. ``clock``: the page is idle."""

    clock: bool = False
    other_way: int = 0
    offers: tuple[int, ...] = ()


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
    offers: tuple[QRect, ...]
    pad: QRect


def touch(height: int) -> int:
    """A button's height on a page of this height, in pixels."""
    return max(44, math.ceil(TOUCH * height))


def offer_height(width: int, height: int, count: int) -> int:
    """The height of each of so many large buttons, in pixels."""
    return round((CHOICE if count > 1 and width >= height else 1) * touch(height))


def places(width: int, height: int, wanted: Wanted) -> Places:
    """All of it on a page of this size."""
    upright = width < height
    side = touch(height)
    margin = round(0.22 * side)
    rows = _rows(len(wanted.offers), upright=upright)
    tall = offer_height(width, height, len(wanted.offers))
    foot = margin + max(1, len(rows)) * (tall + margin)
    idle_top, top = (0.6, 0.56) if upright else (0.56, 0.66)
    # The picture ends where nothing of it is seen any more under the idle page's veil.
    seen = idle_top + VEILED * (1 - idle_top)
    band_top = round((idle_top if wanted.clock else top) * height)
    if len(rows) > 1:
        band_top = min(band_top, height - foot - round(SENTENCE * height))
    y = height - margin - side
    left, widest = wanted.other_way or side, max(wanted.offers, default=0)
    if widest and 2 * left + widest + 4 * margin > width:
        left = side  # only its icon has room beside the large button
    room = width - 2 * (left if len(wanted.offers) < 2 else side) - 4 * margin
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
        tuple(
            _grid(
                rows, widest, QRect((width - room) // 2, height - margin - tall, room, tall), margin
            )
        ),
        QRect(round(0.02 * width), pad_top, round(0.96 * width), pad_height),
    )


def _rows(count: int, *, upright: bool) -> tuple[int, ...]:
    """How many buttons stand beside each other, from above; the first, the likely one, may have a
    row of its own."""
    if not upright or count < 2:
        return (count,) if count else ()
    return (2, 2) if count == 4 else (1, count - 1)


def _grid(rows: tuple[int, ...], widest: int, last: QRect, gap: int) -> Iterator[QRect]:
    """Rows of buttons of one width, ``last`` the room for the lowest; the corners are others'."""
    most = max(rows, default=1)
    wide = min(most * widest + (most - 1) * gap, last.width())
    left = last.left() + (last.width() - wide) // 2
    for place, count in enumerate(rows):
        y = last.top() - (len(rows) - 1 - place) * (last.height() + gap)
        each = (wide - (count - 1) * gap) // count
        for number in range(count):
            yield QRect(left + number * (each + gap), y, each, last.height())
