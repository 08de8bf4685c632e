"""A drill at the door's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.decision import Outcome
from kiosk.domain.errors import StorageError
from kiosk.domain.liveness.drill import Answer, Drill, Kind, Try
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.services.drill import PATIENCE, DrillSession
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.drill_guide import DrillGuide
from kiosk.ui.kiosk.drill_run import COUNTDOWN, SHOWN, DrillRun, Stage
from kiosk.ui.kiosk.drill_words import Plan, answered, hold_up, how, how_long, so_far, try_of
from kiosk.ui.kiosk.page import KioskPage
from tests.ui.fakes import Clock, FakeDrillSession, FakeKiosk, allow, decision, deny, verdict

PLAN = Plan(((Kind.OWN_FACE, 1), (Kind.PRINT, 2)))


@pytest.fixture
def session() -> FakeDrillSession:
    return FakeDrillSession()


@pytest.fixture
def run(
    page: KioskPage,
    kiosk: FakeKiosk,
    bridge: Bridge,
    worker: Worker,
    clock: Clock,
    session: FakeDrillSession,
) -> DrillRun:
    made = DrillRun(
        cast(DrillSession, session),
        PLAN,
        kiosk.site(),
        bridge,
        worker,
        clock=clock,
        parent=page,
    )
    made.trying.connect(lambda: page.rehearse(True))
    return made


@pytest.fixture
def guide(run: DrillRun, page: KioskPage) -> DrillGuide:
    made = DrillGuide(run, page)
    made.resize(page.size())
    made.show()
    return made


@pytest.fixture
def answer(
    qtbot: QtBot, run: DrillRun, bridge: Bridge, session: FakeDrillSession
) -> Callable[[View], None]:
    """The kiosk's answer to the try that goes on."""

    def give(view: View) -> None:
        QApplication.processEvents()
        bridge.on_view(view)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: run.drill is session.drill)

    return give


def test_from_the_first_try_to_the_last(
    qtbot: QtBot,
    run: DrillRun,
    answer: Callable[[View], None],
    clock: Clock,
    kiosk: FakeKiosk,
) -> None:
    over: list[Drill] = []
    run.over.connect(over.append)
    assert run.stage is Stage.READY
    assert kiosk.engine.asked == [("pause", True)]
    run.go()
    assert kiosk.engine.asked[1:] == [("rehearse", True), ("pause", False)]
    answer(allow())
    assert run.stage is Stage.SHOWING
    clock.time += SHOWN
    run.tick()
    assert run.stage is Stage.READY, "a print is to be fetched"
    assert kiosk.engine.asked[-1] == ("pause", True)
    run.go()
    answer(deny())
    clock.time += SHOWN
    run.tick()
    assert run.stage is Stage.BREATH, "both hands hold the print"
    clock.time += COUNTDOWN - 1
    run.tick()
    assert run.stage is Stage.BREATH
    assert run.left == pytest.approx(1)
    clock.time += 1
    run.tick()
    assert run.stage is Stage.TRYING
    answer(allow())
    clock.time += SHOWN
    run.tick()
    qtbot.waitUntil(lambda: bool(over))
    assert [one.answer for one in over[0].tries] == [
        Answer.LET_IN,
        Answer.OTHERWISE,
        Answer.LET_IN,
    ]
    assert over[0].done
    assert kiosk.engine.asked[-1] == ("rehearse", False)


def test_what_was_said_before_a_try_is_no_answer_to_it(run: DrillRun, bridge: Bridge) -> None:
    bridge.on_view(allow())
    run.go()  # the view still waits in the queue
    QApplication.processEvents()
    assert run.stage is Stage.TRYING
    assert not run.drill.tries
    bridge.on_view(View(Phase.LOOKING))
    QApplication.processEvents()
    assert run.stage is Stage.TRYING


def test_a_try_that_is_not_answered_is_over_by_itself(
    qtbot: QtBot, run: DrillRun, clock: Clock, session: FakeDrillSession
) -> None:
    run.go()
    QApplication.processEvents()
    clock.time += PATIENCE + 1
    run.tick()
    qtbot.waitUntil(lambda: bool(session.drill.tries))
    assert session.drill.tries[0].answer is Answer.NOTHING


def test_a_try_that_was_paused_does_not_count(
    run: DrillRun, bridge: Bridge, kiosk: FakeKiosk, session: FakeDrillSession
) -> None:
    run.go()
    QApplication.processEvents()
    run.pause()
    assert kiosk.engine.asked[-1] == ("pause", True)
    bridge.on_view(allow())
    QApplication.processEvents()
    assert run.stage is Stage.PAUSED
    assert not session.drill.tries
    run.go()
    assert run.stage is Stage.TRYING
    assert run.number == 0


