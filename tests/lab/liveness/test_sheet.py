"""A made-up sheet is where a pinhole camera would see it."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.lab.liveness.sheet import VIEW, Held, shown

BEHIND = np.zeros((VIEW[1], VIEW[0], 3), np.uint8)
PICTURE = np.full((160, 120, 3), 255, np.uint8)


def lit(how: Held) -> tuple[int, int, int]:
    """Width, height and area of what is seen of a white sheet."""
    rows, columns = np.nonzero(shown(PICTURE, how, BEHIND)[..., 0] > 127)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1, len(rows)


def test_held_straight_it_is_itself() -> None:
    width, height, area = lit(Held())
    assert width == pytest.approx(120, abs=2)
    assert height == pytest.approx(160, abs=2)
    assert area == pytest.approx(120 * 160, rel=0.03)


def test_aslant_it_is_narrower_and_its_near_side_taller() -> None:
    width, height, _ = lit(Held(yaw=0.9))
    assert width == pytest.approx(120 * np.cos(0.9), rel=0.1)
    assert height > 165


@pytest.mark.parametrize("how", [Held(curve=1.5), Held(curve=-1.5), Held(fold=0.6)])
def test_bent_it_is_narrower(how: Held) -> None:
    width, height, area = lit(how)
    assert 80 < width < 118
    assert 140 < height < 185
    assert area > 0.75 * width * height


def test_edge_on_and_behind_the_camera_nothing_is_seen() -> None:
    assert not shown(PICTURE, Held(yaw=np.pi / 2, size=0.5), BEHIND).any()
    shown(PICTURE, Held(yaw=np.pi / 2, size=9), BEHIND)
