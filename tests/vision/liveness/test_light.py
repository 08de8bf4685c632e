"""The light of skin and of what is around it."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.frame import Box
from kiosk.vision.liveness.around import ring
from kiosk.vision.liveness.light import lit

FACE = Box(130, 90, 60, 75)


def test_the_means_are_of_light() -> None:
    image = np.full((240, 320, 3), (188, 60, 10), np.uint8)
    image[90:165, 130:190] = (255 // 2, 128, 64)
    image[90:165, 130:190:2] = (188, 128, 64)  # every second column twice as bright, about
    found = lit(image, FACE, ring(FACE, image.shape))
    assert found is not None
    assert found.around is not None
    assert found.around[0] == pytest.approx(0.50, abs=0.01)  # sRGB 188 is half the light of 255
    assert found.skin[0] == pytest.approx((0.50 + 0.21) / 2, abs=0.02)
    assert found.skin[1] == pytest.approx(0.216, abs=0.01)


def test_what_is_burnt_out_has_no_colour() -> None:
    image = np.full((240, 320, 3), 100, np.uint8)
    image[90:130, 130:190] = 255
    found = lit(image, FACE, ring(FACE, image.shape))
    assert found is not None
    assert found.skin[0] == pytest.approx(0.127, abs=0.01)
    image[90:165, 130:190] = 255
    assert lit(image, FACE, ring(FACE, image.shape)) is None


def test_a_face_beyond_the_picture_has_none() -> None:
    image = np.full((240, 320, 3), 100, np.uint8)
    beyond = Box(400, 300, 60, 75)
    assert lit(image, beyond, ring(beyond, image.shape)) is None


def test_a_face_that_fills_the_picture_has_no_surroundings() -> None:
    image = np.full((240, 320, 3), 100, np.uint8)
    close = Box(20, 10, 280, 300)
    found = lit(image, close, ring(close, image.shape))
    assert found is not None
    assert found.around is None
