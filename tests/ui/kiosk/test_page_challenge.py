"""A head is asked to turn, on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.decision import Hint
from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.services.decide.engine import Phase, View
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.texts import ENGLISH, Texts
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.words import Action, Sound
from tests.ui.fakes import MORNING, Clock, FakeKiosk, allow
from tests.ui.german import GERMAN

Show = Callable[..., None]
LEFT = Prompt(Ask.LEFT, 0.2, 0.8)


@pytest.fixture
def ask(page: KioskPage, bridge: Bridge, clock: Clock) -> Show:
    """Bring a prompt to the page; None: somebody is looked at."""

    def bring(prompt: Prompt | None, wait: float = 0.0) -> None:
        view = View(Phase.LOOKING) if prompt is None else View(Phase.CHALLENGE, prompt=prompt)
        bridge.on_view(view)
        QApplication.processEvents()
        clock.time += wait
        page.refresh()

    return bring


def test_a_challenge_from_first_to_last(
    page: KioskPage, bridge: Bridge, ask: Show, heard: list[Sound]
) -> None:
    ask(None, 1.0)
    ask(Prompt(Ask.STRAIGHT))
    assert page.words.sentence == "Look straight ahead"
    ask(Prompt(Ask.RIGHT))
    assert page.challenge.isVisible()
    assert page.words.sentence == "Turn your head to the right"
    assert page.words.sentence in page.band.accessibleName()
    ask(Prompt(Ask.RIGHT, 1.0, 0.6))
    ask(Prompt(Ask.STRAIGHT, done=1))
    assert page.camera._share == 0.5
    ask(Prompt(Ask.LEFT, done=1))
    ask(Prompt(Ask.STRAIGHT, done=2))
    assert page.words.second == "Thank you, almost done"
    bridge.on_view(allow())
    QApplication.processEvents()
    assert page.words.sentence == "Good morning, Mia"
    assert not page.challenge.isVisible()
    assert heard == [Sound.ASK, Sound.DONE, Sound.ASK, Sound.DONE, Sound.RISING]


def test_what_is_asked_shows_at_once_even_after_a_hint(
    page: KioskPage, bridge: Bridge, clock: Clock, ask: Show
) -> None:
    bridge.on_view(View(Phase.LOOKING, Hint.COME_CLOSER))
    QApplication.processEvents()
    clock.time += 0.5
    page.refresh()
    assert page.words.sentence == "Come closer"
    ask(LEFT)
    assert page.words.sentence == "Turn your head to the left"


def test_silent_where_sound_is_off(
    page: KioskPage, kiosk: FakeKiosk, ask: Show, heard: list[Sound]
) -> None:
    kiosk.settings = replace(kiosk.settings, sound=False)
    ask(LEFT)
    assert heard == []


def test_whoever_cannot_turn_the_head_types_a_pin(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk, ask: Show
) -> None:
    ask(LEFT)
    assert page.words.offers[0].action is Action.OTHER_WAY
    assert not page.other_way.isVisible()  # one way out, not two beside each other
    qtbot.mouseClick(page.offers.buttons[0], Qt.MouseButton.LeftButton)
    assert page.talk.is_open
    assert page.words.sentence == "Your number or name"
    assert not page.challenge.isVisible()
    assert kiosk.engine.asked == [("pause", True)]
    ask(replace(LEFT, turned=0.5))  # decided on before the pause was heard of
    assert not page.challenge.isVisible()


def test_where_there_are_no_pins_it_is_said_whom_to_ask(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk, ask: Show, heard: list[Sound]
) -> None:
    kiosk.settings = replace(kiosk.settings, pin_entry=False)
    ask(LEFT)
    qtbot.mouseClick(page.offers.buttons[0], Qt.MouseButton.LeftButton)
    assert page.words.sentence == "Please ask at the desk"
    assert kiosk.engine.asked == [("claim", None)]
    heard.clear()
    ask(LEFT, 5.0)
    assert page.words.sentence == "Please ask at the desk"
    assert heard == []
    ask(LEFT, 1.1)
    assert page.words.sentence == "Turn your head to the left"


def test_by_keyboard_the_other_way_is_reached(qtbot: QtBot, page: KioskPage, ask: Show) -> None:
    ask(LEFT)
    for _ in range(4):
        if page.offers.buttons[0].hasFocus():
            break
        qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_Tab)
    assert page.offers.buttons[0].hasFocus()
    qtbot.keyClick(page.offers.buttons[0], Qt.Key.Key_Return)
    assert page.talk.is_open


def test_a_lost_camera_ends_it(page: KioskPage, bridge: Bridge, ask: Show) -> None:
    ask(LEFT)
    bridge.on_camera("It is unplugged.")
    QApplication.processEvents()
    assert page.words.sentence == "No camera"
    assert not page.challenge.isVisible()


def test_behind_the_panel_nothing_is_asked(page: KioskPage, ask: Show, heard: list[Sound]) -> None:
    page.suspend(True)
    ask(LEFT)
    ask(Prompt(Ask.LIGHT, done=2, colour=(255, 255, 255)))
    assert not page.challenge.isVisible()
    assert not page.light.isVisible()
    assert heard == []


def test_the_light_covers_the_page_but_not_its_buttons(page: KioskPage, ask: Show) -> None:
    ask(Prompt(Ask.LIGHT, done=2, colour=(40, 235, 120)))
    assert page.light.isVisible()
    assert not page.challenge.isVisible()
    picture = page.grab().toImage()
    assert picture.pixelColor(3, 3).getRgb()[:3] == (40, 235, 120)
    for button in (page.offers.buttons[0], page.door):
        assert page.childAt(button.geometry().center()) is button
    ask(LEFT)
    assert not page.light.isVisible()


@pytest.mark.parametrize("texts", [ENGLISH, GERMAN], ids=["english", "german"])
@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(800, 1280), QSize(3840, 2160)])
@pytest.mark.parametrize("right_to_left", [False, True])
def test_everything_has_room(
    qtbot: QtBot,
    kiosk: FakeKiosk,
    bridge: Bridge,
    worker: Worker,
    clock: Clock,
    size: QSize,
    texts: Texts,
    right_to_left: bool,
) -> None:
    page = KioskPage(kiosk.site(), bridge, worker, texts=texts, clock=clock, now=lambda: MORNING)
    qtbot.addWidget(page)
    if right_to_left:
        page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    page.resize(size)
    page.show()
    for ask in Ask:
        bridge.on_view(View(Phase.CHALLENGE, prompt=Prompt(ask, missed=True, colour=(9, 99, 9))))
        QApplication.processEvents()
        page.grab()
        assert page.rect().contains(page.offers.buttons[0].geometry())
        assert page.offers.buttons[0].height() >= max(44, size.height() / 16)
        assert not page.offers.buttons[0].geometry().intersects(page.door.geometry())
        assert page.challenge.geometry().bottom() <= page.band.geometry().top()
