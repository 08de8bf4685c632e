"""Does the promise hold?  Random galleries, strangers before them, promised against let in.

Whatever the gallery, the rate that an administrator chose is the share of strangers' looks that may
be let in. Here galleries of people who were in no training, no cohort and no measuring of the scale
are drawn, the kiosk's own threshold is set for each, and everybody who is not enrolled looks once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Image, Points
from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Template
from kiosk.domain.scale import CohortStatistics, ScoreScale, far_of
from kiosk.domain.threshold import ErrorCurve, operating_point
from kiosk.lab.calibration.people import Strangers
from kiosk.lab.calibration.scale import SAME_PERSON
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.metrics import Floats
from kiosk.vision.align import ARCFACE_112, similarity

GALLERIES = ((10, 1), (10, 5), (50, 1), (50, 5), (150, 1), (150, 2), (150, 5), (300, 5))
"""People, and pictures of each."""
DRAWS = 20
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Promise:
    """One kind of gallery at one promised FPIR, over several draws: ``let_in`` is the share of
    strangers' looks that were let in, with a 95% interval over strangers; ``known`` the share of
    the right people's looks that were answered with their name."""

    people: int
    templates: int
    promised: float
    let_in: float
    low: float
    high: float
    known: float
    looks: int


@dataclass(frozen=True, slots=True)
class Rate:
    """One picture of a stranger against one of another: how many times as many pass as a score
    of 20 and one of 30 points promise; None where there are too few pairs to tell (ten above)."""

    who: str
    people: int
    pairs: int
    at_20: float | None
    at_30: float | None


def promises(
    vectors: Floats,
    identities: Sequence[str],
    scale: ScoreScale,
    curve: ErrorCurve,
    promised: float,
    *,
    galleries: Iterable[tuple[int, int]] = GALLERIES,
    draws: int = DRAWS,
    seed: int = 2022,
) -> list[Promise]:
    """Promised against measured, on faces (n, dimension) of named people. Galleries for which
    there are not enough people with one picture more than they are enrolled with are left out."""
    names, person = np.unique(np.asarray(identities), return_inverse=True)
    rows_of = rows_by_person(identities)
    beside = scale.statistics(vectors)
    found = []
    for people, templates in galleries:
        able = [number for number, rows in enumerate(rows_of) if len(rows) > templates]
        if len(able) < 1.2 * people:
            continue
        rng = np.random.default_rng(seed)
        hits = np.zeros(len(names))
        looks = np.zeros(len(names))
        known: list[float] = []
        for _ in range(draws):
            enrolled = rng.permutation(able)[:people]
            right, wrong, strangers = _one_gallery(
                vectors, person, rows_of, enrolled, templates, scale, curve, promised, beside, rng
            )
            known.append(right)
            hits += np.bincount(person[strangers], wrong, len(names))
            looks += np.bincount(person[strangers], minlength=len(names))
        low, high = interval(hits, looks, rng)
        share = float(hits.sum() / looks.sum())
        found.append(
            Promise(
                people, templates, promised, share, low, high, float(np.mean(known)),
                int(looks.sum()),
            )
        )  # fmt: skip
    return found


def _one_gallery(
    vectors: Floats,
    person: NDArray[np.int64],
    rows_of: Sequence[NDArray[np.int64]],
    enrolled: NDArray[np.int64],
    templates: int,
    scale: ScoreScale,
    curve: ErrorCurve,
    promised: float,
    beside: CohortStatistics,
    rng: np.random.Generator,
) -> tuple[float, NDArray[np.float64], NDArray[np.int64]]:
    chosen = {int(one): rng.permutation(rows_of[one]) for one in enrolled}
    gallery = gallery_of({one: vectors[rows[:templates]] for one, rows in chosen.items()}, scale)
    threshold = operating_point(curve, promised, len(gallery)).threshold
    genuine = np.concatenate([rows[templates:] for rows in chosen.values()])
    best, score = _best(gallery, vectors[genuine], beside[genuine])
    right = (gallery.people[best] == person[genuine]) & (score >= threshold)
    strangers = np.flatnonzero(~np.isin(person, enrolled))
    _best_of_all, others = _best(gallery, vectors[strangers], beside[strangers])
    return float(right.mean()), (others >= threshold).astype(np.float64), strangers


def gallery_of(people: Mapping[int, Floats], scale: ScoreScale) -> Gallery:
    """The kiosk's gallery of people by number, each with vectors (n, dimension)."""
    return Gallery.of(
        (
            Template(0, one, vector, "", 1.0, "", _ANY_DAY)
            for one, vectors in people.items()
            for vector in vectors
        ),
        scale,
    )


