"""What of a frame is looked at: upright, the face in the middle, always as large."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Image, Points
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.canvas import CANVAS, PIXELS_A_FACE, canvas, square


def landmarks(x: float, y: float, size: float) -> Points:
    """A face's, whose square has its middle there."""
    points = (np.array(ARCFACE_112.points) - 56) * size / 112
    return np.asarray(points + np.array([x, y]), np.float32)


def spotted(width: int, height: int, x: float, y: float) -> Image:
    """Grey, with a soft white spot."""
    across, down = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    spot = np.exp(-((across - x) ** 2 + (down - y) ** 2) / 50) * 150
    return np.asarray(np.repeat((60 + spot)[..., None], 3, 2), np.uint8)


@pytest.mark.parametrize("size", [80, 133, 200, 371])
def test_a_spot_on_the_frame_is_where_the_scale_says(size: float) -> None:
    view = canvas(spotted(900, 700, 450 + 0.3 * size, 350), landmarks(450, 350, size))
    assert view.shape == (CANVAS, CANVAS, 3)
    weight = view[:, :, 0].astype(float) - 70
    weight[weight < 0] = 0
    down, across = (np.average(np.arange(CANVAS) + 0.5, weights=weight.sum(i)) for i in (1, 0))
    assert across == pytest.approx(CANVAS / 2 + 0.3 * PIXELS_A_FACE, abs=1.2)
    assert down == pytest.approx(CANVAS / 2, abs=1.2)


@pytest.mark.parametrize("size", [80, 250])
def test_beyond_the_frame_is_black(size: float) -> None:
    view = canvas(np.full((300, 300, 3), 200, np.uint8), landmarks(0, 150, size))
    assert not view[:, : CANVAS // 2 - 2].any()
    assert (view[CANVAS // 2, CANVAS // 2 + 2 : CANVAS // 2 + 60] == 200).all()


def test_a_face_outside_the_frame_leaves_it_black() -> None:
    assert not canvas(np.full((90, 90, 3), 200, np.uint8), landmarks(900, 900, 50)).any()


def test_a_turned_face_is_as_large() -> None:
    points = landmarks(0, 0, 100)
    turned = points @ np.array([[0, 1], [-1, 0]], np.float32)
    assert square(turned)[2] == pytest.approx(square(points)[2]) == pytest.approx(100)


def test_landmarks_on_one_spot_are_no_face() -> None:
    with pytest.raises(BadImage, match="landmarks"):
        canvas(np.zeros((90, 90, 3), np.uint8), np.zeros((5, 2), np.float32))
