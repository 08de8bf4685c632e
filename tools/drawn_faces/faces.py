"""Drawn people for the demo and the tests: nobody real, yet the detector finds their faces.

A face is drawn from polygons that lie on an ellipsoid, turned, projected and filled, with soft
shading in between. Drawing one takes about 30 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from kiosk.domain.frame import Image
from tools.drawn_faces.canvas import CANVAS, CENTRE, UNIT, Shades, blur
from tools.drawn_faces.drawing import draw_person
from tools.drawn_faces.looks import Pose, look_of

__all__ = ["Placed", "Pose", "draw_frame", "look_of", "synthetic_face"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A person in a frame: the head's centre and its height from crown to chin, in pixels."""

    seed: int
    centre: tuple[float, float]
    head: float
    pose: Pose = field(default_factory=Pose)


def synthetic_face(identity_seed: int, size: int = 256, pose: Pose | None = None) -> Image:
    """One drawn person, head and shoulders, as a square RGB picture (size, size, 3)."""
    head = size * 2 * UNIT / CANVAS
    centre = (size * CENTRE[0] / CANVAS, size * CENTRE[1] / CANVAS)
    return draw_frame([Placed(identity_seed, centre, head, pose or Pose())], size, size)


def draw_frame(people: Sequence[Placed], width: int = 640, height: int = 480) -> Image:
    """A frame (height, width, 3) of an entrance with these people, the last one in front."""
    frame = _wall(width, height)
    for person in people:
        colour, alpha = draw_person(look_of(person.seed), person.pose)
        scale = person.head / (2 * UNIT)
        x, y = person.centre
        matrix = np.array(
            [[scale, 0, x - scale * CENTRE[0]], [0, scale, y - scale * CENTRE[1]]], np.float64
        )
        if scale < 0.6:
            # Warping samples four pixels: blur first, so that a small head is not jagged.
            colour, alpha = blur(colour, 0.35 / scale), blur(alpha, 0.35 / scale)
        flags = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
        placed = cv2.warpAffine(colour, matrix, (width, height), flags=flags)
        cover = cv2.warpAffine(alpha, matrix, (width, height), flags=flags)
        # The colour is premultiplied by alpha, so that the warp mixes no black into the edges.
        frame = frame * (1 - np.clip(cover, 0, 1))[..., None] + placed
    return np.asarray(np.clip(frame, 0, 255).round(), np.uint8)


def _wall(width: int, height: int) -> Shades:
    """A light wall with a soft gradient and a door frame at the side."""
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    shade = 1.0 - 0.22 * y - 0.12 * np.abs(x - 0.45)
    wall = shade[..., None] * np.array([208.0, 212.0, 214.0])
    door = ((x > 0.9) & (x < 0.93)).astype(np.float64)
    return np.asarray(wall * (1 - 0.25 * door)[..., None], np.float32)
