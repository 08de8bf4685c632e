from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import BadInput
from kiosk.domain.threshold import ErrorCurve, one_in, operating_point


def curve_of(seed: int, impostor: int = 20_000, steps: int = 300) -> tuple[ErrorCurve, np.ndarray]:
    random = np.random.default_rng(seed)
    strangers = np.sort(np.clip(random.normal(0.1, 0.12, impostor), -1, 1))
    genuine = np.sort(np.clip(random.normal(0.7, 0.12, 2_000), -1, 1))
    thresholds = np.linspace(-1, 1, steps)
    far = 1 - np.searchsorted(strangers, thresholds, "left") / impostor
    frr = np.searchsorted(genuine, thresholds, "left") / len(genuine)
    return ErrorCurve(thresholds, far, frr, "random", len(genuine), impostor), strangers


seeds = st.integers(0, 50)
rates = st.floats(1e-6, 0.5)


@given(seeds, rates)
def test_the_threshold_lets_in_as_many_impostors_as_asked(seed: int, far: float) -> None:
    curve, strangers = curve_of(seed)
    threshold = curve.threshold_at(far)
    share = float(np.mean(strangers >= threshold))
    wanted = max(far, curve.lowest_far)
    # Between two points of the curve the share is interpolated; the data near the end is thin.
    assert share <= 1.25 * wanted + 2 / curve.impostor
    assert share >= 0.75 * wanted - 2 / curve.impostor


@given(seeds, rates, rates)
def test_a_lower_far_never_takes_a_lower_threshold(seed: int, one: float, other: float) -> None:
    curve, _ = curve_of(seed)
    low, high = sorted((one, other))
    assert curve.threshold_at(low) >= curve.threshold_at(high)


@given(seeds, rates, st.integers(0, 100_000))
def test_more_people_never_take_a_lower_threshold(seed: int, far: float, people: int) -> None:
    curve, _ = curve_of(seed)
    point = operating_point(curve, far, people)
    more = operating_point(curve, far, people + 100)
    assert more.threshold >= point.threshold
    assert more.far >= point.far >= far
    assert point.far <= 1
    assert point.comparisons == max(people, 1)
    assert point.frr == curve.frr_at(point.threshold)


@given(seeds, rates)
def test_far_at_is_the_way_back(seed: int, far: float) -> None:
    curve, _ = curve_of(seed)
    assert curve.far_at(curve.threshold_at(far)) == pytest.approx(max(far, curve.lowest_far))


def test_figures_of_a_curve_drawn_by_hand() -> None:
    curve = ErrorCurve(
        np.array([0.0, 0.2, 0.4, 0.6]),
        np.array([1.0, 0.1, 0.01, 0.001]),
        np.array([0.0, 0.1, 0.2, 0.4]),
        "by hand",
        100,
        100_000,
    )
    assert curve.threshold_at(0.01) == pytest.approx(0.4)
    assert curve.threshold_at(10**-2.5) == pytest.approx(0.5), "straight on a logarithmic scale"
    assert curve.far_at(0.3) == pytest.approx(10**-1.5)
    assert curve.frr_at(0.5) == pytest.approx(0.3)
    point = operating_point(curve, 0.1, 10)
    assert (point.threshold, point.far) == (pytest.approx(0.4), 0.1)


def test_no_more_is_promised_than_was_measured() -> None:
    curve, _ = curve_of(1, impostor=1000)
    assert curve.lowest_far == 0.01
    assert curve.threshold_at(1e-6) == curve.threshold_at(0.01)
    assert operating_point(curve, 0.001, 1).far == pytest.approx(0.01, rel=0.01)
    assert operating_point(curve, 0.001, 30).far == pytest.approx(0.3, rel=0.01)
    assert operating_point(curve, 0.001, 5000).far == 1.0


def test_a_fitted_tail_is_promised_and_said_to_be_fitted() -> None:
    scores = np.arange(0.0, 91.0)
    curve = ErrorCurve(scores, 10 ** (-scores / 10), scores / 100, "fitted", 100, 10**6, 1e-9)
    assert curve.measured_far == 1e-5
    assert curve.lowest_far == 1e-9
    measured, fitted = operating_point(curve, 0.01, 100), operating_point(curve, 0.001, 1000)
    assert (measured.threshold, measured.fitted) == (pytest.approx(40), False)
    assert (fitted.threshold, fitted.far, fitted.fitted) == (pytest.approx(60), 0.001, True)
    beyond = operating_point(curve, 1e-6, 10_000)
    assert (beyond.threshold, beyond.far) == (pytest.approx(90), pytest.approx(1e-5))


def test_a_curve_that_stops_early_says_what_its_last_threshold_gives() -> None:
    curve = ErrorCurve(
        np.array([0.0, 0.5]), np.array([1.0, 0.02]), np.array([0.0, 0.1]), "short", 10, 10**6
    )
    point = operating_point(curve, 0.001, 1)
    assert point.threshold == 0.5
    assert point.far == pytest.approx(0.02)


@pytest.mark.parametrize("impostor", [1, 9, 10])
def test_hardly_any_impostors_take_the_highest_threshold(impostor: int) -> None:
    curve = ErrorCurve(
        np.array([0.0, 0.9]), np.array([1.0, 0.0]), np.array([0.0, 0.5]), "tiny", 1, impostor
    )
    point = operating_point(curve, 0.001, 3)
    assert (point.threshold, point.far) == (0.9, 1.0)


@pytest.mark.parametrize("far", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_a_far_lies_between_0_and_1(far: float) -> None:
    curve, _ = curve_of(1)
    with pytest.raises(BadInput, match="between 0 and 1"):
        curve.threshold_at(far)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.0, "none"),
        (-1.0, "none"),
        (1.0, "1 in 1"),
        (0.4, "1 in 2.5"),
        (0.15, "1 in 6.7"),
        (0.1, "1 in 10"),
        (0.0123, "1 in 81"),
        (0.001, "1 in 1,000"),
        (1 / 123_456, "1 in 120,000"),
        (1e-6, "1 in 1,000,000"),
    ],
)
def test_rates_in_words(rate: float, words: str) -> None:
    assert one_in(rate) == words
