"""How often attacks pass and live people are refused, as ISO/IEC 30107-3 counts: by presentation.

APCER is the share of the attacks of one species that pass, BPCER that of live presentations that
are refused. Who shows one attack shows others like it, so intervals are by person: people are
drawn anew, and no interval is narrower than what so many people prove if each shows but one thing,
since of a few people who never pass those drawn anew never pass either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.liveness.rates import clopper_pearson
from kiosk.lab.liveness.sources import LIVE, WINDOW

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]
RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Presentations:
    """n presentations: scores float64 (n,), higher is more live; whose, and of what species;
    `row`: int64 (n,), a frame of each."""

    scores: Floats
    species: Texts
    people: Texts
    rows: NDArray[np.int64]

    def select(self, rows: NDArray[np.int64]) -> Presentations:
        """Some of them."""
        return Presentations(
            self.scores[rows], self.species[rows], self.people[rows], self.rows[rows]
        )

    @property
    def live(self) -> NDArray[np.bool_]:
        return np.asarray(self.species == LIVE)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `count`, 0 to 1, with its 95% interval by person."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.1%} [{self.low:.1%}, {self.high:.1%}]"


@dataclass(frozen=True, slots=True)
class Verdict:
    """APCER of every species at the threshold where BPCER is `bpcer`, the worst first, and the
    equal error rate of all species together."""

    bpcer: float
    threshold: float
    apcer: tuple[tuple[str, Share], ...]


def by_presentation(
    scores: Floats, presentations: Texts, species: Texts, people: Texts, most: int = WINDOW
) -> Presentations:
    """The mean score of each presentation, of one of more frames than `most` of every `most` in
    turn, since a visit is no longer.  `rows` are the frames whose scores are nearest to that mean.
    """
    windows = [
        part
        for name in np.unique(presentations)
        for frames in [np.flatnonzero(presentations == name)]
        for part in np.array_split(frames, max(1, len(frames) // most))
    ]
    means = np.array([scores[part].mean() for part in windows])
    rows = np.array(
        [
            part[np.abs(scores[part] - mean).argmin()]
            for part, mean in zip(windows, means, strict=True)
        ]
    )
    return Presentations(means, species[rows], people[rows], rows)


def threshold_at(live: Floats, bpcer: float) -> float:
    """The highest threshold that refuses no more than `bpcer` of the live: who scores less is
    refused."""
    ordered = np.sort(live)
    return float(ordered[min(int(np.floor(bpcer * len(ordered))), len(ordered) - 1)])


def equal_error(live: Floats, attacks: Floats) -> float:
    """Where as large a share of attacks passes as of live is refused, 0 to 1."""
    thresholds = np.unique(np.concatenate([live, attacks, [np.inf]]))
    refused = np.searchsorted(np.sort(live), thresholds, "left") / len(live)
    passed = 1 - np.searchsorted(np.sort(attacks), thresholds, "left") / len(attacks)
    at = int(np.argmin(np.abs(refused - passed)))
    return float((refused[at] + passed[at]) / 2)


def verdict(found: Presentations, bpcer: float, seed: int = 0) -> Verdict:
    """Raises BadInput where there are no live presentations or no attacks."""
    check(found)
    threshold = threshold_at(found.scores[found.live], bpcer)
    species = sorted(set(found.species[~found.live].tolist()))

    def passed(some: Presentations) -> list[float]:
        limit = threshold_at(some.scores[some.live], bpcer) if some.live.any() else np.nan
        return [
            float((some.scores[some.species == kind] >= limit).mean())
            if (some.species == kind).any()
            else np.nan
            for kind in species
        ]

    shares = [
        widened(share, len(np.unique(found.people[found.species == kind])))
        for kind, share in zip(species, shares_of(found, passed, species, seed), strict=True)
    ]
    apcer = sorted(zip(species, shares, strict=True), key=lambda pair: -pair[1].value)
    return Verdict(bpcer, threshold, tuple(apcer))


def error_rate(found: Presentations, seed: int = 0) -> Share:
    """The equal error rate, live against attacks of all species together.  Raises BadInput as
    verdict does."""
    check(found)

    def rate(some: Presentations) -> list[float]:
        if some.live.all() or not some.live.any():
            return [np.nan]
        return [equal_error(some.scores[some.live], some.scores[~some.live])]

    (share,) = shares_of(found, rate, [""], seed)
    return share


def shares_of(
    found: Presentations,
    measure: Callable[[Presentations], list[float]],
    names: Sequence[str],
    seed: int,
) -> list[Share]:
    """What `measure` says, once for each of `names`, with intervals: people are drawn anew, with
    all that they showed."""
    everyone, place = np.unique(found.people, return_inverse=True)
    own = [np.flatnonzero(place == i) for i in range(len(everyone))]
    rng = np.random.default_rng(seed)
    drawn = np.array(
        [
            measure(
                found.select(np.concatenate([own[i] for i in rng.integers(0, len(own), len(own))]))
            )
            for _ in range(RESAMPLES)
        ]
    )
    out = []
    for column, (name, value) in enumerate(zip(names, measure(found), strict=True)):
        values = drawn[:, column]
        values = values[np.isfinite(values)]
        low, high = np.quantile(values, [0.025, 0.975]) if len(values) else (np.nan, np.nan)
        count = int((found.species == name).sum()) if name else len(found.species)
        out.append(Share(value, float(min(low, value)), float(max(high, value)), count))
    return out


def widened(share: Share, people: int) -> Share:
    """With the interval that a share of so many people has at least."""
    low, _ = clopper_pearson(math.floor(share.value * people + 1e-9), people)
    _, high = clopper_pearson(math.ceil(share.value * people - 1e-9), people)
    return replace(share, low=min(low, share.low), high=max(high, share.high))


def check(found: Presentations) -> None:
    """Raises BadInput where there are no live presentations or no attacks."""
    if found.live.all() or not found.live.any():
        raise BadInput(
            f"Judging needs live presentations and attacks, but there are {int(found.live.sum())} "
            f"live ones and {int((~found.live).sum())} attacks whose faces were found."
        )
