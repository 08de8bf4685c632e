from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from kiosk.lab.calibration.people import (
    COHORT,
    JUDGING,
    MEASURED,
    Strangers,
    family_of,
    nearest_groups,
    part_of,
)


def test_who_is_which_follows_from_the_name_alone() -> None:
    names = [f"celeba/{number}" for number in range(4000)]
    parts = Counter(part_of("celeba", name) for name in names)
    assert parts[COHORT] / 4000 == pytest.approx(0.42, abs=0.03)
    assert parts[MEASURED] / 4000 == pytest.approx(0.42, abs=0.03)
    assert parts[JUDGING] > 500
    assert [part_of("celeba", name) for name in names[:50]] == [
        part_of("celeba", name) for name in names[:50]
    ]


def test_a_family_is_in_one_part() -> None:
    for family in range(200):
        members = {part_of("fiw", f"fiw/F{family:04}_MID{number}") for number in range(6)}
        assert len(members) == 1
    assert family_of("fiw", "fiw/F0001_MID2") == "fiw/F0001"
    assert family_of("celeba", "celeba/00_12") == "celeba/00_12"


def test_a_group_is_that_of_most_of_the_nearest() -> None:
    random = np.random.default_rng(0)
    middles = np.eye(3, 8)
    place = np.repeat(np.arange(3), 30)
    rows = middles[place] + 0.2 * random.normal(size=(90, 8))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    names = np.array(["a", "b", "c"])[place]
    known = Strangers(vectors, names, names, names, np.full(90, 30), names)
    probes = middles.astype(np.float32)
    assert nearest_groups(probes, known).tolist() == ["a", "b", "c"]
