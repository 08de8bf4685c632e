"""What so many tries prove."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.liveness.rates import Rate, clopper_pearson


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [  # scipy.stats.beta.ppf(0.025, k, n - k + 1), beta.ppf(0.975, k + 1, n - k)
        (0, 50, 0.0, 0.071122),
        (3, 50, 0.012549, 0.165482),
        (50, 50, 0.928878, 1.0),
        (1, 1, 0.025, 1.0),
        (0, 1, 0.0, 0.975),
        (5, 10, 0.187086, 0.812914),
        (12, 10_000, 0.000620, 0.002095),
        (1, 3, 0.008404, 0.905701),
    ],
)
def test_the_interval_is_clopper_and_pearsons(
    hits: int, tries: int, low: float, high: float
) -> None:
    assert clopper_pearson(hits, tries) == pytest.approx((low, high), abs=2e-6)


@given(st.integers(0, 60), st.integers(1, 60))
def test_it_is_scipys(hits: int, tries: int) -> None:
    beta = pytest.importorskip("scipy.stats").beta
    hits = min(hits, tries)
    low = beta.ppf(0.025, hits, tries - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, tries - hits) if hits < tries else 1.0
    assert clopper_pearson(hits, tries) == pytest.approx((low, high), abs=1e-7)


def test_nothing_tried_proves_nothing() -> None:
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(0, 0).value is None
    assert Rate(0, 0).words == "no try that counts"


def test_the_words_say_what_is_bounded() -> None:
    assert Rate(0, 50).words == "0 of 50: under 7.1%"
    assert Rate(50, 50).words == "50 of 50: over 92.9%"
    assert Rate(3, 50).words == "3 of 50: 6.0% (1.3% to 16.5%)"


def test_more_hits_than_tries_are_a_fault() -> None:
    with pytest.raises(ValueError, match="4 of 3"):
        Rate(4, 3)
