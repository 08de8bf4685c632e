"""Several photos of one person: what to compare a look with.

The kiosk compares with the mean of a person's vectors. Here other ways are laid beside it: the best
of the photos' scores, the mean of the best, means weighted by the photos' quality, and a logistic
regression of the scores. What is fitted is fitted on one set of people (``learn``) and judged on
another (``judge``), each with as many strangers let in as were promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.scale import CohortStatistics, ScoreScale
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.metrics import Floats

MEAN_VECTOR = "mean vector"
POWERS = (0.5, 1.0, 2.0, 4.0)
"""Exponents of the quality (0 to 1) that are tried as weights."""
TEMPLATES = 5
PEOPLE = 150
DRAWS = 10
RESAMPLED = 500


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Vectors (n, dimension) of people (n,), and each picture's quality (n,), 0 to 1."""

    vectors: Floats
    people: NDArray[np.str_]
    quality: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What was fitted: the exponent of the quality for scores and for vectors, and the logistic
    regressions' weights of ``_features``, without and with the mean vector's score."""

    power_of_scores: float
    power_of_vectors: float
    logistic: NDArray[np.float64]
    with_mean: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Compared:
    """One way: ``known``, the share of the right people's looks that are known where ``promised``
    of the strangers' are let in; ``gain`` over the mean vector in percentage points, with its 95%
    interval, people resampled; ``growth``: how many times as many strangers as with ``TEMPLATES``
    photos pass the same threshold, by the number of photos."""

    rule: str
    known: float
    gain: float
    low: float
    high: float
    growth: Mapping[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """Of one gallery by one rule: each stranger's look's highest score and who it was; each right
    person's score, -inf where another's was higher, and who it was."""

    strangers: NDArray[np.float64]
    who: NDArray[np.int64]
    right: NDArray[np.float64]
    whose: NDArray[np.int64]


def learn(faces: Faces, scale: ScoreScale, promised: float, *, seed: int = 1) -> Learnt:
    """Fit on people of whom nobody is judged."""
    from sklearn.linear_model import LogisticRegression

    beside = scale.statistics(faces.vectors)

    tried = {
        power: _drawn(
            faces, scale, beside, Learnt(power, power, np.zeros(5), np.zeros(6)), TEMPLATES, seed
        )
        for power in POWERS
    }

    def best_power(rule: str) -> float:
        return max(POWERS, key=lambda power: _known([tried[power][rule]], promised))

    rows: list[list[NDArray[np.float64]]] = [[], []]
    truth: list[NDArray[np.bool_]] = []
    for templates in (1, 2, TEMPLATES):
        gallery, probes = _gallery(faces, templates, np.random.default_rng(seed))
        scores = _of_templates(faces, scale, beside, gallery, probes)
        by_mean = _of_mean(faces, scale, beside, gallery, probes)
        names = _names(faces, gallery)
        own = faces.people[probes][:, None] == names[None]
        # What decides are the strangers who come near: a tenth of them.
        near = by_mean >= np.quantile(by_mean[~own], 0.9)
        kept = own | near
        plain = _features(scores, templates)
        for some, features in zip(
            rows, (plain, np.append(plain, by_mean[..., None], axis=2)), strict=True
        ):
            some.append(features[kept])
        truth.append(own[kept])
    weights = [
        LogisticRegression(max_iter=1000, class_weight="balanced")
        .fit(np.concatenate(some), np.concatenate(truth))
        .coef_[0]
        for some in rows
    ]
    return Learnt(best_power(_WEIGHTED_SCORES), best_power(_WEIGHTED_VECTOR), *weights)


def judge(
    faces: Faces, scale: ScoreScale, learnt: Learnt, promised: float, *, seed: int = 2022
) -> list[Compared]:
    """All ways on the same galleries of up to ``PEOPLE`` with ``TEMPLATES`` photos."""
    beside = scale.statistics(faces.vectors)
    drawn: dict[str, list[_Looks]] = {}
    for draw in range(DRAWS):
        for rule, looks in _drawn(faces, scale, beside, learnt, TEMPLATES, seed + draw).items():
            drawn.setdefault(rule, []).append(looks)
    growth = _growth(faces, scale, beside, learnt, seed)
    known = {rule: _known(looks, promised) for rule, looks in drawn.items()}
    spread = _resampled(drawn, promised, seed)
    found = []
    for rule in drawn:
        gain = known[rule] - known[MEAN_VECTOR]
        low, high = np.quantile(spread[rule] - spread[MEAN_VECTOR], [0.025, 0.975])
        found.append(Compared(rule, known[rule], gain, float(low), float(high), growth[rule]))
    return found


_WEIGHTED_SCORES = "mean of the scores, weighted by quality"
_WEIGHTED_VECTOR = "mean vector, weighted by quality"


def _rules(
    scores: Floats,
    by_mean: Floats,
    by_weighted: Floats,
    quality: NDArray[np.float64],
    learnt: Learnt,
) -> dict[str, Floats]:
    """From scores (n, people, templates) to one (n, people) by each rule."""
    templates = scores.shape[2]
    falling = -np.sort(-scores, axis=2)
    weights = quality**learnt.power_of_scores
    features = _features(scores, templates)
    return {
        "best": falling[..., 0],
        "mean of the scores": scores.mean(axis=2),
        "mean of the best two": falling[..., :2].mean(axis=2),
        "mean of the best three": falling[..., :3].mean(axis=2),
        _WEIGHTED_SCORES: (scores * weights).sum(axis=2) / weights.sum(axis=1),
        "logistic, of the scores": features @ learnt.logistic,
        "logistic, of the scores and the mean vector's": features @ learnt.with_mean[:-1]
        + by_mean * learnt.with_mean[-1],
        _WEIGHTED_VECTOR: by_weighted,
        MEAN_VECTOR: by_mean,
    }


def _features(scores: Floats, templates: int) -> NDArray[np.float64]:
    """(n, people, 5): the best, the second, the mean and the lowest score, and how many."""
    falling = -np.sort(-scores, axis=2)
    second = falling[..., min(1, templates - 1)]
    many = np.full(second.shape, np.log(templates))
    mean = scores.mean(axis=2)
    return np.stack([falling[..., 0], second, mean, falling[..., -1], many], axis=2).astype(float)


def _gallery(
    faces: Faces, templates: int, rng: np.random.Generator, least: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows (people, templates) that are enrolled, and those of all other looks."""
    everybody = rows_by_person(faces.people)
    able = [r for r in everybody if len(r) > (least or templates)]
    # Somebody has to be left to be a stranger.
    some = [able[place] for place in rng.permutation(len(able))[: len(everybody) * 2 // 3][:PEOPLE]]
    rows = np.stack([rng.permutation(own)[:templates] for own in some])
    return rows, np.setdiff1d(np.arange(len(faces.people)), rows)


def _names(faces: Faces, gallery: NDArray[np.int64]) -> NDArray[np.str_]:
    return faces.people[gallery[:, 0]]


def _of_templates(
    faces: Faces,
    scale: ScoreScale,
    beside: CohortStatistics,
    gallery: NDArray[np.int64],
    probes: NDArray[np.int64],
) -> Floats:
    """Normalised scores (n, people, templates)."""
    flat = gallery.reshape(-1)
    looks, by = faces.vectors[probes], beside[probes]
    single = scale.normalise(looks, by, faces.vectors[flat], beside[flat])
    return single.reshape(len(probes), *gallery.shape)


def _of_mean(
    faces: Faces,
    scale: ScoreScale,
    beside: CohortStatistics,
    gallery: NDArray[np.int64],
    probes: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> Floats:
    """Normalised scores of the mean vector, weighted or not, (n, people)."""
    vectors = faces.vectors[gallery]
    mean = (vectors if weights is None else vectors * weights[..., None]).sum(axis=1)
    mean = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
    return scale.normalise(faces.vectors[probes], beside[probes], mean, scale.statistics(mean))


def _drawn(
    faces: Faces,
    scale: ScoreScale,
    beside: CohortStatistics,
    learnt: Learnt,
    templates: int,
    seed: int,
    *,
    least: int | None = None,
) -> dict[str, _Looks]:
    """One gallery, by every rule."""
    gallery, probes = _gallery(faces, templates, np.random.default_rng(seed), least)
    quality = np.clip(faces.quality[gallery], 0.05, 1)
    scores = _of_templates(faces, scale, beside, gallery, probes)
    by_mean = _of_mean(faces, scale, beside, gallery, probes)
    weighted = quality**learnt.power_of_vectors
    by_weighted = _of_mean(faces, scale, beside, gallery, probes, weighted)
    numbers = np.unique(faces.people, return_inverse=True)[1]
    own = numbers[probes][:, None] == numbers[gallery[:, 0]][None]
    mine = own.any(axis=1)
    found = {}
    for rule, values in _rules(scores, by_mean, by_weighted, quality, learnt).items():
        highest = values.max(axis=1)
        right = np.where(own, values, -np.inf).max(axis=1)
        right = np.where(right >= highest, right, -np.inf)
        who = numbers[probes]
        found[rule] = _Looks(highest[~mine], who[~mine], right[mine], who[mine])
    return found


def _growth(
    faces: Faces, scale: ScoreScale, beside: CohortStatistics, learnt: Learnt, seed: int
) -> dict[str, dict[int, float]]:
    """The same people with one, two and ten photos, at the threshold that one look of a stranger in
    100 passes with ``TEMPLATES``."""
    least = 10
    if sum(len(rows) > least for rows in rows_by_person(faces.people)) < 2:
        return defaultdict(dict)
    by_count = {
        count: _drawn(faces, scale, beside, learnt, count, seed, least=least)
        for count in (1, 2, TEMPLATES, least)
    }
    growth = {}
    for rule, looks in by_count[TEMPLATES].items():
        threshold = np.quantile(looks.strangers, 0.99)
        growth[rule] = {
            count: float(np.mean(found[rule].strangers >= threshold) / 0.01)
            for count, found in by_count.items()
            if count != TEMPLATES
        }
    return growth


def _known(looks: Sequence[_Looks], promised: float) -> float:
    """The mean over galleries, each at its own exact threshold."""
    return float(
        np.mean([np.mean(one.right > np.quantile(one.strangers, 1 - promised)) for one in looks])
    )


def _resampled(
    drawn: Mapping[str, Sequence[_Looks]], promised: float, seed: int
) -> dict[str, NDArray[np.float64]]:
    """``_known`` over resampled people, the same for all rules."""
    everybody = [np.append(one.who, one.whose) for looks in drawn.values() for one in looks]
    people = 1 + max(int(some.max()) for some in everybody)
    rng = np.random.default_rng(seed)
    weights = [rng.multinomial(people, np.full(people, 1 / people)) for _ in range(RESAMPLED)]
    found = {}
    for rule, looks in drawn.items():
        values = np.zeros((len(looks), RESAMPLED))
        for row, one in enumerate(looks):
            # The threshold is one of the highest: the others need no sorting.
            order = np.argsort(-one.strangers)[: max(int(len(one.strangers) * promised * 20), 20)]
            for column, weight in enumerate(weights):
                above = np.cumsum(weight[one.who[order]])
                place = np.searchsorted(above, promised * weight[one.who].sum(), side="right")
                threshold = one.strangers[order[min(int(place), len(order) - 1)]]
                counts = weight[one.whose]
                values[row, column] = (counts * (one.right > threshold)).sum() / max(
                    counts.sum(), 1
                )
        found[rule] = values.mean(axis=0)
    return found
