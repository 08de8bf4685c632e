"""How alike two faces are, said so that it means the same for everybody: a score from 0 to 100.

Ten points more are ten times rarer: of strangers of the same sex and ethnic group as the person
they are compared with, one in 10 reaches 10 points, one in 1,000 reaches 30, one in a million 60.

A cosine similarity alone does not mean that. Two strangers of a group that an encoder saw seldom,
two small children, two faces cut by the frame are as similar as one person's pictures are
elsewhere. So each similarity is measured against those that both faces have to a cohort of people
who are nobody here (adaptive symmetric score normalisation: Z. N. Karam, W. M. Campbell, N. Dehak,
"Towards reduced false-alarms using cohorts", ICASSP 2011; P. Matejka et al., "Analysis of score
normalization in multilingual speaker recognition", Interspeech 2017, AS-norm 1), and what comes
out is laid against a table that was measured on people of nobody's gallery.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Vector

Floats = NDArray[np.float32]

HIGHEST = 100.0
"""The highest score: beyond one in 10 billion nothing is told apart."""
COSINE = " (cosine)"
"""Stands behind the encoder's id in rows of the log from before there were scores of 0 to 100:
their score and threshold are cosine similarities."""
_AT_ONCE = 512  # vectors whose similarities to the cohort are in memory at a time (40 MB)


@dataclass(frozen=True, slots=True, eq=False)
class CohortStatistics:
    """Mean and standard deviation, each (n,), of n vectors' similarities to their nearest of the
    cohort."""

    mean: Floats
    deviation: Floats

    def __getitem__(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> CohortStatistics:
        return CohortStatistics(self.mean[rows], self.deviation[rows])


@dataclass(frozen=True, slots=True, eq=False)
class ScoreScale:
    """An encoder's scale. Immutable, so threads may share it.

    ``cohort`` is (people, dimension) float32 with unit rows, ``nearest`` how many of them a vector
    is measured against. ``normalised`` (k,) and ``scores`` (k,) ascend: the table from the
    normalised similarity to the score, linear in between and beyond its ends, never below 0 or
    above ``HIGHEST``. Without a cohort the similarity is not normalised; without a table it is the
    score.
    """

    cohort: Floats
    nearest: int
    normalised: NDArray[np.float64]
    scores: NDArray[np.float64]

    @property
    def in_points(self) -> bool:
        """Whether its scores are points from 0 to 100, not similarities."""
        return len(self.scores) >= 2

    def cohort_key(self) -> str:
        """Changes with what ``statistics`` answers with; takes 20 ms the first time."""
        return _cohort_key(self)

    def statistics(self, vectors: Floats) -> CohortStatistics:
        """What the cohort says of vectors (n, dimension) with unit rows; 0.5 ms for one of 128
        numbers beside 20,000 people."""
        nearest = min(self.nearest, len(self.cohort))
        mean, deviation = np.zeros(len(vectors), np.float32), np.ones(len(vectors), np.float32)
        if not nearest:
            return CohortStatistics(mean, deviation)
        for start in range(0, len(vectors), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            similar = vectors[rows] @ self.cohort.T
            similar.partition(similar.shape[1] - nearest, axis=1)
            similar = similar[:, -nearest:]
            mean[rows], deviation[rows] = similar.mean(axis=1), similar.std(axis=1)
        # A cohort of one, or of copies of one, has no spread to measure by.
        return CohortStatistics(mean, np.maximum(deviation, np.float32(1e-3)))

    def normalise(
        self, ones: Floats, by: CohortStatistics, others: Floats, beside: CohortStatistics
    ) -> Floats:
        """How alike vectors ``ones`` (n, dimension) with the statistics ``by`` are to ``others``
        (m, dimension) with ``beside``: (n, m), in standard deviations of the cohort."""
        similar = ones @ others.T
        by_ones = (similar - by.mean[:, None]) / by.deviation[:, None]
        by_others = (similar - beside.mean) / beside.deviation
        return np.asarray((by_ones + by_others) / 2, np.float32)

    def score(self, normalised: Floats | float) -> NDArray[np.float64]:
        """What ``normalise`` answers with, in points from 0 to 100; rising."""
        values = np.asarray(normalised, np.float64)
        if not self.in_points:
            return values
        slopes = np.diff(self.scores) / np.diff(self.normalised)
        inside = np.interp(values, self.normalised, self.scores)
        below = np.minimum(values - self.normalised[0], 0.0) * slopes[0]
        above = np.maximum(values - self.normalised[-1], 0.0) * slopes[-1]
        points: NDArray[np.float64] = np.clip(inside + below + above, 0.0, HIGHEST)
        return points

    def compare(self, one: Vector, other: Vector) -> float:
        """The score of two vectors (dimension,) of unit length."""
        return float(self.matrix(one[None], other[None])[0, 0])

    def matrix(self, ones: Floats, others: Floats) -> NDArray[np.float64]:
        """The scores (n, m) of vectors (n, dimension) beside others (m, dimension)."""
        by = self.statistics(ones)
        beside = by if others is ones else self.statistics(others)
        return self.score(self.normalise(ones, by, others, beside))


def far_of(score: float) -> float:
    """How many strangers of the same sex and group reach a score; a share from 1 to 1e-10."""
    return float(10 ** (-min(max(score, 0.0), HIGHEST) / 10))


def written(score: float) -> str:
    """A score for people, in three figures; also a cosine similarity of an old row."""
    return f"{score:.3g}"


def plain() -> ScoreScale:
    """The scale of an encoder that was measured with no cohort: the score is the cosine
    similarity."""
    nothing = np.empty(0, np.float64)
    return ScoreScale(np.empty((0, 0), np.float32), 0, nothing, nothing)


@lru_cache(maxsize=2)
def _cohort_key(scale: ScoreScale) -> str:
    """Kept, since the gallery is loaded anew with every enrolment."""
    made = hashlib.sha256(f"{scale.nearest} ".encode())
    made.update(np.ascontiguousarray(scale.cohort).data)
    return made.hexdigest()[:16]
