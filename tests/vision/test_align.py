"""Landmarks to a square crop."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.errors import BadImage
from kiosk.vision.align import ALIGNMENTS, ARCFACE_112, Alignment, align, similarity

TEMPLATE = np.array(ARCFACE_112.points)


def turned(scale: float, degrees: float, shift: tuple[float, float]) -> NDArray[np.float32]:
    """The ArcFace template as landmarks in a picture."""
    angle = np.radians(degrees)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (scale * TEMPLATE @ rotation.T + shift).astype(np.float32)


@pytest.mark.parametrize("scale", [0.4, 1.0, 3.0])
@pytest.mark.parametrize("degrees", [-170, -30, 0, 45, 90])
def test_an_exact_similarity_is_found(scale: float, degrees: float) -> None:
    matrix = similarity(turned(scale, degrees, (50, 20)), ARCFACE_112)
    points = np.c_[turned(scale, degrees, (50, 20)), np.ones(5)]
    np.testing.assert_allclose((points @ matrix.T)[:, :2], TEMPLATE, atol=1e-3)
    assert np.linalg.det(matrix[:2, :2]) == pytest.approx(scale**-2, rel=1e-4)


def test_noise_is_fitted_in_least_squares_and_never_mirrored() -> None:
    rng = np.random.default_rng(0)
    noisy = turned(2, 10, (5, 5)) + rng.normal(0, 2, (5, 2)).astype(np.float32)
    matrix = similarity(noisy, ARCFACE_112)
    points = np.c_[noisy, np.ones(5)]

    def loss(other: NDArray[np.float64]) -> float:
        return float((((points @ other.T)[:, :2] - TEMPLATE) ** 2).sum())

    for _ in range(50):
        nudged = matrix.copy()
        nudged[:2, 2] += rng.normal(0, 0.5, 2)
        turn = rng.normal(0, 0.02)
        nudged[:2] = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ (
            nudged[:2] * (1 + rng.normal(0, 0.01))
        )
        assert loss(matrix) <= loss(nudged)
    mirrored = noisy * (-1, 1)
    assert np.linalg.det(similarity(mirrored, ARCFACE_112)[:2, :2]) > 0


def test_landmarks_on_the_template_give_the_picture_itself() -> None:
    image = np.random.default_rng(0).integers(0, 256, (112, 112, 3), np.uint8)
    crop = align(image, TEMPLATE.astype(np.float32), ARCFACE_112)
    np.testing.assert_array_equal(crop, image)


def test_what_lies_beyond_the_picture_is_black() -> None:
    """A stretched edge looks like a part of the face that many have."""
    image = np.full((80, 80, 3), 200, np.uint8)
    crop = align(image, turned(1, 0, (-60, 30)), ARCFACE_112)
    assert set(np.unique(crop[:, ::111])) <= {0, 200}
    assert (crop == 0).any()
    assert (crop == 200).any()


def test_a_large_face_is_shrunk_by_areas() -> None:
    # One-pixel stripes vanish into grey; bilinear sampling alone would keep some of them.
    image = np.zeros((900, 900, 3), np.uint8)
    image[:, ::2] = 255
    crop = align(image, turned(8, 0, (2, 3)), ARCFACE_112)
    assert 120 <= crop.min() <= crop.max() <= 135


@pytest.mark.parametrize("scale", [2.3, 4.0, 7.7])
def test_shrinking_keeps_the_face_in_place(scale: float) -> None:
    small = np.zeros((112, 112, 3), np.uint8)
    for x, y in TEMPLATE:
        cv2.circle(small, (round(x), round(y)), 5, (255, 255, 255), -1)
    matrix = np.array([[scale, 0, 40.0], [0, scale, 25.0]])
    large = cv2.warpAffine(small, matrix, (1000, 1000))
    crop = align(large, turned(scale, 0, (40, 25)), ARCFACE_112)
    for x, y in TEMPLATE.round().astype(int):
        area = crop[y - 8 : y + 9, x - 8 : x + 9, 0].astype(float)
        rows, columns = np.mgrid[-8:9, -8:9]
        assert abs((area * rows).sum() / area.sum()) < 0.5
        assert abs((area * columns).sum() / area.sum()) < 0.5


@pytest.mark.parametrize(
    "landmarks",
    [
        np.zeros((5, 2)),
        np.full((5, 2), 7.0) + np.arange(5)[:, None] * 0.1,
        np.full((5, 2), np.nan),
        np.array([[0, 0], [np.inf, 0], [1, 1], [0, 2], [2, 2]]),
        np.ones((4, 2)),
    ],
)
def test_degenerate_landmarks_are_refused(landmarks: NDArray[np.float64]) -> None:
    image = np.zeros((50, 50, 3), np.uint8)
    with pytest.raises(BadImage, match="landmarks"):
        align(image, landmarks.astype(np.float32), ARCFACE_112)


def test_a_face_far_outside_the_picture_still_gives_a_crop() -> None:
    image = np.full((50, 50, 3), 90, np.uint8)
    for scale in (1.0, 9.0):
        crop = align(image, turned(scale, 0, (9000, -9000)), ARCFACE_112)
        assert crop.shape == (112, 112, 3)
        assert (crop == 0).all()


def test_templates_lie_inside_their_crops() -> None:
    for alignment in ALIGNMENTS.values():
        points = np.array(alignment.points)
        assert (points > 0).all()
        assert (points < alignment.size).all()


def test_a_template_has_five_points() -> None:
    with pytest.raises(ValueError, match="five points"):
        Alignment(112, ((1.0, 2.0),))
