from __future__ import annotations

import pytest

from kiosk.domain.frame import Vector
from kiosk.domain.tries import MOST, WAIT, WITHIN, Tries
from tests.fakes import SCALE, vector


@pytest.fixture
def tries() -> Tries:
    return Tries(SCALE)


def look(person: int, number: int = 0) -> Vector:
    """Another look of the same face: 0.9 alike, 54 points."""
    return vector(person, 0.95 if number % 2 else 1.0)


def test_five_refusals_of_one_face_make_it_wait(tries: Tries) -> None:
    told = [tries.refused(look(1, n), float(n)) for n in range(MOST)]
    assert told == [0.0] * (MOST - 1) + [WAIT]
    assert tries.waits(look(1, 7), 5.0)
    assert tries.waits(look(1), MOST - 1 + WAIT - 0.1)
    assert not tries.waits(look(1), MOST - 1 + WAIT)
    assert tries.refused(look(1), MOST + WAIT) == 0.0, "it begins anew"


def test_each_face_has_tries_of_its_own(tries: Tries) -> None:
    for n in range(MOST):
        for person in (1, 2, 3):
            tries.refused(look(person, n), float(n)) if person < 3 or n < 2 else None
    assert tries.waits(look(1), 5.0)
    assert tries.waits(look(2), 5.0)
    assert not tries.waits(look(3), 5.0)
    assert not tries.waits(look(4), 5.0)


def test_whoever_is_known_after_all_begins_anew(tries: Tries) -> None:
    for n in range(MOST - 1):
        tries.refused(look(1), float(n))
    tries.let_in(look(1), 5.0)
    assert tries.refused(look(1), 6.0) == 0.0


def test_a_face_is_forgotten_in_time_and_when_time_begins_anew(tries: Tries) -> None:
    for n in range(MOST - 1):
        tries.refused(look(1), float(n))
    assert tries.refused(look(1), MOST + WITHIN) == 0.0
    for n in range(MOST):
        tries.refused(look(1), 1000.0 + n)
    assert not tries.waits(look(1), 3.0), "a source that began anew"
    tries.forget()
    assert not tries.waits(look(1), 1010.0)


def test_many_faces_push_the_oldest_out(tries: Tries) -> None:
    for n in range(MOST):
        tries.refused(look(0), float(n))
    for n in range(40):
        made = vector(1 + n % 14, 0.6)
        made[0] = 0.0
        tries.refused((made * (1 if n < 14 else -1)).astype("float32"), 10.0 + n / 10)
    assert not tries.waits(look(0), 15.0)
