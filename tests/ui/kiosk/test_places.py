from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRect

from kiosk.ui.kiosk.places import Wanted, places, touch

SIZES = ((1280, 800), (800, 1280), (3840, 2160), (1024, 600))
WANTED = (
    Wanted(clock=True, other_way=200),
    Wanted(other_way=200),
    Wanted(other_way=260, action=420),
    Wanted(action=380),
    Wanted(action=400, also=240),
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wanted", WANTED)
def test_controls_lie_apart_on_the_page(size: tuple[int, int], wanted: Wanted) -> None:
    at = places(*size, wanted)
    shown = [at.door]
    shown += [at.other_way] if wanted.other_way else []
    shown += [at.action] if wanted.action else []
    shown += [at.also] if wanted.also else []
    for control in shown:
        assert QRect(0, 0, *size).contains(control)
        assert min(control.width(), control.height()) >= touch(size[1])
    for one, other in itertools.combinations(shown, 2):
        assert not one.intersects(other)


def test_where_there_is_little_room_the_other_way_is_an_icon() -> None:
    assert not places(1280, 800, Wanted(other_way=200, action=300)).small
    assert places(800, 1280, Wanted(other_way=300, action=500)).small


def test_the_idle_page_shows_more_of_itself_below() -> None:
    assert places(1280, 800, Wanted(clock=True)).band.top() < places(1280, 800, Wanted()).band.top()
