"""Error rates of a verification system over all pairs of a set of faces.

Names follow ISO/IEC 19795-1.  A pair is accepted where its cosine similarity is at least the
threshold; the threshold for a FAR is the lowest that keeps the share of impostors at or below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

BINS = 4000  # of the histograms, over cosines from -1 to 1
TAIL = 0.025  # share of impostor pairs kept one by one: enough for FAR 1% and its interval
KEPT = 2_500_000  # or so many pairs, if that is more: with few people intervals are wide
BLOCK = 1024  # rows of the matrix of similarities at a time: 1,024 x 13,233 floats are 54 MB


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """Scores of all pairs of n faces.

    genuine, genuine_person: each genuine pair's cosine and person's number.
    tail, tail_people: the highest impostor scores, descending, and the two people of each.
    impostors: how many impostor pairs there are in all.
    genuine_histogram, impostor_histogram: counts in BINS equal bins from -1 to 1.
    counts: faces of each person.
    """

    genuine: Floats
    genuine_person: NDArray[np.int32]
    tail: Floats
    tail_people: NDArray[np.int32]
    impostors: int
    genuine_histogram: NDArray[np.int64]
    impostor_histogram: NDArray[np.int64]
    counts: NDArray[np.int64]


def _histogram(scores: Floats) -> NDArray[np.int64]:
    place = ((scores.ravel() + 1) * (BINS / 2)).astype(np.int32)
    return np.bincount(np.clip(place, 0, BINS - 1), minlength=BINS)


def score_pairs(embeddings: Floats, identities: Sequence[str]) -> PairScores:
    """Compare all pairs of L2-normalised embeddings (n, dimension), in blocks, under 2 GB.

    Raises BadInput where there is no genuine or no impostor pair.
    """
    names, person = np.unique(np.asarray(identities), return_inverse=True)
    counts = np.bincount(person, minlength=len(names))
    pairs = len(person) * (len(person) - 1) // 2
    genuine_pairs = int((counts * (counts - 1) // 2).sum())
    if not genuine_pairs or genuine_pairs == pairs:
        raise BadInput(
            f"Verification needs at least two people, one of them with two pictures, but got "
            f"{len(names)} people with at most {counts.max(initial=0)}; add pictures."
        )
    # Impostors above this are kept: a quantile of a sample.
    tail = max(TAIL, KEPT / (pairs - genuine_pairs))
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, len(person), (2, 200_000))
    sample = np.einsum("ij,ij->i", embeddings[a], embeddings[b])[person[a] != person[b]]
    floor = float(np.quantile(sample, 1 - tail)) if tail < 1 else -2.0
    genuine, who, high, high_people = [], [], [], []
    genuine_histogram = np.zeros(BINS, np.int64)
    impostor_histogram = np.zeros(BINS, np.int64)
    for start in range(0, len(person), BLOCK):
        rows = slice(start, min(start + BLOCK, len(person)))
        scores = embeddings[rows] @ embeddings[start:].T
        later = np.arange(scores.shape[1]) > np.arange(scores.shape[0])[:, None]
        same = person[rows, None] == person[None, start:]
        pick = same & later
        genuine.append(scores[pick])
        who.append(np.broadcast_to(person[rows, None], pick.shape)[pick])
        genuine_histogram += _histogram(genuine[-1])
        np.logical_not(same, out=same)
        same &= later
        impostor_histogram += _histogram(scores[same])
        same &= scores >= floor
        i, j = np.nonzero(same)
        high.append(scores[i, j])
        high_people.append(np.stack([person[start + i], person[start + j]], 1).astype(np.int32))
    tail_scores = np.concatenate(high)
    order = np.argsort(-tail_scores, kind="stable")
    return PairScores(
        genuine=np.concatenate(genuine).astype(np.float32),
        genuine_person=np.concatenate(who).astype(np.int32),
        tail=tail_scores[order],
        tail_people=np.concatenate(high_people)[order],
        impostors=pairs - genuine_pairs,
        genuine_histogram=genuine_histogram,
        impostor_histogram=impostor_histogram,
        counts=counts,
    )


def threshold_at(scores: PairScores, far: float) -> float:
    """The lowest threshold at which at most `far` of the impostor pairs are accepted."""
    return _threshold(scores, far, np.ones(len(scores.tail)), float(scores.impostors))


def _threshold(scores: PairScores, far: float, weights: Doubles, total: float) -> float:
    reached = np.searchsorted(np.cumsum(weights), far * total, side="right")
    if reached >= len(scores.tail):
        raise BadInput(
            f"A threshold for FAR {far:g} lies below the impostor scores that were kept; "
            f"ask for a FAR below {TAIL:g}."
        )
    return float(np.nextafter(scores.tail[reached], np.float32(2)))


def tar_at(scores: PairScores, threshold: float) -> float:
    """True accept rate: the share of genuine pairs at or above the threshold."""
    return float(np.mean(scores.genuine >= np.float32(threshold)))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Threshold and TAR at a FAR, each with a 95% interval bootstrapped over people."""

    far: float
    threshold: float
    threshold_low: float
    threshold_high: float
    tar: float
    tar_low: float
    tar_high: float


