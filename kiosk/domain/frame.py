"""What a camera delivers and what a detector finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
"""RGB picture, shape (height, width, 3), values 0 to 255."""

Points: TypeAlias = NDArray[np.float32]
"""Five landmarks, shape (5, 2), x and y in pixels, as the viewer sees them:
left eye, right eye, nose tip, left mouth corner, right mouth corner."""

Vector: TypeAlias = NDArray[np.float32]
"""A face's embedding, shape (dimension,), L2-normalised."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a camera.

    ``index`` counts the source's pictures from 0. ``time`` is in seconds on the source's own
    clock: the monotonic clock for a live camera, the media time for a file, so that a replay
    decides the same at any speed.
    """

    image: Image
    index: int
    time: float


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; it may reach over the picture's border."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def size(self) -> float:
        """The longer side in pixels: how large a face is said to be."""
        return max(self.width, self.height)

    def iou(self, other: Box) -> float:
        """Intersection over union with another box, 0 to 1."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if width <= 0 or height <= 0:
            return 0.0
        return width * height / (self.area + other.area - width * height)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One detected face; ``confidence`` is the detector's, 0 to 1."""

    box: Box
    landmarks: Points
    confidence: float
