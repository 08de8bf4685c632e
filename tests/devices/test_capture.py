"""Scaling down on the way in."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.devices.capture import shrink


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((480, 640), (480, 640)),
        ((1080, 1920), (720, 1280)),
        ((2160, 3840), (720, 1280)),
        ((3840, 2160), (1280, 720)),
        ((1, 20_000), (1, 1280)),
    ],
)
def test_the_aspect_stays(shape: tuple[int, int], expected: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 77, np.uint8)

    small = shrink(picture, 1280)

    assert small.shape == (*expected, 3)
    assert (small == 77).all()


def test_fine_stripes_become_grey_and_not_a_pattern() -> None:
    stripes = np.zeros((400, 2560, 3), np.uint8)
    stripes[:, ::2] = 200

    small = shrink(stripes, 1280)

    assert np.ptp(small) == 0
    assert small[0, 0, 0] == 100
