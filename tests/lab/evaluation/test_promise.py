from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.calibration.people import Strangers
from kiosk.lab.evaluation.promise import KIND_PEOPLE, Size, interval, of_kinds, promises, worst


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


def test_a_promise_that_holds_and_one_that_does_not(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    scale, curve = measured
    random = np.random.default_rng(1)
    vectors = unit(random.normal(size=(600, 64)))
    people = [str(row // 2) for row in range(600)]
    vectors[1::2] = unit(vectors[::2] + 0.05 * random.normal(size=(300, 64)))
    (kept,) = promises(vectors, people, scale, curve, [0.05], galleries=[Size(20, 1, 1)], draws=8)
    assert kept.low <= 0.05 <= kept.high
    assert kept.let_in == pytest.approx(0.05, rel=0.5)
    assert kept.known > 0.95
    # The same with every stranger's face a bit of one face that all share.
    alike = unit(vectors + 0.5 * unit(np.ones(64)))
    (broken,) = promises(alike, people, scale, curve, [0.05], galleries=[Size(20, 1, 1)], draws=8)
    assert broken.low > 0.05


def test_galleries_for_which_there_are_too_few_people_are_left_out(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    vectors = unit(np.random.default_rng(2).normal(size=(40, 64)))
    people = [str(row // 2) for row in range(40)]
    sizes = [Size(10, 1, 1), Size(10, 2, 2), Size(50, 1, 1)]
    found = promises(vectors, people, *measured, [0.01], galleries=sizes)
    assert [(one.people, one.templates) for one in found] == [(10, "1")]


def test_people_of_a_mixed_gallery_keep_a_picture_to_look_with(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    vectors = unit(np.random.default_rng(2).normal(size=(120, 64)))
    people = [str(row // 4) for row in range(120)]
    (strict, mild) = promises(
        vectors, people, *measured, [0.01, 0.1], galleries=[Size(20, 1, 10)], draws=5
    )
    assert (strict.templates, strict.promised, mild.promised) == ("1 to 10", 0.01, 0.1)
    assert strict.looks == mild.looks == 10 * 10 * 4  # no fewer than 200 people are drawn
    assert strict.let_in <= mild.let_in
    assert worst([strict, mild]) in (strict, mild)
    assert worst([]) is None


def test_where_nobody_was_let_in_the_interval_says_how_little_that_tells() -> None:
    random = np.random.default_rng(4)
    low, high = interval(np.zeros(50), np.append(np.ones(40), np.zeros(10)), random)
    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / 40))
    # One of 40 lets the interval reach about four times as far up.
    low, high = interval(np.eye(1, 40)[0], np.ones(40), random)
    assert low == 0
    assert 0.05 < high < 0.15


def test_galleries_of_one_kind_meet_strangers_of_that_kind(
    measured: tuple[ScoreScale, ErrorCurve],
) -> None:
    random = np.random.default_rng(6)
    vectors = unit(random.normal(size=(500, 64)))
    # The last hundred have more in common than the scale's strangers.
    vectors[400:] = unit(vectors[400:] + 0.25 * unit(np.ones(64)))
    names = np.array([str(row) for row in range(500)])
    groups = np.array(["many"] * 390 + ["few"] * 10 + ["alike"] * 100)
    ages = np.full(500, 30)
    ages[:20] = 9  # children are compared elsewhere
    people = Strangers(vectors, names, names, groups, ages, np.array(["utkface"] * 500))
    found = of_kinds(people, *measured, [0.1], vectors)
    assert [(one.who, one.people, one.share) for one in found] == [
        ("alike", 50, 1.0), ("alike", 50, 0.5),
        ("many", KIND_PEOPLE, 1.0), ("many", KIND_PEOPLE, 0.5),
    ]  # fmt: skip
    alike, _half, many, _mixed = found
    assert many.let_in == pytest.approx(1 - 0.999**100, rel=0.25), "a hundred chances of 0.1% each"
    # The gallery knows its people for alike; by their number half as many again would be let in.
    assert alike.let_in < 0.2
    twice = np.concatenate([vectors[:1].repeat(500, axis=0)])
    assert all(one.let_in == 0 for one in of_kinds(people, *measured, [0.1], twice))
