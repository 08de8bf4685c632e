"""Does the promise hold?  Random galleries, strangers before them, promised against let in.

Whatever the gallery, the rate that an administrator chose is the share of strangers' looks that may
be let in. Here galleries of people who were in no cohort and no measuring of the scale are drawn,
the kiosk's own threshold is set for each, and everybody who is not enrolled looks once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.liveness.rates import clopper_pearson
from kiosk.domain.scale import CohortStatistics, ScoreScale
from kiosk.domain.threshold import ErrorCurve, operating_point
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.galleries import best_two, gallery_of
from kiosk.lab.evaluation.metrics import Floats


@dataclass(frozen=True, slots=True)
class Size:
    """Of a gallery: how many people, and of each from ``fewest`` to ``most`` pictures, drawn at
    random for each person, and no more than leave one to look with."""

    people: int
    fewest: int
    most: int

    @property
    def templates(self) -> str:
        """In words."""
        return f"{self.fewest}" if self.most == self.fewest else f"{self.fewest} to {self.most}"


GALLERIES = (
    *(Size(people, count, count) for people in (1, 10, 50, 150) for count in (1, 2, 5)),
    Size(100, 10, 10), Size(500, 1, 10), Size(1000, 1, 1),
)  # fmt: skip
DRAWS = 20
"""Galleries of each size; of small ones so many that 200 people are drawn."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One size of gallery at one promised FPIR, over several draws: ``let_in`` is the share of
    strangers' looks that were let in, with a 95% interval over strangers; ``known`` the share of
    the right people's looks that were answered with their name."""

    people: int
    templates: str
    promised: float
    let_in: float
    low: float
    high: float
    known: float
    looks: int


def promises(
    vectors: Floats,
    identities: Sequence[str],
    scale: ScoreScale,
    curve: ErrorCurve,
    promised: Sequence[float],
    *,
    galleries: Iterable[Size] = GALLERIES,
    draws: int = DRAWS,
    seed: int = 2022,
) -> list[Promise]:
    """Promised against measured, on faces (n, dimension) of named people. Galleries for which
    there are not enough people with one picture more than they are enrolled with are left out."""
    names, person = np.unique(np.asarray(identities), return_inverse=True)
    rows_of = rows_by_person(identities)
    beside = scale.statistics(vectors)
    found = []
    for size in galleries:
        able = [number for number, rows in enumerate(rows_of) if len(rows) > size.fewest]
        if len(able) < 1.2 * size.people:
            continue
        rng = np.random.default_rng(seed)
        hits = np.zeros((len(promised), len(names)))
        looks = np.zeros(len(names))
        known = []
        thresholds = np.array([operating_point(curve, p, size.people).threshold for p in promised])
        for _ in range(max(draws, 200 // size.people)):
            enrolled = rng.permutation(able)[: size.people]
            mine, wrong, strangers = _one_gallery(
                vectors, person, rows_of, enrolled, size, scale, beside, rng
            )
            known.append((mine >= thresholds[:, None]).mean(axis=1))
            for row, threshold in enumerate(thresholds):
                hits[row] += np.bincount(person[strangers[wrong >= threshold]], None, len(names))
            looks += np.bincount(person[strangers], minlength=len(names))
        for row, rate in enumerate(promised):
            share = float(hits[row].sum() / looks.sum())
            low, high = interval(hits[row], looks, rng)
            right = float(np.mean(known, axis=0)[row])
            found.append(
                Promise(
                    size.people, size.templates, rate, share, low, high, right, int(looks.sum())
                )
            )
    return found


def _one_gallery(
    vectors: Floats,
    person: NDArray[np.int64],
    rows_of: Sequence[NDArray[np.int64]],
    enrolled: NDArray[np.int64],
    size: Size,
    scale: ScoreScale,
    beside: CohortStatistics,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """The score of each look of the right people, -inf where it named another; of each look of a
    stranger; and the rows of the strangers."""
    templates, genuine = {}, []
    for one in enrolled:
        rows = rng.permutation(rows_of[one])
        count = min(int(rng.integers(size.fewest, size.most, endpoint=True)), len(rows) - 1)
        templates[int(one)] = vectors[rows[:count]]
        genuine.append(rows[count:])
    gallery, probes = gallery_of(templates, scale), np.concatenate(genuine)
    best, score = best_two(gallery, vectors[probes], beside[probes])
    mine = np.where(best[:, 0] == person[probes], score[:, 0], -np.inf)
    strangers = np.flatnonzero(~np.isin(person, enrolled))
    _names, others = best_two(gallery, vectors[strangers], beside[strangers])
    return mine, others[:, 0], strangers


def worst(found: Iterable[Promise]) -> Promise | None:
    """The one that lets in most of what it promised."""
    return max(found, key=lambda one: one.let_in / one.promised, default=None)


def interval(
    hits: NDArray[np.float64], looks: NDArray[np.float64], rng: np.random.Generator
) -> tuple[float, float]:
    """95%, people resampled: the looks of one stranger are no independent tries. Where nobody was
    let in the upper end is Clopper and Pearson's for so many people."""
    came = int((looks > 0).sum())
    if not hits.any():
        return clopper_pearson(0, came)
    shares = []
    for _ in range(1000):
        weights = rng.multinomial(len(hits), np.full(len(hits), 1 / len(hits)))
        shares.append(float((weights * hits).sum() / max((weights * looks).sum(), 1)))
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)
