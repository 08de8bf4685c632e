from __future__ import annotations

import pytest

from kiosk.domain.decision import Hint, Outcome, Reason
from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.kiosk.steady import FAULT_STAYS, Steady
from tests.ui.fakes import allow, decision, deny, verdict

IDLE = View(Phase.IDLE)
CLOSER = View(Phase.LOOKING, Hint.COME_CLOSER)
BACK = View(Phase.LOOKING, Hint.STEP_BACK)
LOOKING = View(Phase.LOOKING, Hint.NONE, 0.33)


def test_a_hint_holds_400_ms_before_it_shows() -> None:
    steady = Steady()
    steady.see(CLOSER, 0.0)
    assert steady.shown(0.39).view == IDLE
    assert steady.due(0.1) == pytest.approx(0.3)
    assert steady.shown(0.4).view == CLOSER


def test_a_hint_that_comes_and_goes_never_shows() -> None:
    steady = Steady()
    for step in range(20):
        steady.see(CLOSER if step % 2 else BACK, 0.3 * step)
        assert steady.shown(0.3 * step + 0.29).view == IDLE


def test_a_hint_stays_800_ms() -> None:
    steady = Steady()
    steady.see(CLOSER, 0.0)
    steady.shown(0.4)
    steady.see(BACK, 0.5)
    assert steady.shown(1.19).view == CLOSER
    assert steady.due(1.0) == pytest.approx(0.2)
    assert steady.shown(1.21).view == BACK


def test_flicker_between_two_hints_shows_one() -> None:
    steady = Steady()
    steady.see(CLOSER, 0.0)
    steady.shown(0.4)
    shown = set()
    for step in range(100):
        now = 0.4 + 0.1 * step
        steady.see(CLOSER if step % 3 else BACK, now)
        shown.add(steady.shown(now).view)
    assert shown == {CLOSER}


def test_looking_shows_after_300_ms_and_the_ring_at_once() -> None:
    steady = Steady()
    steady.see(LOOKING, 0.0)
    assert steady.shown(0.1).view == IDLE
    assert steady.shown(0.1).share == 0.33
    assert steady.shown(0.3).view == LOOKING
    further = View(Phase.LOOKING, Hint.NONE, 0.67)
    steady.see(further, 0.35)
    assert steady.shown(0.35).view == further


def test_one_frame_without_a_face_is_no_reason_for_the_clock() -> None:
    steady = Steady()
    steady.see(LOOKING, 0.0)
    steady.shown(0.5)
    steady.see(View(Phase.LOOKING, Hint.NO_FACE, 0.33), 0.5)
    assert steady.shown(0.55).view.phase is Phase.LOOKING
    steady.see(IDLE, 0.6)
    assert steady.shown(0.8).view.phase is Phase.LOOKING
    steady.see(LOOKING, 0.85)
    assert steady.shown(1.3).view == LOOKING
    steady.see(IDLE, 2.0)
    assert steady.shown(2.4).view == IDLE


def test_resting_phases_change_at_once() -> None:
    steady = Steady()
    for phase in (Phase.TAP_FIRST, Phase.TYPE_FIRST, Phase.NOBODY_ENROLLED, Phase.IDLE):
        steady.see(View(phase), 1.0)
        assert steady.shown(1.0).view.phase is phase
    assert steady.due(1.0) is None


def test_a_verdict_shows_at_once_and_stays_for_its_hold() -> None:
    steady = Steady()
    steady.see(CLOSER, 0.0)
    steady.shown(0.4)
    yes = allow()
    steady.see(yes, 0.5)
    assert steady.shown(0.5).view is yes
    assert steady.shown(0.5).left == pytest.approx(3.0)
    steady.see(BACK, 1.0)
    steady.see(IDLE, 2.0)
    assert steady.shown(3.4).view is yes
    assert steady.due(3.0) == pytest.approx(0.5)
    assert steady.shown(3.5).view == IDLE


def test_a_newer_verdict_replaces_the_older() -> None:
    steady = Steady()
    steady.see(allow(), 0.0)
    no = deny()
    steady.see(no, 1.0)
    assert steady.shown(1.0).view is no
    assert steady.shown(3.9).view is no


def test_after_a_verdict_comes_what_rests_here() -> None:
    steady = Steady()
    tap = View(Phase.TAP_FIRST)
    steady.see(tap, 0.0)
    steady.see(LOOKING, 1.0)
    steady.see(allow(), 2.0)
    assert steady.shown(5.0).view == tap


def test_a_hint_that_was_true_all_along_shows_right_after_the_verdict() -> None:
    steady = Steady()
    steady.see(allow(), 0.0)
    steady.see(CLOSER, 1.0)
    assert steady.shown(3.0).view == CLOSER


