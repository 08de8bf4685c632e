"""Identification and open-set search against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from kiosk.lab.evaluation.identification import identify, macro_f1, open_set


def directions(*degrees: float) -> np.ndarray:
    angles = np.deg2rad(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_identify_by_hand() -> None:
    # Whichever picture is registered, Ann's stay together; c has one picture and takes no part.
    embeddings = directions(0, 2, 4, 90, 91, 45)
    result = identify(embeddings, ["a", "a", "a", "b", "b", "c"])
    assert (result.accuracy, result.macro_f1, result.people, result.probes) == (1.0, 1.0, 2, 3)
    assert result == identify(embeddings, ["a", "a", "a", "b", "b", "c"])


def test_macro_f1_is_scikit_learns() -> None:
    truth = np.array(["a", "a", "b", "b", "b", "c"])
    answer = np.array(["a", "b", "b", "b", "c", "c"])
    assert macro_f1(truth, answer) == pytest.approx(f1_score(truth, answer, average="macro"))


def test_open_set_by_hand() -> None:
    # Ten people 10 degrees apart; the second pictures lie by the first, but person 0's lies by
    # the strangers (people with one picture, 200 degrees away from everybody).
    rng = np.random.default_rng(0)
    first = np.linspace(0, 90, 10)
    second = first + 0.1
    second[0] = 250
    strangers = 250 + rng.uniform(-1, 1, 200)
    names = [f"p{i}" for i in range(10)] * 2 + [f"s{i}" for i in range(200)]
    results = open_set(directions(*first, *second, *strangers), names, (10, 5000), (0.01, 0.001))
    (result,) = results  # 5,000 people are not there; 0.1% of 200 strangers is less than one
    assert (result.gallery, result.fpir) == (10, 0.01)
    assert result.fnir == pytest.approx(0.1)
