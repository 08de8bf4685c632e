"""A door's own thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.liveness.calibration import Bounds, thresholds
from kiosk.domain.liveness.passive import SHIPPED


def visits(count: int, middle: float, spread: float = 1.0, seed: int = 1) -> list[float]:
    return list(np.random.default_rng(seed).normal(middle, spread, count))


def test_without_visits_it_is_what_ships() -> None:
    assert thresholds([], 0.2) == thresholds([float("nan")], 0.2)
    assert thresholds([], 0.1).live == pytest.approx(SHIPPED.low)
    assert thresholds([], 0.5).live == pytest.approx(SHIPPED.middle)
    assert thresholds([], 0.01).live < thresholds([], 0.9).live
    assert thresholds([], 0.5).attack == SHIPPED.attack


def test_a_door_s_own_visits_draw_the_line() -> None:
    wide = Bounds(looser=10, stricter=10)
    scores = visits(400, 6.0)
    drawn = thresholds(scores, 0.01, bounds=wide)
    fresh = visits(20_000, 6.0, seed=2)
    assert np.mean(np.array(fresh) < drawn.live) < 0.01
    assert drawn.attack < drawn.live
    assert thresholds(scores, 0.1, bounds=wide).live > drawn.live


def test_few_visits_move_it_a_little() -> None:
    wide = Bounds(looser=10, stricter=10)
    none, few, many = (thresholds(visits(n, 9.0), 0.1, bounds=wide).live for n in (0, 5, 400))
    assert none < few < many


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.9])
def test_as_many_are_asked_as_were_chosen(share: float) -> None:
    wide = Bounds(looser=10, stricter=10)
    drawn = thresholds(visits(400, 6.0), share, bounds=wide)
    fresh = np.array(visits(20_000, 6.0, seed=2))
    assert np.mean(fresh < drawn.live) == pytest.approx(share, rel=0.5, abs=0.02)
    assert np.mean(fresh < drawn.attack) < 0.002


def test_attackers_among_the_visits_hardly_move_it() -> None:
    wide = Bounds(looser=10, stricter=10)
    honest = visits(380, 6.0)
    pure = thresholds(honest, 0.01, bounds=wide).live
    mixed = thresholds(honest + [-3.0] * 20, 0.01, bounds=wide).live
    assert pure - mixed < 0.7
    assert mixed > 1.0


@pytest.mark.parametrize("middle", [-40.0, 40.0])
def test_no_visits_move_it_beyond_the_bounds(middle: float) -> None:
    bounds = Bounds()
    shipped = thresholds([], 0.2).live
    drawn = thresholds(visits(400, middle), 0.2, bounds=bounds)
    assert shipped - bounds.looser <= drawn.live <= shipped + bounds.stricter


def test_a_line_drawn_by_whom_it_let_in_does_not_creep() -> None:
    """Where nobody is challenged, those below the line are missing among its own visits."""
    wide = Bounds(looser=10, stricter=10)
    everybody = np.array(visits(40_000, 6.0))
    line = 1.0
    for start in range(0, 40_000, 400):
        come = everybody[start : start + 400]
        line = thresholds(list(come[come >= line]), 0.01, bounds=wide).live
    assert np.mean(everybody < line) < 0.015
