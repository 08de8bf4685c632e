"""What every implementation of the ``Encoder`` port must do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Box, Face, Image
from kiosk.domain.ports import Encoder
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.encoder import available_encoders, load_encoder
from kiosk.vision.manifest import read_manifest
from tools.drawn_faces.faces import Pose, synthetic_face

MODELS = Path(__file__).resolve().parents[2] / "models"
PEOPLE = (8, 10, 11)
POSES = (Pose(), Pose(yaw=6, smile=0.8, side_light=-0.4), Pose(roll=5, pitch=3, light=0.85))

Looks = dict[int, list[tuple[Image, Face]]]


@pytest.fixture(scope="module", params=sorted(read_manifest(MODELS).encoders))
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param not in available_encoders(MODELS):
        pytest.skip(f"the encoder {request.param} is not installed: pip install 'kiosk[dlib]'")
    return load_encoder(request.param, MODELS)


@pytest.fixture(scope="module")
def looks() -> Looks:
    """Three drawn people, three pictures each, with the face that the detector finds."""
    detector = MtcnnDetector(MODELS, 40)
    pictures = {seed: [synthetic_face(seed, 256, pose) for pose in POSES] for seed in PEOPLE}
    return {
        seed: [(image, detector.detect(image)[0]) for image in images]
        for seed, images in pictures.items()
    }


@pytest.fixture(scope="module")
def vectors(encoder: Encoder, looks: Looks) -> dict[int, NDArray[np.float32]]:
    return {
        seed: np.stack([encoder.encode(image, (face,))[0] for image, face in pictures])
        for seed, pictures in looks.items()
    }


def test_its_card(encoder: Encoder) -> None:
    info = encoder.info
    assert info.encoder_id in available_encoders(MODELS)
    assert info.title
    assert info.summary
    assert info.licence
    if info.scale.in_points:
        assert info.curve.threshold_at(1e-3) == pytest.approx(30), "a score says its own FAR"
    else:
        assert 0 < info.curve.threshold_at(1e-3) < 1


def test_vectors_are_unit_float32(
    encoder: Encoder, vectors: dict[int, NDArray[np.float32]]
) -> None:
    for rows in vectors.values():
        assert rows.dtype == np.float32
        assert rows.shape == (len(POSES), encoder.info.dimension)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_one_person_s_pictures_are_alike_and_other_people_s_are_not(
    encoder: Encoder, vectors: dict[int, NDArray[np.float32]]
) -> None:
    genuine = min((rows @ rows.T).min() for rows in vectors.values())
    impostor = max(
        (vectors[one] @ vectors[other].T).max()
        for one in PEOPLE
        for other in PEOPLE
        if one != other
    )
    assert genuine > impostor + 0.05


def test_no_face_no_vector(encoder: Encoder) -> None:
    assert encoder.encode(synthetic_face(8, 128), ()) == ()


def test_several_faces_of_one_picture_keep_their_order(encoder: Encoder, looks: Looks) -> None:
    one, other = looks[8][0], looks[10][0]
    wide = np.concatenate([one[0], other[0]], axis=1)
    moved = Face(other[1].box, other[1].landmarks + np.float32([256, 0]), 1.0)
    first, second = encoder.encode(wide, (one[1], moved))
    assert first @ encoder.encode(*_single(one))[0] > 0.99
    assert second @ encoder.encode(*_single(other))[0] > 0.99


def test_the_same_face_gives_the_same_vector(encoder: Encoder, looks: Looks) -> None:
    image, face = looks[8][0]
    (first,), (second,) = encoder.encode(image, (face,)), encoder.encode(image, (face,))
    np.testing.assert_array_equal(first, second)


def test_a_face_partly_outside_the_picture_is_encoded(encoder: Encoder, looks: Looks) -> None:
    image, face = looks[8][0]
    cut = int(face.landmarks[0, 0]) - 10
    moved = Face(face.box, face.landmarks - np.float32([cut, 0]), 1.0)
    (vector,) = encoder.encode(np.ascontiguousarray(image[:, cut:]), (moved,))
    (whole,) = encoder.encode(image, (face,))
    assert vector @ whole > 0.5


def test_landmarks_that_span_nothing_are_refused(encoder: Encoder) -> None:
    face = Face(Box(0, 0, 10, 10), np.zeros((5, 2), np.float32), 1.0)
    with pytest.raises(BadImage, match="landmarks"):
        encoder.encode(np.zeros((64, 64, 3), np.uint8), (face,))


def _single(look: tuple[Image, Face]) -> tuple[Image, tuple[Face]]:
    image, face = look
    return image, (face,)
