"""What of a frame is looked at: the face with what is around it, whatever the frame shows."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.frame import Box
from kiosk.vision.liveness.view import SIDE, around, enlarged


def test_an_enlarged_box_is_moved_inside_the_frame() -> None:
    image = np.zeros((400, 600, 3), np.uint8)
    assert enlarged(Box(250, 150, 100, 100), 2.0, image) == (200, 100, 400, 300)
    assert enlarged(Box(0, 0, 100, 100), 2.0, image) == (0, 0, 200, 200)
    left, top, right, bottom = enlarged(Box(500, 150, 100, 200), 4.0, image)
    assert (top, bottom, right) == (0, 399, 599)
    assert right - left == pytest.approx(200, abs=1)  # as much less as the picture's height allows


@pytest.mark.parametrize(
    "box",
    [Box(-30, -30, 100, 120), Box(580, 380, 60, 70), Box(0, 0, 600, 400), Box(700, 500, 9, 9)],
)
def test_wherever_the_face_is_something_is_seen(box: Box) -> None:
    image = np.full((400, 600, 3), 7, np.uint8)
    view = around(image, box)
    assert view.shape == (SIDE, SIDE, 3)
    assert (view == 7).all()


def test_a_face_is_in_the_middle() -> None:
    image = np.zeros((400, 600, 3), np.uint8)
    image[180:220, 280:320] = 200
    view = around(image, Box(280, 180, 40, 40))
    across, down = (np.flatnonzero(view[..., 0].max(axis)) for axis in (0, 1))
    assert across.mean() == pytest.approx(SIDE / 2 - 0.5, abs=1.5)
    assert len(across) == len(down) == pytest.approx(SIDE / 2.7, abs=2)
