"""Error rates against scikit-learn's and against a count by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import classification_report, det_curve, roc_curve

from kiosk.domain.errors import BadInput
from kiosk.lab.evaluation.metrics import (
    Floats,
    cross_rates,
    equal_error_rate,
    error_curve,
    operating_points,
    score_pairs,
    tar_at,
    threshold_at,
)
from kiosk.lab.evaluation.verification import allow_deny


def made_up(people: int = 60, each: int = 5, noise: float = 1.1) -> tuple[Floats, list[str]]:
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(people, 16))
    identities = np.repeat(np.arange(people), each)
    vectors = centres[identities] + noise * rng.normal(size=(len(identities), 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), [f"p{i}" for i in identities]


def all_pairs(vectors: Floats, identities: list[str]) -> tuple[Floats, np.ndarray]:
    i, j = np.triu_indices(len(vectors), 1)
    names = np.array(identities)
    return np.einsum("ij,ij->i", vectors[i], vectors[j]), names[i] == names[j]


def test_counts_and_histograms_hold_every_pair() -> None:
    vectors, identities = made_up()
    scores = score_pairs(vectors, identities)
    _, genuine = all_pairs(vectors, identities)
    assert len(scores.genuine) == scores.genuine_histogram.sum() == genuine.sum()
    assert scores.impostors == scores.impostor_histogram.sum() == (~genuine).sum()
    assert (np.diff(scores.tail) <= 0).all()


@pytest.mark.parametrize("far", [1e-2, 3e-3, 1e-3])
def test_tar_at_far_is_scikit_learns(far: float) -> None:
    vectors, identities = made_up()
    scores = score_pairs(vectors, identities)
    similarity, genuine = all_pairs(vectors, identities)
    fars, tars, _ = roc_curve(genuine, similarity, drop_intermediate=False)
    wanted = tars[np.searchsorted(fars, far, side="right") - 1]
    threshold = threshold_at(scores, far)
    assert tar_at(scores, threshold) == pytest.approx(wanted)
    accepted = np.sort(similarity[~genuine])[::-1] >= np.float32(threshold)
    assert far - 1 / scores.impostors < accepted.mean() <= far  # one more would be too many


def test_equal_error_rate_and_curve_are_scikit_learns() -> None:
    vectors, identities = made_up()
    scores = score_pairs(vectors, identities)
    similarity, genuine = all_pairs(vectors, identities)
    far, frr, thresholds = det_curve(genuine, similarity)
    crossing = far[np.argmin(np.abs(far - frr))]
    assert equal_error_rate(scores) == pytest.approx(crossing, abs=2e-3)
    at, our_far, our_frr = error_curve(scores)
    assert (np.diff(at) > 0).all()
    # The pairs at or above a threshold are those at or above the next score that occurs.
    inside = (at > thresholds[0]) & (at <= thresholds[-1])
    place = np.searchsorted(thresholds, at[inside])
    np.testing.assert_allclose(our_far[inside], far[place], atol=1e-3)
    np.testing.assert_allclose(our_frr[inside], frr[place], atol=1e-3)


def test_intervals_hold_the_estimate_and_are_repeatable() -> None:
    scores = score_pairs(*made_up())
    first, again = (
        operating_points(scores, [1e-2, 1e-3], 50),
        operating_points(scores, [1e-2, 1e-3], 50),
    )
    assert first == again
    for point in first:
        assert point.tar_low <= point.tar <= point.tar_high
        assert point.threshold_low <= point.threshold <= point.threshold_high


@pytest.mark.parametrize("people", [2, 3, 4])
def test_few_people_have_intervals_too(people: int) -> None:
    """Drawn again and again, one of them may be the only one drawn."""
    scores = score_pairs(*made_up(people, 40))
    (point,) = operating_points(scores, [1e-2], 300)
    assert 0 <= point.tar_low <= point.tar_high <= 1


def test_allow_deny_is_scikit_learns_report() -> None:
    vectors, identities = made_up()
    scores = score_pairs(vectors, identities)
    similarity, genuine = all_pairs(vectors, identities)
    threshold = threshold_at(scores, 1e-3)
    table = allow_deny(scores, threshold)
    theirs = classification_report(
        genuine, similarity >= np.float32(threshold), target_names=["Deny", "Allow"],
        output_dict=True,
    )  # fmt: skip
    assert table.accuracy == pytest.approx(theirs["accuracy"])
    for row, name in zip(table.rows, ("Deny", "Allow", "macro avg", "weighted avg"), strict=True):
        assert row.precision == pytest.approx(theirs[name]["precision"])
        assert row.recall == pytest.approx(theirs[name]["recall"])
        assert row.f1 == pytest.approx(theirs[name]["f1-score"])
        assert row.support == theirs[name]["support"]


def test_one_person_has_no_impostors() -> None:
    vectors, _ = made_up(4, 2)
    with pytest.raises(BadInput, match="at least two people"):
        score_pairs(vectors, ["one"] * len(vectors))
    with pytest.raises(BadInput, match="at least two people"):
        score_pairs(vectors, [str(i) for i in range(len(vectors))])


def test_an_encoder_beside_itself_has_its_own_rates() -> None:
    vectors, identities = made_up()
    scores = score_pairs(vectors, identities)
    points = operating_points(scores, [1e-2, 1e-3], 5)
    for point, rate in zip(points, cross_rates(vectors, vectors, identities, points), strict=True):
        assert rate.far == point.far
        assert rate.cross_tar == pytest.approx(point.tar, abs=1e-9)
        assert rate.cross_far <= point.far
        assert rate.tar_before == pytest.approx(point.tar, abs=1e-9)
        assert rate.cross_far == pytest.approx(point.far, abs=1.1 / scores.impostors)


def test_two_encoders_by_a_count_of_all_pairs() -> None:
    old, identities = made_up()
    rng = np.random.default_rng(8)
    new = old + 0.1 * rng.normal(size=old.shape).astype(np.float32)
    new /= np.linalg.norm(new, axis=1, keepdims=True)
    points = operating_points(score_pairs(new, identities), [1e-2], 5)
    (rate,) = cross_rates(old, new, identities, points)

    names = np.array(identities)
    same, other = names[:, None] == names[None], ~np.eye(len(names), dtype=bool)
    accepted = old @ new.T >= points[0].threshold
    assert rate.cross_far == pytest.approx(accepted[~same].mean(), abs=1e-6)
    assert rate.cross_tar == pytest.approx(accepted[same & other].mean(), abs=1e-6)