def _best(
    gallery: Gallery, probes: Floats, found: CohortStatistics
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What ``Gallery.search`` answers with for many probes."""
    values = gallery.scale.normalise(probes, found, gallery.matrix, gallery.statistics)
    return values.argmax(axis=1), gallery.scale.score(values.max(axis=1))


def interval(
    hits: NDArray[np.float64], looks: NDArray[np.float64], rng: np.random.Generator
) -> tuple[float, float]:
    """95%, people resampled: the looks of one stranger are no independent tries."""
    shares = []
    for _ in range(1000):
        weights = rng.multinomial(len(hits), np.full(len(hits), 1 / len(hits)))
        shares.append(float((weights * hits).sum() / max((weights * looks).sum(), 1)))
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


AGES = ((1, 2), (3, 5), (6, 9), (10, 12), (13, 17), (18, 64), (65, 116))
"""Years; both of a pair are of one band."""


def by_group(people: Strangers, scale: ScoreScale) -> list[Rate]:
    """Adults by sex and ethnic group, then everybody by age; one picture of each person."""
    alone = people[_first_of_each(people.people)]
    adults = alone[(alone.ages >= 18) & (alone.ages < 65)]
    groups = [g for g in np.unique(adults.groups) if g and not g.startswith("others")]
    rates = [_rate(g, adults[adults.groups == g], scale, twins=True) for g in groups]
    for low, high in AGES:
        band = alone[(alone.ages >= low) & (alone.ages <= high)]
        rates.append(_rate(_band(low, high), band, scale, twins=low >= 18))
    return [rate for rate in rates if rate.people > 1]


def worst_group(rates: Iterable[Rate]) -> Rate | None:
    """The sex and group, of ``by_group``'s, of which the most pass; None where none is told."""
    groups = [rate for rate in rates if _times(rate) is not None and not _is_age(rate)]
    return max(groups, key=lambda rate: _times(rate) or 0.0, default=None)


def youngest(rates: Iterable[Rate]) -> int:
    """The age in years from which every band of ``by_group``'s keeps to the promise at 20 points;
    0 where not even the oldest does or was measured."""
    of = {rate.who: rate for rate in rates}
    first = 0
    for low, high in reversed(AGES):
        rate = of.get(_band(low, high))
        if rate is None or rate.at_20 is None or max(rate.at_20, rate.at_30 or 0.0) > 1:
            break
        first = low
    return first


def _times(rate: Rate) -> float | None:
    """At 30 points where there are pairs enough, else at 20."""
    return rate.at_20 if rate.at_30 is None else rate.at_30


def _is_age(rate: Rate) -> bool:
    return rate.who in {_band(low, high) for low, high in AGES}


def _band(low: int, high: int) -> str:
    return f"{low} to {high} years"


def one_by_one(name: str, vectors: Floats, scale: ScoreScale) -> Rate:
    """Pictures (n, dimension) of n people who have nothing else in common."""
    nobody = np.array([str(row) for row in range(len(vectors))])
    ages, groups = np.full(len(vectors), -1), np.full(len(vectors), "")
    return _rate(name, Strangers(vectors, nobody, nobody, groups, ages, groups), scale)


def _rate(who: str, people: Strangers, scale: ScoreScale, *, twins: bool = False) -> Rate:
    above = np.triu_indices(len(people), 1)
    scores = scale.matrix(people.vectors, people.vectors)[above]
    if twins:  # some adults of UTKFace are in it twice
        scores = scores[(people.vectors @ people.vectors.T)[above] < SAME_PERSON]

    def times(points: float) -> float | None:
        passed = int((scores >= points).sum())
        promised = len(scores) * far_of(points)
        return passed / promised if passed >= 10 or promised >= 10 else None

    return Rate(who, len(people), len(scores), times(20), times(30))


def _first_of_each(people: NDArray[np.str_]) -> NDArray[np.int64]:
    return np.sort(np.unique(people, return_index=True)[1])


def cut_at_the_top(image: Image, points: Points, share: float) -> tuple[Image, Points]:
    """The picture without what lies above: the crop loses ``share`` of its height."""
    matrix = similarity(points, ARCFACE_112)
    top = np.linalg.inv(matrix) @ np.array([56.0, 112 * share, 1.0])
    row = int(np.clip(round(float(top[1])), 0, image.shape[0] - 1))
    return image[row:], points - np.array([0, row], np.float32)
