"""Which triplets of a batch to learn from, by the distances between its embeddings.

All miners take distances (n, n) and labels (n,) as tensors of Keras's backend and return three
equally long vectors: the anchor's distance to its positive, to its negative, and 1 where the
triplet exists, else 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras import ops, random

Mined = tuple[Any, Any, Any]
Miner = Callable[[Any, Any], Mined]

FAR_AWAY = 1e9


def squared_distances(embeddings: Any) -> Any:
    """Squared Euclidean distances (n, n) of embeddings (n, d) of length 1: 2 - 2 cos."""
    return ops.maximum(2 - 2 * ops.matmul(embeddings, ops.transpose(embeddings)), 0.0)


def _masks(distances: Any, labels: Any) -> tuple[Any, Any]:
    """Where a column is the row's positive (another picture of it), and where its negative."""
    labels = ops.reshape(labels, (-1,))
    same = ops.cast(ops.equal(labels[:, None], labels[None, :]), distances.dtype)
    return same - ops.eye(ops.shape(distances)[0], dtype=distances.dtype), 1 - same


def semi_hard(distances: Any, labels: Any) -> Mined:
    """For every anchor and positive the nearest negative that is further away than the positive;
    where there is none, the furthest negative  (Schroff et al. 2015, FaceNet)."""
    positive, negative = _masks(distances, labels)
    beyond = negative[:, None, :] * ops.cast(
        distances[:, None, :] > distances[:, :, None], distances.dtype
    )  # anchor, positive, negative
    nearest = ops.min(distances[:, None, :] + FAR_AWAY * (1 - beyond), axis=2)
    furthest = ops.max(distances * negative, axis=1)[:, None]
    chosen = ops.where(ops.max(beyond, axis=2) > 0, nearest, furthest)
    exists = positive * ops.max(negative, axis=1)[:, None]
    return _flat(distances), _flat(chosen), _flat(exists)


def hard(distances: Any, labels: Any) -> Mined:
    """For every anchor its furthest positive and its nearest negative  (Hermans et al. 2017).

    From scratch it collapses: the embeddings shrink into one point, where the loss is the margin.
    """
    positive, negative = _masks(distances, labels)
    furthest = ops.max(distances * positive, axis=1)
    nearest = ops.min(distances + FAR_AWAY * (1 - negative), axis=1)
    exists = ops.max(positive, axis=1) * ops.max(negative, axis=1)
    return furthest, ops.where(exists > 0, nearest, furthest), exists


def random_triplets(seed: int | None = None) -> Miner:
    """For every anchor one positive and one negative by chance."""
    source = random.SeedGenerator(seed)

    def mine(distances: Any, labels: Any) -> Mined:
        positive, negative = _masks(distances, labels)
        chance = random.uniform(ops.shape(distances), 0.01, 1.0, seed=source)
        p = ops.argmax(positive * chance, axis=1)
        n = ops.argmax(negative * chance, axis=1)
        exists = ops.max(positive, axis=1) * ops.max(negative, axis=1)
        return _take(distances, p), _take(distances, n), exists

    return mine


def _take(rows: Any, columns: Any) -> Any:
    """The entry of each row (n, m) in its column (n,)."""
    return ops.take_along_axis(rows, columns[:, None], axis=1)[:, 0]


def _flat(x: Any) -> Any:
    return ops.reshape(x, (-1,))
