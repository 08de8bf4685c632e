"""Somebody is asked about their hours, on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import Direction, Doubt
from kiosk.domain.errors import StorageError
from kiosk.domain.hours import Reading
from kiosk.domain.hours.inside import Inside, Present
from kiosk.services.decide.engine import Phase, View
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.kiosk.entry import Purpose
from kiosk.ui.kiosk.offers import SETTLES
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.words import Sound
from tests.ui.fakes import CAME, FORGOTTEN, Clock, FakeKiosk, allow, read

IN, OUT, SEEN, BREAK = Direction.IN, Direction.OUT, Direction.SEEN, Direction.BREAK
SHORT = Reading((SEEN, OUT, BREAK), Doubt.SHORT, since=CAME)
ASKS_LEFT = Reading((IN, SEEN), forgotten=FORGOTTEN)

Show = Callable[..., None]


@pytest.fixture
def show(page: KioskPage, bridge: Bridge, clock: Clock) -> Show:
    def bring(view: View | None = None, wait: float = 0.0) -> None:
        if view is not None:
            bridge.on_view(view)
        QApplication.processEvents()
        clock.time += wait
        page.refresh()

    return bring


def touch(qtbot: QtBot, page: KioskPage, number: int) -> None:
    qtbot.mouseClick(page.offers.buttons[number], Qt.MouseButton.LeftButton)


def ask_left(qtbot: QtBot, page: KioskPage, show: Show) -> None:
    """Greeted, and then asked."""
    show(read(ASKS_LEFT))
    qtbot.waitUntil(lambda: page._inquiry.due() is not None)
    assert page.words.sentence == "Good morning, Mia"
    show(None, 2.1)
    assert page.words.sentence == "When did you leave yesterday?"
    show(None, SETTLES)


def test_one_touch_says_what_a_look_meant(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk, heard: list[Sound]
) -> None:
    show(read(SHORT))
    assert page.words.sentence == "Going already, Mia?"
    assert [button.text() for button in page.offers.shown] == [
        "Still here", "Going home", "Taking a break",
    ]  # fmt: skip
    touch(qtbot, page, 2)
    assert not page.offers.buttons[0].isEnabled()
    qtbot.waitUntil(lambda: page.words.sentence == "Enjoy your break, Mia")
    assert kiosk.corrections.asked == [("answer", BREAK)]
    assert kiosk.engine.asked == [("stay", 3.0)], "the next may be looked at sooner"
    assert heard == [Sound.RISING]
    show(None, 2.9)
    assert page.words.sentence == "Enjoy your break, Mia"
    show(None, 0.2)
    assert page.words.clock


def test_the_likely_answer_can_be_confirmed(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    show(read(SHORT))
    touch(qtbot, page, 0)
    qtbot.waitUntil(lambda: page.words.sentence == "Still here, Mia")
    assert kiosk.corrections.asked == [("answer", SEEN)]


def test_without_a_touch_nothing_is_written_and_the_likely_one_stands(
    page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    view = read(SHORT)
    show(view, 7.9)
    assert page.words.asks
    show(None, 0.2)
    assert page.words.clock
    show(View(Phase.STAYS, announcement=view.announcement), 1.0)
    assert (page.words.sentence, page.words.offers) == ("You are in, Mia", ())
    assert kiosk.corrections.asked == []


def test_what_was_answered_holds_while_the_person_stays(
    qtbot: QtBot, page: KioskPage, show: Show
) -> None:
    view = read(SHORT)
    show(view)
    touch(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.words.sentence == "Goodbye, Mia")
    show(View(Phase.STAYS, announcement=view.announcement), 4.0)
    assert page.words.sentence == "You are out, Mia"


def test_a_second_touch_at_the_same_place_is_not_taken_for_another_answer(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk, clock: Clock
) -> None:
    show(read(SHORT))
    touch(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.words.sentence == "Goodbye, Mia")
    touch(qtbot, page, 1)
    assert page.offers.buttons[1].isEnabled()
    clock.time += SETTLES
    touch(qtbot, page, 1)
    assert not page.offers.buttons[1].isEnabled()


@pytest.mark.parametrize(
    ("keys", "means"),
    [
        ([Qt.Key.Key_Return], SEEN),
        ([Qt.Key.Key_2], OUT),
        ([Qt.Key.Key_3], BREAK),
        ([Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return], OUT),
        ([Qt.Key.Key_Left, Qt.Key.Key_Return], BREAK),
        ([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space], BREAK),
        ([Qt.Key.Key_Right, Qt.Key.Key_3], BREAK),
    ],
)
def test_answered_by_keys(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk, keys: list[int], means: Direction
) -> None:
    page.activateWindow()
    show(read(SHORT))
    for key in keys:
        qtbot.keyClick(page.focusWidget() or page, Qt.Key(key))
    qtbot.waitUntil(lambda: kiosk.corrections.asked == [("answer", means)])
    assert not page.talk.is_open


def test_where_nothing_is_asked_figures_open_the_pad(
    qtbot: QtBot, page: KioskPage, show: Show
) -> None:
    show(allow())
    qtbot.keyClicks(page, "1")
    assert page.pad.entry.text == "1"


def test_an_answer_that_can_not_be_written_says_whom_to_ask(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    kiosk.corrections.failure = StorageError("The disk is full: free some space.")
    show(read(SHORT))
    touch(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.words.sentence == "Please ask at the desk")
    assert page.words.second == ""


def test_a_repeat_and_a_drill_ask_nothing(
    page: KioskPage, show: Show, kiosk: FakeKiosk, qtbot: QtBot
) -> None:
    show(allow(repeat=True))
    assert not page.offers.shown
    page.rehearse(True)
    show(read(SHORT))
    assert not any(button.isVisible() for button in page.offers.buttons)
    page.rehearse(False)


def test_one_touch_says_when_somebody_left(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    ask_left(qtbot, page, show)
    assert kiosk.engine.asked == [("stay", 10.0)]
    touch(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.words.sentence == "Thank you, Mia")
    moment = FORGOTTEN.at.replace(hour=16, minute=30)
    assert kiosk.corrections.asked == [("add", OUT, moment, "said at the kiosk")]
    assert not page.offers.shown
    show(None, 3.1)
    assert page.words.clock


def test_without_an_answer_it_stays_open(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    ask_left(qtbot, page, show)
    show(None, 8.0)
    assert page.words.clock
    assert kiosk.corrections.asked == []


def test_another_time_is_typed(qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk) -> None:
    ask_left(qtbot, page, show)
    touch(qtbot, page, 3)
    assert page.pad.entry.purpose is Purpose.LEFT
    assert page.words.second == "Four digits: 1730 for 17:30"
    show(None, 9.0)
    assert page.talk.is_open, "typing takes its time"
    for typed, why in (("17\r", "four digits"), ("2561\r", "no 25:61"), ("0700\r", "between")):
        qtbot.keyClicks(page.pad, typed)
        qtbot.waitUntil(lambda why=why: why in page.words.second)  # type: ignore[misc]
        assert page.pad.entry.text == ""
    qtbot.keyClicks(page.pad, "1715\r")
    qtbot.waitUntil(lambda: page.words.sentence == "Thank you, Mia")
    assert page.words.second.startswith("You left at ")
    assert not page.talk.is_open
    assert kiosk.corrections.asked == [
        ("add", OUT, FORGOTTEN.at.astimezone().replace(hour=17, minute=15), "said at the kiosk")
    ]
    assert ("pause", False) in kiosk.engine.asked
    assert kiosk.engine.asked[-1] == ("stay", 3.0)


def test_who_gives_up_typing_leaves_it_open(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    ask_left(qtbot, page, show)
    touch(qtbot, page, 3)
    qtbot.keyClick(page.pad, Qt.Key.Key_Escape)
    assert page.words.clock
    assert kiosk.corrections.asked == []


def test_who_chooses_first_is_asked_when_they_left_afterwards(
    qtbot: QtBot, page: KioskPage, show: Show
) -> None:
    show(read(Reading((IN, SEEN), Doubt.CHOICE, FORGOTTEN)))
    assert page.words.sentence == "Just arrived, Mia?"
    show(None, 1.0)
    assert page._inquiry.due() is None
    touch(qtbot, page, 0)
    qtbot.waitUntil(lambda: page._inquiry.due() is not None)
    assert page.words.sentence == "Good morning, Mia"
    show(None, 2.1)
    assert page.words.sentence == "When did you leave yesterday?"


def test_where_the_past_can_not_be_read_nobody_is_asked(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    kiosk.attendance_failure = StorageError("The database is locked.")
    show(read(ASKS_LEFT))
    qtbot.waitUntil(lambda: page._site.faults.last is not None)
    show(None, 3.0)
    assert page.words.sentence == "Good morning, Mia"


def test_the_answer_of_one_is_not_told_to_the_next(
    qtbot: QtBot, page: KioskPage, show: Show
) -> None:
    show(read(SHORT))
    touch(qtbot, page, 1)
    other = read(Reading((IN, SEEN)), "Ben")
    told = other.announcement
    assert told is not None
    later = replace(told, decision=replace(told.decision, event_id=2))
    page._on_view(replace(other, announcement=later))
    qtbot.wait(20)
    show()
    assert page.words.sentence == "Good morning, Ben"


def test_what_is_answered_after_the_page_was_left_is_told_to_nobody(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    show(read(SHORT))
    touch(qtbot, page, 1)
    page.suspend(True)
    qtbot.waitUntil(lambda: bool(kiosk.corrections.asked))
    qtbot.wait(20)
    show()
    assert page.words.clock
    assert ("stay", 3.0) not in kiosk.engine.asked
    page.suspend(False)


@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(800, 1280), QSize(3840, 2160)])
def test_answers_are_touch_sized_named_and_apart(
    qtbot: QtBot, page: KioskPage, show: Show, size: QSize
) -> None:
    page.resize(size)
    ask_left(qtbot, page, show)
    shown = page.offers.shown
    assert len(shown) == 4
    for place, button in enumerate(shown):
        assert button.isVisible()
        assert button.accessibleName() == button.text() != ""
        assert min(button.height(), button.width()) >= max(44, size.height() / 16)
        assert page.band.geometry().contains(button.geometry())
        for other in (*shown[:place], page.door):
            assert not button.geometry().intersects(other.geometry())


def test_the_idle_page_tells_how_many_are_in(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk, clock: Clock
) -> None:
    assert page.words.second == page._manner().date(datetime(2026, 11, 24, 7, 42, tzinfo=UTC))
    kiosk.settings = replace(kiosk.settings, count_in=True)
    kiosk.here = (
        Present(CAME, Inside.SURELY),
        Present(CAME, Inside.PERHAPS),
        Present(CAME, Inside.UNKNOWN),
    )
    page._look_up()
    qtbot.waitUntil(lambda: page.words.second.endswith("· 2 people are in"))
    kiosk.here = ()
    page._look_up()
    qtbot.waitUntil(lambda: page.words.second.endswith("· Nobody is in"))
    kiosk.here = (Present(CAME, Inside.SURELY),)
    page._look_up()
    qtbot.waitUntil(lambda: page.words.second.endswith("· 1 person is in"))
    kiosk.attendance_failure = StorageError("The database is locked.")
    page._look_up()
    qtbot.waitUntil(lambda: "in" not in page.words.second.split())
    kiosk.settings = replace(kiosk.settings, count_in=False)
