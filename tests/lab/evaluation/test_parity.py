"""Two detectors compared face by face."""

from __future__ import annotations

from typing import Any

import numpy as np

from kiosk.domain.frame import Box, Face, Image
from kiosk.lab.evaluation.parity import compare, pair_faces

NAMES = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
POINTS = np.array([[10, 10], [20, 10], [15, 15], [11, 20], [19, 20]], np.float32)


def face(x: float, shift: float = 0.0) -> Face:
    return Face(Box(x, 0, 100, 100), POINTS + np.float32([x + shift, 0]), 0.9)


class Package:
    """Answers as ``mtcnn.MTCNN`` does, with the same faces for every picture."""

    def __init__(self, *faces: Face) -> None:
        self._faces = faces

    def detect_faces(self, image: Image) -> list[dict[str, Any]]:
        return [
            {
                "box": [int(f.box.x), int(f.box.y), int(f.box.width), int(f.box.height)],
                "confidence": f.confidence,
                "keypoints": dict(zip(NAMES, f.landmarks.tolist(), strict=True)),
            }
            for f in self._faces
        ]


class Ours:
    def __init__(self, *faces: Face) -> None:
        self._faces = faces

    def detect(self, image: Image) -> tuple[Face, ...]:
        return self._faces


PICTURES = [np.zeros((8, 8, 3), np.uint8)] * 3


def test_the_same_faces_are_all_found() -> None:
    result = compare(Package(face(0), face(200)), Ours(face(200), face(0)), iter(PICTURES))
    assert (result.images, result.reference, result.found, result.extra) == (3, 6, 6, 0)
    assert result.mean_distance == 0
    assert result.mean_iou == 1
    assert "100.00% found" in str(result)


def test_missed_extra_and_moved_faces_are_counted() -> None:
    result = compare(
        Package(face(0), face(500)), Ours(face(0, shift=3), face(900), face(1200)), iter(PICTURES)
    )
    assert (result.reference, result.found, result.extra) == (6, 3, 6)
    assert result.mean_distance == 3
    assert result.worst_distance == 3


def test_a_face_is_paired_once_and_with_the_nearest() -> None:
    pairs = pair_faces([face(0), face(5)], [face(4), face(1)])
    assert {(one.box.x, other.box.x) for one, other in pairs} == {(0, 1), (5, 4)}
    assert len(pair_faces([face(0), face(2)], [face(1)])) == 1
    assert pair_faces([face(0)], [face(30)]) == []


def test_nothing_seen_is_no_division_by_zero() -> None:
    assert "0 faces" in str(compare(Package(), Ours(), iter(PICTURES[:1])))
    assert compare(Package(), Ours(), iter(())).images == 0
