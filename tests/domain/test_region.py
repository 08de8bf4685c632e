"""The part of the picture that is looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box
from kiosk.domain.region import Region


@pytest.mark.parametrize("text", ["", "  ", "0,0,100,100"])
def test_nothing_written_is_the_whole_picture(text: str) -> None:
    region = Region.parse(text)

    assert region.whole
    assert region.pixels(640, 480) == (0, 0, 640, 480)


def test_sides_are_per_cent_of_the_picture() -> None:
    region = Region.parse(" 25, 0 ,75,50.5")

    assert not region.whole
    assert region.pixels(640, 480) == (160, 0, 480, 242)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "1,2,3",
        "1,2,3,4,5",
        "10;10;90;90",
        "0,0,nan,100",
        "0,0,101,100",
        "-1,0,50,50",
        "0,0,5,100",
        "60,0,40,100",
        "0,0,inf,100",
        "0,60,100,60",
        ",,,",
    ],
)
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"^Region to look at: expected .*per ?cent"):
        Region.parse(text)


def test_a_face_counts_by_its_middle() -> None:
    region = Region.parse("50,0,100,100")

    assert region.contains(Box(300, 100, 100, 120), 640, 480)
    assert not region.contains(Box(200, 100, 100, 120), 640, 480)
    assert not region.contains(Box(600, 100, 100, 120), 640, 480)


sides = st.integers(0, 90)


@given(sides, sides, st.integers(10, 100), st.integers(10, 100))
def test_written_and_read_again_it_is_the_same(left: int, top: int, wide: int, high: int) -> None:
    region = Region(left, top, min(100, left + wide), min(100, top + high))

    assert Region.parse(region.text()) == region
    x0, y0, x1, y1 = region.pixels(320, 240)
    assert 0 <= x0 < x1 <= 320
    assert 0 <= y0 < y1 <= 240
