"""The table of a scale: which score goes with which normalised similarity.

Measured on strangers of the same sex and ethnic group, each compared with people enrolled by up to
five pictures; where several sources of pictures disagree, by the one in which most strangers pass.
Beyond what ten pairs of people reach, by a tail fitted to the highest thousandth (peaks over
threshold with a generalised Pareto distribution: J. Pickands, "Statistical inference using extreme
order statistics", Annals of Statistics 3(1), 1975).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import genpareto

from kiosk.domain.errors import BadInput
from kiosk.domain.scale import ScoreScale
from kiosk.lab.calibration.people import Strangers
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.metrics import Floats

NEAREST: Final = 1000
"""People of the cohort that a vector is measured against."""
TEMPLATES: Final = 5
"""Pictures that people are enrolled with where there are so many."""
DRAWS: Final = 4
"""How often it is drawn anew which pictures people are enrolled with."""
LOWEST: Final = 1e-9
"""The FAR to which the fitted tail goes."""
_TABLE: Final = (0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, *(10 ** (-i / 4) for i in range(8, 21)))
_FIT_FROM: Final = 1e-3
_TAIL: Final = tuple(10 ** (-i / 2) for i in range(6, 19))
_ENOUGH: Final = 30  # pairs behind a quantile
SAME_PERSON: Final = 0.62
"""A median similarity of two people's pictures from which they are taken for one person under two
names: in CelebA and Families In the Wild some are; 99 of 100 people are less like any other."""


@dataclass(frozen=True, slots=True, eq=False)
class Impostors:
    """Normalised similarities of strangers of one source: ``same`` of the same sex and group,
    ``anybody`` of all, each ascending."""

    same: Floats
    anybody: Floats


@dataclass(frozen=True, slots=True)
class Tail:
    """The fitted tail: ``share`` of the pairs lie above ``begins``, and beyond it
    they follow a generalised Pareto distribution of this ``shape`` and ``width``."""

    begins: float
    share: float
    shape: float
    width: float

    def reached_by(self, far: float) -> float:
        """The normalised similarity that ``far`` of the pairs reach."""
        beyond = genpareto.ppf(1 - far / self.share, self.shape, 0, self.width)
        return float(self.begins + beyond)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A scale with what it stands on: pairs of strangers, the tail, and how many times as many
    of any strangers pass as of those of the same sex and group."""

    scale: ScoreScale
    tail: Tail
    pairs: int
    mixed: float


def enrolled(
    people: Strangers, *, templates: int = TEMPLATES, seed: int = 0
) -> tuple[Strangers, NDArray[np.bool_]]:
    """The mean of up to ``templates`` pictures a person, and which rows were used for it. Where a
    person has few, one is left."""
    rng = np.random.default_rng(seed)
    rows, used, means = [], np.zeros(len(people), bool), []
    for own in rows_by_person(people.people):
        count = min(templates, max(1, len(own) - 1))
        chosen = rng.permutation(own)[:count]
        mean = people.vectors[chosen].mean(axis=0)
        means.append(mean / np.linalg.norm(mean))
        rows.append(chosen[0])
        used[chosen] = len(own) > 1
    return replace(people[np.array(rows)], vectors=np.stack(means).astype(np.float32)), used


def impostors(
    people: Strangers, scale: ScoreScale, *, templates: int = TEMPLATES, seed: int = 0
) -> Impostors:
    """Everybody against everybody who is no relative."""
    gallery, used = enrolled(people, templates=templates, seed=seed)
    probes = people[~used]
    beside = scale.statistics(gallery.vectors)
    # Numbers in place of names: millions of pairs are compared.
    kin, groups = (_numbered(one, other) for one, other in (
        (probes.families, gallery.families), (probes.groups, gallery.groups)
    ))  # fmt: skip
    twins = _twins(gallery)
    same, anybody = [], []
    for start in range(0, len(probes), 1024):
        rows = np.arange(start, min(start + 1024, len(probes)))
        part = probes.vectors[rows]
        values = scale.normalise(part, scale.statistics(part), gallery.vectors, beside)
        strangers = kin[0][rows, None] != kin[1][None]
        for one, other in twins:
            strangers[np.ix_(probes.people[rows] == one, gallery.people == other)] = False
        if (people.ages >= 0).all():  # one picture of each, some of one person twice
            strangers &= part @ gallery.vectors.T < SAME_PERSON
        same.append(values[strangers & (groups[0][rows, None] == groups[1][None])])
        anybody.append(values[strangers])
    return Impostors(np.sort(np.concatenate(same)), np.sort(np.concatenate(anybody)))


