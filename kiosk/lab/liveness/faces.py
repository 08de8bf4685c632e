"""Where the face is in each frame, found once by the kiosk's own detector and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image
from kiosk.domain.ports import Detector
from kiosk.lab.liveness.sources import Shot, read
from kiosk.lab.release.export import write_arrays

MakeDetector = Callable[[int], Detector]
SMALLEST_FACE = 40
MARGIN = 0.25  # of a picture, added around it where no face is found: some are cut too tightly


@dataclass(frozen=True, slots=True)
class Located:
    """boxes: (n, 4) x, y, width, height; landmarks: (n, 5, 2); both float32, in pixels, not a
    number where no face was found."""

    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]

    @property
    def found(self) -> NDArray[np.bool_]:
        return np.isfinite(self.landmarks[:, 0, 0])

    def face(self, row: int) -> Face:
        """The face of a row where one was found; its confidence is not kept."""
        return Face(Box(*map(float, self.boxes[row])), self.landmarks[row], 1.0)


def locate(
    shots: Sequence[Shot],
    make_detector: MakeDetector,
    cache_dir: Path,
    say: Callable[[str], None] = lambda line: None,
) -> Located:
    """The largest face of each frame, cached by the shots' names and the files' sizes.

    Raises BadInput where none holds a face.
    """
    files = {shot.file: shot.file.stat().st_size for shot in shots}
    lines = "".join(f"{shot.name} {files[shot.file]}\n" for shot in shots)
    cache = cache_dir / f"liveness_faces_{hashlib.sha256(lines.encode()).hexdigest()[:12]}.npz"
    if cache.exists():
        with np.load(cache) as stored:
            return Located(stored["boxes"], stored["landmarks"])
    detector = make_detector(SMALLEST_FACE)
    boxes = np.full((len(shots), 4), np.nan, np.float32)
    landmarks = np.full((len(shots), 5, 2), np.nan, np.float32)
    for row, image in enumerate(read(shots)):
        face = largest(detector.detect(image)) or _in_margin(detector, image)
        if face is not None:
            boxes[row] = face.box.x, face.box.y, face.box.width, face.box.height
            landmarks[row] = face.landmarks
        if row % 200 == 199:
            say(f"Faces of {row + 1:,} of {len(shots):,} frames located.")
    located = Located(boxes, landmarks)
    if not located.found.any():
        raise BadInput(
            f"No face was found in any of the {len(shots)} frames; give pictures whose faces are "
            f"at least {SMALLEST_FACE} px wide."
        )
    cache_dir.mkdir(parents=True, exist_ok=True)
    write_arrays(cache, {"boxes": boxes, "landmarks": landmarks})
    return located


def largest(faces: Sequence[Face]) -> Face | None:
    """The face with the largest box."""
    return max(faces, key=lambda face: face.box.area, default=None)


def _in_margin(detector: Detector, image: Image) -> Face | None:
    height, width = image.shape[:2]
    down, across = round(height * MARGIN), round(width * MARGIN)
    wider = cv2.copyMakeBorder(image, down, down, across, across, cv2.BORDER_REPLICATE)
    face = largest(detector.detect(np.asarray(wider, np.uint8)))
    if face is None:
        return None
    box = face.box
    moved = np.asarray(face.landmarks - np.array([across, down], np.float32), np.float32)
    return Face(Box(box.x - across, box.y - down, box.width, box.height), moved, face.confidence)
