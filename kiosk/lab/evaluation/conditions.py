"""Where an encoder fails: the worst pairs, and rates by pose, blur, size and group of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.evaluation.metrics import Doubles, Floats

FEWEST = 100  # pairs; a share of fewer says nothing


@dataclass(frozen=True, slots=True)
class PairOf:
    """Two rows and their cosine similarity."""

    a: int
    b: int
    score: float


@dataclass(frozen=True, slots=True)
class Share:
    """Of `pairs` pairs in this part (`of` tells by what, `part` which), `share` are accepted."""

    of: str
    part: str
    pairs: int
    share: float


def worst_pairs(
    embeddings: Floats, identities: Sequence[str], count: int = 24, per_person: int = 2
) -> tuple[tuple[PairOf, ...], tuple[PairOf, ...]]:
    """The genuine pairs that are least and the impostor pairs that are most alike, worst first.

    At most `per_person` pairs of anybody, or one person's bad picture would fill the sheet.
    """
    names, person = np.unique(np.asarray(identities), return_inverse=True)
    genuine: list[PairOf] = []
    for number in np.flatnonzero(np.bincount(person, minlength=len(names)) > 1):
        rows = np.flatnonzero(person == number)
        scores = embeddings[rows] @ embeddings[rows].T
        i, j = np.triu_indices(len(rows), 1)
        for k in np.argsort(scores[i, j])[:per_person]:
            genuine.append(PairOf(int(rows[i[k]]), int(rows[j[k]]), float(scores[i[k], j[k]])))
    impostor: list[PairOf] = []
    for start in range(0, len(person), 1024):
        rows = np.arange(start, min(start + 1024, len(person)))
        scores = embeddings[rows] @ embeddings.T
        scores[person[rows, None] == person[None]] = -2
        scores[rows[:, None] >= np.arange(len(person))[None]] = -2
        best = np.argsort(scores, axis=None)[-20 * count :]
        i, j = np.unravel_index(best, scores.shape)
        impostor += [
            PairOf(int(rows[a]), int(b), float(scores[a, b])) for a, b in zip(i, j, strict=True)
        ]
    impostor.sort(key=lambda pair: -pair.score)
    genuine.sort(key=lambda pair: pair.score)
    return tuple(genuine[:count]), _few_each(impostor, person, count, per_person)


def _few_each(
    pairs: Sequence[PairOf], person: NDArray[np.int64], count: int, per_person: int
) -> tuple[PairOf, ...]:
    seen: Counter[int] = Counter()
    kept: list[PairOf] = []
    for pair in pairs:
        people = int(person[pair.a]), int(person[pair.b])
        if pair.score > -2 and max(seen[p] for p in people) < per_person and len(kept) < count:
            seen.update(people)
            kept.append(pair)
    return tuple(kept)


def accepted_by_value(
    embeddings: Floats,
    identities: Sequence[str],
    threshold: float,
    of: str,
    values: Doubles,
    edges: Sequence[float],
) -> tuple[Share, ...]:
    """TAR of genuine pairs, parted by the larger of the two pictures' `values` at `edges`."""
    worse, accepted = [], []
    names, person = np.unique(np.asarray(identities), return_inverse=True)
    for number in np.flatnonzero(np.bincount(person, minlength=len(names)) > 1):
        rows = np.flatnonzero(person == number)
        i, j = np.triu_indices(len(rows), 1)
        worse.append(np.maximum(values[rows[i]], values[rows[j]]))
        accepted.append((embeddings[rows] @ embeddings[rows].T)[i, j] >= np.float32(threshold))
    if not worse:
        return ()
    bins = np.digitize(np.concatenate(worse), edges)
    right = np.concatenate(accepted)
    limits = [*(f"up to {edge:g}" for edge in edges), f"over {edges[-1]:g}"]
    return tuple(
        Share(of, limits[place], int((bins == place).sum()), float(right[bins == place].mean()))
        for place in range(len(limits))
        if (bins == place).sum() >= FEWEST
    )


def accepted_strangers(
    embeddings: Floats, groups: Sequence[str], threshold: float, of: str
) -> tuple[Share, ...]:
    """FAR between different people of one group: embeddings (n, d) of n people, a picture each."""
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    found = []
    for number, name in enumerate(names):
        rows = np.flatnonzero(place == number)
        pairs = len(rows) * (len(rows) - 1) // 2
        if pairs >= FEWEST:
            scores = (embeddings[rows] @ embeddings[rows].T)[np.triu_indices(len(rows), 1)]
            share = float(np.mean(scores >= np.float32(threshold)))
            found.append(Share(of, str(name), pairs, share))
    return tuple(found)


SEXES = {"0": "men", "1": "women"}
ORIGINS = {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "others"}


def utkface_groups(name: str) -> dict[str, str] | None:
    """Age, sex and ethnicity from a file name of UTKFace, AGE_SEX_RACE_DATE; None for another."""
    fields = name.rsplit("/", 1)[-1].split("_")
    if len(fields) < 4 or not fields[0].isdecimal():
        return None
    if fields[1] not in SEXES or fields[2] not in ORIGINS:
        return None
    ages = ((13, "0 to 12"), (20, "13 to 19"), (40, "20 to 39"), (60, "40 to 59"))
    age = next((words for below, words in ages if int(fields[0]) < below), "60 and over")
    return {
        "age": age,
        "sex": SEXES[fields[1]],
        "ethnicity": ORIGINS[fields[2]],
        "sex and ethnicity": f"{ORIGINS[fields[2]]} {SEXES[fields[1]]}",
    }
