"""The parts of the cascade; what a detector must do is in tests/contracts."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadImage, BadInput, ModelError
from kiosk.vision.detector import MtcnnDetector, check_rgb, level_size, scales, suppress
from tools.drawn_faces.faces import Placed, draw_frame, synthetic_face

MODELS = Path(__file__).resolve().parents[2] / "models"


@pytest.mark.parametrize(("height", "width"), [(480, 640), (188, 188), (97, 2000), (720, 1280)])
def test_for_20_px_the_levels_are_the_package_s(height: int, width: int) -> None:
    side = min(height, width)
    count = round(-(np.log(side / 12) / np.log(0.709) + 1))
    wanted = 12 / 20 * 0.709 ** np.arange(count)
    np.testing.assert_allclose(scales(height, width, 20), wanted)


@pytest.mark.parametrize("min_face", [12, 20, 48, 200])
def test_every_level_holds_the_network_s_field_of_view(min_face: int) -> None:
    # The package's count ignores the smallest face: for 48 px its last levels are below 12 px.
    factors = scales(480, 640, min_face)
    assert factors[0] == pytest.approx(12 / min_face)
    assert min(level_size(480, 640, factors[-1])) >= 12
    assert min(level_size(480, 640, factors[-1] * 0.709)) < 12


def test_a_huge_picture_leaves_out_its_largest_levels() -> None:
    factors = scales(20_000, 20_000, 20)
    rows, columns = level_size(20_000, 20_000, factors[0])
    assert rows * columns <= 1_200_000


@pytest.mark.parametrize("shape", [(0, 0, 3), (11, 11, 3), (1, 5000, 3), (19, 19, 3)])
def test_a_tiny_picture_has_no_face(shape: tuple[int, ...]) -> None:
    assert MtcnnDetector(MODELS, 20).detect(np.zeros(shape, np.uint8)) == ()


def test_suppression_keeps_the_best_and_what_lies_apart() -> None:
    boxes = np.array([[0, 0, 10, 10, 0.7], [1, 0, 11, 10, 0.9], [50, 50, 60, 60, 0.8]], np.float32)
    assert suppress(boxes, 0.5).tolist() == [1, 2]
    assert suppress(boxes, 0.95).tolist() == [1, 2, 0]
    assert suppress(boxes[:0], 0.5).tolist() == []


def test_suppression_by_the_smaller_box_takes_a_box_inside_another() -> None:
    boxes = np.array([[0, 0, 100, 100, 0.9], [40, 40, 60, 60, 0.8]], np.float32)
    assert suppress(boxes, 0.7).tolist() == [0, 1]
    assert suppress(boxes, 0.7, of_smaller=True).tolist() == [0]


@pytest.mark.parametrize("of_smaller", [False, True])
def test_a_box_falls_to_any_better_one_even_to_one_that_fell(of_smaller: bool) -> None:
    random = np.random.default_rng(5)
    corner = random.uniform(0, 60, (80, 2))
    size = random.uniform(0, 40, (80, 2)) * (random.random((80, 1)) > 0.1)  # some without area
    boxes = np.hstack([corner, corner + size, random.random((80, 1))]).astype(np.float32)

    def area(x1: float, y1: float, x2: float, y2: float) -> float:
        return max(x2 - x1, 0.0) * max(y2 - y1, 0.0)

    def covers(better: list[float], box: list[float]) -> bool:
        shared = area(
            max(better[0], box[0]), max(better[1], box[1]),
            min(better[2], box[2]), min(better[3], box[3]),
        )  # fmt: skip
        one, other = area(*better[:4]), area(*box[:4])
        return shared > 0.5 * (min(one, other) if of_smaller else one + other - shared)

    rows = sorted(range(80), key=lambda row: -boxes[row, 4])
    told = [boxes[row].tolist() for row in rows]
    wanted = [
        row
        for place, row in enumerate(rows)
        if not any(covers(better, told[place]) for better in told[:place])
    ]
    assert suppress(boxes, 0.5, of_smaller=of_smaller).tolist() == wanted


@pytest.mark.parametrize("threads", [2, 4])
def test_more_threads_find_the_very_same(threads: int) -> None:
    places = (((120.0, 200.0), 150.0), ((330.0, 180.0), 90.0), ((520.0, 260.0), 190.0))
    image = draw_frame([Placed(seed, *place) for seed, place in enumerate(places)])
    alone = MtcnnDetector(MODELS, 24, threads=1).detect(image)
    beside = MtcnnDetector(MODELS, 24, threads=threads).detect(image)
    assert len(alone) == len(places)
    assert [(face.box, face.confidence) for face in alone] == [
        (face.box, face.confidence) for face in beside
    ]
    for one, other in zip(alone, beside, strict=True):
        np.testing.assert_array_equal(one.landmarks, other.landmarks)


def test_noise_is_bounded_work() -> None:
    image = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    MtcnnDetector(MODELS, 20).detect(image)
    boxes = np.arange(5000, dtype=np.float32)[:, None] * 20 + np.float32([0, 0, 10, 10, 0])
    assert len(suppress(boxes, 0.5)) == 1000


def test_the_networks_of_the_last_two_sizes_are_kept_and_small_frames_only() -> None:
    detector = MtcnnDetector(MODELS, 40)
    for side in (100, 120, 140, 140):
        detector.detect(np.zeros((side, side, 3), np.uint8))
    detector.detect(np.zeros((2400, 2400, 3), np.uint8))
    assert set(detector._pyramids) == {(120, 120), (140, 140)}


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((50, 50), np.uint8),
        np.zeros((50, 50, 1), np.uint8),
        np.zeros((50, 50, 4), np.uint8),
        np.zeros((50, 50, 3), np.float32),
        np.zeros((50, 50, 3), np.uint16),
        np.zeros((2, 50, 50, 3), np.uint8),
        "face.jpg",
        None,
    ],
)
def test_anything_but_rgb_is_refused(image: object) -> None:
    with pytest.raises(BadImage, match="RGB pictures"):
        check_rgb(image)  # type: ignore[arg-type]


def test_the_smallest_face_has_a_limit() -> None:
    with pytest.raises(BadInput, match="at least 12 px"):
        MtcnnDetector(MODELS, 11)


@pytest.fixture
def copied_models(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODELS, tmp_path / "models"))


@pytest.mark.parametrize("name", ["mtcnn_pnet", "mtcnn_rnet", "mtcnn_onet"])
def test_a_network_altered_by_one_byte_is_refused(copied_models: Path, name: str) -> None:
    path = copied_models / f"{name}.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name}.*altered"):
        MtcnnDetector(copied_models)


def test_a_missing_network_is_named(copied_models: Path) -> None:
    (copied_models / "mtcnn_rnet.tflite").unlink()
    with pytest.raises(ModelError, match=r"mtcnn_rnet\.tflite can't be read"):
        MtcnnDetector(copied_models)


def test_a_drawn_face_s_landmarks_lie_where_they_were_drawn() -> None:
    (face,) = MtcnnDetector(MODELS, 40).detect(synthetic_face(2, 320))
    # The head's middle is at (160, 150), a half head height is 92 px: see demo_canvas.
    left, right, nose, left_mouth, right_mouth = (face.landmarks - (160, 150)) / 92
    assert left[0] < -0.2 < 0.2 < right[0]
    assert abs(left[1]) < 0.15
    assert abs(right[1]) < 0.15
    assert 0.2 < nose[1] < 0.6
    assert abs(nose[0]) < 0.12
    assert 0.45 < left_mouth[1] < 0.8
    assert left_mouth[0] < 0 < right_mouth[0]
