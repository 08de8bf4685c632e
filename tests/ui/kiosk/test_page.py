from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.decision import Hint, Outcome, Reason
from kiosk.domain.errors import StorageError
from kiosk.domain.roles import Role
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.palette import DARK, BandKind
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.entry import Purpose
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.touch import TouchButton
from kiosk.ui.kiosk.words import Action, Sound
from tests.ui.fakes import (
    CODE,
    NEXT_CODE,
    Clock,
    FakeKiosk,
    allow,
    decision,
    deny,
    frame,
    locked_out,
    verdict,
)

Show = Callable[..., None]


@pytest.fixture
def show(page: KioskPage, bridge: Bridge, clock: Clock) -> Show:
    """Bring a view to the page, and let time pass."""

    def bring(view: View | None = None, wait: float = 0.0) -> None:
        if view is not None:
            bridge.on_view(view)
        QApplication.processEvents()
        clock.time += wait
        page.refresh()

    return bring


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_idle_is_a_clock(page: KioskPage) -> None:
    assert page.words.clock
    assert page.words.third == "Look here to check in"
    assert page.band.accessibleName()


def test_a_person_walks_up_and_is_let_in(page: KioskPage, show: Show, heard: list[Sound]) -> None:
    show(View(Phase.LOOKING, Hint.COME_CLOSER), 0.5)
    assert page.words.sentence == "Come closer"
    show(View(Phase.LOOKING, Hint.NONE, 0.67), 0.9)
    assert page.words.sentence == "One moment"
    show(allow())
    assert page.words.band is BandKind.ALLOW
    assert heard == [Sound.RISING]
    show(View(Phase.IDLE), 3.1)
    assert page.words.clock


def test_time_alone_brings_the_page_back(
    qtbot: QtBot, page: KioskPage, bridge: Bridge, clock: Clock
) -> None:
    bridge.on_view(View(Phase.LOOKING, Hint.COME_CLOSER))
    QApplication.processEvents()
    clock.time += 0.5
    qtbot.waitUntil(lambda: page.words.sentence == "Come closer", timeout=2000)


def test_deny_makes_its_sound_and_offers_the_pin(
    page: KioskPage, show: Show, heard: list[Sound]
) -> None:
    show(deny())
    assert page.words.sentence == "Not recognised"
    assert heard == [Sound.FALLING]
    assert page.other_way.isVisible()


def test_silent_where_sound_is_off(
    page: KioskPage, show: Show, kiosk: FakeKiosk, heard: list[Sound]
) -> None:
    kiosk.settings = replace(kiosk.settings, sound=False)
    show(allow())
    assert not heard


def test_no_pin_button_where_pins_are_off(page: KioskPage, show: Show, kiosk: FakeKiosk) -> None:
    kiosk.settings = replace(kiosk.settings, pin_entry=False)
    show(deny())
    assert not page.other_way.isVisible()
    assert page.words.second == "Please try again"


def test_tap_first(qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk) -> None:
    click(qtbot, page)
    assert not kiosk.engine.asked
    show(View(Phase.TAP_FIRST))
    click(qtbot, page)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert kiosk.engine.asked == [("tap",), ("tap",)]


def test_a_pin_by_touch(qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk) -> None:
    show(deny())
    click(qtbot, page.other_way)
    assert page.words.sentence == "Your number or name"
    assert not page.other_way.isVisible()
    assert kiosk.engine.asked == [("pause", True)]
    qtbot.keyClicks(page.pad, "101\r2580\r")
    assert kiosk.engine.asked[1:] == [("pin", "101", "2580"), ("pause", False)]
    assert page.words.sentence == "One moment"
    show(allow())
    assert page.words.sentence == "Good morning, Mia"
    assert not page.talk.is_open


def test_a_wrong_pin_is_a_plain_denial(qtbot: QtBot, page: KioskPage, show: Show) -> None:
    click(qtbot, page.other_way)
    qtbot.keyClicks(page.pad, "101\r9999\r")
    show(deny(reason=Reason.WRONG_PIN))
    assert page.words.band is BandKind.DENY
    assert "101" not in page.words.sentence + page.words.second


def test_digits_on_a_keyboard_open_the_pad(qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk) -> None:
    qtbot.keyClicks(page, "1")
    assert page.pad.entry.text == "1"
    qtbot.keyClicks(page, "01")
    assert page.pad.entry.text == "101"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.talk.is_open
    kiosk.settings = replace(kiosk.settings, pin_entry=False)
    qtbot.keyClicks(page, "1")
    assert not page.talk.is_open


