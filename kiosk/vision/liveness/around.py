"""Frames made small, and what of them lies around a face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image

MOST: Final = 480
"""Pixels on a small picture's longer side, or down to half of them."""

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """A frame made small: RGB (rows, columns, 3) and grey (rows, columns); ``scale`` is a pixel
    of it by one of the frame."""

    image: Image
    grey: Grey
    scale: float

    def box(self, box: Box) -> Box:
        """A box of the frame, here."""
        return Box(*(self.scale * n for n in (box.x, box.y, box.width, box.height)))


def small(image: Image) -> Small:
    """The frame halved until its longer side is MOST or less: a face at the door then is 40 to
    100 px wide. Halving costs a fifth of what any other factor does."""
    made, scale = image, 1.0
    while max(made.shape[:2]) > MOST:
        rows, columns = (max(1, n // 2) for n in made.shape[:2])
        part = made[: 2 * rows, : 2 * columns]
        made = np.asarray(cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
        scale /= 2
    return Small(made, np.asarray(cv2.cvtColor(made, cv2.COLOR_RGB2GRAY), np.uint8), scale)


def ring(box: Box, shape: tuple[int, ...]) -> Mask:
    """Beside and above a head, (rows, columns): within a width and a half of the face's middle,
    where a photo would show its own background; without the hair and what is below the mouth,
    which are the person's own."""
    rows, columns = shape[:2]
    x, y = box.centre
    mask = np.zeros((rows, columns), np.bool_)
    mask[_part(y - 1.15 * box.height, y + 0.35 * box.height, rows),
         _part(x - 1.5 * box.width, x + 1.5 * box.width, columns)] = True  # fmt: skip
    mask[_part(y - 0.85 * box.height, rows, rows),
         _part(x - 0.85 * box.width, x + 0.85 * box.width, columns)] = False  # fmt: skip
    return mask


def others(box: Box, shape: tuple[int, ...]) -> Mask:
    """What is far enough from a face to be neither person nor photo: (rows, columns)."""
    rows, columns = shape[:2]
    x, y = box.centre
    mask = np.ones((rows, columns), np.bool_)
    aside = _part(x - 1.5 * box.width, x + 1.5 * box.width, columns)
    mask[_part(y - 1.15 * box.height, rows, rows), aside] = False
    return mask


def _part(begin: float, end: float, length: int) -> slice:
    low, high = (int(np.clip(at, 0, length)) for at in (begin, end))
    return slice(low, high)
