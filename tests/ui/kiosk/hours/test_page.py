"""My hours over the page at the door: the real page, a real database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QScroller, QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import Direction, Doubt, Evidence
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.decision import Hint, Mode
from kiosk.domain.errors import StorageError
from kiosk.domain.people import Person
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.services.site import Site
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.palette import DARK
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.hours.parts import Row
from kiosk.ui.kiosk.hours.visit import BENT, JUST_NOW
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.touch import TouchButton
from tests.ui.fakes import Clock, FakeKiosk, allow, deny, frame, verdict
from tests.ui.kiosk.hours.conftest import Hours, local

Settle = Callable[[], None]


def greets(person: Person, mode: Mode = Mode.WALK_UP) -> View:
    """The view that greets somebody."""
    told = allow(person.name).announcement
    assert told is not None
    return verdict(
        Announcement(replace(told.decision, person_id=person.id, mode=mode), told.clock_event)
    )


@pytest.fixture
def settle(qtbot: QtBot, worker: Worker) -> Settle:
    """Until the worker has answered, and answered what the answers asked."""

    def wait() -> None:
        for _ in range(3):
            answered: list[None] = []
            worker.submit(lambda: None, answered.append)
            qtbot.waitUntil(lambda answered=answered: bool(answered))
        QApplication.processEvents()

    return wait


@pytest.fixture
def read_by(
    page: KioskPage, bridge: Bridge, qtbot: QtBot, settle: Settle, clock: Clock
) -> Callable[..., None]:
    """Somebody is let in and touches My hours."""

    def open_for(person: Person, mode: Mode = Mode.WALK_UP) -> None:
        bridge.on_view(greets(person, mode))
        QApplication.processEvents()
        click(qtbot, page.my_hours)
        settle()
        clock.time += 1
        assert page.hours.is_open

    return open_for


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def said(page: KioskPage) -> str:
    """All that is to be read, and heard by a screen reader."""
    assert page.hours.leaf is not None
    leaf = page.hours.leaf
    texts = [label.text() for label in leaf.findChildren(QLabel)]
    names = [widget.accessibleName() for widget in leaf.findChildren(QWidget)]
    return "\n".join([*texts, *(made.text() for made in leaf.buttons), *names])


def touchable(page: KioskPage, label: str) -> TouchButton:
    assert page.hours.leaf is not None
    found = [
        made for made in page.hours.leaf.buttons if label in (made.text(), made.accessibleName())
    ]
    assert found, f"{label} is not among {[b.accessibleName() for b in page.hours.leaf.buttons]}"
    return found[0]


def touch(page: KioskPage, label: str) -> None:
    """As a finger does where the button is in view."""
    touchable(page, label).click()
    QApplication.processEvents()


def push(qtbot: QtBot, widget: QWidget | None, viewport: QWidget, start: QPoint, by: int) -> None:
    """A finger that begins on a widget and pushes all of it up or down."""
    assert widget is not None
    kinds = QEvent.Type
    steps = [(kinds.MouseButtonPress, 0)]
    steps += [(kinds.MouseMove, by * n // 10) for n in range(1, 11)]
    steps += [(kinds.MouseButtonRelease, by)]
    for kind, moved in steps:
        at = start + QPoint(0, moved)
        button = Qt.MouseButton.NoButton if kind is kinds.MouseMove else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.LeftButton
        if kind is kinds.MouseButtonRelease:
            held = Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind,
            QPointF(widget.mapFrom(viewport, at)),
            QPointF(viewport.mapToGlobal(at)),
            button,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        event.setTimestamp(round(1000 * time.monotonic()))
        QApplication.sendEvent(widget, event)
        qtbot.wait(10)  # a finger takes its time, and so does what it pushes


def test_the_button_is_there_while_somebody_is_greeted(
    page: KioskPage, bridge: Bridge, clock: Clock, mia: Person
) -> None:
    assert not page.my_hours.isVisible()
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    assert page.my_hours.isVisible()
    assert page.my_hours.accessibleName() == "My hours"
    assert page.my_hours.height() >= 44
    clock.time += 5
    page.refresh()
    assert not page.my_hours.isVisible()
    bridge.on_view(View(Phase.STAYS, announcement=greets(mia).announcement))
    QApplication.processEvents()
    clock.time += 1
    page.refresh()
    assert page.my_hours.isVisible()


def test_no_button_where_nobody_was_let_in(page: KioskPage, bridge: Bridge) -> None:
    bridge.on_view(deny())
    QApplication.processEvents()
    assert not page.my_hours.isVisible()
    page.hours.open(deny())
    assert not page.hours.is_open


def test_own_hours_and_nothing_of_others(
    page: KioskPage, read_by: Callable[..., None], hours: Hours, mia: Person, ben: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:00", "out 2026-11-23 12:30")
    hours.punch(ben, "in 2026-11-23 06:11", "out 2026-11-23 17:17")
    read_by(mia)
    text = said(page)
    assert "My hours · Mia Chen" in text
    assert "4:30" in text
    for foreign in ("Ben", "06:11", "17:17", "11:06"):
        assert foreign not in text
    touch(page, "Done")
    assert not page.hours.is_open
    read_by(ben)
    assert "06:11" in said(page)
    assert "Mia" not in said(page)
    assert "12:30" not in said(page)


def test_nobody_else_is_looked_at_meanwhile(
    page: KioskPage, read_by: Callable[..., None], kiosk: FakeKiosk, mia: Person
) -> None:
    read_by(mia)
    assert kiosk.engine.asked == [("attend", mia.id, True, True)]
    touch(page, "Done")
    assert kiosk.engine.asked[1:] == [("attend", None)]


def test_done_leaves_nothing_behind(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:11", "out 2026-11-23 12:30")
    read_by(mia)
    touch(page, "Done")
    assert page.hours.leaf is None
    assert not page.hours.isVisible()
    assert page.hasFocus()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [label.text() for label in page.findChildren(QLabel)]
    assert not any("08:11" in text for text in left)


def test_untouched_it_closes_by_itself(
    qtbot: QtBot, site: Site, bridge: Bridge, worker: Worker, clock: Clock, mia: Person
) -> None:
    page = KioskPage(site, bridge, worker, clock=clock)
    qtbot.addWidget(page)
    page.hours.visit._untouched.setInterval(60)
    page.show()
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    click(qtbot, page.my_hours)
    assert page.hours.is_open
    with qtbot.waitSignal(page.hours.closed):
        pass
    assert not page.hours.is_open


def test_every_touch_begins_the_time_anew(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], mia: Person
) -> None:
    read_by(mia)
    timer = page.hours.visit._untouched
    timer.setInterval(10_000)
    timer.start()
    timer.setInterval(20_000)
    assert timer.remainingTime() > 10_000 or timer.isActive()
    timer.stop()
    qtbot.keyClick(page.hours, Qt.Key.Key_Down)
    assert timer.isActive()


def test_it_closes_when_the_person_leaves(
    page: KioskPage, read_by: Callable[..., None], bridge: Bridge, clock: Clock, mia: Person
) -> None:
    read_by(mia)
    bridge.on_view(View(Phase.STAYS, announcement=greets(mia).announcement))
    QApplication.processEvents()
    clock.time += BENT + 1
    assert page.hours.is_open
    bridge.on_view(View(Phase.IDLE))
    QApplication.processEvents()
    assert not page.hours.is_open


def test_whoever_touches_is_there_though_the_camera_sees_nobody(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], bridge: Bridge, mia: Person
) -> None:
    read_by(mia)
    bridge.on_view(View(Phase.IDLE))
    QApplication.processEvents()
    assert page.hours.is_open
    leaving = page.hours.visit._leaving
    assert leaving.isActive()
    assert leaving.interval() <= 1000 * BENT
    bridge.on_view(View(Phase.STAYS, announcement=greets(mia).announcement))
    QApplication.processEvents()
    assert not leaving.isActive()
    bridge.on_view(View(Phase.IDLE))
    QApplication.processEvents()
    leaving.setInterval(0)
    leaving.start()
    qtbot.waitUntil(lambda: not page.hours.is_open)


def test_somebody_else_who_is_let_in_is_greeted_and_sees_nothing(
    page: KioskPage, read_by: Callable[..., None], bridge: Bridge, mia: Person, ben: Person
) -> None:
    read_by(mia)
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    assert page.hours.is_open, "said before"
    bridge.on_view(greets(ben))
    QApplication.processEvents()
    assert not page.hours.is_open
    assert "Ben" in page.words.sentence


def test_who_was_let_in_some_time_ago_must_be_known_again(
    page: KioskPage,
    bridge: Bridge,
    qtbot: QtBot,
    settle: Settle,
    kiosk: FakeKiosk,
    hours: Hours,
    clock: Clock,
    mia: Person,
) -> None:
    hours.punch(mia, "in 2026-11-23 08:11", "out 2026-11-23 12:30")
    stays = View(Phase.STAYS, announcement=greets(mia).announcement)
    bridge.on_view(stays)
    QApplication.processEvents()
    clock.time += 1
    page.refresh()
    click(qtbot, page.my_hours)
    settle()
    assert kiosk.engine.asked == [("attend", mia.id, True, False)]
    assert "look into the camera" in said(page)
    assert "08:11" not in said(page)
    bridge.on_view(stays)  # on its way before the engine knew
    QApplication.processEvents()
    assert "08:11" not in said(page)
    bridge.on_view(View(Phase.IDLE))
    bridge.on_view(stays)
    QApplication.processEvents()
    assert "08:11" in said(page)


def test_a_face_that_is_not_known_again_sees_nothing(
    page: KioskPage, bridge: Bridge, qtbot: QtBot, settle: Settle, clock: Clock, mia: Person
) -> None:
    bridge.on_view(View(Phase.STAYS, announcement=greets(mia).announcement))
    QApplication.processEvents()
    clock.time += 1
    page.refresh()
    click(qtbot, page.my_hours)
    settle()
    page.hours.visit._unknown.setInterval(0)
    page.hours.visit._unknown.start()
    qtbot.waitUntil(lambda: not page.hours.is_open)


def test_a_greeting_that_is_held_long_is_not_just_now(
    page: KioskPage, bridge: Bridge, clock: Clock, kiosk: FakeKiosk, mia: Person
) -> None:
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    clock.time += JUST_NOW + 1
    page.hours.open(greets(mia))
    assert kiosk.engine.asked == [("attend", mia.id, True, False)]


def test_an_engine_that_began_anew_is_told(
    page: KioskPage,
    read_by: Callable[..., None],
    bridge: Bridge,
    kiosk: FakeKiosk,
    mia: Person,
) -> None:
    read_by(mia)
    bridge.on_view(View(Phase.LOOKING, Hint.NONE, 0.3))
    QApplication.processEvents()
    assert kiosk.engine.asked[1:] == [("attend", mia.id, True, False)]
    assert "look into the camera" in said(page)


def test_after_a_pin(
    page: KioskPage, read_by: Callable[..., None], kiosk: FakeKiosk, mia: Person
) -> None:
    read_by(mia, Mode.PIN)
    assert kiosk.engine.asked == [("attend", mia.id, False, True)]


def test_the_admin_panel_and_a_lost_camera_close_it(
    page: KioskPage, read_by: Callable[..., None], bridge: Bridge, mia: Person
) -> None:
    read_by(mia)
    page.suspend(True)
    assert not page.hours.is_open
    page.suspend(False)
    read_by(mia)
    bridge.on_camera("The camera is gone.")
    QApplication.processEvents()
    assert not page.hours.is_open
    bridge.on_camera(None)
    read_by(mia)
    page.hide()
    assert not page.hours.is_open


def test_what_is_read_too_late_is_not_shown(
    page: KioskPage, bridge: Bridge, settle: Settle, hours: Hours, mia: Person, ben: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:11", "out 2026-11-23 12:30")
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    page.hours.open(greets(mia))
    page.hours.close_page()
    bridge.on_view(greets(ben))
    QApplication.processEvents()
    page.hours.open(greets(ben))
    settle()
    assert "08:11" not in said(page)


def test_a_look_is_explained_in_one_touch(
    page: KioskPage, read_by: Callable[..., None], settle: Settle, hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:00")
    asked = hours.punch(mia, "seen 2026-11-23 08:03", doubt=Doubt.SHORT)
    hours.punch(mia, "out 2026-11-23 16:00")
    read_by(mia)
    choice = touchable(page, "I left")
    choice.click()
    choice.click()
    settle()
    assert "Thank you. That counts now." in said(page)
    assert "what did you do?" not in said(page)
    assert hours.storage.clock_events.get(asked.id).struck is not None
    entries = hours.storage.audit.newest(10)
    assert len(entries) == 1
    assert entries[0].actor == Actor(ActorKind.PERSON, "Mia Chen")


def test_a_forgotten_going_in_one_touch(
    page: KioskPage, read_by: Callable[..., None], settle: Settle, hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-20 08:00", "out 2026-11-20 16:30", "in 2026-11-23 08:00")
    read_by(mia)
    choice = touchable(page, "16:30")
    choice.click()
    choice.click()
    settle()
    found = hours.storage.clock_events.between(
        local("2026-11-23 00:00"), local("2026-11-24 00:00"), mia.id
    )
    assert [(event.direction, event.evidence) for event in found] == [
        (Direction.IN, Evidence.FACE),
        (Direction.OUT, Evidence.PERSON),
    ]
    assert "17:00" in said(page), "the week"


def test_a_forgotten_going_at_another_time(
    qtbot: QtBot,
    page: KioskPage,
    read_by: Callable[..., None],
    settle: Settle,
    hours: Hours,
    mia: Person,
) -> None:
    hours.punch(mia, "in 2026-11-22 22:00")
    read_by(mia)
    touch(page, "Another time")
    assert not touchable(page, "Save").isEnabled()
    qtbot.keyClicks(page.hours, "0415")
    assert "04:15" in said(page)
    touch(page, "Save")
    settle()
    assert "22:00 – 04:15 the next day" in said(page)
    assert not page.pad.isVisible(), "digits are not a PIN here"


def test_a_time_that_cannot_be_is_said_and_nothing_is_lost(
    qtbot: QtBot,
    page: KioskPage,
    read_by: Callable[..., None],
    settle: Settle,
    hours: Hours,
    mia: Person,
) -> None:
    hours.punch(mia, "in 2026-11-23 22:00")
    hours.now = local("2026-11-24 15:00")
    read_by(mia)
    touch(page, "Another time")
    qtbot.keyClicks(page.hours, "2000")
    touch(page, "Save")
    settle()
    assert "20:00" in said(page), "to be mended"
    assert touchable(page, "Save").isEnabled()
    assert len(hours.storage.clock_events.between(local("2026-11-01"), hours.now)) == 1


def test_a_correction_is_asked_for(
    page: KioskPage, read_by: Callable[..., None], settle: Settle, hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:00", "out 2026-11-23 12:00")
    read_by(mia)
    touch(page, "Ask for a correction")
    touch(page, "Day before")
    touch(page, "Went out 12:00, by face")
    touch(page, "It was at another time")
    for key in ("1", "2", "3", "5"):
        touch(page, key)
    touch(page, "Next")
    assert not touchable(page, "Send").isEnabled()
    touch(page, "The kiosk got it wrong")
    send = touchable(page, "Send")
    send.click()
    send.click()
    settle()
    (request,) = hours.storage.hours.requests(mia.id)
    assert request.moment == local("2026-11-23 12:35")
    assert (request.why, request.answer) == ("The kiosk got it wrong", None)
    assert "Waits for an answer" in said(page)
    hours.admin.requests.refuse(ADMINISTRATOR, request, "You left at noon")
    touch(page, "Done")
    read_by(mia)
    assert "Refused: You left at noon" in said(page)


def test_a_reason_may_be_typed(
    qtbot: QtBot,
    page: KioskPage,
    read_by: Callable[..., None],
    settle: Settle,
    hours: Hours,
    mia: Person,
) -> None:
    read_by(mia)
    touch(page, "Ask for a correction")
    touch(page, "Going out is missing")
    qtbot.keyClicks(page.hours, "1030")
    touch(page, "Next")
    touch(page, "Another reason")
    assert page.hours.pad is not None
    qtbot.keyClicks(page.hours.pad, "was at the dentist\r")
    assert page.hours.pad is None
    touch(page, "Send")
    settle()
    (request,) = hours.storage.hours.requests(mia.id)
    assert request.why == "Was at the dentist"
    assert request.moment == local("2026-11-24 10:30").astimezone(UTC)


def test_a_time_to_come_is_refused_in_a_sentence(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], settle: Settle, mia: Person
) -> None:
    read_by(mia)
    touch(page, "Ask for a correction")
    touch(page, "Going out is missing")
    qtbot.keyClicks(page.hours, "1300")
    touch(page, "Next")
    touch(page, "I was at a customer")
    touch(page, "Send")
    settle()
    assert "has not come yet" in said(page)
    assert touchable(page, "Send").isEnabled()


def test_a_database_that_fails_is_no_news_for_the_door(
    qtbot: QtBot,
    site: Site,
    bridge: Bridge,
    worker: Worker,
    clock: Clock,
    settle: Settle,
    mia: Person,
) -> None:
    def fails() -> None:
        raise StorageError("The disk at /secret is full.")

    broken = replace(site, attendance=fails)  # type: ignore[arg-type]
    page = KioskPage(broken, bridge, worker, clock=clock)
    qtbot.addWidget(page)
    page.show()
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    page.hours.open(greets(mia))
    settle()
    assert "ask at the desk" in said(page)
    assert "secret" not in said(page)
    assert site.faults.last is not None


def test_keys_alone(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:00", "out 2026-11-23 12:00")
    read_by(mia)
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget() or page.hours, Qt.Key.Key_Tab)
    assert page.hours.leaf is not None
    names = []
    for _ in range(8):
        focused = page.hours.leaf.focused
        if focused is not None:
            names.append(focused)
        qtbot.keyClick(QApplication.focusWidget() or page.hours, Qt.Key.Key_Tab)
    assert {"Ask for a correction", "Done"} <= set(names)
    touchable(page, "Ask for a correction").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(touchable(page, "Ask for a correction"), Qt.Key.Key_Return)
    assert "Nothing was recorded on this day" in said(page)
    qtbot.keyClick(page.hours, Qt.Key.Key_Escape)
    assert "Mon" in said(page)
    qtbot.keyClick(page.hours, Qt.Key.Key_Escape)
    assert not page.hours.is_open


def test_a_month_that_does_not_fit_is_pushed_by_a_finger(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], hours: Hours, mia: Person
) -> None:
    for number in range(1, 24):
        hours.punch(mia, f"in 2026-11-{number:02} 08:00", f"out 2026-11-{number:02} 16:00")
    read_by(mia)
    assert page.hours.leaf is not None
    area = page.hours.leaf.findChild(QScrollArea)
    assert area.verticalScrollBar().maximum() > 0
    scroller = QScroller.scroller(area.viewport())
    places = [0]
    for by in (-250, 250):
        start = QPoint(300, 325)
        push(qtbot, area.viewport().childAt(start), area.viewport(), start, by)
        qtbot.waitUntil(lambda: scroller.state() is QScroller.State.Inactive)
        places.append(area.verticalScrollBar().value())
    assert places[0] < places[1] > places[2]
    assert "Ask for a correction" in said(page), "no day was opened"


def test_a_day_is_touched_where_it_lies(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:00", "out 2026-11-23 16:00")
    read_by(mia)
    assert page.hours.leaf is not None
    (line,) = (made for made in page.hours.leaf.buttons if isinstance(made, Row))
    click(qtbot, line)
    qtbot.waitUntil(lambda: "Touch what is wrong" in said(page))


def test_everything_to_touch_is_large_and_named(
    page: KioskPage, read_by: Callable[..., None], hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-20 08:00", "in 2026-11-23 08:00", "out 2026-11-23 12:00")
    for size in ((1280, 800), (800, 1280), (480, 320)):
        page.resize(*size)
        read_by(mia)
        for _ in range(3):
            assert page.hours.leaf is not None
            for made in page.hours.leaf.buttons:
                assert made.accessibleName()
                assert min(made.width(), made.height()) >= 44, made.accessibleName()
            label = {0: "Ask for a correction", 1: "Coming in is missing", 2: "Close"}[_]
            touch(page, label)
        assert not page.hours.is_open


def test_whoever_touches_twice_means_what_lay_there_before(
    qtbot: QtBot,
    page: KioskPage,
    read_by: Callable[..., None],
    settle: Settle,
    hours: Hours,
    clock: Clock,
    mia: Person,
) -> None:
    read_by(mia)

    def twice(label: str) -> None:
        """Where the button lies, as a finger does that is in a hurry."""
        made = touchable(page, label)
        at = made.mapTo(page.hours, made.rect().center())
        click(qtbot, made)
        QApplication.processEvents()
        below = page.hours.childAt(at)
        if below is not None:
            click(qtbot, below)
        clock.time += 1

    twice("Ask for a correction")
    assert "Nothing was recorded on this day" in said(page)
    touch(page, "Going out is missing")
    qtbot.keyClicks(page.hours, "1030")
    clock.time += 1
    twice("Next")
    touch(page, "I was at a customer")
    clock.time += 1
    made = touchable(page, "Send")
    at = made.mapTo(page.hours, made.rect().center())
    click(qtbot, made)
    settle()
    below = page.hours.childAt(at)
    assert below is touchable(page, "Done")
    click(qtbot, below)
    assert page.hours.is_open
    assert "You have asked for it" in said(page)
    assert len(hours.storage.hours.requests(mia.id)) == 1


def test_enter_goes_on_after_a_time(
    qtbot: QtBot, page: KioskPage, read_by: Callable[..., None], mia: Person
) -> None:
    read_by(mia)
    touch(page, "Ask for a correction")
    touch(page, "Coming in is missing")
    qtbot.keyClicks(page.hours, "10\r")
    assert "When did you come in?" in said(page)
    qtbot.keyClicks(page.hours, "30\r")
    assert "Why?" in said(page)


def test_dark(page: KioskPage, read_by: Callable[..., None], mia: Person) -> None:
    read_by(mia)
    page.set_palette(DARK)
    assert page.hours.grab().toImage().pixelColor(2, 2).name() == DARK.window


def test_a_touch_beside_everything_does_nothing(
    qtbot: QtBot,
    page: KioskPage,
    read_by: Callable[..., None],
    kiosk: FakeKiosk,
    bridge: Bridge,
    mia: Person,
) -> None:
    bridge.on_frame(frame())
    read_by(mia)
    before = list(kiosk.engine.asked)
    qtbot.mouseClick(page.hours, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.keyClicks(page.hours, "12")
    assert page.hours.is_open
    assert not page.talk.is_open
    assert kiosk.engine.asked == before
