"""The screen as a lamp must not hurt anybody: WCAG 2.2, success criterion 2.3.1."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.ui.common.camera_view import CameraView
from kiosk.ui.common.palette import contrast, luminance
from kiosk.ui.common.texts import ENGLISH
from kiosk.ui.kiosk.challenge_words import challenge
from kiosk.ui.kiosk.light import (
    INK,
    PLATE,
    QUICKEST,
    RAMP,
    REST,
    Colour,
    Gentle,
    Light,
    is_saturated_red,
)
from tests.ui.fakes import Clock

WHITE, GREEN, BLUE, RED = (255, 255, 255), (40, 235, 120), (60, 90, 250), (255, 20, 10)
STEP = 1 / 60


def light_of(colour: Colour | None) -> float:
    return 0.0 if colour is None else luminance(QColor(*colour).name())


def flashes(shown: list[float]) -> int:
    """The most flashes within one second: pairs of opposing changes of a tenth or more in relative
    luminance, the darker of the two below 0.8. ``shown`` is the luminance each 60th of a second."""
    turns: list[int] = []
    anchor, direction = shown[0], 0
    for place, value in enumerate(shown):
        goes = 1 if value > anchor else -1
        if direction in (0, -goes) and abs(value - anchor) >= 0.1 and min(value, anchor) < 0.8:
            turns.append(place)
            direction, anchor = goes, value
        elif goes == direction:
            anchor = value
    second = round(1 / STEP)
    return max((sum(0 <= t - turn < second for t in turns) for turn in turns), default=0) // 2


def test_a_change_is_taken_and_glides() -> None:
    gentle = Gentle()
    assert gentle.shown(0.0) is None
    assert gentle.ask(GREEN, 0.0)
    assert gentle.shown(0.0) == GREEN
    assert gentle.ask(BLUE, QUICKEST)
    between = gentle.shown(QUICKEST + RAMP / 2)
    assert between is not None
    assert between not in (GREEN, BLUE)
    assert gentle.shown(QUICKEST + RAMP) == BLUE


def test_what_changes_too_quickly_is_refused_until_it_is_time() -> None:
    gentle = Gentle()
    gentle.ask(GREEN, 0.0)
    assert not gentle.ask(WHITE, QUICKEST - 0.01)
    assert gentle.shown(QUICKEST) == GREEN
    assert gentle.ask(WHITE, QUICKEST)


def test_switching_off_and_on_is_no_way_around() -> None:
    gentle = Gentle()
    gentle.ask(WHITE, 0.0)
    gentle.off(0.05)
    assert gentle.shown(0.05) is None
    assert not gentle.ask(WHITE, 0.05 + QUICKEST)
    assert gentle.ask(WHITE, 0.06 + REST)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_asked_there_are_never_more_than_three_flashes_a_second(seed: int) -> None:
    chance, gentle, shown = random.Random(seed), Gentle(), []
    colours = [WHITE, (0, 0, 0), GREEN, BLUE, (255, 255, 0)]
    for step in range(600):
        now = step * STEP
        if chance.random() < (0.05, 0.5, 1.0)[seed % 3]:
            if chance.random() < 0.2:
                gentle.off(now)
            else:
                gentle.ask(chance.choice(colours), now)
        shown.append(light_of(gentle.shown(now)))
    assert flashes(shown) <= 3
    assert max(shown) > 0.5


def test_the_count_of_flashes_sees_them() -> None:
    assert flashes([0.0, 1.0] * 60) == 30
    assert flashes(([0.0] * 30 + [1.0] * 30) * 4) == 1


@pytest.mark.parametrize("red", [(255, 0, 0), RED, (180, 0, 0), (255, 60, 90)])
def test_a_saturated_red_is_never_shown(red: Colour) -> None:
    assert is_saturated_red(red)
    gentle = Gentle()
    assert not gentle.ask(red, 0.0)
    gentle.ask(WHITE, 0.0)
    assert not gentle.ask(red, 10.0)
    assert gentle.shown(20.0) == WHITE


def test_other_colours_are_no_saturated_red() -> None:
    for colour in (WHITE, GREEN, BLUE, (0, 0, 0), (255, 150, 150), (255, 200, 0)):
        assert not is_saturated_red(colour)


@pytest.fixture
def parent(qtbot: QtBot, app: object) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    return made


@pytest.fixture
def light(parent: QWidget, clock: Clock) -> Light:
    camera = CameraView(parent)
    camera.resize(1280, 553)
    camera.set_guide(0.5, 0.47, 0.8)
    made = Light(parent, camera, clock=clock)
    made.resize(parent.size())
    made.set_measures(66, QRect(0, 528, 1280, 180))
    parent.show()
    return made


def lit(light: Light, colour: Colour | None) -> None:
    prompt = Prompt(Ask.LIGHT, done=2, colour=colour)
    light.set_prompt(prompt, challenge(prompt, ENGLISH))


def test_the_whole_page_is_lit_but_face_and_sentence(light: Light) -> None:
    lit(light, GREEN)
    picture = light.grab().toImage()
    for place in (QPoint(2, 2), QPoint(1277, 797), QPoint(640, 780), QPoint(100, 400)):
        assert picture.pixelColor(place).getRgb()[:3] == GREEN
    assert picture.pixelColor(640, 260).getRgb()[:3] != GREEN
    green = sum(
        picture.pixelColor(x, y).getRgb()[:3] == GREEN
        for x in range(0, 1280, 20)
        for y in range(0, 800, 20)
    )
    assert green > 0.6 * 64 * 40


def test_it_is_out_with_the_prompt(light: Light, clock: Clock) -> None:
    lit(light, GREEN)
    assert light.isVisible()
    light.set_prompt(Prompt(Ask.LEFT), challenge(Prompt(Ask.LEFT), ENGLISH))
    assert not light.isVisible()
    lit(light, WHITE)
    assert not light.isVisible()  # too soon
    clock.time += REST + 0.01
    lit(light, WHITE)
    assert light.isVisible()
    lit(light, None)
    assert not light.isVisible()


def test_a_prompt_without_a_colour_or_in_red_lights_nothing(light: Light) -> None:
    lit(light, None)
    assert not light.isVisible()
    lit(light, RED)
    assert not light.isVisible()


def test_a_change_is_painted_to_its_end(light: Light, clock: Clock) -> None:
    lit(light, GREEN)
    clock.time += 1
    lit(light, BLUE)
    light.grab()
    assert light._tick.isActive()
    light._tick.stop()
    clock.time += 1
    assert light.grab().toImage().pixelColor(2, 2).getRgb()[:3] == BLUE
    assert not light._tick.isActive()


def test_the_sentence_is_read_on_any_colour() -> None:
    assert contrast(PLATE, INK) >= 7
