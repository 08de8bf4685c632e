from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.ui.common.camera_view import FILLED, CameraView
from kiosk.ui.common.palette import contrast
from kiosk.ui.kiosk.challenge import INK, MADE, PLATE, Challenge
from tests.ui.fakes import Clock, frame

SIZES = [QSize(1280, 528), QSize(800, 717), QSize(3840, 1426), QSize(320, 160)]
LEFT = Prompt(Ask.LEFT)


@pytest.fixture
def parent(qtbot: QtBot, app: object) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1280, 528)
    return made


@pytest.fixture
def camera(parent: QWidget) -> CameraView:
    made = CameraView(parent)
    made.resize(1280, 528)
    made.set_guide(0.5, 0.5, 0.8)
    made.set_frame(frame())
    parent.show()
    return made


def over(camera: CameraView, clock: Clock, *, still: bool = False) -> Challenge:
    made = Challenge(camera.parentWidget(), camera, clock=clock, still=still)
    made.resize(camera.size())
    return made


@pytest.fixture
def challenge(camera: CameraView, clock: Clock) -> Challenge:
    return over(camera, clock)


def settle(challenge: Challenge, clock: Clock) -> QImage:
    for _ in range(40):
        clock.time += 0.03
        challenge.grab()
    return challenge.grab().toImage()


def count(picture: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    return sum(
        picture.pixel(x, y) == wanted
        for x in range(0, picture.width(), 2)
        for y in range(0, picture.height(), 2)
    )


def test_nothing_is_painted_while_nothing_is_asked(challenge: Challenge) -> None:
    assert not challenge.isVisible()
    challenge.set_prompt(LEFT)
    assert challenge.isVisible()
    challenge.set_prompt(None)
    assert not challenge.isVisible()


@pytest.mark.parametrize(("ask", "place"), [(Ask.LEFT, -1), (Ask.RIGHT, 1), (Ask.STRAIGHT, 0)])
def test_the_dot_glides_to_where_the_nose_should_point(
    challenge: Challenge, clock: Clock, ask: Ask, place: int
) -> None:
    middle = challenge.width() / 2
    challenge.set_prompt(Prompt(ask))
    places = []
    for _ in range(40):
        clock.time += 0.03
        challenge.grab()
        places.append(challenge.place)
    assert places == sorted(places, reverse=place < 0)
    assert challenge.place == place
    if place:
        assert 0 < abs(places[1]) < 1
        assert (challenge.dot().center().x() - middle) * place > 100


def test_where_nothing_should_move_it_jumps(camera: CameraView, clock: Clock) -> None:
    challenge = over(camera, clock, still=True)
    challenge.set_prompt(LEFT)
    challenge.grab()
    assert challenge.place == -1
    assert not challenge._tick.isActive()


def test_at_rest_it_asks_for_no_painting(challenge: Challenge, clock: Clock) -> None:
    challenge.set_prompt(LEFT)
    clock.time += 0.03
    challenge.grab()
    assert challenge._tick.isActive()
    settle(challenge, clock)
    challenge._tick.stop()
    challenge.grab()
    assert not challenge._tick.isActive()


def test_a_prompt_that_is_taken_back_stops_the_timer(challenge: Challenge, clock: Clock) -> None:
    challenge.set_prompt(LEFT)
    clock.time += 0.03
    challenge.grab()
    challenge.set_prompt(None)
    assert not challenge._tick.isActive()


def test_the_line_fills_with_the_turn(challenge: Challenge, clock: Clock) -> None:
    filled = []
    for turned in (0.0, 0.4, 0.9):
        challenge.set_prompt(replace(LEFT, turned=turned))
        filled.append(count(settle(challenge, clock), FILLED))
    assert filled[0] == 0
    assert filled[0] < filled[1] < filled[2]


def test_the_ring_empties_with_the_time(challenge: Challenge, clock: Clock) -> None:
    white = []
    for left in (1.0, 0.5, 0.0):
        challenge.set_prompt(replace(LEFT, left=left))
        white.append(count(settle(challenge, clock), PLATE))
    assert white[0] > white[1] > white[2]


def test_a_turn_that_is_made_shows_a_tick(challenge: Challenge, clock: Clock) -> None:
    challenge.set_prompt(replace(LEFT, turned=0.9))
    assert count(settle(challenge, clock), MADE) == 0
    challenge.set_prompt(replace(LEFT, turned=1.0))
    assert count(settle(challenge, clock), MADE) > 0


def test_each_turn_has_a_mark(challenge: Challenge, clock: Clock) -> None:
    ticked = []
    for done in (0, 1, 2):
        challenge.set_prompt(Prompt(Ask.STRAIGHT, done=done, asks=3))
        ticked.append(count(settle(challenge, clock), FILLED))
    assert ticked[0] == 0
    assert ticked[0] < ticked[1] < ticked[2]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ask", [Ask.LEFT, Ask.RIGHT])
def test_the_dot_stays_on_the_picture(
    camera: CameraView, clock: Clock, size: QSize, ask: Ask
) -> None:
    camera.resize(size)
    challenge = over(camera, clock, still=True)
    challenge.set_prompt(Prompt(ask))
    challenge.grab()
    assert challenge.dot().left() >= 0
    assert challenge.dot().right() <= size.width()


def test_the_dot_is_where_words_say_from_right_to_left_too(
    camera: CameraView, clock: Clock
) -> None:
    parent = camera.parentWidget()
    assert parent is not None
    parent.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    challenge = over(camera, clock, still=True)
    challenge.set_prompt(LEFT)
    picture = challenge.grab().toImage()
    assert challenge.dot().center().x() < challenge.width() / 2
    left = picture.copy(0, 0, picture.width() // 2, picture.height() - 80)
    right = picture.copy(picture.width() // 2, 0, picture.width() // 2, picture.height() - 80)
    assert count(left, PLATE) > count(right, PLATE)


def test_what_is_drawn_is_told_apart_by_anybody() -> None:
    assert contrast(PLATE, INK) >= 7
    assert contrast(PLATE, MADE) >= 4.5


def test_figures_out_of_range_do_no_harm(challenge: Challenge, clock: Clock) -> None:
    challenge.set_prompt(Prompt(Ask.RIGHT, turned=7.0, left=-3.0, done=9, asks=0))
    settle(challenge, clock)
    challenge.set_prompt(Prompt(Ask.RIGHT, turned=-1.0, left=9.0, done=0, asks=12))
    settle(challenge, clock)
    challenge.resize(0, 0)
    challenge.grab()
