"""What is asked of a person, and the pictures that the limits were set on."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Box, Face, Image
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.quality import FROM_FILES, FaceQuality, Measures, hint, measure, pose, score
from tools.drawn_faces.faces import Placed, Pose, draw_frame

MODELS = Path(__file__).resolve().parents[2] / "models"
GOOD = Measures(
    size=150, left=0, right=0, top=0, bottom=0, bright=180, burnt=0, sharpness=0.12, yaw=0,
    pitch=0.54,
)  # fmt: skip


@pytest.fixture(scope="module")
def detector() -> MtcnnDetector:
    return MtcnnDetector(MODELS, 28)


def judge(detector: MtcnnDetector, image: Image, min_face: int = 48) -> Hint:
    """The hint for the largest face, NO_FACE where there is none."""
    faces = detector.detect(image)
    return FaceQuality(min_face).assess(image, faces[0]).hint if faces else Hint.NO_FACE


def person(pose: Pose | None = None, x: float = 320, y: float = 240, head: float = 240) -> Image:
    return draw_frame([Placed(3, (x, y), head, pose or Pose())])


def test_a_frontal_face_is_usable(detector: MtcnnDetector) -> None:
    image = person()
    quality = FaceQuality(48).assess(image, detector.detect(image)[0])
    assert quality.hint is Hint.NONE
    assert quality.score > 0.6


def test_a_small_face_is_asked_to_come_closer(detector: MtcnnDetector) -> None:
    assert judge(detector, person(head=70), 80) is Hint.COME_CLOSER
    assert judge(detector, person(head=240), 80) is Hint.NONE


def test_a_dark_face_is_asked_for_light(detector: MtcnnDetector) -> None:
    image = person()
    (face,) = detector.detect(image)
    dark = (image // 12).astype(np.uint8)
    burnt = np.clip(image.astype(int) * 3, 0, 255).astype(np.uint8)
    assert FaceQuality(48).assess(dark, face).hint is Hint.MORE_LIGHT
    assert FaceQuality(48).assess(burnt, face).hint is Hint.MORE_LIGHT


def test_a_blurred_face_is_asked_to_hold_still(detector: MtcnnDetector) -> None:
    image = person()
    (face,) = detector.detect(image)
    moved = cv2.blur(image, (31, 1))
    unfocused = cv2.GaussianBlur(image, (0, 0), 7)
    assert FaceQuality(48).assess(np.asarray(moved), face).hint is Hint.HOLD_STILL
    assert FaceQuality(48).assess(np.asarray(unfocused), face).hint is Hint.HOLD_STILL


@pytest.mark.parametrize("yaw", [-35, 35])
def test_a_turned_face_is_asked_to_look_straight(detector: MtcnnDetector, yaw: float) -> None:
    frame = draw_frame([Placed(11, (320, 240), 240, Pose(yaw=yaw))])
    assert judge(detector, frame) is Hint.LOOK_STRAIGHT


def test_a_face_cut_by_the_frame_is_asked_to_move() -> None:
    template = np.array(ARCFACE_112.points, np.float32)
    image = np.random.default_rng(0).integers(60, 200, (112, 112, 3), np.uint8)

    def shifted(x: float, y: float) -> Hint:
        face = Face(Box(0, 0, 112, 112), template + np.float32([x, y]), 1.0)
        return FaceQuality(48).assess(image, face).hint

    assert shifted(0, 0) is Hint.NONE
    assert shifted(-40, 0) is Hint.MOVE_RIGHT
    assert shifted(40, 0) is Hint.MOVE_LEFT
    assert shifted(0, 40) is Hint.STEP_BACK
    assert shifted(0, -40) is Hint.STEP_BACK


def test_the_hints_by_their_measures() -> None:
    assert hint(GOOD, 48) is Hint.NONE
    cases = {
        Hint.COME_CLOSER: [{"size": 47}, {"size": 47, "bright": 0}],
        Hint.STEP_BACK: [{"top": 0.3}, {"bottom": 0.3}, {"left": 0.25, "right": 0.25}],
        Hint.MOVE_RIGHT: [{"left": 0.3}],
        Hint.MOVE_LEFT: [{"right": 0.3}],
        Hint.MORE_LIGHT: [{"bright": 30}, {"burnt": 0.5}, {"bright": 30, "yaw": 1}],
        Hint.LOOK_STRAIGHT: [{"yaw": -0.4}, {"yaw": 0.4}, {"pitch": 0.2}, {"pitch": 0.8}],
        Hint.HOLD_STILL: [{"sharpness": 0.01}],
    }
    for wanted, changes in cases.items():
        for change in changes:
            assert hint(replace(GOOD, **change), 48) is wanted, change


def test_pictures_from_files_may_be_turned_further() -> None:
    for change, at_the_door, from_files in (
        ({"yaw": 0.45}, Hint.LOOK_STRAIGHT, Hint.NONE),
        ({"pitch": 0.22}, Hint.LOOK_STRAIGHT, Hint.NONE),
        ({"yaw": 0.55}, Hint.LOOK_STRAIGHT, Hint.LOOK_STRAIGHT),
        ({"pitch": 0.9}, Hint.LOOK_STRAIGHT, Hint.LOOK_STRAIGHT),
    ):
        assert hint(replace(GOOD, **change), 48) is at_the_door
        assert hint(replace(GOOD, **change), 48, FROM_FILES) is from_files


def test_the_score_is_that_of_the_weakest_side() -> None:
    assert score(GOOD, 48) == 1
    for name, value in [
        ("size", 60), ("left", 0.2), ("bright", 60), ("burnt", 0.3), ("yaw", -0.2),
        ("pitch", 0.7), ("sharpness", 0.04),
    ]:  # fmt: skip
        assert 0 < score(replace(GOOD, **{name: value}), 48) < 0.8, name
    assert score(replace(GOOD, yaw=3.0), 48) == 0


def test_pose_does_not_depend_on_roll_and_scale() -> None:
    points = np.array(ARCFACE_112.points)
    turn = np.array([[np.cos(0.6), -np.sin(0.6)], [np.sin(0.6), np.cos(0.6)]])
    np.testing.assert_allclose(
        pose((3 * points @ turn.T).astype(np.float32)), pose(points.astype(np.float32)), atol=1e-5
    )
    to_the_right = points.copy()
    to_the_right[2, 0] += 10
    assert pose(to_the_right.astype(np.float32))[0] > 0.25


@pytest.mark.parametrize("landmarks", [np.zeros((5, 2)), np.full((5, 2), np.nan)])
def test_landmarks_that_span_nothing_are_no_use(landmarks: np.ndarray) -> None:
    face = Face(Box(0, 0, 100, 100), landmarks.astype(np.float32), 1.0)
    quality = FaceQuality(48).assess(np.zeros((99, 99, 3), np.uint8), face)
    assert quality.score == 0
    assert quality.hint is Hint.LOOK_STRAIGHT


def test_a_face_over_the_border_is_measured() -> None:
    template = np.array(ARCFACE_112.points, np.float32)
    face = Face(Box(0, 0, 112, 112), template - 50, 1.0)
    found = measure(np.full((112, 112, 3), 100, np.uint8), face)
    assert found.left == pytest.approx(50 / 112, abs=0.02)
    assert found.top == pytest.approx(50 / 112, abs=0.02)
    assert found.right == found.bottom == 0


# The pictures that the limits were set on, and the share of them without a hint (24 November
# 2026): live_blinks 100% of 57, NUAA's live frames 100% of 120; training crops of CelebA 93% of
# 400, PINS 87% of 400, FairFace 68% of 600, nearly all the rest for being turned, 0 to 1.3% for
# blur, none for light. In live_head_turns the frontal parts have none, the turns to one side from
# 3.7 s and upwards are refused; to the other side and down he turns too little for all of it.
# On 1,373 crops of PINS the teacher's similarity to a person's frontal pictures falls from 0.56
# (yaw below 0.1) to 0.47 (0.3 to 0.4), 0.44 (0.45 to 0.5) and 0.31 (0.5 to 0.7); from pitch 0.3 to
# 0.8 it stays above 0.49.


def clip(path: Path, first: float, last: float, every: int = 6) -> Iterator[Image]:
    capture = cv2.VideoCapture(str(path))
    rate = capture.get(cv2.CAP_PROP_FPS)
    for index in range(int(last * rate)):
        ok, frame = capture.read()
        if ok and index >= first * rate and index % every == 0:
            yield np.ascontiguousarray(frame[..., ::-1])
    capture.release()


def share(detector: MtcnnDetector, images: Iterator[Image], wanted: Hint) -> float:
    counts = Counter(judge(detector, image) for image in images)
    return counts[wanted] / counts.total()


def test_a_blinking_man_is_usable(shared: Path, detector: MtcnnDetector) -> None:
    frames = clip(shared / "media/live_blinks.mp4", 0, 19, every=30)
    assert share(detector, frames, Hint.NONE) > 0.95


@pytest.mark.parametrize(("first", "last"), [(0.0, 1.5), (6.2, 6.8), (17.0, 20.0)])
def test_frontal_parts_are_usable(
    shared: Path, detector: MtcnnDetector, first: float, last: float
) -> None:
    frames = clip(shared / "media/live_head_turns.mp4", first, last)
    assert share(detector, frames, Hint.NONE) > 0.9


@pytest.mark.parametrize(("first", "last"), [(3.7, 5.3), (14.7, 15.7)])
def test_turned_parts_are_refused(
    shared: Path, detector: MtcnnDetector, first: float, last: float
) -> None:
    frames = clip(shared / "media/live_head_turns.mp4", first, last)
    assert share(detector, frames, Hint.LOOK_STRAIGHT) > 0.9


def test_webcam_frames_are_mostly_usable(shared: Path, detector: MtcnnDetector) -> None:
    with zipfile.ZipFile(shared / "media/printed_photos.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("live/")]
        pictures = [
            cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_COLOR_RGB)
            for name in sorted(names)[::6]
        ]
    assert len(pictures) >= 15
    assert share(detector, (np.asarray(p, np.uint8) for p in pictures), Hint.NONE) > 0.9


def test_only_the_face_is_looked_at_however_large_the_picture(detector: MtcnnDetector) -> None:
    image = person()
    (face,) = detector.detect(image)
    alone = measure(image, face)
    large = np.random.default_rng(0).integers(0, 256, (2160, 3840, 3), np.uint8)
    x, y = 1700, 900
    large[y : y + image.shape[0], x : x + image.shape[1]] = image
    box = replace(face.box, x=face.box.x + x, y=face.box.y + y)
    moved = replace(face, box=box, landmarks=face.landmarks + np.array([x, y], np.float32))
    among_noise = measure(large, moved)
    for name in ("size", "bright", "burnt", "sharpness", "yaw", "pitch"):
        assert getattr(among_noise, name) == pytest.approx(getattr(alone, name), rel=0.01), name
