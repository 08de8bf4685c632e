from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.calibration.people import Strangers
from kiosk.lab.evaluation.promise import (
    Rate,
    by_group,
    cut_at_the_top,
    one_by_one,
    promises,
    worst_group,
    youngest,
)
from kiosk.vision.align import ARCFACE_112, align

NONE = np.empty((0, 0), np.float32)
SCORES = np.arange(0.0, 61.0)


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


@pytest.fixture(scope="module")
def measured() -> tuple[ScoreScale, ErrorCurve]:
    """Strangers' cosines in 64 dimensions, laid against their own FAR: a promise that holds."""
    random = np.random.default_rng(0)
    one, other = unit(random.normal(size=(2, 400_000, 64)))
    cosines = np.sort(np.einsum("nd,nd->n", one, other))
    far = 10 ** (-SCORES[:51] / 10)
    table = cosines[np.minimum((len(cosines) * (1 - far)).astype(int), len(cosines) - 1)]
    rising = np.append(True, np.diff(table) > 1e-6)
    scale = ScoreScale(NONE, 0, table[rising].astype(float), SCORES[:51][rising])
    curve = ErrorCurve(SCORES, 10 ** (-SCORES / 10), SCORES / 60, "drawn", 1, 10**6)
    return scale, curve


def test_a_promise_that_holds_and_one_that_does_not(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    scale, curve = measured
    random = np.random.default_rng(1)
    vectors = unit(random.normal(size=(600, 64)))
    people = [str(row // 2) for row in range(600)]
    vectors[1::2] = unit(vectors[::2] + 0.05 * random.normal(size=(300, 64)))
    (kept,) = promises(vectors, people, scale, curve, 0.05, galleries=[(20, 1)], draws=8)
    assert kept.low <= 0.05 <= kept.high
    assert kept.let_in == pytest.approx(0.05, rel=0.5)
    assert kept.known > 0.95
    # The same with every stranger's face a bit of one face that all share.
    alike = unit(vectors + 0.5 * unit(np.ones(64)))
    (broken,) = promises(alike, people, scale, curve, 0.05, galleries=[(20, 1)], draws=8)
    assert broken.low > 0.05


def test_galleries_for_which_there_are_too_few_people_are_left_out(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    vectors = unit(np.random.default_rng(2).normal(size=(40, 64)))
    people = [str(row // 2) for row in range(40)]
    found = promises(vectors, people, *measured, 0.01, galleries=[(10, 1), (10, 2), (50, 1)])
    assert [(one.people, one.templates) for one in found] == [(10, 1)]


def test_groups_and_ages_are_told_apart(measured: tuple[ScoreScale, ErrorCurve]) -> None:
    scale, _ = measured
    random = np.random.default_rng(3)
    faces = unit(random.normal(size=(900, 64)))
    kids = unit(random.normal(size=(200, 64)) * 0.3 + np.eye(1, 64))
    names = np.array([str(row) for row in range(1100)])
    groups = np.array(["White men", "Black women"])[np.arange(1100) % 2]
    ages = np.append(np.full(900, 30), np.full(200, 4))
    people = Strangers(np.vstack([faces, kids]), names, names, groups, ages, names)
    rates = {rate.who: rate for rate in by_group(people, scale)}
    assert set(rates) == {"White men", "Black women", "3 to 5 years", "18 to 64 years"}
    assert rates["White men"].pairs == 450 * 449 // 2
    assert rates["White men"].at_20 == pytest.approx(1, rel=0.4)
    assert rates["3 to 5 years"].at_20 is not None
    assert rates["3 to 5 years"].at_20 > 10
    few = one_by_one("few", unit(random.normal(size=(6, 64))), scale)
    assert (few.pairs, few.at_30) == (15, None)


def test_a_picture_is_cut_as_much_as_was_asked() -> None:
    image = np.full((400, 400, 3), 200, np.uint8)
    points = (np.array(ARCFACE_112.points) * 2 + 80).astype(np.float32)
    for share in (0.0, 0.16, 0.22):
        cut, moved = cut_at_the_top(image, points, share)
        crop = align(cut, moved, ARCFACE_112)
        black = int((crop.max(axis=(1, 2)) == 0).sum())
        assert black / 112 == pytest.approx(share, abs=0.03)


def test_the_worst_group_and_the_age_from_which_a_promise_holds() -> None:
    rates = [
        Rate("White men", 300, 10**5, 0.5, 0.3),
        Rate("Asian women", 100, 5000, 1.2, 1.9),
        Rate("Asian men", 80, 3000, 1.6, None),
        Rate("1 to 2 years", 100, 5000, 0.9, None),
        Rate("10 to 12 years", 100, 5000, 1.4, None),
        Rate("13 to 17 years", 100, 5000, 0.9, None),
        Rate("18 to 64 years", 100, 5000, 0.2, 0.1),
        Rate("65 to 116 years", 100, 5000, 0.9, 0.7),
    ]
    worst = worst_group(rates)
    assert worst is not None
    assert worst.who == "Asian women"
    # One and two years keep to it, but not all in between do.
    assert youngest(rates) == 13
    assert youngest([replace(rate, at_30=1.1) for rate in rates]) == 0
    assert worst_group([Rate("13 to 17 years", 9, 36, 0.9, 0.9)]) is None
