"""View 2 against a toy worked by hand, and the pairs file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.evaluation.verification import best_threshold, read_pairs, view2


def unit(degrees: float) -> list[float]:
    return [np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))]


def test_best_threshold_lies_in_the_middle_of_the_gap() -> None:
    scores = np.array([0.1, 0.2, 0.8, 0.9], np.float32)
    assert best_threshold(scores, np.array([False, False, True, True])) == pytest.approx(0.5)


def test_view2_by_hand() -> None:
    # Genuine pairs 10 degrees apart, impostors 60, but the last fold's are the other way round.
    embeddings = np.array([unit(0), unit(10), unit(60)], np.float32)
    row_of = {"a/1": 0, "a/2": 1, "b/1": 2}
    good = [("a/1", "a/2", True), ("a/1", "b/1", False)]
    bad = [("a/1", "a/2", False), ("a/1", "b/1", True)]
    result = view2(embeddings, row_of, [good, good, good, bad])
    # The three good folds each see two good folds and a bad one: right.  The bad one: all wrong.
    assert result.folds == (1.0, 1.0, 1.0, 0.0)
    assert result.mean == 0.75
    assert result.standard_error == pytest.approx(0.5 / 2)


def test_pairs_file(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("2\t1\nAnn\t1\t4\nAnn\t1\tBob\t2\nBob\t1\t12\nAnn\t4\tBob\t1\n")
    first, second = read_pairs(path)
    assert first == [
        ("Ann/Ann_0001", "Ann/Ann_0004", True),
        ("Ann/Ann_0001", "Bob/Bob_0002", False),
    ]
    assert second[0] == ("Bob/Bob_0001", "Bob/Bob_0012", True)
    path.write_text("2\t2\nAnn\t1\t4\n")
    with pytest.raises(BadInput, match="promises 2 folds"):
        read_pairs(path)
    path.write_text("hello")
    with pytest.raises(BadInput, match="first line"):
        read_pairs(path)


def test_lfw_pairs(shared: Path) -> None:
    folds = read_pairs(shared / "data/test/lfw_pairs.txt")
    assert [len(fold) for fold in folds] == [600] * 10
    assert all(sum(genuine for _, _, genuine in fold) == 300 for fold in folds)
