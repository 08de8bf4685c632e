"""The place that a camera looks at: which of the faces there are people before the kiosk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Box, Face, Image
from kiosk.domain.furniture import Furniture
from kiosk.domain.oval import guide
from kiosk.domain.ports import Detector
from kiosk.domain.region import Region


class Scene:
    """Leaves out who is outside of the region and what belongs to the room. For the pictures of
    one camera; pictures from files have no place. One thread owns it."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._furniture = Furniture()

    def guide(self, face: Face, image: Image) -> Hint:
        """Which way a face must move into the oval; NONE where it is there."""
        return guide(face.box, self._region, image.shape[1], image.shape[0])

    def people(self, detector: Detector, image: Image, now: float) -> tuple[Face, ...]:
        """The faces of people, the largest first, in the whole picture's pixels. ``now`` is the
        frame's time in seconds."""
        faces = self._inside(detector, image)
        things = self._furniture.among(now, image, [face.box for face in faces])
        return tuple(face for face, thing in zip(faces, things, strict=True) if not thing)

    def _inside(self, detector: Detector, image: Image) -> tuple[Face, ...]:
        if self._region.whole:
            return detector.detect(image)
        height, width = image.shape[:2]
        left, top, right, bottom = self._region.pixels(width, height)
        # Less to look at is found faster, and nobody outside takes the place of the largest.
        part = np.ascontiguousarray(image[top:bottom, left:right])
        faces = (_moved(face, left, top) for face in detector.detect(part))
        return tuple(face for face in faces if self._region.contains(face.box, width, height))


def _moved(face: Face, by_x: int, by_y: int) -> Face:
    box = Box(face.box.x + by_x, face.box.y + by_y, face.box.width, face.box.height)
    landmarks = (face.landmarks + np.array([by_x, by_y], np.float32)).astype(np.float32)
    return replace(face, box=box, landmarks=landmarks)
