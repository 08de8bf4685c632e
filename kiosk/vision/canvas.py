"""What of a frame is looked at to tell a live face from a picture of one.

Without LiteRT, so that the network can be trained where that is not installed.
"""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.domain.frame import Image, Points
from kiosk.vision.align import ARCFACE_112, similarity

VIEW = 160
"""Pixels on a side of each of the two views."""
CANVAS = 2 * VIEW
"""Pixels on a side of the part of a frame that both are cut from: its middle is the near view, all
of it, halved, the far one."""
PIXELS_A_FACE = VIEW / 1.2
"""A face on the canvas, in pixels: so large that the near view holds 1.2 of it. A face is as large
as the alignment's square, 112 of its pixels, which is about 1.1 times its height in the
detector's box."""


def canvas(image: Image, landmarks: Points) -> Image:
    """The frame's part around a face, (CANVAS, CANVAS, 3): upright, the face in the middle and
    PIXELS_A_FACE large; what lies outside the frame is black.

    Raises:
        BadImage: the landmarks don't span a face.
    """
    x, y, size = square(landmarks)
    scale = PIXELS_A_FACE / size
    if scale < 1:
        # Averaged first, not picked from: what is finer than a pixel would show as a pattern of
        # its own.
        left, top, right, bottom = inside(image, (x, y, size))
        part = image[top:bottom, left:right]
        width, height = (max(1, round(scale * n)) for n in (right - left, bottom - top))
        image = np.asarray(
            cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA), np.uint8
        )
        x, y = (x - left) * width / (right - left), (y - top) * height / (bottom - top)
        place = np.array([[1, 0, round(CANVAS / 2 - x)], [0, 1, round(CANVAS / 2 - y)]], np.float64)
    else:
        offset = (scale - 1) / 2  # a pixel's centre is half a pixel from its corner
        place = np.array(
            [
                [scale, 0, CANVAS / 2 - scale * x + offset],
                [0, scale, CANVAS / 2 - scale * y + offset],
            ]
        )
    return np.asarray(
        cv2.warpAffine(image, place, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR), np.uint8
    )


def square(landmarks: Points) -> tuple[float, float, float]:
    """A face's centre (x, y) and size in pixels, whatever way it is turned.

    Raises:
        BadImage: the landmarks don't span a face.
    """
    matrix = similarity(landmarks, ARCFACE_112)
    half = ARCFACE_112.size / 2
    x, y, _one = np.linalg.inv(matrix) @ np.array([half, half, 1.0])
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    return float(x), float(y), ARCFACE_112.size / scale


def inside(image: Image, face: tuple[float, float, float]) -> tuple[int, int, int, int]:
    """What of ``image`` a canvas around ``face`` shows: left, top, right, bottom in pixels, at
    least one pixel each way."""
    x, y, size = face
    half = size * CANVAS / PIXELS_A_FACE / 2 + 2
    height, width = image.shape[:2]
    left, top = (int(np.clip(at - half, 0, n - 1)) for at, n in ((x, width), (y, height)))
    right, bottom = (
        int(np.clip(np.ceil(at + half), low + 1, n))
        for at, low, n in ((x, left, width), (y, top, height))
    )
    return left, top, right, bottom
