"""Identification: who is it, of the people registered; and is it anybody at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.evaluation.metrics import Floats


@dataclass(frozen=True, slots=True)
class Identification:
    """The report's task: one seeded picture a person is registered, the rest take the nearest."""

    accuracy: float
    macro_f1: float
    people: int
    probes: int
    truth: tuple[str, ...]
    answer: tuple[str, ...]


def identify(embeddings: Floats, identities: Sequence[str], seed: int = 0) -> Identification:
    """Closed-set identification over everybody with at least two pictures."""
    names = np.asarray(identities)
    rng = np.random.default_rng(seed)
    people, counts = np.unique(names, return_counts=True)
    people = people[counts > 1]
    registered = np.array([rng.choice(np.flatnonzero(names == p)) for p in people])
    probes = np.setdiff1d(np.flatnonzero(np.isin(names, people)), registered)
    answer = people[np.argmax(embeddings[probes] @ embeddings[registered].T, axis=1)]
    truth = names[probes]
    return Identification(
        accuracy=float(np.mean(answer == truth)),
        macro_f1=macro_f1(truth, answer),
        people=len(people),
        probes=len(probes),
        truth=tuple(truth.tolist()),
        answer=tuple(answer.tolist()),
    )


def macro_f1(truth: NDArray[np.generic], answer: NDArray[np.generic]) -> float:
    """The mean of the classes' F1, people or allow and deny: no class's errors weigh less for being
    fewer."""
    values = []
    for name in np.unique(truth):
        right = np.sum((truth == name) & (answer == name))
        values.append(2 * right / (np.sum(truth == name) + np.sum(answer == name)))
    return float(np.mean(values))


@dataclass(frozen=True, slots=True)
class OpenSet:
    """FNIR at an FPIR, with a gallery of so many people, one picture each."""

    gallery: int
    fpir: float
    fnir: float


def open_set(
    embeddings: Floats,
    identities: Sequence[str],
    sizes: Sequence[int] = (10, 100, 1000, 5000),
    fpirs: Sequence[float] = (0.01, 0.001),
    seed: int = 0,
    repeats: int = 5,
) -> list[OpenSet]:
    """Search in galleries of strangers and friends (ISO/IEC 19795-1).

    Of each gallery's people one picture is registered; their others are the mated probes, one
    picture of everybody else the probes without a mate.  A mated probe is missed where its own
    person is not first or lies below the threshold.  People with one picture fill large galleries;
    the mean over `repeats` seeded galleries is given, and sizes that leave fewer than 1 / FPIR
    strangers are passed over.
    """
    names = np.asarray(identities)
    people, first, counts = np.unique(names, return_index=True, return_counts=True)
    rng = np.random.default_rng(seed)
    found: dict[tuple[int, float], list[float]] = {}
    for size in sizes:
        for _ in range(repeats):
            with_mates = rng.permutation(np.flatnonzero(counts > 1))
            chosen = np.concatenate([with_mates, rng.permutation(np.flatnonzero(counts == 1))])
            inside, outside = chosen[:size], np.setdiff1d(np.arange(len(people)), chosen[:size])
            mates = np.setdiff1d(np.flatnonzero(np.isin(names, people[inside])), first[inside])
            if len(inside) < size or not len(mates) or not len(outside):
                continue
            gallery = embeddings[first[inside]]
            strangers = (embeddings[first[outside]] @ gallery.T).max(axis=1)
            scores = embeddings[mates] @ gallery.T
            best = scores.argmax(axis=1)
            correct = people[inside][best] == names[mates]
            for fpir in fpirs:
                if len(strangers) * fpir < 1:
                    continue
                threshold = np.sort(strangers)[::-1][int(len(strangers) * fpir)]
                hit = correct & (scores.max(axis=1) > threshold)
                found.setdefault((size, fpir), []).append(1 - float(hit.mean()))
    return [OpenSet(size, fpir, float(np.mean(v))) for (size, fpir), v in found.items()]