def test_a_kind_can_be_left_out(qtbot: QtBot, run: DrillRun) -> None:
    run.skip()
    assert (run.kind, run.stage) == (Kind.PRINT, Stage.READY)
    with qtbot.waitSignal(run.over):
        run.skip()


def test_broken_off_it_says_so(run: DrillRun, kiosk: FakeKiosk) -> None:
    over: list[Drill] = []
    run.over.connect(over.append)
    run.go()
    run.stop()
    run.stop()
    run.go()
    assert len(over) == 1
    assert not over[0].done
    assert kiosk.engine.asked[-1] == ("rehearse", False)


def test_what_cannot_be_written_down_ends_it(
    qtbot: QtBot, run: DrillRun, bridge: Bridge, session: FakeDrillSession
) -> None:
    session.failure = StorageError("The disk is full.")
    run.go()
    QApplication.processEvents()
    with qtbot.waitSignal(run.failed):
        bridge.on_view(allow())
    assert run.stage is Stage.OVER


def test_by_keyboard(qtbot: QtBot, run: DrillRun, guide: DrillGuide) -> None:
    guide.setFocus()
    qtbot.keyClick(guide, Qt.Key.Key_Return)
    assert run.stage is Stage.TRYING
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
    assert run.stage is Stage.PAUSED
    with qtbot.waitSignal(run.over):
        qtbot.keyClick(guide, Qt.Key.Key_Escape)


def test_by_touch(
    qtbot: QtBot, run: DrillRun, guide: DrillGuide, page: KioskPage, kiosk: FakeKiosk
) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(guide.begin, left)
    assert run.stage is Stage.TRYING
    assert not page.door.isVisible(), "the page's own buttons rest"
    assert not page.other_way.isVisible()
    before = list(kiosk.engine.asked)
    qtbot.mouseClick(guide, left)
    assert kiosk.engine.asked == before, "no touch reaches the page"
    qtbot.mouseClick(guide.hold, left)
    assert run.stage is Stage.PAUSED
    qtbot.mouseClick(guide.end, left)
    assert run.stage is Stage.OVER


def test_it_is_said_to_a_screen_reader(run: DrillRun, guide: DrillGuide) -> None:
    assert "Stand before the camera yourself" in guide.accessibleName()
    for button in (guide.begin, guide.hold, guide.leave_out, guide.end):
        assert button.accessibleName()


@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(800, 1280), QSize(3840, 2160)])
@pytest.mark.parametrize("right_to_left", [False, True])
def test_buttons_have_room(
    guide: DrillGuide, run: DrillRun, size: QSize, right_to_left: bool
) -> None:
    if right_to_left:
        guide.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    guide.resize(size)
    guide.grab()
    card = guide._card().toAlignedRect()
    buttons = [guide.begin, guide.leave_out, guide.end]
    for place, button in enumerate(buttons):
        assert card.contains(button.geometry())
        assert button.height() >= max(44, size.height() / 16)
        assert not any(button.geometry().intersects(b.geometry()) for b in buttons[:place])
    run.go()
    guide.grab()
    assert guide._strip().toAlignedRect().contains(guide.hold.geometry())


def test_a_plan_has_each_kind_together() -> None:
    assert PLAN.tries == (Kind.OWN_FACE, Kind.PRINT, Kind.PRINT)
    assert PLAN.place(2) == (2, 2)
    assert try_of(PLAN, 1) == "Try 1 of 2"
    assert how_long(Plan(((Kind.PRINT, 10), (Kind.PHONE, 5)))) == "15 tries, about 3 minutes"
    assert how_long(Plan(((Kind.PRINT, 1),))) == "1 try, about 1 minute"


def test_every_kind_and_answer_has_its_words(session: FakeDrillSession) -> None:
    for kind in Kind:
        assert hold_up(kind)
        assert how(kind)
        for answer in Answer:
            assert answered(Try(kind, answer))
    drill = session.add(Try(Kind.PRINT, Answer.LET_IN))
    drill = session.add(Try(Kind.PRINT, Answer.NOTHING))
    assert so_far(drill, Kind.PRINT) == "1 let in, 1 stopped"
    assert so_far(drill, Kind.PHONE) == "no try yet"


def test_the_page_has_its_buttons_again(page: KioskPage) -> None:
    page.rehearse(True)
    page.rehearse(False)
    assert page.door.isVisible()
    assert page.other_way.isVisible()


def test_a_verdict_of_the_try_before_is_forgotten(
    page: KioskPage, bridge: Bridge, run: DrillRun
) -> None:
    ambiguous: Any = verdict(Announcement(decision(Outcome.DENY)))
    bridge.on_view(ambiguous)
    QApplication.processEvents()
    assert page.words.sentence == "Not recognised"
    run.go()
    assert page.words.sentence != "Not recognised"
