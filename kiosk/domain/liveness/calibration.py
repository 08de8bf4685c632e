"""Where this door draws the line between live and not.

The same threshold refuses one in 10,000 live people at one place and one in 400 at another: light,
lens and distance are a place's own. So each camera's line is drawn by the scores of those whom it
let in.

An attacker who was let in is among them. Nothing is read off the low end, where such a score would
lie: the line follows from the middle of the scores and how far they spread below it, which one in
ten attackers hardly moves. While there are few scores the shipped line counts for more, and no
scores loosen it beyond a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from kiosk.domain.liveness.passive import SHIPPED, Limits, Thresholds

REMEMBERED: Final = 400
"""The newest visits that count."""
_SPREAD_AT: Final = 0.1
"""The share of the scores that lies below where their spread is read off."""
ATTACKS: Final = 0.001
"""The share of live people who may be taken for an attack: they are refused, not asked."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a door may go from the shipped thresholds: ``looser`` below, ``stricter`` above.
    ``worth`` is as how many visits the shipped thresholds count; ``tail`` stretches the spread,
    since scores lie further out than a bell's."""

    looser: float = 2.0
    stricter: float = 2.0
    worth: float = 40.0
    tail: float = 1.25


def thresholds(
    scores: Sequence[float],
    bpcer: float,
    limits: Limits = SHIPPED,
    bounds: Bounds = Bounds(),
) -> Thresholds:
    """The thresholds for a camera where visits that were let in had these ``scores``.

    ``bpcer`` is the share of live people, above 0 and below 1, whose score may fall below ``live``:
    they are asked to turn their head, or where nobody is asked, refused. ATTACKS of them may fall
    below ``attack``.
    """
    finite = np.asarray([score for score in scores if np.isfinite(score)], float)

    def line(share: float, shipped: float) -> float:
        if not len(finite):
            return shipped
        middle, low = np.quantile(finite, (0.5, _SPREAD_AT))
        own = _quantile(float(middle), float(low), share, bounds.tail)
        drawn = (own * len(finite) + shipped * bounds.worth) / (len(finite) + bounds.worth)
        return float(np.clip(drawn, shipped - bounds.looser, shipped + bounds.stricter))

    live = line(bpcer, _quantile(limits.middle, limits.low, bpcer, bounds.tail))
    return Thresholds(live, min(line(ATTACKS, limits.attack), live))


def _quantile(middle: float, low: float, share: float, tail: float) -> float:
    """Below which a share of the scores lies, by their middle and where a tenth lies below."""
    bell = NormalDist()
    steps = bell.inv_cdf(share) / bell.inv_cdf(_SPREAD_AT)
    return middle - (tail if steps > 1 else 1.0) * steps * (middle - low)
