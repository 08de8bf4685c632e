"""Rates by picture and group, and the worst pairs, against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.lab.evaluation.conditions import (
    accepted_by_value,
    accepted_strangers,
    utkface_groups,
    worst_pairs,
)
from tests.lab.evaluation.test_metrics import all_pairs, made_up


def test_worst_pairs_are_those_of_brute_force() -> None:
    vectors, identities = made_up()
    genuine, impostor = worst_pairs(vectors, identities, count=5, per_person=1000)

    scores, same = all_pairs(vectors, identities)
    assert [p.score for p in genuine] == pytest.approx(np.sort(scores[same])[:5])
    assert [p.score for p in impostor] == pytest.approx(np.sort(scores[~same])[::-1][:5])
    assert all(identities[p.a] == identities[p.b] for p in genuine)
    assert all(identities[p.a] != identities[p.b] for p in impostor)


def test_nobody_fills_the_sheet() -> None:
    vectors, identities = made_up()
    for pairs in worst_pairs(vectors, identities, count=20, per_person=1):
        people = [name for p in pairs for name in {identities[p.a], identities[p.b]}]
        assert max(people.count(person) for person in people) == 1


def test_two_pictures_have_no_impostor_but_each_other() -> None:
    vectors = np.eye(2, dtype=np.float32)
    genuine, impostor = worst_pairs(vectors, ["a", "b"])
    assert genuine == ()
    assert [(p.a, p.b) for p in impostor] == [(0, 1)]


def test_accepted_by_the_worse_picture_s_value() -> None:
    vectors, identities = made_up()
    values = np.random.default_rng(1).uniform(0, 2, len(identities))
    shares = accepted_by_value(vectors, identities, 0.6, "blur", values, (0.8, 1.4))

    i, j = np.triu_indices(len(vectors), 1)
    scores, same = all_pairs(vectors, identities)
    worse = np.maximum(values[i], values[j])
    for share, (low, high) in zip(shares, ((0, 0.8), (0.8, 1.4), (1.4, 2)), strict=True):
        part = same & (worse >= low) & (worse < high)
        assert share.pairs == part.sum()
        assert share.share == pytest.approx((scores[part] >= 0.6).mean())
    assert [share.part for share in shares] == ["up to 0.8", "up to 1.4", "over 1.4"]


def test_one_picture_each_has_no_share() -> None:
    vectors, _ = made_up()
    alone = [str(row) for row in range(len(vectors))]
    assert accepted_by_value(vectors, alone, 0.5, "blur", np.ones(len(alone)), (1.0,)) == ()


def test_accepted_strangers_of_a_group() -> None:
    vectors, _ = made_up()
    groups = ["a" if row % 3 else "b" for row in range(len(vectors))]
    for share in accepted_strangers(vectors, [*groups[:-1], "alone"], 0.3, "group"):
        rows = [row for row, group in enumerate([*groups[:-1], "alone"]) if group == share.part]
        scores = [float(vectors[i] @ vectors[j]) for n, i in enumerate(rows) for j in rows[n + 1 :]]
        assert share.pairs == len(scores)
        assert share.share == pytest.approx(np.mean(np.array(scores) >= 0.3))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("26_1_2_2017.webp", ("20 to 39", "women", "Asian")),
        ("a/7_0_4_2016.webp", ("0 to 12", "men", "others")),
        ("61_1_0_1.webp", ("60 and over", "women", "White")),
        ("61_1_20170109.webp", None),
        ("train_17.webp", None),
        ("26_3_0_2017.webp", None),
    ],
)
def test_groups_are_read_off_utkface_s_names(name: str, found: tuple[str, ...] | None) -> None:
    groups = utkface_groups(name)
    if found is None:
        assert groups is None
    else:
        assert groups is not None
        assert (groups["age"], groups["sex"], groups["ethnicity"]) == found
