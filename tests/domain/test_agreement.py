from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.agreement import Scores, belongs, majority, same_picture
from kiosk.domain.frame import Vector


def photo(person: int, number: int) -> Vector:
    random = np.random.default_rng(1000 * person + number)
    made = np.zeros(64)
    made[person] = 1.0
    made += 0.8 * random.normal(size=64) / 8
    unit: Vector = (made / np.linalg.norm(made)).astype(np.float32)
    return unit


def alike(*photos: Vector) -> Scores:
    return np.array([[one @ other for other in photos] for one in photos], np.float64)


def test_few_pictures() -> None:
    assert majority(alike(), 0.3) == ()
    assert majority(alike(photo(1, 0)), 0.3) == (0,)
    assert majority(alike(photo(1, 0), photo(1, 1)), 0.3) == (0, 1)
    assert majority(alike(photo(1, 0), photo(2, 1)), 0.3) == ()
    assert majority(alike(photo(1, 0), photo(2, 1), photo(3, 2)), 0.3) == ()


@given(st.lists(st.sampled_from([1, 1, 1, 2, 3]), min_size=3, max_size=9))
def test_the_most_frequent_person_is_found_whatever_the_order(people: list[int]) -> None:
    places = majority(alike(*(photo(person, n) for n, person in enumerate(people))), 0.3)
    best = max(set(people), key=people.count)
    if 2 * people.count(best) > len(people):
        assert places == tuple(n for n, person in enumerate(people) if person == best)
    else:
        assert places == ()


def test_a_hard_picture_of_the_right_person_stays() -> None:
    hard = 0.6 * photo(1, 0) + 0.8 * photo(9, 9)
    hard /= np.linalg.norm(hard)
    pictures = [photo(1, 1), photo(1, 2), photo(1, 3), hard.astype(np.float32)]
    assert majority(alike(*pictures), 0.25) == (0, 1, 2, 3)
    assert belongs(np.stack(pictures[:3]) @ hard, 0.25)
    assert not belongs(np.stack(pictures[:3]) @ photo(2, 0), 0.25)


def test_the_same_picture() -> None:
    again = photo(1, 0) + np.float32(1e-3) * photo(2, 0)
    assert same_picture(again / np.linalg.norm(again), [photo(3, 0), photo(1, 0)])
    assert not same_picture(photo(1, 1), [photo(1, 0)])
    assert not same_picture(photo(1, 1), [])
