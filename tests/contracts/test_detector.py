"""What every implementation of the ``Detector`` port must do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Image
from kiosk.domain.ports import Detector
from kiosk.vision.detector import MtcnnDetector
from tools.drawn_faces.faces import Placed, draw_frame

MODELS = Path(__file__).resolve().parents[2] / "models"
IMPLEMENTATIONS: dict[str, Callable[[], Detector]] = {
    "mtcnn, faces from 20 px": lambda: MtcnnDetector(MODELS, 20),
    "mtcnn, faces from 28 px": lambda: MtcnnDetector(MODELS, 28, threads=1),
}
PEOPLE = (8, 3, 4, 7, 10, 11, 12, 15, 17, 22)


@pytest.fixture(scope="module", params=list(IMPLEMENTATIONS))
def detector(request: pytest.FixtureRequest) -> Detector:
    return IMPLEMENTATIONS[request.param]()


@pytest.fixture(scope="module")
def crowd() -> Image:
    """Ten people in two rows, the front row larger."""
    back = [Placed(seed, (65 + 128 * i, 110), 105) for i, seed in enumerate(PEOPLE[:5])]
    front = [Placed(seed, (70 + 125 * i, 320), 125) for i, seed in enumerate(PEOPLE[5:])]
    return draw_frame([*back, *front], 640, 480)


def test_no_face(detector: Detector) -> None:
    assert detector.detect(np.full((480, 640, 3), 128, np.uint8)) == ()
    assert detector.detect(draw_frame([])) == ()


def test_one_face(detector: Detector) -> None:
    (face,) = detector.detect(draw_frame([Placed(8, (320, 240), 220)]))
    assert face.landmarks.shape == (5, 2)
    assert face.landmarks.dtype == np.float32
    assert 0.8 < face.confidence <= 1
    x, y = face.box.centre
    assert abs(x - 320) < 40
    assert abs(y - 240) < 60
    assert 120 < face.box.size < 260


def test_landmarks_are_in_the_viewer_s_order(detector: Detector) -> None:
    (face,) = detector.detect(draw_frame([Placed(3, (200, 200), 240)]))
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < nose[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])


def test_ten_faces_the_largest_first(detector: Detector, crowd: Image) -> None:
    faces = detector.detect(crowd)
    assert len(faces) == 10
    areas = [face.box.area for face in faces]
    assert areas == sorted(areas, reverse=True)


def test_boxes_end_at_the_picture_s_border(detector: Detector) -> None:
    faces = detector.detect(draw_frame([Placed(8, (30, 240), 260)]))
    for face in faces:
        assert face.box.x >= 0
        assert face.box.y >= 0
        assert face.box.x + face.box.width <= 640
        assert face.box.y + face.box.height <= 480


def test_the_same_picture_gives_the_same_faces(detector: Detector, crowd: Image) -> None:
    first, second = detector.detect(crowd), detector.detect(crowd.copy())
    for one, other in zip(first, second, strict=True):
        assert one.box == other.box
        np.testing.assert_array_equal(one.landmarks, other.landmarks)


def test_sizes_may_change_from_picture_to_picture(detector: Detector) -> None:
    for width, height in ((640, 480), (320, 240), (333, 401), (640, 480)):
        frame = draw_frame([Placed(8, (width / 2, height / 2), height * 0.5)], width, height)
        assert len(detector.detect(frame)) == 1


def test_a_picture_that_is_a_view_of_another_is_read_right(detector: Detector) -> None:
    frame = draw_frame([Placed(8, (320, 240), 220)])
    (mirrored,) = detector.detect(frame[:, ::-1])
    (face,) = detector.detect(np.ascontiguousarray(frame[:, ::-1]))
    assert mirrored.box == face.box


def test_the_picture_is_not_changed(detector: Detector, crowd: Image) -> None:
    before = crowd.copy()
    detector.detect(crowd)
    np.testing.assert_array_equal(crowd, before)


def test_pictures_too_small_for_a_face_have_none(detector: Detector) -> None:
    for shape in ((0, 0, 3), (1, 1, 3), (11, 640, 3)):
        assert detector.detect(np.zeros(shape, np.uint8)) == ()


@pytest.mark.parametrize("shape", [(480, 640), (480, 640, 4), (480, 640, 1)])
def test_grey_and_rgba_are_refused(detector: Detector, shape: tuple[int, ...]) -> None:
    with pytest.raises(BadImage, match="RGB"):
        detector.detect(np.zeros(shape, np.uint8))


def test_other_numbers_are_refused(detector: Detector) -> None:
    with pytest.raises(BadImage, match="uint8"):
        detector.detect(np.zeros((48, 64, 3), np.float32))  # type: ignore[arg-type]
