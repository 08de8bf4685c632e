"""Places, people and things in the hand, drawn quickly for the tests of what is around a face."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image

SIZE = (240, 320)


def room(seed: int = 0, size: tuple[int, int] = SIZE) -> Image:
    """A wall with a texture that can be followed."""
    rough = np.random.default_rng(seed).integers(40, 200, (size[0] // 8, size[1] // 8, 3))
    grown = cv2.resize(rough.astype(np.uint8), size[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.uint8)


def noisy(image: Image, seed: int, sigma: float = 2.0) -> Image:
    """As a sensor sees it."""
    rows, columns = image.shape[:2]
    down, across = seed * 7 % 61, seed * 13 % 97  # another part of it each time: quickly made
    noise = _noise()[down : down + rows, across : across + columns]
    return np.clip(image + sigma * noise, 0, 255).astype(np.uint8)


@cache
def _noise() -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((600, 760, 3), np.float32)


def head(image: Image, x: float, y: float, width: float) -> tuple[Image, Box]:
    """Somebody before it: head and shoulders, and where a detector would see the face."""
    out = image.copy()
    at = (round(x), round(y))
    shoulders = (round(x), round(y + 1.3 * width))
    cv2.ellipse(out, shoulders, (round(width), round(0.6 * width)), 0, 0, 360, (60, 60, 120), -1)
    axes = (round(0.58 * width), round(0.75 * width))
    cv2.ellipse(out, at, axes, 0, 0, 360, (200, 160, 140), -1)
    return out, Box(x - width / 2, y - 0.6 * width, width, 1.25 * width)


def in_hand(image: Image, thing: Image, x: float, y: float) -> Image:
    """A picture held before it, its middle at x, y to a fraction of a pixel."""
    rows, columns = thing.shape[:2]
    place = np.array([[1, 0, x - columns / 2], [0, 1, y - rows / 2]], np.float64)
    size = (image.shape[1], image.shape[0])
    shown = cv2.warpAffine(thing, place, size)
    full = np.full((rows, columns), 255, np.uint8)
    return np.asarray(np.where(cv2.warpAffine(full, place, size)[..., None] > 127, shown, image))
