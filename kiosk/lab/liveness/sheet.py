"""A photograph in somebody's hand, made up: held aslant, rolled or folded before a pinhole camera.

A sheet of paper bends one way at a time: it is straight along one direction and a curve across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Image

Floats = NDArray[np.float64]
STRIPS = 20
VIEW = (480, 360)
"""Width and height of the made-up camera's pictures."""
FOCAL = 430.0
"""Its focal length in pixels: a webcam's field of view of 58 degrees."""


@dataclass(frozen=True, slots=True)
class Held:
    """How a sheet is held.

    ``yaw``, ``pitch``, ``roll`` in radians, about its own middle; ``size``: pixels of the camera a
    pixel of the picture, held straight; ``at``: where its middle is seen, from the picture's
    middle, in pixels. ``along``: the direction that stays straight, in radians from upright.
    ``curve``: how strongly it is rolled, radians over the picture's width, above nothing with the
    middle towards the camera. ``fold``: by how much each side is folded back, in radians; ``line``:
    where, from the middle, in widths of the picture.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    size: float = 1.0
    at: tuple[float, float] = (0.0, 0.0)
    along: float = 0.0
    curve: float = 0.0
    fold: float = 0.0
    line: float = 0.0


def shown(picture: Image, how: Held, behind: Image) -> Image:
    """What the camera sees: ``picture`` as a sheet before ``behind``, which has VIEW's size."""
    out = behind.copy()
    height, width = picture.shape[:2]
    half = float(np.hypot(width, height)) / 2
    across = np.linspace(-half, half, STRIPS + 1)
    profile = _profile(across, how, width)
    strips = [(profile[i : i + 2], across[i : i + 2]) for i in range(STRIPS)]
    placed = [(_seen(_corners(part, half), how), at) for part, at in strips]
    # The farthest first, so that what is nearer covers it.
    for (points, depth), at in sorted(placed, key=lambda one: -float(one[0][1].mean())):
        if depth.min() <= 1:
            continue
        source = _on_picture(np.array(at), half, how.along, width, height)
        _paint(out, picture, source, points)
    return out


def _profile(across: Floats, how: Held, width: int) -> Floats:
    """(n, 2): aside and away from the camera, by arc length."""
    if how.fold:
        from_line = across - how.line * width
        aside = how.line * width + from_line * np.cos(how.fold)
        return np.stack([aside, np.abs(from_line) * np.sin(how.fold)], axis=1)
    if how.curve:
        radius = width / how.curve
        angle = np.clip(across / abs(radius), -np.pi / 2, np.pi / 2)
        return np.stack([abs(radius) * np.sin(angle), radius * (1 - np.cos(angle))], axis=1)
    return np.stack([across, np.zeros_like(across)], axis=1)


def _corners(part: Floats, half: float) -> Floats:
    """(4, 3): a strip's corners before it is turned, in the picture's pixels."""
    (x0, z0), (x1, z1) = part
    return np.array([[x0, -half, z0], [x1, -half, z1], [x1, half, z1], [x0, half, z0]])


def _seen(corners: Floats, how: Held) -> tuple[Floats, Floats]:
    """Where the camera sees them, (4, 2), and how far away they are, (4,)."""
    c, s = np.cos(how.along), np.sin(how.along)
    points = corners @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])
    for axis, angle in ((1, how.yaw), (0, how.pitch), (2, how.roll)):
        vector = np.zeros(3)
        vector[axis] = angle
        points = points @ np.asarray(cv2.Rodrigues(vector)[0], np.float64).T
    distance = FOCAL / how.size
    depth = points[:, 2] + distance
    middle = np.array(VIEW) / 2 + np.array(how.at)
    safe = np.maximum(depth, 1e-3)
    return FOCAL * points[:, :2] / safe[:, None] + middle, depth


def _on_picture(at: Floats, half: float, along: float, width: int, height: int) -> Floats:
    """(4, 2): a strip's corners on the picture, in its pixels."""
    flat = np.array([[at[0], -half], [at[1], -half], [at[1], half], [at[0], half]])
    c, s = np.cos(along), np.sin(along)
    turned = flat @ np.array([[c, s], [-s, c]])
    return np.asarray(turned + np.array([width, height]) / 2)


def _paint(out: Image, picture: Image, source: Floats, points: Floats) -> None:
    if cv2.contourArea(points.astype(np.float32)) < 2:
        return
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), points.astype(np.float32))
    left, top = np.clip(np.floor(points.min(axis=0)) - 1, 0, VIEW).astype(int)
    right, bottom = np.clip(np.ceil(points.max(axis=0)) + 2, 0, VIEW).astype(int)
    if right - left < 2 or bottom - top < 2:
        return
    moved = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], np.float64) @ matrix
    size = (int(right - left), int(bottom - top))
    strip = cv2.warpPerspective(picture, moved, size, flags=cv2.INTER_LINEAR)
    height, width = picture.shape[:2]
    # The strip's own pixels, of them those that the picture has.
    own = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(own, np.round(points - (left, top)).astype(np.int32), 255)
    full = np.full((height, width), 255, np.uint8)
    own = np.asarray(cv2.dilate(own, np.ones((3, 3), np.uint8)), np.uint8)
    inside = (cv2.warpPerspective(full, moved, size) > 250) & (own > 0)
    out[top:bottom, left:right][inside] = strip[inside]
