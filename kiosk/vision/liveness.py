"""Does a face look like skin before this camera, or like paper or a screen?

One network looks at two views of the same frame. The near view is the face alone, as sharply as
the camera shows it: paper, halftone, a grid of pixels, moire. The far view is what lies around it,
at half the resolution: an edge of paper, a bezel, a hand. Either may tell; where a photo fills the
frame only the near one can. ``models/liveness.md`` says how often both are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Face, Image, Points
from kiosk.domain.language import _
from kiosk.vision.align import ARCFACE_112, similarity
from kiosk.vision.litert import Network
from kiosk.vision.manifest import read_manifest

FILE_NAME = "liveness.tflite"
VIEW = 160
"""Pixels on a side of each of the two views."""
CANVAS = 2 * VIEW
"""Pixels on a side of the part of a frame that both are cut from: its middle is the near view, all
of it, halved, the far one."""
PIXELS_A_FACE = VIEW / 1.2
"""A face on the canvas, in pixels: so large that the near view holds 1.2 of it. A face is as large
as the alignment's square, 112 of its pixels, which is about 1.1 times its height in the
detector's box."""


@dataclass(frozen=True, slots=True)
class LivenessScore:
    """What the network says of one face in one frame: how likely it is live, 0 to 1, by the face
    itself (``near``), by what is around it (``far``), and by both (``both``)."""

    near: float
    far: float
    both: float


class LivenessNetwork:
    """The network on LiteRT. One thread owns it. It learned from pictures in which a face is 60 to
    300 px large; a smaller one is judged all the same, less well."""

    def __init__(self, model: bytes, *, threads: int = 1) -> None:
        self._network = Network(model, (CANVAS, CANVAS), threads)
        if self._network.widths != (2,):
            raise ModelError(
                _(
                    "The file {name} should answer with 2 numbers, but answers with {widths}; "
                    "restore the folder models from the release."
                ).format(name=FILE_NAME, widths=self._network.widths)
            )

    def score(self, image: Image, face: Face) -> LivenessScore:
        """How likely ``face`` in ``image`` is live.

        Raises:
            BadImage: the face's landmarks don't span a face.
        """
        return self.score_canvas(canvas(image, face.landmarks))

    def score_canvas(self, image: Image) -> LivenessScore:
        """As ``score``, for a picture cut by ``canvas``."""
        near, far = self._network.run(image[None].astype(np.float32))[2][0]
        return fused(float(near), float(far))


def fused(near: float, far: float) -> LivenessScore:
    """From the network's two answers, logarithms of odds; both together is their mean's odds."""
    low, high, mean = _odds(np.array([near, far, (near + far) / 2]))
    return LivenessScore(float(low), float(high), float(mean))


def load_liveness(models: Path, *, threads: int = 1) -> LivenessNetwork:
    """The network in the folder ``models``.

    Raises:
        ModelError: missing, altered, or not what this program needs.
    """
    return LivenessNetwork(read_manifest(models).read_file(FILE_NAME), threads=threads)


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


def _odds(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))