def test_a_lost_camera_waits_for_the_verdict_and_shows_until_it_is_back() -> None:
    steady = Steady()
    steady.see(allow(), 0.0)
    steady.camera("It is unplugged.", 1.0)
    assert steady.shown(2.9).problem is None
    assert steady.shown(3.0).problem == "It is unplugged."
    assert steady.shown(99).problem == "It is unplugged."
    steady.camera(None, 100)
    assert steady.shown(100).problem is None
    assert steady.shown(100).view == IDLE


def test_whoever_was_being_looked_at_is_forgotten_with_the_camera() -> None:
    steady = Steady()
    steady.see(CLOSER, 0.0)
    steady.shown(1.0)
    steady.camera("It is unplugged.", 1.0)
    steady.camera(None, 5.0)
    assert steady.shown(5.0).view == IDLE
    # Nothing new came, so what the pipeline said last still holds.
    assert steady.shown(5.4).view == CLOSER


def test_a_fault_waits_for_the_verdict_and_stays_until_something_else_is_true() -> None:
    steady = Steady()
    fault = View(Phase.FAULT, message="The disk is full.")
    steady.see(allow(), 0.0)
    steady.see(fault, 1.0)
    assert steady.shown(2.9).view.phase is Phase.VERDICT
    assert steady.shown(3.0).view is fault
    assert steady.shown(60).view is fault
    steady.see(IDLE, 61)
    assert steady.shown(61).view == IDLE


def test_a_fault_of_one_frame_can_be_read() -> None:
    steady = Steady()
    steady.see(View(Phase.FAULT, message="That went wrong."), 0.0)
    steady.see(IDLE, 0.1)
    assert steady.shown(FAULT_STAYS - 0.1).view.phase is Phase.FAULT
    assert steady.due(1.0) == pytest.approx(FAULT_STAYS - 1.0)
    assert steady.shown(FAULT_STAYS).view == IDLE


def test_the_newest_of_fault_and_lost_camera_is_told() -> None:
    steady = Steady()
    steady.see(View(Phase.FAULT, message="A model is missing."), 0.0)
    steady.camera("It is unplugged.", 1.0)
    assert steady.shown(1.0).problem == "It is unplugged."
    steady.camera(None, 2.0)
    assert steady.shown(2.0).view.message == "A model is missing."


def test_a_verdict_ends_a_fault() -> None:
    steady = Steady()
    steady.see(View(Phase.FAULT, message="That went wrong."), 0.0)
    steady.see(allow(), 0.5)
    assert steady.shown(0.5).view.phase is Phase.VERDICT
    assert steady.shown(3.5).view == IDLE


def test_a_lock_out_counts_down_second_by_second() -> None:
    steady = Steady()
    locked = verdict(Announcement(decision(Outcome.DENY, reason=Reason.LOCKED_OUT), wait=28.4))
    steady.see(locked, 0.0)
    assert steady.shown(20.0).view is locked
    assert steady.due(0.0) == pytest.approx(0.4)
    assert steady.due(0.4) == pytest.approx(1.0)
    assert steady.shown(28.4).view == IDLE


def test_dismissed_and_noticed() -> None:
    steady = Steady()
    steady.see(allow(), 0.0)
    steady.dismiss(1.0)
    assert steady.shown(1.0).view == IDLE
    steady.see(allow(), 2.0)
    steady.notice("That could not be stored.", 3.0)
    assert steady.shown(3.0).view.message == "That could not be stored."
    assert steady.shown(3.0 + FAULT_STAYS).view == IDLE


def test_a_claim_waits_for_its_face() -> None:
    steady = Steady()
    steady.see(View(Phase.TYPE_FIRST), 0.0)
    waiting = View(Phase.LOOKING, Hint.NO_FACE)
    steady.see(waiting, 1.0)
    assert steady.shown(1.3).view == waiting


def test_what_is_asked_follows_at_once_and_stays_for_a_moment_without_a_face() -> None:
    steady = Steady()
    steady.see(CLOSER, 0.0)
    steady.shown(0.4)
    asked = View(Phase.CHALLENGE, prompt=Prompt(Ask.LEFT))
    steady.see(asked, 0.5)
    assert steady.shown(0.5).view == asked
    further = View(Phase.CHALLENGE, prompt=Prompt(Ask.LEFT, 0.5))
    steady.see(further, 0.6)
    assert steady.shown(0.6).view == further
    steady.see(IDLE, 0.7)
    assert steady.shown(0.8).view == further
    steady.see(asked, 0.9)
    assert steady.shown(0.9).view == asked
    steady.see(IDLE, 1.0)
    assert steady.shown(1.41).view == IDLE
