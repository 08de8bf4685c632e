"""Soft polygons on a canvas, and the ellipsoid that a drawn face lies on.

Coordinates of a face are in half head heights: x to the viewer's right, y down, z towards the
viewer, the chin at y = 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.drawn_faces.looks import Colour, Look, Pose

Floats = NDArray[np.float64]
Shades = NDArray[np.float32]
Area = tuple[slice, slice]

CANVAS = 320  # pixels a side of the picture that a person is drawn on
UNIT = 92.0  # pixels a half head height
CENTRE = (160.0, 150.0)  # where the head's middle is


class Canvas:
    """Colour premultiplied by alpha; shapes are blended into it one after the other."""

    def __init__(self) -> None:
        self.colour = np.zeros((CANVAS, CANVAS, 3), np.float32)
        self.alpha = np.zeros((CANVAS, CANVAS), np.float32)

    def fill(self, points: Floats, colour: Colour, opacity: float = 1.0, soft: float = 0.0) -> None:
        """A polygon of points (n, 2) in pixels; ``soft`` blurs its edge, in pixels."""
        area, cover = _mask(points, soft)
        cover *= opacity
        self.colour[area] += cover[..., None] * (np.array(colour, np.float32) - self.colour[area])
        self.alpha[area] += cover * (1 - self.alpha[area])

    def shade(self, points: Floats, factor: float, soft: float) -> None:
        """Darken (factor below 1) or brighten what is there, softly."""
        area, cover = _mask(points, soft)
        self.colour[area] *= 1 + (factor - 1) * cover[..., None]


def _mask(points: Floats, soft: float) -> tuple[Area, Shades]:
    """A polygon's part of the canvas, and how much of each pixel there it covers, 0 to 1."""
    reach = 2 + int(3 * soft)
    left, top = np.clip(np.floor(points.min(axis=0)).astype(int) - reach, 0, CANVAS - 1)
    right, bottom = np.clip(np.ceil(points.max(axis=0)).astype(int) + reach, 1, CANVAS)
    mask = np.zeros((max(bottom - top, 1), max(right - left, 1)), np.uint8)
    corners = np.round((points - (left, top)) * 16).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255, lineType=cv2.LINE_AA, shift=4)
    cover = mask.astype(np.float32) / np.float32(255)
    area = (slice(top, top + mask.shape[0]), slice(left, left + mask.shape[1]))
    return area, blur(cover, soft) if soft > 0 else cover


class Head:
    """Puts points of the face onto the head's ellipsoid, turns them and projects them."""

    def __init__(self, look: Look, pose: Pose) -> None:
        self._width, self._depth = look.width, 0.85
        yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
        turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
        nod = np.array(
            [[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]]
        )
        lean = np.array(
            [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
        )
        self._rotation = lean @ nod @ turn
        self._lean = lean[:2, :2]

    def face(self, points: Floats, lift: float = 0.0) -> Floats:
        """Points (n, 2) of the front onto pixels; ``lift`` raises them above the skin."""
        x, y = points[:, 0], points[:, 1]
        inside = 1 - (x / (self._width * 1.02)) ** 2 - (y / 1.12) ** 2
        z = self._depth * np.sqrt(np.clip(inside, 0.02, None)) + lift
        turned = np.stack([x, y, z], axis=1) @ self._rotation.T
        # The pivot is the neck, behind the face: what turns also moves aside a little.
        return np.asarray(turned[:, :2] * UNIT + CENTRE)

    def flat(self, points: Floats, follow: float = 0.0) -> Floats:
        """Points (n, 2) of the silhouette onto pixels; ``follow`` is the share of the turn's
        shift that they take part in."""
        shift = self._rotation[:2, 2] * self._depth * follow
        return np.asarray((points @ self._lean.T + shift) * UNIT + CENTRE)


def oval(x: float, y: float, width: float, height: float, count: int = 40) -> Floats:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], axis=1)


def stroke(xs: Sequence[float], ys: Sequence[float], weights: Sequence[float]) -> Floats:
    """A brush stroke through some points, as a polygon; weights are its half widths."""
    at = np.linspace(0, 1, 24)
    knots = np.linspace(0, 1, len(xs))
    # A parabola through the three or a polynomial through the four points: smooth, no library.
    x = np.polyval(np.polyfit(knots, xs, len(xs) - 1), at)
    y = np.polyval(np.polyfit(knots, ys, len(ys) - 1), at)
    weight = np.interp(at, knots, weights)
    upper = np.stack([x, y - weight], axis=1)
    lower = np.stack([x, y + weight], axis=1)[::-1]
    return np.concatenate([upper, lower])


def tint(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255.0, value * factor) for value in colour)
    return red, green, blue


def towards(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(colour, other, strict=True))
    return red, green, blue


def blur(image: Shades, sigma: float) -> Shades:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)
