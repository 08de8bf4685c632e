"""Augmentation of aligned crops, cheap enough for one core to feed itself (about 0.3 ms a crop).

Only what a kiosk's camera does to a face: it stands a little off, turns, is lit otherwise, is
blurred, compressed or of few pixels, wears a mask or sunglasses, and has some other background.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.lab.data.crops import CROP_SIZE, STANDARD_SIZE, standard
from kiosk.lab.data.occlusion import occlude

Image = NDArray[np.uint8]

BORDERS = (0.14, 0.22, 0.14, 0.14)  # left, top, right, bottom: at most replaced, of the side
BLACK, PLAIN = 0.35, 0.15  # of the borders; the rest is soft


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How strong: lengths in pixels of a 112 px crop, angles in degrees, the rest 0 to 1."""

    shift: float = 5.0
    degrees: float = 8.0
    scale: float = 0.08
    low_resolution: float = 0.25
    blur: float = 0.15
    border: float = 0.25
    grey: float = 0.08
    jpeg: float = 0.1
    light: float = 0.2
    occlusion: float = 0.05


def plain(crops: Image, size: int) -> Image:
    """The standard crop, resized: (n, 128, 128, 3) to (n, size, size, 3).  No chance involved."""
    if size == STANDARD_SIZE:
        return np.ascontiguousarray(standard(crops))
    return np.stack(
        [cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA) for crop in standard(crops)]
    ).astype(np.uint8)


def _place(crop: Image, size: int, how: Augmentation, rng: np.random.Generator) -> Image:
    """Rotate, scale, shift and flip in one interpolation, after shrinking with area averaging."""
    full = CROP_SIZE * size / STANDARD_SIZE
    sharpness = rng.uniform(0.3, 0.9) if rng.random() < how.low_resolution else 1.0
    side = round(full * sharpness)
    shrunk = (
        crop if side == CROP_SIZE else cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    )
    angle = np.deg2rad(np.clip(rng.normal(0, how.degrees / 2), -how.degrees, how.degrees))
    zoom = np.exp(rng.uniform(-how.scale, how.scale)) * full / side
    cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    centre_in, centre_out = (side - 1) / 2, (size - 1) / 2
    move = rng.uniform(-how.shift, how.shift, 2) * size / STANDARD_SIZE
    linear = np.array([[cos * mirror, -sin], [sin * mirror, cos]])
    offset = centre_out + move - linear @ np.array([centre_in, centre_in])
    return np.asarray(
        cv2.warpAffine(
            shrunk,
            np.column_stack([linear, offset]),
            (size, size),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        ),
        np.uint8,
    )


def _relight(image: Image, how: Augmentation, rng: np.random.Generator) -> Image:
    """Gamma, contrast, brightness and white balance through one table a channel."""
    ramp = np.linspace(0, 1, 256)[:, None]
    gamma = np.exp(rng.uniform(-1.6, 1.6) * how.light)
    contrast = np.exp(rng.uniform(-1.2, 1.2) * how.light)
    white = np.exp(rng.uniform(-0.4, 0.4, 3) * how.light)
    lift = rng.uniform(-0.4, 0.4) * how.light
    table = ((ramp**gamma - 0.5) * contrast + 0.5 + lift) * white
    return np.asarray(
        cv2.LUT(image, np.clip(table * 255 + 0.5, 0, 255).astype(np.uint8)[None]), np.uint8
    )


def _new_border(image: Image, other: Image, rng: np.random.Generator) -> Image:
    """Replace what lies outside a random rectangle by a blurred other picture or by one colour.

    At the top most: foreheads are what a camera's frame cuts off, and what it cuts off is black.
    """
    size = image.shape[0]
    left, top, right, bottom = (rng.uniform(0, BORDERS) * size).astype(int)
    kind = rng.random()
    if kind < BLACK:
        ground: Image = np.zeros_like(image)
    elif kind < BLACK + PLAIN:
        ground = np.full_like(image, rng.integers(0, 256, 3, dtype=np.uint8))
    else:
        small = cv2.resize(other, (4, 4), interpolation=cv2.INTER_AREA)
        ground = np.asarray(
            cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC), np.uint8
        )
    inside = np.s_[top : size - bottom, left : size - right]
    ground[inside] = image[inside]
    return np.asarray(ground, np.uint8)


def augment(crops: Image, size: int, how: Augmentation, rng: np.random.Generator) -> Image:
    """uint8 (n, 128, 128, 3) to uint8 (n, size, size, 3); the same generator gives the same."""
    out = np.empty((len(crops), size, size, 3), np.uint8)
    for row, crop in enumerate(crops):
        worn = occlude(crop, rng) if rng.random() < how.occlusion else crop
        image = _place(worn, size, how, rng)
        if rng.random() < how.border:
            image = _new_border(image, crops[rng.integers(len(crops))], rng)
        image = _relight(image, how, rng)
        if rng.random() < how.blur:
            image = np.asarray(
                cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.4) * size / STANDARD_SIZE),
                np.uint8,
            )
        if rng.random() < how.grey:
            image = np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
        if rng.random() < how.jpeg:
            quality = int(rng.integers(30, 90))
            _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
            image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
        out[row] = image
    return out
