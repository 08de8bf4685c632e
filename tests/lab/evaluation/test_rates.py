"""Groups and ages of strangers, and cut faces: how many times as many pass as promised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.calibration.people import Strangers
from kiosk.lab.evaluation.rates import (
    Rate,
    Times,
    by_group,
    cut_at_the_top,
    one_by_one,
    worst_group,
    youngest,
)
from kiosk.vision.align import ARCFACE_112, align


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


def times(value: float) -> Times:
    return Times(value, value / 2, value * 2)


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
    men, kids_rate = rates["White men"].at_20, rates["3 to 5 years"].at_20
    assert men is not None
    assert kids_rate is not None
    assert men.value == pytest.approx(1, rel=0.4)
    assert men.low < 1 < men.high
    assert kids_rate.low > 10
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
        Rate("White men", 300, 10**5, times(0.5), times(0.3)),
        Rate("Asian women", 100, 5000, times(1.2), times(1.9)),
        Rate("Asian men", 80, 3000, times(1.6), None),
        Rate("1 to 2 years", 100, 5000, times(0.9), None),
        Rate("10 to 12 years", 100, 5000, times(1.4), None),
        Rate("13 to 17 years", 100, 5000, times(0.9), None),
        Rate("18 to 64 years", 100, 5000, times(0.2), times(0.1)),
        Rate("65 to 116 years", 100, 5000, times(0.9), times(0.7)),
    ]
    worst = worst_group(rates)
    assert worst is not None
    assert worst.who == "Asian women"
    # One and two years keep to it, but not all in between do.
    assert youngest(rates) == 13
    assert youngest([replace(rate, at_30=times(1.1)) for rate in rates]) == 0
    assert worst_group([Rate("13 to 17 years", 9, 36, times(0.9), times(0.9))]) is None


def test_people_who_resemble_many_make_the_interval_wide(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    scale, _ = measured
    random = np.random.default_rng(5)
    even = unit(random.normal(size=(300, 64)))
    hub = even.copy()
    hub[:3] = unit(np.ones((3, 64)))
    hub[3:] = unit(even[3:] + 0.25 * hub[0])
    rates = [one_by_one(name, rows, scale).at_20 for name, rows in (("even", even), ("hub", hub))]
    plain, wide = rates
    assert plain is not None
    assert wide is not None
    assert wide.high - wide.low > 2 * (plain.high - plain.low)
    # Nobody resembles anybody: the interval says how little that tells.
    nobody = one_by_one("far apart", np.eye(64, dtype=np.float32), scale).at_20
    assert nobody is not None
    assert (nobody.value, nobody.low) == (0, 0)
    assert nobody.high == pytest.approx(100 * (1 - 0.025 ** (1 / 2016)))


def test_who_is_there_twice_is_told_by_an_encoder_that_can(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    scale, _ = measured
    faces = unit(np.random.default_rng(6).normal(size=(200, 64)))
    alike = faces.copy()
    alike[1] = alike[0]  # one person: the measured encoder does not see it
    names = np.array([str(row) for row in range(200)])
    groups = np.full(200, "White men")
    people = Strangers(faces, names, names, groups, np.full(200, 30), names)
    (own, *_), (told, *_) = by_group(people, scale), by_group(people, scale, alike)
    assert (own.pairs, told.pairs) == (200 * 199 // 2, 200 * 199 // 2 - 1)
