"""Drawn people: the same every time, found by the detector, each a person of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.vision.detector import MtcnnDetector
from tools.drawn_faces.faces import Placed, Pose, draw_frame, look_of, synthetic_face

MODELS = Path(__file__).resolve().parents[2] / "models"
SEEDS = range(1, 13)


@pytest.fixture(scope="module")
def detector() -> MtcnnDetector:
    return MtcnnDetector(MODELS, 40)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drawn_person_has_one_face(detector: MtcnnDetector, seed: int) -> None:
    assert len(detector.detect(synthetic_face(seed, 256))) == 1


@pytest.mark.parametrize(
    "pose",
    [
        Pose(yaw=8, smile=0.9),
        Pose(yaw=-8, light=0.7),
        Pose(pitch=5, side_light=-0.8),
        Pose(roll=8),
        Pose(blink=1),
    ],
)
def test_a_pose_keeps_the_face(detector: MtcnnDetector, pose: Pose) -> None:
    assert len(detector.detect(synthetic_face(8, 256, pose))) == 1


def test_the_same_seed_and_pose_draw_the_same_picture() -> None:
    first, second = synthetic_face(5, 200, Pose(yaw=3)), synthetic_face(5, 200, Pose(yaw=3))
    np.testing.assert_array_equal(first, second)
    assert first.dtype == np.uint8
    assert first.shape == (200, 200, 3)


def test_seeds_are_people_of_their_own() -> None:
    looks = [look_of(seed) for seed in range(48)]
    assert len(set(looks)) == 48


def test_a_pose_changes_the_picture() -> None:
    plain = synthetic_face(7, 128)
    for pose in (
        Pose(yaw=10), Pose(pitch=8), Pose(roll=8), Pose(light=0.5), Pose(side_light=-1),
        Pose(smile=1), Pose(blink=1),
    ):  # fmt: skip
        assert (synthetic_face(7, 128, pose) != plain).any(), pose


def test_a_frame_shows_its_people_where_they_were_placed(detector: MtcnnDetector) -> None:
    frame = draw_frame([Placed(8, (150, 220), 200), Placed(3, (470, 240), 240)])
    assert frame.shape == (480, 640, 3)
    faces = sorted(detector.detect(frame), key=lambda face: face.box.x)
    assert len(faces) == 2
    assert abs(faces[0].box.centre[0] - 150) < 40
    assert abs(faces[1].box.centre[0] - 470) < 40


def test_small_distant_and_cut_people_are_drawn() -> None:
    assert draw_frame([Placed(8, (320, 240), 30)]).std() > 0
    assert draw_frame([Placed(8, (-50, 500), 300)], 320, 240).shape == (240, 320, 3)
    empty = draw_frame([], 64, 48)
    assert empty.min() > 100
