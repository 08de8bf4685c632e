"""A wider part of a frame than the network sees: what made-up attacks are made on."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kiosk.domain.frame import Image, Points
from kiosk.vision.align import ARCFACE_112, similarity

PIXELS_A_FACE: Final = 160 / 1.2
"""A face on a canvas, in pixels: as large as the alignment's square, 112 of its pixels, which is
about 1.1 times its height in the detector's box."""
CANVAS: Final = 320
"""Pixels on a side: 2.4 faces."""
BLACK = 12  # what padding is at most, compression included

Rect = tuple[int, int, int, int]


def canvas(image: Image, landmarks: Points) -> tuple[Image, Rect]:
    """The part around a face, (CANVAS, CANVAS, 3), upright, and left, top, right, bottom of what
    the frame shows of it: the rest is black.

    Raises:
        BadImage: the landmarks don't span a face.
    """
    return upright(image, landmarks, CANVAS), on_canvas(image, square(landmarks))


def on_canvas(image: Image, face: tuple[float, float, float]) -> Rect:
    """Where `shown` of a frame lies on its canvas, a pixel less on every side."""
    x, y, size = face
    scale = PIXELS_A_FACE / size
    left, top, right, bottom = shown(image)
    low = [np.ceil(CANVAS / 2 + scale * (at - c)) + 1 for at, c in ((left, x), (top, y))]
    high = [np.floor(CANVAS / 2 + scale * (at - c)) - 1 for at, c in ((right, x), (bottom, y))]
    a, b, c, d = (int(np.clip(v, 0, CANVAS)) for v in (*low, *high))
    return a, b, c, d


def shown(image: Image) -> Rect:
    """What a picture shows without the black that it was padded with: left, top, right, bottom."""
    bright = image.max(axis=2) > BLACK
    rows, columns = (np.flatnonzero(bright.mean(axis=axis) > 0.02) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return 0, 0, image.shape[1], image.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def upright(image: Image, landmarks: Points, size: int) -> Image:
    """The frame's part around a face, (size, size, 3): upright, the face in the middle and
    PIXELS_A_FACE large; what lies outside the frame is black.

    Raises:
        BadImage: the landmarks don't span a face.
    """
    x, y, side = square(landmarks)
    scale = PIXELS_A_FACE / side
    if scale < 1:
        # Averaged first, not picked from: what is finer than a pixel would show as a pattern of
        # its own.
        left, top, right, bottom = _inside(image, (x, y), size / scale / 2 + 2)
        part = image[top:bottom, left:right]
        width, height = (max(1, round(scale * n)) for n in (right - left, bottom - top))
        image = np.asarray(
            cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA), np.uint8
        )
        x, y = (x - left) * width / (right - left), (y - top) * height / (bottom - top)
        place = np.array([[1, 0, round(size / 2 - x)], [0, 1, round(size / 2 - y)]], np.float64)
    else:
        offset = (scale - 1) / 2  # a pixel's centre is half a pixel from its corner
        place = np.array(
            [[scale, 0, size / 2 - scale * x + offset], [0, scale, size / 2 - scale * y + offset]]
        )
    return np.asarray(cv2.warpAffine(image, place, (size, size), flags=cv2.INTER_LINEAR), np.uint8)


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


def _inside(image: Image, middle: tuple[float, float], half: float) -> tuple[int, int, int, int]:
    """What of ``image`` lies within ``half`` pixels of a point each way: left, top, right, bottom,
    at least one pixel."""
    height, width = image.shape[:2]
    (left, right), (top, bottom) = (
        _span(at, half, n) for at, n in zip(middle, (width, height), strict=True)
    )
    return left, top, right, bottom


def _span(at: float, half: float, n: int) -> tuple[int, int]:
    low = int(np.clip(at - half, 0, n - 1))
    return low, int(np.clip(np.ceil(at + half), low + 1, n))
