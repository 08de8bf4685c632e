"""Batches for the report's rows: people of whom several crops are seen at once, or single crops
with the teacher's answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.data.augment import Augmentation, augment
from kiosk.lab.data.crops import CropSet

Batch = tuple[NDArray[np.float32], NDArray[np.generic]]


def triplet_batches(
    crops: CropSet,
    rows: NDArray[np.int64],
    size: int,
    batch: int,
    people: int,
    how: Augmentation,
    seed: int,
) -> Iterator[Batch]:
    """Endless (images float32 (batch, size, size, 3), labels int32 (batch,)): `people` people with
    batch / people different crops each, and more people where some have fewer.

    Raises BadInput where fewer than two people have two crops.
    """
    names = np.asarray(crops.identities)[rows]
    known = crops.labelled[rows]
    _, place, counts = np.unique(names, return_inverse=True, return_counts=True)
    able = np.flatnonzero(np.bincount(place, known, len(counts)) > 1)
    if len(able) < 2:
        raise BadInput(
            f"Triplets need two people with two crops each, but {len(able)} have them; add "
            "labelled pictures."
        )
    rows_of = {int(person): rows[place == person] for person in able}
    each = max(2, batch // people)
    rng = np.random.default_rng(seed)
    while True:
        picked: list[NDArray[np.int64]] = []
        labels: list[int] = []
        for person in rng.permutation(able):
            own = rows_of[int(person)]
            picked.append(rng.choice(own, min(each, len(own), batch - len(labels)), replace=False))
            labels += [int(person)] * len(picked[-1])
            if len(labels) == batch:
                break
        images = augment(crops.images[np.concatenate(picked)], size, how, rng)
        yield images.astype(np.float32), np.array(labels, np.int32)


def distillation_batches(
    crops: CropSet,
    rows: NDArray[np.int64],
    targets: NDArray[np.float32],
    size: int,
    batch: int,
    how: Augmentation,
    seed: int,
) -> Iterator[Batch]:
    """Endless (images float32 (batch, size, size, 3), the teacher's embeddings (batch, d)).

    Raises BadInput where no crop has an embedding.
    """
    if not len(rows):
        raise BadInput(
            "No training crop has a teacher's embedding yet; run "
            "`python -m kiosk.lab embed-teacher` first."
        )
    rng = np.random.default_rng(seed)
    while True:
        picked = rng.choice(rows, batch, replace=len(rows) < batch)
        images = augment(crops.images[picked], size, how, rng)
        yield images.astype(np.float32), np.asarray(targets[picked], np.float32)


def pair_batches(
    crops: CropSet, rows: NDArray[np.int64], vectors: NDArray[np.float32], batch: int, seed: int
) -> Iterator[tuple[tuple[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]]:
    """Endless ((a, b), same): half of the pairs are one person's.

    vectors: embeddings (n, d) of the crops; rows without one are zero and passed over.
    """
    rows = rows[crops.labelled[rows] & (np.abs(vectors[rows]).sum(axis=1) > 0)]
    names = np.asarray(crops.identities)[rows]
    people, place, counts = np.unique(names, return_inverse=True, return_counts=True)
    able = np.flatnonzero(counts > 1)
    if not len(able) or len(people) < 2:
        raise BadInput(
            "Pairs need two people, one of them with two embedded crops; run "
            "`python -m kiosk.lab embed-teacher` first."
        )
    order = np.argsort(place, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rng = np.random.default_rng(seed)
    half = batch // 2
    while True:
        person = rng.choice(able, half)
        i = rng.integers(0, counts[person])
        j = (i + rng.integers(1, counts[person])) % counts[person]
        genuine = order[first[person] + i], order[first[person] + j]
        a, b = rng.integers(0, len(rows), (2, half))
        a, b = a[place[a] != place[b]], b[place[a] != place[b]]
        left, right = np.concatenate([genuine[0], a]), np.concatenate([genuine[1], b])
        same = np.concatenate([np.ones(half), np.zeros(len(a))]).astype(np.float32)
        yield (vectors[rows[left]], vectors[rows[right]]), same[:, None]
