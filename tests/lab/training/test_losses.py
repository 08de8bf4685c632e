"""Losses and miners against loops over all triplets, on small random batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")

from keras import ops  # noqa: E402

from kiosk.lab.training.losses import (  # noqa: E402
    cosine_distillation,
    euclidean_distillation,
    triplet_loss,
)
from kiosk.lab.training.mining import hard, random_triplets, semi_hard, squared_distances  # noqa: E402

MARGIN = 0.3


def batch(seed: int, people: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 5)).astype(np.float32)
    return x / np.linalg.norm(x, axis=1, keepdims=True), rng.integers(0, people, n)


batches = st.builds(batch, st.integers(0, 10_000), st.integers(1, 5), st.integers(2, 10))


def loss_of(miner: object, x: np.ndarray, labels: np.ndarray) -> float:
    value = triplet_loss(miner, MARGIN)(ops.convert_to_tensor(labels), ops.convert_to_tensor(x))
    return float(ops.convert_to_numpy(value))


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(((a - b) ** 2).sum())


@settings(max_examples=40, deadline=None)
@given(batches)
def test_semi_hard_by_loops(given_batch: tuple[np.ndarray, np.ndarray]) -> None:
    x, labels = given_batch
    losses = []
    for a in range(len(x)):
        negatives = [distance(x[a], x[k]) for k in range(len(x)) if labels[k] != labels[a]]
        for p in range(len(x)):
            if p == a or labels[p] != labels[a] or not negatives:
                continue
            positive = distance(x[a], x[p])
            beyond = [d for d in negatives if d > positive]
            losses.append(max(0.0, positive - (min(beyond) if beyond else max(negatives)) + MARGIN))
    expected = np.mean(losses) if losses else 0.0
    assert loss_of(semi_hard, x, labels) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(batches)
def test_hard_by_loops(given_batch: tuple[np.ndarray, np.ndarray]) -> None:
    x, labels = given_batch
    losses = []
    for a in range(len(x)):
        own = [distance(x[a], x[p]) for p in range(len(x)) if p != a and labels[p] == labels[a]]
        others = [distance(x[a], x[k]) for k in range(len(x)) if labels[k] != labels[a]]
        if own and others:
            losses.append(max(0.0, max(own) - min(others) + MARGIN))
    expected = np.mean(losses) if losses else 0.0
    assert loss_of(hard, x, labels) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(batches)
def test_random_triplets_are_triplets(given_batch: tuple[np.ndarray, np.ndarray]) -> None:
    x, labels = given_batch
    distances = squared_distances(ops.convert_to_tensor(x))
    positive, negative, exists = (
        ops.convert_to_numpy(v)
        for v in random_triplets(1)(distances, ops.convert_to_tensor(labels))
    )
    table = ops.convert_to_numpy(distances)
    for a in range(len(x)):
        own = [table[a, p] for p in range(len(x)) if p != a and labels[p] == labels[a]]
        others = [table[a, k] for k in range(len(x)) if labels[k] != labels[a]]
        assert bool(exists[a]) == bool(own and others)
        if exists[a]:
            assert positive[a] in own
            assert negative[a] in others


def test_hard_mining_pulls_everything_into_one_point() -> None:
    # At the collapse the loss is the margin, and near it every step shrinks all distances.
    x = np.repeat(np.array([[1, 0, 0]], np.float32), 6, axis=0)
    assert loss_of(hard, x, np.array([0, 0, 1, 1, 2, 2])) == pytest.approx(MARGIN)


@settings(max_examples=20, deadline=None)
@given(batches)
def test_distillation(given_batch: tuple[np.ndarray, np.ndarray]) -> None:
    x, _ = given_batch
    target = x[::-1].copy()
    cosine = ops.convert_to_numpy(
        cosine_distillation(ops.convert_to_tensor(target), ops.convert_to_tensor(x))
    )
    np.testing.assert_allclose(
        cosine, [1 - float(a @ b) for a, b in zip(x, target, strict=True)], atol=1e-5
    )
    euclidean = ops.convert_to_numpy(
        euclidean_distillation(ops.convert_to_tensor(target), ops.convert_to_tensor(x))
    )
    np.testing.assert_allclose(
        euclidean, [np.linalg.norm(a - b) for a, b in zip(x, target, strict=True)], atol=1e-4
    )
