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

from kiosk.domain.comparisons import comparisons
from kiosk.domain.liveness.rates import clopper_pearson
from kiosk.domain.scale import CohortStatistics, ScoreScale
from kiosk.domain.threshold import ErrorCurve, operating_point
from kiosk.lab.calibration.people import Strangers, one_each
from kiosk.lab.calibration.scale import SAME_PERSON
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
        for _ in range(max(draws, 200 // size.people)):
            enrolled = rng.permutation(able)[: size.people]
            mine, wrong, strangers, worth = _one_gallery(
                vectors, person, rows_of, enrolled, size, scale, curve, beside, rng
            )
            thresholds = np.array([operating_point(curve, p, worth).threshold for p in promised])
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
    curve: ErrorCurve,
    beside: CohortStatistics,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], float]:
    """The score of each look of the right people, -inf where it named another; of each look of a
    stranger; the rows of the strangers; and how many comparisons the gallery is worth."""
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
    return mine, others[:, 0], strangers, comparisons(gallery, curve)


@dataclass(frozen=True, slots=True)
class Kind:
    """Galleries of ``people``, of whom ``share`` are of one sex and ethnic group, before strangers
    of that group: ``let_in`` of their looks, with a 95% interval over strangers."""

    who: str
    people: int
    share: float
    promised: float
    let_in: float
    low: float
    high: float


KIND_PEOPLE = 100
SHARES = (1.0, 0.5)


def of_kinds(
    people: Strangers,
    scale: ScoreScale,
    curve: ErrorCurve,
    promised: Sequence[float],
    alike: Floats,
    *,
    draws: int = DRAWS,
    seed: int = 2022,
) -> list[Kind]:
    """Adults of one picture each, by sex and group; as many as ``KIND_PEOPLE`` enrolled, and half
    of a group at most, so that there are strangers. Who is there twice is told by ``alike``, the
    same faces' vectors by an encoder that can."""
    adults = one_each(people.people) & (people.ages >= 18) & (people.ages < 65)
    some, alike = people[adults], alike[adults]
    beside = scale.statistics(some.vectors)
    found = []
    for who in np.unique(some.groups):
        own, others = np.flatnonzero(some.groups == who), np.flatnonzero(some.groups != who)
        size = min(KIND_PEOPLE, len(own) // 2)
        if not who or str(who).startswith("others") or size < 10:
            continue
        for share in SHARES:
            rng = np.random.default_rng(seed)
            hits, looks = np.zeros((len(promised), len(own))), np.zeros(len(own))
            for _ in range(draws):
                mine = rng.permutation(own)[: round(size * share)]
                enrolled = np.append(mine, rng.permutation(others)[: size - len(mine)])
                gallery = gallery_of({int(n): some.vectors[[n]] for n in enrolled}, scale)
                came = np.flatnonzero(~np.isin(own, enrolled))
                rows = own[came]
                values = scale.normalise(
                    some.vectors[rows], beside[rows], gallery.matrix, gallery.statistics
                )
                values[alike[rows] @ alike[gallery.people].T >= SAME_PERSON] = -np.inf
                best = scale.score(values.max(axis=1))
                worth = comparisons(gallery, curve)
                for row, rate in enumerate(promised):
                    hits[row, came] += best >= operating_point(curve, rate, worth).threshold
                looks[came] += 1
            found += [
                Kind(str(who), size, share, rate, float(hits[row].sum() / looks.sum()), *between)
                for row, rate in enumerate(promised)
                for between in [interval(hits[row], looks, rng)]
            ]
    return found


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