def operating_points(
    scores: PairScores, fars: Sequence[float], resamples: int = 200, seed: int = 0
) -> list[OperatingPoint]:
    """TAR and threshold at each FAR.

    The intervals resample people, not pairs, since one person's pairs are not independent: a
    person drawn k times weighs k in genuine pairs, and k l in impostor pairs with one drawn l
    times (Bolle et al. 2004, the subsets bootstrap).
    """
    if not fars:
        return []
    rng = np.random.default_rng(seed)
    people = len(scores.counts)
    thresholds = np.zeros((resamples, len(fars)))
    tars = np.zeros((resamples, len(fars)))
    genuine_order = np.argsort(scores.genuine)
    sorted_genuine = scores.genuine[genuine_order]
    sorted_person = scores.genuine_person[genuine_order]
    for row in range(resamples):
        drawn = np.zeros(people)
        while np.count_nonzero(drawn) < 2:  # one person, drawn again and again, has no impostors
            drawn = np.bincount(rng.integers(0, people, people), minlength=people).astype(float)
        weights = drawn[scores.tail_people[:, 0]] * drawn[scores.tail_people[:, 1]]
        faces = drawn * scores.counts
        total = (faces.sum() ** 2 - (faces**2).sum()) / 2
        below = np.concatenate([[0.0], np.cumsum(drawn[sorted_person])])
        for column, far in enumerate(fars):
            t = _threshold(scores, far, weights, total)
            thresholds[row, column] = t
            missed = below[np.searchsorted(sorted_genuine, np.float32(t))]
            tars[row, column] = 1 - missed / below[-1] if below[-1] else np.nan
    low_t, high_t = np.quantile(thresholds, [0.025, 0.975], axis=0)
    low, high = np.nanquantile(tars, [0.025, 0.975], axis=0)
    points = []
    for column, far in enumerate(fars):
        t = threshold_at(scores, far)
        points.append(
            OperatingPoint(
                far, t, float(low_t[column]), float(high_t[column]),
                tar_at(scores, t), float(low[column]), float(high[column]),
            )
        )  # fmt: skip
    return points


@dataclass(frozen=True, slots=True)
class CrossRate:
    """What a threshold stated for `far` does where template and probe are of two encoders.

    pairs: impostor pairs that stand behind `far`.
    tar_before: TAR at `far` of the templates' encoder by itself.
    """

    far: float
    cross_far: float
    cross_tar: float
    tar_before: float
    pairs: int


def cross_rates(
    templates: Floats, probes: Floats, identities: Sequence[str], points: Sequence[OperatingPoint]
) -> list[CrossRate]:
    """Compare every template (n, d) with every probe (n, d) of another picture, in blocks.

    Row i of both is the same picture, seen by one encoder and by another of the same space;
    `points` are the probes' encoder's.
    """
    alone = score_pairs(templates, identities)
    person = np.unique(np.asarray(identities), return_inverse=True)[1]
    thresholds = np.array([point.threshold for point in points], np.float32)
    accepted = np.zeros((2, len(points)), np.int64)  # impostors, genuine
    totals = np.zeros(2, np.int64)
    for start in range(0, len(person), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(person)))
        scores = templates[rows] @ probes.T
        same = person[rows, None] == person[None]
        totals += (same.size - same.sum(), same.sum() - len(rows))
        genuine, impostors = scores[same], scores[~same]
        own = scores[np.arange(len(rows)), rows]  # the same picture: no pair
        for column, threshold in enumerate(thresholds):
            accepted[0, column] += np.count_nonzero(impostors >= threshold)
            accepted[1, column] += np.count_nonzero(genuine >= threshold)
            accepted[1, column] -= np.count_nonzero(own >= threshold)
    return [
        CrossRate(
            point.far,
            float(accepted[0, k] / totals[0]),
            float(accepted[1, k] / totals[1]),
            tar_at(alone, threshold_at(alone, point.far)),
            round(point.far * alone.impostors),
        )
        for k, point in enumerate(points)
    ]


def error_curve(scores: PairScores, points: int = 200) -> tuple[Doubles, Doubles, Doubles]:
    """(thresholds ascending, FAR, FRR) on a grid that spans both distributions.

    FAR and FRR come from the histograms, whose bins are 0.0005 wide, and from the single scores
    where the impostors are fewer than the bins can tell.
    """
    edges = np.linspace(-1, 1, BINS + 1)
    impostor = scores.impostor_histogram
    used = np.flatnonzero(impostor + scores.genuine_histogram)
    thresholds = np.unique(
        np.round(np.linspace(edges[used[0]], min(1.0, edges[used[-1] + 1]), points), 3)
    )
    places = np.clip(np.round((thresholds + 1) * BINS / 2).astype(int), 0, BINS)
    above = np.concatenate([np.cumsum(impostor[::-1])[::-1], [0]])
    below = np.concatenate([[0], np.cumsum(scores.genuine_histogram)])
    far = above[places] / scores.impostors
    frr = below[places] / len(scores.genuine)
    exact = thresholds > scores.tail[-1]
    far[exact] = np.searchsorted(-scores.tail, -thresholds[exact], "right") / scores.impostors
    return thresholds.astype(np.float64), far, frr


def equal_error_rate(scores: PairScores) -> float:
    """Where FAR and FRR cross, interpolated between bins of 0.0005."""
    above = np.concatenate([np.cumsum(scores.impostor_histogram[::-1])[::-1], [0]])
    below = np.concatenate([[0], np.cumsum(scores.genuine_histogram)])
    far, frr = above / scores.impostors, below / len(scores.genuine)
    crossed = int(np.argmax(frr >= far))
    if crossed == 0:
        return float(frr[0])
    d0, d1 = far[crossed - 1] - frr[crossed - 1], frr[crossed] - far[crossed]
    share = d0 / (d0 + d1) if d0 + d1 else 0.0
    return float(far[crossed - 1] + share * (far[crossed] - far[crossed - 1]))