def test_an_answer_that_never_comes_is_not_waited_for(
    qtbot: QtBot, page: KioskPage, show: Show
) -> None:
    click(qtbot, page.other_way)
    qtbot.keyClicks(page.pad, "101\r2580\r")
    show(None, 6.0)
    assert page.words.clock


def test_giving_up_ends_the_pause_and_a_verdict(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    show(deny())
    click(qtbot, page.other_way)
    qtbot.keyClick(page.pad, Qt.Key.Key_Escape)
    assert kiosk.engine.asked == [("pause", True), ("pause", False), ("claim", None)]
    assert page.words.clock
    assert page.hasFocus()


def test_ambiguous_opens_the_keypad_and_a_number_claims(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    show(verdict(Announcement(decision(Outcome.AMBIGUOUS)), hold=15))
    assert page.talk.is_open
    assert page.words.sentence == "Please type your number"
    qtbot.keyClicks(page.pad, "101\r")
    qtbot.waitUntil(lambda: ("claim", 7) in kiosk.engine.asked)
    assert kiosk.engine.asked.index(("pause", False)) < kiosk.engine.asked.index(("claim", 7))
    show(View(Phase.LOOKING, Hint.NO_FACE), 0.5)
    show(allow())
    assert page.words.sentence == "Good morning, Mia"


def test_an_unknown_number_is_looked_at_and_refused_like_any_other(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    kiosk.settings = replace(kiosk.settings, mode="claimed")
    show(View(Phase.TYPE_FIRST))
    qtbot.keyClicks(page.pad, "999\r")
    qtbot.waitUntil(lambda: ("claim", 0) in kiosk.engine.asked)
    show(View(Phase.LOOKING, Hint.NO_FACE), 1.0)
    assert page.words.sentence == "Look here"


def assert_only_the_administrator_is_told(page: KioskPage, what: str) -> None:
    assert page.words.second == ""
    assert page._site.faults.last is not None
    assert page._site.faults.last.text == what


def test_a_claim_that_fails_says_whom_to_ask(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    kiosk.people_failure = StorageError("The database is locked: close the other program.")
    show(View(Phase.TYPE_FIRST))
    qtbot.keyClicks(page.pad, "101\r")
    qtbot.waitUntil(lambda: page.words.sentence == "Please ask at the desk")
    assert_only_the_administrator_is_told(page, "The database is locked: close the other program.")


def test_in_claimed_mode_the_pad_lies_ready_and_nothing_is_paused(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    show(View(Phase.TYPE_FIRST))
    assert page.talk.is_docked
    assert page.words.sentence == "Type your number"
    assert page.other_way.isVisible()
    qtbot.keyClicks(page.pad, "55")
    qtbot.keyClick(page.pad, Qt.Key.Key_Escape)
    assert page.pad.entry.text == ""
    assert page.talk.is_open
    assert not kiosk.engine.asked
    click(qtbot, page.other_way)
    assert page.pad.entry.purpose is Purpose.PIN
    assert not page.talk.is_docked
    qtbot.keyClick(page.pad, Qt.Key.Key_Escape)
    assert page.talk.is_docked
    show(View(Phase.LOOKING, Hint.NONE, 0.3), 0.5)
    assert not page.talk.is_open


def test_a_denial_just_before_the_pad_opened_does_not_close_it(
    qtbot: QtBot, page: KioskPage, show: Show, heard: list[Sound]
) -> None:
    click(qtbot, page.other_way)
    show(deny())
    assert page.talk.is_open
    assert not heard
    show(allow())
    assert not page.talk.is_open
    assert page.words.band is BandKind.ALLOW


def test_an_engine_made_anew_is_told_of_the_pause(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    page.suspend(True)
    show(View(Phase.LOOKING, Hint.NONE, 0.3))
    assert kiosk.engine.asked == [("pause", True), ("pause", True)]


def test_while_the_panel_is_open_nothing_is_heard(
    page: KioskPage, show: Show, heard: list[Sound], kiosk: FakeKiosk
) -> None:
    page.suspend(True)
    show(allow())
    assert not heard
    assert page.words.clock
    page.suspend(False)
    assert kiosk.engine.asked == [("pause", True), ("pause", False)]


def test_one_touch_says_that_it_was_otherwise(
    qtbot: QtBot, page: KioskPage, show: Show, clock: Clock
) -> None:
    show(allow(), 2.5)
    assert page.offers.buttons[0].text() == "Only passing by"
    click(qtbot, page.offers.buttons[0])
    assert not page.offers.buttons[0].isEnabled()
    qtbot.waitUntil(lambda: page.words.sentence == "See you, Mia")
    assert page.offers.buttons[0].text() == "Just arrived"
    assert page.offers.buttons[0].isEnabled()
    # It may be read, and turned back, for as long as the verdict itself.
    show(None, 2.5)
    assert page.words.sentence == "See you, Mia"


def test_what_can_not_be_turned_says_whom_to_ask(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    kiosk.corrections.failure = StorageError("The disk is full: free some space.")
    show(allow())
    click(qtbot, page.offers.buttons[0])
    qtbot.waitUntil(lambda: page.words.sentence == "Please ask at the desk")
    assert_only_the_administrator_is_told(page, "The disk is full: free some space.")
    show(None, 4.0)
    assert page.words.clock


def test_a_turn_that_comes_too_late_changes_nothing(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    show(allow())
    click(qtbot, page.offers.buttons[0])
    show(None, 5.0)
    qtbot.waitUntil(page.offers.buttons[0].isEnabled)
    assert page.words.clock


def test_a_lost_camera_shows_no_picture_and_comes_back(
    page: KioskPage, bridge: Bridge, show: Show
) -> None:
    bridge.on_frame(frame())
    QApplication.processEvents()
    assert page.camera.has_picture
    bridge.on_camera("It is unplugged.")
    show()
    assert page.words.sentence == "No camera"
    assert not page.camera.has_picture
    assert page.other_way.isVisible()
    bridge.on_camera(None)
    show()
    assert page.words.clock


def test_whoever_tries_the_kiosk_without_a_camera_is_offered_the_demo(
    page: KioskPage, bridge: Bridge, kiosk: FakeKiosk, show: Show
) -> None:
    bridge.on_camera("There is no camera 0.")
    show(View(Phase.NOBODY_ENROLLED))
    assert page.words.sentence == "No camera"
    assert page.offers.buttons[0].isVisible()
    assert page.words.offers[0].label == "Enrol from pictures"
    assert not page.offers.buttons[0].geometry().intersects(page.offers.buttons[1].geometry())
    page.offers.buttons[1].click()
    assert kiosk.shown == ["demo"]

    bridge.on_camera(None)
    show(None, 1.0)
    assert page.words.sentence == "Nobody is enrolled yet"


def test_without_a_camera_enrolling_begins_from_pictures(
    page: KioskPage, bridge: Bridge, kiosk: FakeKiosk, show: Show, qtbot: QtBot
) -> None:
    bridge.on_camera("There is no camera 0.")
    show(View(Phase.NOBODY_ENROLLED))
    page.offers.buttons[0].click()
    qtbot.waitUntil(lambda: page.talk.is_open)
    with qtbot.waitSignals([page.admitted, page.enrolling]):
        qtbot.keyClicks(page.pad, "4711\r")
    page.door.click()
    qtbot.waitUntil(lambda: page.talk.is_open)
    with qtbot.assertNotEmitted(page.enrolling), qtbot.waitSignal(page.admitted):
        qtbot.keyClicks(page.pad, "4711\r")


def test_a_pin_is_offered_where_somebody_has_one(
    page: KioskPage, kiosk: FakeKiosk, qtbot: QtBot
) -> None:
    assert page.other_way.isVisible()
    kiosk.people = (replace(kiosk.people[0], has_pin=False),)
    page.suspend(False)
    qtbot.waitUntil(lambda: not page.other_way.isVisible())
    kiosk.people = (replace(kiosk.people[0], has_pin=True),)
    page.suspend(False)
    qtbot.waitUntil(page.other_way.isVisible)


def test_at_a_door_in_use_no_demo_is_offered(page: KioskPage, bridge: Bridge, show: Show) -> None:
    bridge.on_camera("It is unplugged.")
    show()
    assert not page.offers.buttons[0].isVisible()


def test_locked_counts_down(page: KioskPage, show: Show) -> None:
    show(verdict(Announcement(decision(Outcome.DENY, reason=Reason.LOCKED_OUT), wait=30.0)))
    assert page.words.sentence == "Please wait 30 s"
    show(None, 10.0)
    assert page.words.sentence == "Please wait 20 s"


def test_nobody_enrolled_leads_to_the_panel(qtbot: QtBot, page: KioskPage, show: Show) -> None:
    show(View(Phase.NOBODY_ENROLLED))
    assert page.words.offers[0].action is Action.PANEL
    click(qtbot, page.offers.buttons[0])
    qtbot.waitUntil(lambda: page.talk.is_open)
    assert page.words.sentence == "Admin PIN"


def test_the_admin_is_let_in_with_the_right_pin(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk
) -> None:
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.talk.is_open)
    qtbot.keyClicks(page.pad, "9999\r")
    qtbot.waitUntil(lambda: "4 tries left" in page.words.second)
    assert page.words.band is BandKind.AMBER
    with qtbot.waitSignal(page.admitted):
        qtbot.keyClicks(page.pad, "4711\r")
    assert not page.talk.is_open


def test_whoever_gives_up_while_the_pin_is_checked_is_not_let_in(
    qtbot: QtBot, page: KioskPage, worker: Worker
) -> None:
    admitted: list[bool] = []
    page.admitted.connect(lambda *_: admitted.append(True))
    go = threading.Event()
    worker.submit(lambda: go.wait(20), lambda _: None)  # something long is in the queue
    page.talk.open(Purpose.ADMIN)
    qtbot.keyClicks(page.pad, "4711\r")
    qtbot.keyClick(page.pad, Qt.Key.Key_Escape)
    assert not page.talk.is_open
    go.set()
    done: list[bool] = []
    worker.submit(lambda: None, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert admitted == []


def test_a_locked_admin_sees_the_seconds(
    qtbot: QtBot, page: KioskPage, show: Show, kiosk: FakeKiosk
) -> None:
    kiosk.pins.failure = locked_out(30)
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.talk.is_open)
    qtbot.keyClicks(page.pad, "4711\r")
    qtbot.waitUntil(lambda: page.words.second == "Please wait 30 s")
    show(None, 10.5)
    assert page.words.second == "Please wait 20 s"
    kiosk.pins.failure = None
    show(None, 20.0)
    assert page.words.second == ""
    with qtbot.waitSignal(page.admitted):
        qtbot.keyClicks(page.pad, "4711\r")


def test_the_first_start_asks_for_an_admin_pin_twice(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk
) -> None:
    kiosk.pins.admin = None
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.words.sentence == "Choose an admin PIN")
    qtbot.keyClicks(page.pad, "2580\r")
    assert "6 to 12 digits" in page.words.second, "said at once, not after it was typed twice"
    qtbot.keyClicks(page.pad, "258064\r")
    assert page.words.sentence == "The same PIN once more"
    qtbot.keyClicks(page.pad, "258065\r")
    assert "not the same" in page.words.second
    with qtbot.waitSignal(page.admitted) as admitted:
        qtbot.keyClicks(page.pad, "258064\r258064\r")
    assert kiosk.pins.admin == "258064"
    assert admitted.args == [ADMINISTRATOR, CODE]


BOSS = Actor(ActorKind.STAFF, "Mia Chen", Role.MANAGER, ("Night",), 7)


def test_where_people_have_roles_they_say_who_they_are(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk
) -> None:
    kiosk.staff["Mia"] = ("correct horse battery staple", BOSS)
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.talk.is_open)
    assert page.words.sentence == "Your number or name"
    assert page.words.second == "or nothing, for the admin PIN"
    qtbot.keyClicks(page.pad, "mia\r")
    assert page.words.sentence == "Your PIN or passphrase"
    assert page.pad.entry.secret
    qtbot.keyClicks(page.pad, "wrong\r")
    qtbot.waitUntil(lambda: "4 tries left" in page.words.second)
    with qtbot.waitSignal(page.admitted) as admitted:
        qtbot.keyClicks(page.pad, "mia\rcorrect horse battery staple\r")
    assert admitted.args == [BOSS, ""]


def test_where_people_have_roles_the_admin_pin_opens_all_the_same(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk
) -> None:
    kiosk.staff["Mia"] = ("936114", BOSS)
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.talk.is_open)
    qtbot.keyClicks(page.pad, "\r")
    assert page.words.sentence == "Admin PIN"
    with qtbot.waitSignal(page.admitted) as admitted:
        qtbot.keyClicks(page.pad, "4711\r")
    assert admitted.args == [ADMINISTRATOR, ""]


@pytest.mark.parametrize(("role", "asks"), [(Role.MANAGER, "Choose"), (Role.ADMINISTRATOR, "Your")])
def test_nobody_chooses_an_admin_pin_where_an_administrator_can_sign_in(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk, role: Role, asks: str
) -> None:
    kiosk.pins.admin = None
    kiosk.staff["Mia"] = ("936114", replace(BOSS, role=role))
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.talk.is_open)
    assert page.words.sentence.startswith(asks)


def test_whoever_forgot_the_admin_pin_comes_in_by_the_code(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk
) -> None:
    kiosk.pins.failure = locked_out(3600)
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.talk.is_open)
    qtbot.keyClicks(page.pad, "4711\r")
    qtbot.waitUntil(lambda: "Please wait" in page.words.second)
    click(qtbot, key(page, "Forgot it?"))
    assert page.words.sentence == "Your recovery code"
    assert page.words.second == "The 25 letters and figures of the print"
    qtbot.keyClicks(page.pad, "7k3q\r")
    qtbot.waitUntil(lambda: "not the recovery code" in page.words.second)
    qtbot.keyClicks(page.pad, CODE.lower())
    assert page.pad.entry.shown == CODE
    qtbot.keyClicks(page.pad, "\r")
    qtbot.waitUntil(lambda: page.words.sentence == "Choose an admin PIN")
    qtbot.keyClicks(page.pad, "258064\r258065\r")
    assert "not the same" in page.words.second
    with qtbot.waitSignal(page.admitted) as admitted:
        qtbot.keyClicks(page.pad, "258064\r258064\r")
    assert admitted.args == [ADMINISTRATOR, NEXT_CODE]
    assert kiosk.pins.admin == "258064"


def key(page: KioskPage, name: str) -> TouchButton:
    """A key of the pad."""
    return next(
        one
        for one in page.pad.findChildren(TouchButton)
        if one.accessibleName() == name and one.isVisible()
    )


def test_a_database_that_fails_at_the_door_says_so(
    qtbot: QtBot, page: KioskPage, kiosk: FakeKiosk
) -> None:
    kiosk.pins.known_failure = StorageError("The database is locked: close the other program.")
    click(qtbot, page.door)
    qtbot.waitUntil(lambda: page.words.sentence == "Please ask at the desk")
    assert_only_the_administrator_is_told(page, "The database is locked: close the other program.")
    assert not page.talk.is_open


def test_a_fault_of_the_engine_ends_waiting(qtbot: QtBot, page: KioskPage, show: Show) -> None:
    click(qtbot, page.other_way)
    qtbot.keyClicks(page.pad, "101\r2580\r")
    show(View(Phase.FAULT, message="The log can't be written."))
    assert page.words.second == "The log can't be written."


def test_the_ring_follows_the_verdict(page: KioskPage, show: Show) -> None:
    show(View(Phase.LOOKING, Hint.NONE, 0.33))
    assert page.camera._share == 0.33
    show(allow())
    assert page.camera._share == 1.0
    show(View(Phase.IDLE), 4.0)
    assert page.camera._share == 0.0


@pytest.mark.parametrize(
    "size", [QSize(1280, 800), QSize(800, 1280), QSize(1920, 1080), QSize(3840, 2160)]
)
def test_controls_are_touch_sized_named_and_apart(page: KioskPage, show: Show, size: QSize) -> None:
    page.resize(size)
    show(allow("Wilhelmina-Anneliese von Hohenstaufen-Brandenburg-Schwarzenfels"))
    controls = [page.other_way, page.offers.buttons[0], page.door]
    for control in controls:
        assert control.isVisible()
        assert control.accessibleName()
        assert control.height() >= max(44, size.height() / 16)
        assert control.width() >= max(44, size.height() / 16)
        assert page.rect().contains(control.geometry())
    for place, one in enumerate(controls):
        for other in controls[:place]:
            assert not one.geometry().intersects(other.geometry())
    assert not page.grab().isNull()


def test_tab_reaches_every_control(qtbot: QtBot, page: KioskPage, show: Show) -> None:
    show(allow())
    reached = set()
    for _ in range(6):
        page.focusNextChild()
        reached.add(page.focusWidget())
    assert {page.other_way, page.offers.buttons[0], page.door} <= reached


def test_the_theme_can_change_at_any_time(page: KioskPage, show: Show) -> None:
    show(deny())
    light = page.grab().toImage()
    page.set_palette(DARK)
    assert page.grab().toImage() != light


def test_no_button_begins_with_the_focus(page: KioskPage) -> None:
    assert page.hasFocus() or page.focusWidget() in (None, page)