def one_name_each(vectors: Floats, people: NDArray[np.str_]) -> NDArray[np.str_]:
    """The names (n,) of the faces (n, dimension), those of one person under two names made one: two
    names whose pictures have a median similarity of ``SAME_PERSON``."""
    rows = rows_by_person(people)
    means = np.stack([vectors[own].mean(axis=0) for own in rows])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    same = people.copy()
    for one, other in np.argwhere(np.triu(means @ means.T >= SAME_PERSON, 1)):
        if np.median(vectors[rows[one]] @ vectors[rows[other]].T) >= SAME_PERSON:
            same[rows[other]] = same[rows[one][0]]
    return same


def _numbered(
    one: NDArray[np.str_], other: NDArray[np.str_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    numbers = np.unique(np.concatenate([one, other]), return_inverse=True)[1]
    return numbers[: len(one)], numbers[len(one) :]


def fit(people: Mapping[str, Strangers], cohort: Floats, nearest: int = NEAREST) -> Measured:
    """The scale of an encoder: ``people`` by source are those whom it is measured on.

    Raises BadInput where they are too few.
    """
    none = np.empty(0)
    bare = ScoreScale(cohort, nearest, none, none)
    found = {
        name: _pooled([impostors(some, bare, seed=seed) for seed in range(DRAWS)])
        for name, some in people.items()
    }
    pairs = sum(len(one.same) for one in found.values()) // DRAWS
    strict = [one for one in found.values() if len(one.same) * _FIT_FROM >= _ENOUGH]
    if not strict:
        raise BadInput(
            f"A scale needs {_ENOUGH / _FIT_FROM:,.0f} pairs of strangers of one sex and group in "
            f"one source, but these people make {pairs:,} in all; give more people."
        )
    worst = max(strict, key=lambda one: _reached(one.same, _FIT_FROM))
    begins = _reached(worst.same, _FIT_FROM)
    # The tails of all sources together: one by itself has too few people to tell its shape.
    own = [(one.same, _reached(one.same, _FIT_FROM)) for one in strict]
    above = np.concatenate([values[values > start] - start for values, start in own])
    shape, _zero, width = genpareto.fit(above, floc=0)
    # A tail may end early by chance (a negative shape): that would promise what nobody saw.
    if shape < 0:
        shape, width = 0.0, float(above.mean())
    tail = Tail(begins, _FIT_FROM, float(shape), float(width))
    table: list[tuple[float, float]] = []
    for far in sorted({*_TABLE, *_TAIL}, reverse=True):
        enough = [one.same for one in found.values() if len(one.same) * far >= _ENOUGH]
        if far >= _FIT_FROM and enough:
            table.append((max(_reached(values, far) for values in enough), far))
        elif far < _FIT_FROM and far >= LOWEST * 0.99:
            table.append((tail.reached_by(far), far))
    normalised = np.array([value for value, _far in table])
    scores = np.array([-10 * np.log10(far) for _value, far in table])
    rising = np.append(True, np.diff(np.maximum.accumulate(normalised)) > 1e-3)
    scale = ScoreScale(cohort, nearest, normalised[rising], scores[rising])
    mixed = max(float(np.mean(one.anybody >= begins)) / _FIT_FROM for one in strict)
    return Measured(scale, tail, pairs, mixed)


def _pooled(draws: Sequence[Impostors]) -> Impostors:
    return Impostors(
        np.sort(np.concatenate([draw.same for draw in draws])),
        np.sort(np.concatenate([draw.anybody for draw in draws])),
    )


def _reached(ascending: Floats, far: float) -> float:
    """What ``far`` of the values reach."""
    return float(ascending[int(np.ceil(len(ascending) * (1 - far))) - 1])


def _twins(gallery: Strangers) -> list[tuple[str, str]]:
    """Two names that are one person's."""
    similar = gallery.vectors @ gallery.vectors.T
    one, other = np.nonzero(similar >= SAME_PERSON)
    return [
        (str(gallery.people[i]), str(gallery.people[j]))
        for i, j in zip(one, other, strict=True)
        if i != j
    ]
