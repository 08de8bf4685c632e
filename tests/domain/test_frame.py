from __future__ import annotations

import pytest

from kiosk.domain.frame import Box


def test_a_box_knows_its_figures() -> None:
    box = Box(10, 20, 30, 40)
    assert (box.area, box.centre, box.size) == (1200, (25, 40), 40)


@pytest.mark.parametrize(
    ("other", "iou"),
    [
        (Box(0, 0, 10, 10), 1.0),
        (Box(5, 0, 10, 10), 1 / 3),
        (Box(10, 0, 10, 10), 0.0),
        (Box(0, 50, 10, 10), 0.0),
        (Box(2, 2, 5, 2), 0.1),
        (Box(3, 3, 0, 0), 0.0),
    ],
)
def test_overlap(other: Box, iou: float) -> None:
    box = Box(0, 0, 10, 10)
    assert box.iou(other) == other.iou(box) == pytest.approx(iou)
