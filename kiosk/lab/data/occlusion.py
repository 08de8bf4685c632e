"""Masks and sunglasses, drawn onto aligned crops: what people wear at a door."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.lab.data.crops import aligned_points

Image = NDArray[np.uint8]
Points = NDArray[np.float64]

_EYES_AND_MOUTH = aligned_points().astype(np.float64)
_CLOTHS = np.array([(240, 240, 240), (150, 190, 220), (30, 30, 35)])
_SMOOTH = 4  # cv2's fixed point: 1/16 pixel


def occlude(crop: Image, rng: np.random.Generator) -> Image:
    """A copy of an aligned crop (128, 128, 3) with a mask or with sunglasses on it."""
    drawn = crop.copy()
    wear = draw_mask if rng.random() < 0.5 else draw_sunglasses
    wear(drawn, rng)
    return drawn


def draw_mask(image: Image, rng: np.random.Generator) -> None:
    """A mask onto a crop (128, 128, 3), in place: from the bridge of the nose to under the chin, of
    one colour, with or without folds."""
    left_eye, right_eye, nose, left_mouth, right_mouth = _EYES_AND_MOUTH
    top = nose[1] - rng.uniform(2, 14)
    chin = (left_mouth[1] + right_mouth[1]) / 2 + rng.uniform(18, 26)
    left, right = left_eye[0] - rng.uniform(14, 20), right_eye[0] + rng.uniform(14, 20)
    outline = np.array(
        [
            (left, top + rng.uniform(2, 10)), (nose[0], top), (right, top + rng.uniform(2, 10)),
            (right - rng.uniform(4, 10), chin - 12), (nose[0], chin), (left + 7, chin - 12),
        ]
    )  # fmt: skip
    colour = rng.integers(0, 256, 3) if rng.random() < 0.25 else rng.choice(_CLOTHS)
    _fill(image, outline + rng.normal(0, 1.0, outline.shape), colour)
    for share in (0.45, 0.6, 0.75) if rng.random() < 0.5 else ():
        y = int(top + share * (chin - top))
        ends = (int(left + 8), y), (int(right - 8), y)
        cv2.line(image, *ends, [int(c) for c in 0.85 * np.asarray(colour)], 1, cv2.LINE_AA)


def draw_sunglasses(image: Image, rng: np.random.Generator) -> None:
    """Two dark lenses and the bridge between them onto a crop (128, 128, 3), in place."""
    eyes = _EYES_AND_MOUTH[:2] + rng.normal(0, 1.0, 2)
    colour = rng.integers(5, 60, 3)
    width, height = rng.uniform(13, 17), rng.uniform(8, 13)
    corner = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    square = rng.uniform(0.5, 1.0)  # the superellipse's exponent: from round to nearly square
    lens = np.stack([_power(np.cos(corner), square), _power(np.sin(corner), square)], axis=1)
    for eye in eyes:
        _fill(image, eye + lens * (width, height), colour)
    y = int(eyes[:, 1].mean() - height / 3)
    ends = (int(eyes[0, 0] + width), y), (int(eyes[1, 0] - width), y)
    cv2.line(image, *ends, [int(c) for c in colour], 2, cv2.LINE_AA)


def _power(x: Points, exponent: float) -> Points:
    return np.asarray(np.sign(x) * np.abs(x) ** exponent)


def _fill(image: Image, outline: Points, colour: NDArray[np.generic]) -> None:
    points = np.round(outline * 2**_SMOOTH).astype(np.int32)
    cv2.fillPoly(image, [points], [int(c) for c in colour], cv2.LINE_AA, _SMOOTH)
