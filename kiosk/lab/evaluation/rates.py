"""One picture of a stranger against one of another: who passes more often than a score promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Image, Points
from kiosk.domain.liveness.rates import clopper_pearson
from kiosk.domain.scale import ScoreScale, far_of
from kiosk.lab.calibration.people import Strangers, one_each
from kiosk.lab.calibration.scale import SAME_PERSON
from kiosk.lab.evaluation.metrics import Floats
from kiosk.vision.align import ARCFACE_112, similarity


@dataclass(frozen=True, slots=True)
class Times:
    """How many times as many were let in as promised, with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """One picture of a stranger against one of another: how many times as many pass as a score
    of 20 and one of 30 points promise, with 95% intervals over people; None where there are too
    few pairs to tell (ten above)."""

    who: str
    people: int
    pairs: int
    at_20: Times | None
    at_30: Times | None

    @property
    def lowest(self) -> Times | None:
        """At 30 points where there are pairs enough, else at 20."""
        return self.at_20 if self.at_30 is None else self.at_30


RESAMPLED = 1000
AGES = ((1, 2), (3, 5), (6, 9), (10, 12), (13, 17), (18, 64), (65, 116))
"""Years; both of a pair are of one band."""


def by_group(people: Strangers, scale: ScoreScale, alike: Floats | None = None) -> list[Rate]:
    """Adults by sex and ethnic group, then everybody by age; one picture of each person. Some
    adults are there twice: told by ``alike``, the same faces' vectors by an encoder that can."""
    alike = people.vectors if alike is None else alike
    first = one_each(people.people)
    adults = first & (people.ages >= 18) & (people.ages < 65)
    groups = [g for g in np.unique(people.groups[adults]) if g and not g.startswith("others")]
    rates = []
    for group in groups:
        rows = adults & (people.groups == group)
        rates.append(_rate(group, people.vectors[rows], scale, alike[rows]))
    for low, high in AGES:
        rows = first & (people.ages >= low) & (people.ages <= high)
        twice = alike[rows] if low >= 18 else None
        rates.append(_rate(_band(low, high), people.vectors[rows], scale, twice))
    return [rate for rate in rates if rate.people > 1]


def worst_group(rates: Iterable[Rate]) -> Rate | None:
    """The sex and group, of ``by_group``'s, of which the most pass; None where none is told."""
    groups = [rate for rate in rates if not _is_age(rate)]
    told = [(rate.lowest.value, rate) for rate in groups if rate.lowest is not None]
    return max(told, key=lambda pair: pair[0])[1] if told else None


def youngest(rates: Iterable[Rate]) -> int:
    """The age in years from which every band of ``by_group``'s keeps to the promise at 20 points;
    0 where not even the oldest does or was measured."""
    of = {rate.who: rate for rate in rates}
    first = 0
    for low, high in reversed(AGES):
        rate = of.get(_band(low, high))
        if rate is None or rate.at_20 is None:
            break
        if any(times is not None and times.value > 1 for times in (rate.at_20, rate.at_30)):
            break
        first = low
    return first


def _is_age(rate: Rate) -> bool:
    return rate.who in {_band(low, high) for low, high in AGES}


def _band(low: int, high: int) -> str:
    return f"{low} to {high} years"


def one_by_one(name: str, vectors: Floats, scale: ScoreScale) -> Rate:
    """Pictures (n, dimension) of n people who have nothing else in common."""
    return _rate(name, vectors, scale)


def _rate(who: str, vectors: Floats, scale: ScoreScale, alike: Floats | None = None) -> Rate:
    scores = scale.matrix(vectors, vectors)
    pairs = np.triu(np.ones(scores.shape, bool), 1)
    if alike is not None:
        pairs &= alike @ alike.T < SAME_PERSON
    count = int(pairs.sum())

    def times(points: float) -> Times | None:
        passed = np.argwhere(pairs & (scores >= points))
        promised = count * far_of(points)
        if len(passed) < 10 and promised < 10:
            return None
        low, high = _interval(passed, len(vectors), count)
        return Times(len(passed) / promised, low / far_of(points), high / far_of(points))

    return Rate(who, len(vectors), count, times(20), times(30))


def _interval(passed: NDArray[np.int64], people: int, pairs: int) -> tuple[float, float]:
    """95% of the share of pairs (rows i, j of people) that passed, people resampled: those who
    resemble many are in many pairs. Where none passed the upper end is Clopper and Pearson's for
    so many pairs."""
    if not len(passed):
        return clopper_pearson(0, pairs)
    weights = np.random.default_rng(2022).multinomial(
        people, np.full(people, 1 / people), RESAMPLED
    )
    hits = (weights[:, passed[:, 0]] * weights[:, passed[:, 1]]).sum(axis=1)
    # Nobody is a stranger to himself, however often he was drawn.
    all_pairs = (people**2 - (weights**2).sum(axis=1)) / 2 * (pairs / (people * (people - 1) / 2))
    low, high = np.quantile(hits / all_pairs, [0.025, 0.975])
    return float(low), float(high)


def cut_at_the_top(image: Image, points: Points, share: float) -> tuple[Image, Points]:
    """The picture without what lies above: the crop loses ``share`` of its height."""
    matrix = similarity(points, ARCFACE_112)
    top = np.linalg.inv(matrix) @ np.array([56.0, 112 * share, 1.0])
    row = int(np.clip(round(float(top[1])), 0, image.shape[0] - 1))
    return image[row:], points - np.array([0, row], np.float32)
