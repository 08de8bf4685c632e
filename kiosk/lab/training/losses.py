"""Losses over embeddings of length 1, in keras.ops: the backend is a setting."""

from __future__ import annotations

from typing import Any

from keras import ops

from kiosk.lab.training.mining import Miner, squared_distances


def triplet_loss(miner: Miner, margin: float) -> Any:
    """loss(labels (n,), embeddings (n, d)): the mean of max(0, d_ap - d_an + margin) over the
    triplets that the miner chose, d being squared Euclidean distances  (Schroff et al. 2015)."""

    def loss(labels: Any, embeddings: Any) -> Any:
        positive, negative, exists = miner(squared_distances(embeddings), labels)
        each = ops.relu(positive - negative + margin) * exists
        return ops.sum(each) / ops.maximum(ops.sum(exists), 1.0)

    return loss


def cosine_distillation(target: Any, embeddings: Any) -> Any:
    """1 - cosine to the teacher's embedding, per crop; both of length 1."""
    return 1 - ops.sum(target * embeddings, axis=-1)


def euclidean_distillation(target: Any, embeddings: Any) -> Any:
    """Euclidean distance to the teacher's embedding, per crop: sqrt(2 - 2 cos)."""
    return ops.sqrt(ops.sum(ops.square(target - embeddings), axis=-1) + 1e-12)
