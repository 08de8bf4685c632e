from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Box
from kiosk.domain.oval import guide
from kiosk.domain.region import Region

SIZE = st.integers(100, 4000)


@given(SIZE, SIZE, st.floats(1, 90))
def test_the_middle_is_always_inside_and_the_sides_never(
    width: int, height: int, side: float
) -> None:
    def at(share: float) -> Hint:
        return guide(
            Box(share * width - side / 2, height / 2 - side / 2, side, side),
            Region(),
            width,
            height,
        )

    assert at(0.5) is Hint.NONE
    assert at(0.04) is Hint.MOVE_RIGHT
    assert at(0.96) is Hint.MOVE_LEFT


@pytest.mark.parametrize(
    ("x", "hint"),
    [(0.25, Hint.NONE), (0.2, Hint.NONE), (0.02, Hint.MOVE_RIGHT), (0.5, Hint.MOVE_LEFT)],
)
def test_the_oval_stands_in_the_region(x: float, hint: Hint) -> None:
    box = Box(x * 640 - 40, 200, 80, 100)
    assert guide(box, Region(right=50), 640, 480) is hint


def test_a_face_that_overfills_the_oval_steps_back() -> None:
    def of(height: float, region: Region) -> Hint:
        box = Box(320 - height / 3, 240 - height / 2, height / 1.5, height)
        return guide(box, region, 640, 480)

    assert of(430, Region()) is Hint.NONE
    assert of(440, Region()) is Hint.STEP_BACK
    assert of(230, Region(top=25, bottom=75)) is Hint.STEP_BACK


@pytest.mark.parametrize("top", [0, 120, 340, 379])
def test_a_wheelchair_below_the_oval_or_a_tall_person_above_is_as_welcome(top: float) -> None:
    """As long as the picture holds the whole face; what it cuts off is told by the quality."""
    assert guide(Box(280, top, 80, 100), Region(), 640, 480) is Hint.NONE
