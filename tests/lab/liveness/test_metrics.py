"""Rates by presentation, with intervals by person."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.metrics import (
    Presentations,
    by_presentation,
    equal_error,
    error_rate,
    threshold_at,
    verdict,
)


def made(live: list[float], attacks: list[float]) -> Presentations:
    count = len(live) + len(attacks)
    return Presentations(
        np.array(live + attacks),
        np.array(["live"] * len(live) + ["print"] * len(attacks)),
        np.array([f"p{i % 5}" for i in range(count)]),
        np.arange(count),
    )


@pytest.mark.parametrize(("bpcer", "refused"), [(0.0, 0), (0.01, 1), (0.05, 5), (0.5, 50)])
def test_a_threshold_refuses_no_more_than_allowed(bpcer: float, refused: int) -> None:
    live = np.arange(100.0)
    assert int((live < threshold_at(live, bpcer)).sum()) == refused


def test_of_few_live_none_is_refused_at_a_hundredth() -> None:
    assert threshold_at(np.array([3.0, 1.0, 2.0]), 0.01) == 1.0


def test_equal_errors() -> None:
    assert equal_error(np.array([1.0, 2, 3]), np.array([-1.0, 0])) == 0
    assert equal_error(np.array([0.0, 1]), np.array([0.0, 1])) == pytest.approx(0.5)
    assert equal_error(np.array([-1.0, 0]), np.array([1.0, 2])) == 1


def test_the_worst_species_comes_first_with_its_interval() -> None:
    found = made([1.0] * 10, [0.0] * 5)
    found = Presentations(
        np.concatenate([found.scores, [2.0] * 5]),
        np.concatenate([found.species, ["replay"] * 5]),
        np.concatenate([found.people, [f"p{i}" for i in range(5)]]),
        np.arange(20),
    )
    (worst, replay), (other, paper) = verdict(found, 0.01).apcer
    assert (worst, other) == ("replay", "print")
    assert (replay.value, replay.high, replay.count) == (1.0, 1.0, 5)
    assert replay.low == pytest.approx(0.478, abs=1e-3)  # five people prove no more
    assert (paper.value, paper.low) == (0, 0)
    assert paper.high == pytest.approx(0.522, abs=1e-3)


def test_an_interval_holds_its_value_and_is_the_same_again() -> None:
    rng = np.random.default_rng(1)
    found = made(rng.normal(1, 1, 40).tolist(), rng.normal(-1, 1, 40).tolist())
    share = error_rate(found)
    assert share.low <= share.value <= share.high
    assert share.high - share.low > 0.01
    assert error_rate(found) == share


def test_a_presentation_is_the_mean_of_its_frames_and_a_long_one_is_several() -> None:
    scores = np.concatenate([[1.0, 3.0], np.arange(16.0)])
    names = np.array(["a"] * 2 + ["b"] * 16)
    found = by_presentation(scores, names, np.array(["live"] * 18), names)
    assert found.scores.tolist() == [2.0, 3.5, 11.5]
    assert found.people.tolist() == ["a", "b", "b"]


def test_live_alone_can_not_be_judged() -> None:
    with pytest.raises(BadInput, match="attacks"):
        verdict(made([1.0], []), 0.01)
