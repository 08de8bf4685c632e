from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.scale import HIGHEST, CohortStatistics, ScoreScale, plain


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


RANDOM = np.random.default_rng(7)
COHORT = unit(RANDOM.normal(size=(300, 16)))
TABLE = (np.array([-1.0, 1.0, 4.0]), np.array([0.0, 20.0, 40.0]))


def test_statistics_are_those_of_the_nearest_of_the_cohort() -> None:
    vectors = unit(RANDOM.normal(size=(700, 16)))  # more than one block
    found = ScoreScale(COHORT, 20, *TABLE).statistics(vectors)
    nearest = np.sort(vectors @ COHORT.T, axis=1)[:, -20:]
    assert found.mean == pytest.approx(nearest.mean(axis=1), abs=1e-6)
    assert found.deviation == pytest.approx(nearest.std(axis=1), abs=1e-6)


def test_a_similarity_is_measured_by_both_sides() -> None:
    by = CohortStatistics(np.array([0.2], np.float32), np.array([0.1], np.float32))
    beside = CohortStatistics(np.array([0.4, 0.0], np.float32), np.array([0.2, 0.1], np.float32))
    one = np.array([[1, 0]], np.float32)
    others = np.array([[0.5, 0.75**0.5], [0.5, -(0.75**0.5)]], np.float32)
    (answer,) = ScoreScale(COHORT, 20, *TABLE).normalise(one, by, others, beside)
    assert answer == pytest.approx([(3 + 0.5) / 2, (3 + 5) / 2])


def test_who_is_like_everybody_must_be_more_alike() -> None:
    """The reason for all of it: a crowd of the cohort around a face lowers its score."""
    middle = unit(np.ones(16))
    crowd = unit(middle + 0.1 * RANDOM.normal(size=(100, 16)))
    lonely, crowded = (
        ScoreScale(COHORT, 20, *TABLE),
        ScoreScale(np.vstack([COHORT, crowd]), 20, *TABLE),
    )
    other = unit(middle + 0.15 * RANDOM.normal(size=16))
    assert crowded.compare(middle, other) < lonely.compare(middle, other)


def test_scores_follow_the_table_and_end_at_0_and_100() -> None:
    scale = ScoreScale(COHORT, 20, *TABLE)
    asked = np.array([-9.0, -1.0, 0.0, 1.0, 2.5, 4.0, 5.5, 99.0], np.float32)
    assert scale.score(asked) == pytest.approx([0, 0, 10, 20, 30, 40, 50, HIGHEST])


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30))
def test_scores_never_fall(values: list[float]) -> None:
    scores = ScoreScale(COHORT, 20, *TABLE).score(np.sort(np.array(values, np.float32)))
    assert (np.diff(scores) >= 0).all()


def test_one_pair_and_a_matrix_agree_whichever_comes_first() -> None:
    scale = ScoreScale(COHORT, 20, *TABLE)
    ones, others = unit(RANDOM.normal(size=(3, 16))), unit(RANDOM.normal(size=(4, 16)))
    matrix = scale.matrix(ones, others)
    assert matrix.shape == (3, 4)
    assert scale.compare(ones[1], others[2]) == pytest.approx(matrix[1, 2], abs=1e-4)
    assert scale.matrix(others, ones) == pytest.approx(matrix.T, abs=1e-4)


def test_without_a_cohort_the_score_is_the_cosine_similarity() -> None:
    one, other = unit(RANDOM.normal(size=(2, 16)))
    assert plain().compare(one, other) == pytest.approx(float(one @ other), abs=1e-6)


def test_a_cohort_of_copies_gives_no_infinite_score() -> None:
    scale = ScoreScale(np.repeat(COHORT[:1], 30, axis=0), 20, *TABLE)
    assert np.isfinite(scale.matrix(COHORT[:3], COHORT[:3])).all()
