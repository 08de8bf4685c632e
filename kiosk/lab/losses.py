"""Losses over embeddings of length 1, in keras.ops: the backend is a setting."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from kiosk.lab.mining import Miner, squared_distances


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


def similarity_distillation(target: Any, embeddings: Any) -> Any:
    """Mean squared difference between the batch's own similarities and the teacher's, (n, n):
    relations instead of places  (Park et al. 2019; Tung & Mori 2019)."""
    ours = ops.matmul(embeddings, ops.transpose(embeddings))
    theirs = ops.matmul(target, ops.transpose(target))
    return ops.mean(ops.square(ours - theirs))


@keras.saving.register_keras_serializable("kiosk")
class AngularMargin(keras.layers.Layer):
    """ArcFace: (embeddings (n, d), labels (n,)) to logits (n, people)  (Deng et al. 2019).

    The angle to the crop's own person is widened by `margin` radians before the softmax.
    """

    def __init__(self, people: int, margin: float = 0.5, scale: float = 32.0, **rest: Any) -> None:
        super().__init__(**rest)
        self.people, self.margin, self.scale = people, margin, scale

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[0][-1], self.people), initializer="glorot_uniform"
        )

    def call(self, inputs: tuple[Any, Any]) -> Any:
        embeddings, labels = inputs
        centres = self.kernel / (ops.norm(self.kernel, axis=0, keepdims=True) + 1e-12)
        cosine = ops.clip(ops.matmul(embeddings, centres), -1 + 1e-6, 1 - 1e-6)
        own = ops.one_hot(ops.reshape(labels, (-1,)), self.people, dtype=cosine.dtype)
        widened = ops.cos(ops.arccos(cosine) + self.margin)
        return self.scale * ops.where(own > 0, widened, cosine)

    def get_config(self) -> dict[str, Any]:
        own = {"people": self.people, "margin": self.margin, "scale": self.scale}
        return {**super().get_config(), **own}
