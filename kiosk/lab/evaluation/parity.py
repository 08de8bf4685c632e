"""How closely the kiosk's detector follows the package ``mtcnn``, face by face."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.domain.frame import Box, Face, Image
from kiosk.domain.ports import Detector
from kiosk.lab.data.crops import iter_zip, zip_members
from kiosk.vision.detector import MtcnnDetector

_KEYPOINTS = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")


@dataclass(frozen=True, slots=True)
class Parity:
    """``found`` of ``reference`` faces have a counterpart with IoU >= 0.8; ``extra`` faces have
    none at the package's. Distances are the mean over five landmarks, in pixels. ``speedup`` is
    the median over pictures of the package's time by ours."""

    images: int
    reference: int
    found: int
    extra: int
    mean_distance: float
    worst_distance: float
    mean_iou: float
    speedup: float

    def __str__(self) -> str:
        return (
            f"{self.images} pictures, {self.reference} faces by the package: "
            f"{self.found / max(self.reference, 1):.2%} found with IoU >= 0.8 "
            f"(mean {self.mean_iou:.3f}), landmarks {self.mean_distance:.2f} px off on average "
            f"and {self.worst_distance:.2f} at worst, {self.extra} extra "
            f"({self.extra / max(self.reference, 1):.2%}); {self.speedup:.1f} times as fast"
        )


def sample(archive: Path, count: int) -> Iterator[Image]:
    """``count`` pictures of a zip file, evenly spread over its sorted names."""
    members = zip_members(archive)
    chosen = np.linspace(0, len(members) - 1, min(count, len(members))).astype(int)
    return iter_zip(archive, [members[row] for row in chosen])


def reference_faces(package: Any, image: Image) -> tuple[Face, ...]:
    """What ``mtcnn.MTCNN`` finds, as it comes: minimum face 20 px, whole pixels."""
    faces = []
    for found in package.detect_faces(image):
        points = np.array([found["keypoints"][key] for key in _KEYPOINTS], np.float32)
        faces.append(Face(Box(*map(float, found["box"])), points, float(found["confidence"])))
    return tuple(faces)


def pair_faces(
    reference: Sequence[Face], faces: Sequence[Face], least: float = 0.8
) -> list[tuple[Face, Face]]:
    """Each reference face with the nearest free face of IoU >= ``least``, best pairs first."""
    candidates = sorted(
        (
            (wanted.box.iou(face.box), row, column)
            for row, wanted in enumerate(reference)
            for column, face in enumerate(faces)
        ),
        reverse=True,
    )
    pairs, used_rows, used_columns = [], set(), set()
    for iou, row, column in candidates:
        if iou >= least and row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
            pairs.append((reference[row], faces[column]))
    return pairs


def measure_parity(archive: Path, models: Path, count: int = 500) -> Parity:
    """Run both on ``count`` pictures of a zip file, in one process.

    Raises:
        BadInput: the zip file can't be read. ModelError: a network is missing or altered.
    """
    from mtcnn import MTCNN

    package, detector = MTCNN(), MtcnnDetector(models, 20)
    return compare(package, detector, sample(archive, count))


def compare(package: Any, detector: Detector, images: Iterator[Image]) -> Parity:
    """See ``measure_parity``."""
    seen = wanted_faces = extra = 0
    distances, ious, ratios = [], [], []
    for image in images:
        start = time.perf_counter()
        wanted = reference_faces(package, image)
        middle = time.perf_counter()
        faces = detector.detect(image)
        end = time.perf_counter()
        pairs = pair_faces(wanted, faces)
        seen += 1
        wanted_faces += len(wanted)
        extra += len(faces) - len(pairs)
        ratios.append((middle - start) / (end - middle))
        for one, other in pairs:
            gaps = np.linalg.norm(one.landmarks - other.landmarks, axis=1)
            distances.append(float(gaps.mean()))
            ious.append(one.box.iou(other.box))
    return Parity(
        seen,
        wanted_faces,
        len(distances),
        extra,
        float(np.mean(distances)) if distances else 0.0,
        float(np.max(distances)) if distances else 0.0,
        float(np.mean(ious)) if ious else 0.0,
        float(np.median(ratios)) if ratios else 0.0,
    )
