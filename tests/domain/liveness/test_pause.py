from __future__ import annotations

import pytest

from kiosk.domain.liveness.pause import ANYBODY, STEPS, WITHIN, Pause
from tests.fakes import SCALE, vector

ADA, BEN = vector(1), vector(2)


@pytest.fixture
def pause() -> Pause:
    return Pause(SCALE)


def test_it_grows_for_a_face_up_to_two_minutes(pause: Pause) -> None:
    told = []
    now = 0.0
    for _ in range(7):
        told.append(pause.suspected(vector(1, 0.95), now))
        now += told[-1] + 1
    assert told == [*STEPS, STEPS[-1], STEPS[-1]]


def test_it_is_that_face_s_alone_at_first(pause: Pause) -> None:
    for _ in range(2):
        pause.suspected(ADA, 0.0)
    assert pause.left(ADA, 1.0) == STEPS[1] - 1
    assert pause.left(BEN, 1.0) == 0
    assert pause.left(ADA, STEPS[1]) == 0


def test_what_is_shown_meanwhile_makes_it_no_longer(pause: Pause) -> None:
    for _ in range(5):
        pause.suspected(ADA, 0.0)
    waits = [pause.left(ADA, float(second)) for second in range(0, 130, 10)]
    assert waits[0] == STEPS[-1]
    assert waits[-1] == 0


def test_many_faces_pause_everybody_for_half_a_minute_at_most(pause: Pause) -> None:
    for person in range(10):
        pause.suspected(vector(person), 0.0)
    assert pause.left(vector(12), 0.0) == ANYBODY[-1] == 30


def test_whoever_is_let_in_after_all_begins_anew(pause: Pause) -> None:
    for _ in range(2):
        pause.suspected(ADA, 0.0)
    pause.let_in(ADA, 0.0)
    assert pause.left(ADA, 0.0) == 0
    pause.let_in(BEN, 0.0)


def test_it_is_forgotten(pause: Pause) -> None:
    for _ in range(4):
        pause.suspected(ADA, 0.0)
    assert pause.suspected(ADA, WITHIN) == STEPS[0]
    pause.suspected(ADA, WITHIN)
    pause.forget()
    assert pause.left(ADA, WITHIN) == 0


def test_an_attack_without_a_face_counts_for_the_kiosk(pause: Pause) -> None:
    assert [pause.suspected(None, 0.0) for _ in range(5)] == list(ANYBODY)
