from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.comparisons import ALIKE, SAMPLE, comparisons
from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Template
from kiosk.domain.scale import ScoreScale, far_of
from kiosk.domain.threshold import ErrorCurve
from tests.fakes import CURVE, MORNING, PLAIN

NUMBERS = 24
Rows = NDArray[np.float32]


def unit(rows: NDArray[np.float64]) -> Rows:
    made: Rows = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return made


def crowd(people: int, seed: int, towards: int = 0, share: float = 0.6) -> Rows:
    """People of one kind: they have one direction in common, and nothing else."""
    rows = np.random.default_rng(seed).normal(size=(people, NUMBERS))
    rows[:, towards] = 0
    rows = np.sqrt(1 - share**2) * unit(rows)
    rows[:, towards] = share
    return unit(rows)


def scale() -> ScoreScale:
    """Whose points are what they say of strangers of one kind: measured on a large crowd."""
    some = crowd(1500, 99)
    similar = np.sort((some @ some.T)[np.triu_indices(len(some), 1)])
    points = np.array([0.5, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0])
    at = [float(np.quantile(similar, 1 - far_of(point))) for point in points]
    return ScoreScale(np.empty((0, 0), np.float32), 0, np.array(at), points)


SCALE = scale()
MIXED: ErrorCurve = replace(CURVE, mixed=0.1)


def gallery(*rows: Rows, of: ScoreScale = SCALE) -> Gallery:
    vectors = np.concatenate(rows) if rows else np.empty((0, NUMBERS), np.float32)
    return Gallery.of(
        (
            Template(0, number, vector, "fake", 0.9, "camera", MORNING)
            for number, vector in enumerate(vectors)
        ),
        of,
    )


@pytest.mark.parametrize("people", [30, 150, 600])
def test_a_crowd_of_one_kind_is_worth_its_number(people: int) -> None:
    for seed in range(5):
        worth = comparisons(gallery(crowd(people, seed)), MIXED)
        assert worth == pytest.approx(people, rel=0.35 if people < 100 else 0.15)


def test_people_more_alike_than_the_scale_knows_are_worth_more() -> None:
    alike = gallery(crowd(120, 1, share=0.65))
    assert comparisons(alike, MIXED) > 200


def test_several_kinds_are_worth_the_share_of_one() -> None:
    kinds = gallery(*(crowd(40, seed, towards=seed) for seed in range(4)))
    # A stranger is like forty of the 160, and hardly like the others.
    assert 30 < comparisons(kinds, MIXED) < 60


def test_the_largest_kind_is_not_let_down_by_those_who_are_like_nobody() -> None:
    rest = [crowd(2, seed, towards=seed) for seed in range(1, 21)]
    mixed = gallery(crowd(60, 0), *rest)
    assert 50 < comparisons(mixed, MIXED) < 75, "the mean of all would say 40"


def test_never_fewer_than_strangers_of_any_kind_were_measured_to_be_worth() -> None:
    different = gallery(np.eye(NUMBERS, dtype=np.float32))
    assert comparisons(different, replace(CURVE, mixed=0.5)) == pytest.approx(NUMBERS / 2)
    assert comparisons(different, CURVE) == NUMBERS, "not measured: as many as there are"


def test_a_few_people_prove_nothing() -> None:
    assert comparisons(gallery(), MIXED) == 1
    assert comparisons(gallery(crowd(1, 0)), MIXED) == 1
    assert comparisons(gallery(crowd(2, 0)), MIXED) == pytest.approx(2, rel=0.05)
    twins = crowd(1, 0)
    assert comparisons(gallery(twins, twins), MIXED) == pytest.approx(2, rel=0.05)


def test_of_many_people_some_speak_for_all() -> None:
    many = gallery(crowd(3 * SAMPLE, 5))
    assert comparisons(many, MIXED) == pytest.approx(3 * SAMPLE, rel=0.1)
    assert comparisons(many, MIXED) == comparisons(many, MIXED)


def test_an_encoder_without_points_counts_people() -> None:
    assert not PLAIN.in_points
    assert comparisons(gallery(crowd(12, 3), of=PLAIN), MIXED) == 12
    assert ALIKE == 10
