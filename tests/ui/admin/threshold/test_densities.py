from __future__ import annotations

import numpy as np

from kiosk.ui.admin.threshold.densities import of_curve, of_scores
from tests.ui.admin.fakes import curve


def test_the_hills_stand_where_the_scores_were() -> None:
    found = of_curve(curve())

    assert abs(found.scores[found.strangers.argmax()]) < 5
    assert abs(found.scores[found.right.argmax()] - 73) < 8
    assert found.strangers.max() == found.right.max() == 1.0
    assert found.strangers.min() >= 0


def test_own_scores_make_a_hill_of_their_own() -> None:
    centres = of_curve(curve()).scores
    scores = np.random.default_rng(1).normal(50, 5, 200).astype(np.float32)

    assert abs(centres[of_scores(scores, centres).argmax()] - 50) < 5


def test_no_scores_make_no_hill() -> None:
    centres = np.linspace(0, 1, 50)

    assert not of_scores(np.empty(0, np.float32), centres).any()
