"""What of a frame is looked at to tell a live face from a picture of one: the face with what is
around it (skin or paper, an edge, a bezel, a hand, a room that is lit otherwise)."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kiosk.domain.frame import Box, Image

SIDE: Final = 80
"""Pixels on a side."""
TIMES: Final = 2.7
"""How many times the face's box is shown, where the frame is as large: as MiniFASNet has it, whose
answers are learned from."""


def around(image: Image, box: Box, times: float = TIMES) -> Image:
    """A face with what is around it, (SIDE, SIDE, 3), stretched to a square."""
    left, top, right, bottom = enlarged(box, times, image)
    part = image[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
    # Picked from, not averaged, as MiniFASNet does.
    return np.asarray(cv2.resize(part, (SIDE, SIDE)), np.uint8)


def enlarged(box: Box, times: float, image: Image) -> tuple[int, int, int, int]:
    """The box so many times as large, less where the picture is smaller, moved inside: left, top
    and the last column and row, as Silent-Face-Anti-Spoofing's generate_patches.py has it."""
    height, width = image.shape[:2]
    box_width, box_height = max(box.width, 1.0), max(box.height, 1.0)
    times = min((height - 1) / box_height, (width - 1) / box_width, times)
    x, y = box.centre
    left, right = x - box_width * times / 2, x + box_width * times / 2
    top, bottom = y - box_height * times / 2, y + box_height * times / 2
    across = max(0.0, -left) - max(0.0, right - (width - 1))
    down = max(0.0, -top) - max(0.0, bottom - (height - 1))
    return int(left + across), int(top + down), int(right + across), int(bottom + down)
