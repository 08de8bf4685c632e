"""What a drill says of the door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.liveness.drill import (
    Answer,
    Conditions,
    Drill,
    Kind,
    Try,
    Verdict,
    owed,
    owed_after,
)
from tests.fakes import MORNING

HERE = Conditions("Camera 0", "fake", "passive_then_challenge", 0.001, "1")


def drill(*some: tuple[Kind, Answer, int], allowed: int = 0, done: bool = True) -> Drill:
    tries = tuple(Try(kind, answer) for kind, answer, times in some for _ in range(times))
    return Drill(MORNING, ADMINISTRATOR, HERE, allowed, tries, done)


OWN = (Kind.OWN_FACE, Answer.LET_IN, 10)


def test_none_of_fifty_bounds_the_share() -> None:
    made = drill(OWN, (Kind.PRINT, Answer.SUSPECTED, 50))
    assert made.verdict is Verdict.PASSED
    (paper,) = made.attacks
    assert paper.rate.words == "0 of 50: under 7.1%"
    assert "7.1%" in made.sentence


def test_the_kind_tried_least_bounds_the_sentence() -> None:
    made = drill(OWN, (Kind.PRINT, Answer.SUSPECTED, 50), (Kind.PHONE, Answer.SUSPECTED, 10))
    assert "30.8%" in made.sentence


def test_one_attack_let_in_is_one_too_many() -> None:
    made = drill(OWN, (Kind.PRINT, Answer.SUSPECTED, 49), (Kind.PRINT, Answer.LET_IN, 1))
    assert made.verdict is Verdict.FAILED
    assert made.sentence == "Failed: attacks were let in (printed photo 1 of 50)."
    assert replace(made, allowed=1).verdict is Verdict.PASSED


def test_few_tries_say_so() -> None:
    made = drill((Kind.PRINT, Answer.SUSPECTED, 3))
    assert made.verdict is Verdict.TOO_FEW
    assert made.lacks == (
        "Printed photo: 3 tries that counted, 10 are needed.",
        "The own face was never let in: a kiosk that refuses everybody stops every attack.",
    )
    assert drill(OWN).lacks == ("No attack was tried.",)


def test_a_print_that_nobody_is_recognised_on_proves_nothing() -> None:
    made = drill(OWN, (Kind.PRINT, Answer.OTHERWISE, 30), (Kind.PRINT, Answer.NOTHING, 30))
    assert made.attacks[0].rate.words == "no try that counts"
    assert made.verdict is Verdict.TOO_FEW


def test_live_people_are_counted_where_they_were_taken_for_an_attack() -> None:
    made = drill((Kind.OWN_FACE, Answer.LET_IN, 9), (Kind.OWN_FACE, Answer.SUSPECTED, 1))
    assert (made.own.rate.hits, made.own.rate.tries) == (1, 10)


@pytest.mark.parametrize("done", [False, True])
def test_what_was_let_in_is_owed_at_once(done: bool) -> None:
    failed = drill((Kind.PHONE, Answer.LET_IN, 1), done=done)
    assert owed_after(failed, {Kind.PRINT}) == {Kind.PRINT, Kind.PHONE}


def test_a_passed_drill_pays_what_it_withstood() -> None:
    passed = drill(OWN, (Kind.PHONE, Answer.SUSPECTED, 10))
    assert owed_after(passed, {Kind.PRINT, Kind.PHONE}) == {Kind.PRINT}
    assert owed_after(replace(passed, done=False), {Kind.PHONE}) == {Kind.PHONE}
    few = drill(OWN, (Kind.PHONE, Answer.SUSPECTED, 9))
    assert owed_after(few, {Kind.PHONE}) == {Kind.PHONE}


def test_what_is_owed_is_read_from_the_settings() -> None:
    assert owed({}) == frozenset()
    assert owed({"drill_owed": "print,phone"}) == {Kind.PRINT, Kind.PHONE}


def test_another_camera_outdates_it() -> None:
    made = drill(OWN)
    assert made.outdated(HERE) == ()
    assert made.outdated(replace(HERE, camera="Camera 1", far=0.01)) == (
        "camera",
        "rate of strangers",
    )
