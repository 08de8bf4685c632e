"""A photo of a face held before a camera, in numbers: where its five landmarks are seen.

The paper is flat or a part of a cylinder, turned and moved as hands do it, before a pinhole camera.
What a detector would not find any more, a landmark seen too much from the side, is no face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Points
from kiosk.vision.liveness.turn import EYES_A_HEIGHT

Floats = NDArray[np.float64]

FOCAL = 600.0
"""Pixels: a webcam of 640x480 that sees 56 degrees across."""
MOST_ASLANT = np.radians(70)
"""Between the paper and the line of sight, at any landmark; detectors lose it before."""


@dataclass(frozen=True, slots=True)
class Held:
    """How a photo is held at one instant. ``bend`` is the curvature in 1/mm, above nothing bulging
    towards the camera; ``axis`` the direction of the cylinder's axis on the paper, 0 upright;
    ``yaw``, ``pitch`` and ``roll`` in radians; ``place`` of its middle in mm: right, down, away."""

    bend: float = 0.0
    axis: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    place: tuple[float, float, float] = (0.0, 0.0, 450.0)


def printed(landmarks: Points, eyes: float) -> Floats:
    """Landmarks of a picture (5, 2) as they lie on paper, in mm about their middle: ``eyes`` mm
    between the eyes, or as much as that for their height where the face is turned."""
    points = landmarks.astype(np.float64)
    points -= points.mean(0)
    apart = np.hypot(*(points[1] - points[0]))
    height = np.hypot(*((points[3] + points[4] - points[0] - points[1]) / 2))
    return np.asarray(points * eyes / max(apart, EYES_A_HEIGHT * height))


def seen(points: Floats, held: Held, focal: float = FOCAL) -> Floats | None:
    """Where the camera sees points (n, 2) of the paper, in pixels about its middle (n, 2); None
    where no detector would find a face."""
    cos, sin = np.cos(held.axis), np.sin(held.axis)
    frame = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    across, along = frame[:2, :2] @ points.T
    angle = held.bend * across
    if abs(held.bend) > 1e-9:
        bow = np.stack([np.sin(angle) / held.bend, along, (1 - np.cos(angle)) / held.bend], 1)
    else:
        bow = np.stack([across, along, np.zeros_like(along)], 1)
    outward = np.stack([np.sin(angle), np.zeros_like(angle), -np.cos(angle)], 1)
    turned = _rotation(held) @ frame.T
    there = bow @ turned.T + held.place
    if there[:, 2].min() < 30:
        return None
    outward = outward @ turned.T
    faced = -(outward * there).sum(1) / np.linalg.norm(there, axis=1)
    if faced.min() < np.cos(MOST_ASLANT):
        return None
    return np.asarray(focal * there[:, :2] / there[:, 2:], np.float64)


def _rotation(held: Held) -> Floats:
    (ay, by), (ap, bp), (ar, br) = (
        (np.cos(a), np.sin(a)) for a in (held.yaw, held.pitch, held.roll)
    )
    yaw = np.array([[ay, 0, by], [0, 1, 0], [-by, 0, ay]])
    pitch = np.array([[1, 0, 0], [0, ap, -bp], [0, bp, ap]])
    roll = np.array([[ar, -br, 0], [br, ar, 0], [0, 0, 1]])
    return np.asarray(roll @ pitch @ yaw, np.float64)
