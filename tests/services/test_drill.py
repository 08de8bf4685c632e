"""What is written down of a drill, and what a failed one switches off."""

from __future__ import annotations

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import BadInput
from kiosk.domain.liveness.drill import Answer, Conditions, Kind, Try, Verdict
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail
from kiosk.services.decide.verify import Announcement
from kiosk.services.decide.view import Phase, View
from kiosk.services.drill import PATIENCE, Drills, DrillSession, Trial, last_drill, owed_kinds
from tests.fakes import MORNING, WallClock

HERE = Conditions("Camera 0", "fake", "passive_then_challenge", 0.001, "1")


@pytest.fixture
def drills(storage: Storage, clock: WallClock) -> Drills:
    return Drills(storage, Trail(storage, clock), clock)


def add(session: DrillSession, kind: Kind, answer: Answer, times: int = 1) -> None:
    for _ in range(times):
        session.add(Try(kind, answer, True, 2.5))


def test_a_passed_drill_stands_in_the_audit_trail_alone(drills: Drills, storage: Storage) -> None:
    assert last_drill(storage) is None
    session = drills.begin(ADMINISTRATOR, HERE)
    add(session, Kind.OWN_FACE, Answer.LET_IN)
    add(session, Kind.PRINT, Answer.SUSPECTED, 50)
    ended = session.end()
    assert ended.verdict is Verdict.PASSED
    assert last_drill(storage) == ended
    end, begin = storage.audit.newest()
    assert (begin.action, begin.subject) == (Action.BEGIN_DRILL, "Camera 0")
    assert (end.action, end.subject) == (Action.END_DRILL, "passed")
    assert "print 0 of 50: under 7.1%" in end.details
    assert storage.events.count(EventFilter()) == 0


def test_a_failed_drill_counts_at_once_and_until_one_passes(
    drills: Drills, storage: Storage
) -> None:
    session = drills.begin(ADMINISTRATOR, HERE)
    add(session, Kind.PRINT, Answer.LET_IN)
    assert owed_kinds(storage) == {Kind.PRINT}  # the plug may be pulled now
    assert last_drill(storage) == session.drill
    add(session, Kind.PHONE, Answer.LET_IN, 2)
    session.end()
    assert owed_kinds(storage) == {Kind.PRINT, Kind.PHONE}
    actions = [(entry.action, entry.subject) for entry in reversed(storage.audit.newest())]
    assert actions == [
        (Action.BEGIN_DRILL, "Camera 0"),
        (Action.FAIL_DRILL, "print"),
        (Action.FAIL_DRILL, "phone"),
        (Action.END_DRILL, "failed"),
    ]

    again = drills.begin(ADMINISTRATOR, HERE)
    add(again, Kind.OWN_FACE, Answer.LET_IN)
    add(again, Kind.PRINT, Answer.SUSPECTED, 10)
    assert owed_kinds(storage) == {Kind.PRINT, Kind.PHONE}
    again.end()
    assert owed_kinds(storage) == {Kind.PHONE}
    assert "phone" in storage.audit.newest(1)[0].details


def test_what_the_site_allows_is_no_failure(drills: Drills, storage: Storage) -> None:
    session = drills.begin(ADMINISTRATOR, HERE, allowed=1)
    add(session, Kind.PRINT, Answer.LET_IN)
    assert owed_kinds(storage) == frozenset()
    add(session, Kind.PRINT, Answer.LET_IN)
    assert owed_kinds(storage) == {Kind.PRINT}


def test_a_face_alone_may_open_again_by_a_word_that_is_written_down(
    drills: Drills, storage: Storage
) -> None:
    add(drills.begin(ADMINISTRATOR, HERE), Kind.PRINT, Answer.LET_IN)
    with pytest.raises(BadInput, match="why"):
        drills.lift(ADMINISTRATOR, " ")
    drills.lift(ADMINISTRATOR, "A guard stands there until Monday")
    assert owed_kinds(storage) == frozenset()
    entry = storage.audit.newest(1)[0]
    assert (entry.action, entry.subject) == (Action.LIFT_DRILL, "print")
    assert entry.details == "A guard stands there until Monday"


def verdict(outcome: Outcome, reason: Reason) -> View:
    decision = Decision(MORNING, outcome, reason, Mode.WALK_UP)
    return View(Phase.VERDICT, announcement=Announcement(decision))


def test_a_try_is_over_with_the_kiosks_answer() -> None:
    trial = Trial(Kind.PRINT, 10.0)
    assert trial.hear(View(Phase.LOOKING), 10.5) is None
    assert trial.hear(View(Phase.CHALLENGE), 11.0) is None
    told = trial.hear(verdict(Outcome.ALLOW, Reason.FACE_MATCHED), 14.0)
    assert told == Try(Kind.PRINT, Answer.LET_IN, True, 4.0)
    told = Trial(Kind.PHONE, 0.0).hear(verdict(Outcome.DENY, Reason.NOT_RECOGNISED), 1.0)
    assert told == Try(Kind.PHONE, Answer.OTHERWISE, False, 1.0)


def test_a_try_without_an_answer_ends() -> None:
    trial = Trial(Kind.TABLET, 0.0)
    assert trial.hear(View(Phase.IDLE), PATIENCE) is None
    assert trial.hear(View(Phase.IDLE), PATIENCE + 0.1) == Try(Kind.TABLET, Answer.NOTHING)
    assert trial.hear(View(Phase.FAULT, message="No disk."), 1.0) is None
