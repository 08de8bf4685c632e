from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRect

from kiosk.ui.kiosk.places import Wanted, places, touch

SIZES = ((1280, 800), (800, 1280), (3840, 2160), (1024, 600))
WANTED = (
    Wanted(clock=True, other_way=200),
    Wanted(other_way=200),
    Wanted(other_way=260, offers=(420,)),
    Wanted(offers=(380,)),
    Wanted(offers=(400, 240)),
    Wanted(offers=(500, 300, 200)),
    Wanted(offers=(500, 300, 200, 100)),
    Wanted(offers=(5000, 300, 200, 100)),
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wanted", WANTED)
def test_controls_lie_apart_on_the_page(size: tuple[int, int], wanted: Wanted) -> None:
    at = places(*size, wanted)
    shown = [at.door]
    shown += [at.other_way] if wanted.other_way else []
    assert len(at.offers) == len(wanted.offers)
    shown += at.offers
    for control in shown:
        assert QRect(0, 0, *size).contains(control)
        assert min(control.width(), control.height()) >= touch(size[1])
    for one, other in itertools.combinations(shown, 2):
        assert not one.intersects(other)


def test_where_there_is_little_room_the_other_way_is_an_icon() -> None:
    assert not places(1280, 800, Wanted(other_way=200, offers=(300,))).small
    assert places(800, 1280, Wanted(other_way=300, offers=(500,))).small


def test_the_idle_page_shows_more_of_itself_below() -> None:
    assert places(1280, 800, Wanted(clock=True)).band.top() < places(1280, 800, Wanted()).band.top()


def test_many_answers_leave_the_sentence_its_room() -> None:
    for size in SIZES:
        for count in (2, 3, 4):
            at = places(*size, Wanted(offers=count * (500,)))
            assert at.band.height() - at.foot >= 0.2 * size[1]
            assert all(at.band.contains(place) for place in at.offers)


def test_the_likely_answer_of_three_has_a_row_of_its_own_where_it_is_narrow() -> None:
    first, second, third = places(800, 1280, Wanted(offers=(300, 300, 300))).offers
    assert first.width() > second.width()
    assert first.bottom() < second.top() == third.top()
    beside = places(1280, 800, Wanted(offers=(300, 300, 300))).offers
    assert len({place.top() for place in beside}) == 1
