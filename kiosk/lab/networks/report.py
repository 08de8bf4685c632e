"""The report's other networks: a small convolutional net, MobileNet, ResNet50."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers, ops

from kiosk.domain.errors import BadInput
from kiosk.lab.networks.efficientfacenet import efficientfacenet
from kiosk.lab.networks.layout import Features, Pooling, Trunk, scaled


@keras.saving.register_keras_serializable("kiosk")
class CaffeInput(layers.Layer):
    """RGB 0 to 255 to the BGR minus its mean that ResNet50's weights expect."""

    def call(self, x: Any) -> Any:
        return ops.flip(x, axis=-1) - ops.convert_to_tensor([103.939, 116.779, 123.68])


def build(
    trunk: Trunk,
    size: int,
    dimension: int,
    pooling: Pooling,
    trainable_from: str | int | None,
    pretrained: bool,
    scale: float = 1.0,
) -> keras.Model:
    """One of the report's networks: (n, size, size, 3) RGB 0 to 255 to (n, dimension), length 1.

    trainable_from: the first layer that is trained, by number or by the start of its name; what
        lies before is frozen, batch norm included.  None trains everything.
    pretrained: ImageNet weights through Keras (which fetches them); EfficientNet's come from
        --backbone-weights instead.
    scale: the share of its channels (of EfficientNet's blocks, too) that a small one of the same
        make has, which no weights fit.

    Raises BadInput for a layer that is not there.
    """
    if trunk == "efficientnet-b0":
        model = efficientfacenet(size, dimension, pooling, scaled(scale))
    else:
        image = keras.Input((size, size, 3), name="image")
        x = _trunk(trunk, image, "imagenet" if pretrained else None)
        x = layers.GlobalAveragePooling2D(name="average")(x)
        x = layers.Dense(dimension, name="embedding")(x)
        model = keras.Model(image, layers.UnitNormalization(name="l2")(x), name=trunk)
        model = model if scale == 1 else _narrowed(model, scale)
    freeze_before(model, trainable_from)
    return model


def _trunk(trunk: Trunk, image: Any, weights: str | None) -> Any:
    shape = tuple(image.shape[1:])
    if trunk == "conv2":
        x = layers.Rescaling(1 / 255)(image)
        x = layers.Conv2D(32, 5, strides=2, activation="relu", name="conv1")(x)
        x = layers.MaxPooling2D(4)(x)
        x = layers.Conv2D(64, 3, activation="relu", name="conv2")(x)
        return layers.MaxPooling2D(2)(x)
    if trunk == "mobilenet":
        x = layers.Rescaling(1 / 127.5, -1)(image)
        make: Callable[..., Any] = keras.applications.MobileNet
    else:
        x = CaffeInput()(image)
        make = keras.applications.ResNet50
    return make(include_top=False, weights=weights, input_shape=shape, input_tensor=x).output


def _narrowed(model: keras.Model, scale: float) -> keras.Model:
    """The same layers, untrained, with that share of the convolutions' filters."""

    def narrow(layer: layers.Layer) -> layers.Layer:
        config = layer.get_config()
        if "filters" in config:
            config["filters"] = max(1, round(scale * config["filters"]))
        return layer.from_config(config)

    return keras.models.clone_model(model, clone_function=narrow)


def freeze_before(model: keras.Model, first: str | int | None) -> None:
    """Freeze every layer before the one numbered, or whose name starts with, `first`."""
    if first is None:
        return
    names = [layer.name for layer in model.layers]
    if isinstance(first, int):
        place = first if first < len(names) else None
    else:
        place = next((i for i, name in enumerate(names) if name.startswith(first)), None)
    if place is None:
        raise BadInput(
            f"{model.name} has no layer {first!r} to train from; its layers start with "
            f"{', '.join(names[:4])} and there are {len(names)}."
        )
    for layer in model.layers[:place]:
        layer.trainable = False


@keras.saving.register_keras_serializable("kiosk")
class PairFeatures(layers.Layer):
    """Two embeddings to the features of the pair: "concatenated" (f(a, b) differs from f(b, a)) or
    "commutative", their product and squared difference (it does not)."""

    def __init__(self, kind: Features, **rest: Any) -> None:
        super().__init__(**rest)
        self.kind = kind

    def call(self, pair: tuple[Any, Any]) -> Any:
        a, b = pair
        parts = [a, b] if self.kind == "concatenated" else [a * b, ops.square(a - b)]
        return ops.concatenate(parts, axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "kind": self.kind}


def pair_head(dimension: int, kind: Features) -> keras.Model:
    """A shallow classifier: two embeddings (n, dimension) to the chance that they are one person's.

    The report found it no better than the cosine.
    """
    a, b = keras.Input((dimension,), name="a"), keras.Input((dimension,), name="b")
    x = PairFeatures(kind, name="features")((a, b))
    x = layers.Dense(64, activation="relu", name="hidden")(x)
    return keras.Model([a, b], layers.Dense(1, activation="sigmoid", name="same")(x))
