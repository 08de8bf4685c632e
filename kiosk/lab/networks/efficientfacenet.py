"""EfficientFaceNet in Keras 3: EfficientNet-B0, global depthwise convolution, dense, L2.

The report's network.  Only `keras` and `keras.ops`, so the backend is a setting (KERAS_BACKEND).
Layers bear the names of `keras.applications.EfficientNetB0`, so the same weight files fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.networks.layout import (
    BLOCKS,
    BN_EPSILON,
    GDC_SIZE,
    MEAN,
    STD,
    TOP_EXPANSION,
    Block,
    Pooling,
    upsampling,
)


@keras.saving.register_keras_serializable("kiosk")
class GlobalDepthwiseConvolution(layers.Layer):
    """One weight a place and channel instead of a mean: (n, S, S, c) to (n, c)  (MobileFaceNet).

    The kernel is 4x4, what 112 px leaves.  On a map of another size it stands for the kernel over
    the map resized to 4x4, so that one kernel serves every input size of progressive resizing.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight(
            name="kernel",
            shape=(GDC_SIZE, GDC_SIZE, input_shape[-1]),
            initializer=keras.initializers.Constant(1 / GDC_SIZE**2),
        )

    def call(self, x: Any) -> Any:
        size = x.shape[1]
        kernel = self.kernel
        if size != GDC_SIZE:
            up = ops.convert_to_tensor(upsampling(size))
            kernel = ops.einsum("ai,bj,abc->ijc", up, up, kernel)
        return ops.sum(x * kernel, axis=(1, 2))


def _norm(x: Any, name: str, activate: bool) -> Any:
    x = layers.BatchNormalization(epsilon=BN_EPSILON, momentum=0.95, name=name)(x)
    if activate:
        x = layers.Activation("silu", name=name.removesuffix("bn") + "activation")(x)
    return x


def _padded(x: Any, kernel: int, stride: int, name: str) -> tuple[Any, str]:
    """Symmetric zero padding before a stride, as the backbone's weights were trained (not Keras's
    own, which pads one side by a pixel less: no error, but wrong features)."""
    if stride == 1:
        return x, "same"
    return layers.ZeroPadding2D(kernel // 2, name=f"{name}_pad")(x), "valid"


def _block(x: Any, plan: Block) -> Any:
    name, skip = plan.name, x
    if plan.expand != 1:
        channels = plan.c_in * plan.expand
        x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_expand_conv")(x)
        x = _norm(x, f"{name}_expand_bn", True)
    x, padding = _padded(x, plan.kernel, plan.stride, f"{name}_dwconv")
    x = layers.DepthwiseConv2D(
        plan.kernel, plan.stride, padding, use_bias=False, name=f"{name}_dwconv"
    )(x)
    x = _norm(x, f"{name}_bn", True)
    s = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_se_squeeze")(x)
    s = layers.Conv2D(max(1, plan.c_in // 4), 1, activation="silu", name=f"{name}_se_reduce")(s)
    s = layers.Conv2D(x.shape[-1], 1, activation="sigmoid", name=f"{name}_se_expand")(s)
    x = layers.Multiply(name=f"{name}_se_excite")([x, s])
    x = layers.Conv2D(plan.c_out, 1, use_bias=False, name=f"{name}_project_conv")(x)
    x = _norm(x, f"{name}_project_bn", False)
    if plan.stride == 1 and plan.c_in == plan.c_out:
        x = layers.Add(name=f"{name}_add")([x, skip])
    return x


def efficientfacenet(
    size: int = 112,
    dimension: int = 128,
    pooling: Pooling = "gdc",
    blocks: Sequence[Block] = BLOCKS,
) -> keras.Model:
    """Build the network.

    Args:
        size: input side in pixels, a positive number; 112, 160 and 224 are the report's.
        dimension: numbers in an embedding.
        pooling: "gdc" or the report's other choice, "average".
        blocks: the plan, B0's or a smaller one.

    Returns: a model from float32 (n, size, size, 3), RGB 0 to 255, to (n, dimension) of length 1.
    """
    image = keras.Input((size, size, 3), name="image")
    scale = 1 / (255 * np.array(STD, np.float32))
    x = layers.Rescaling(
        scale.tolist(), (-np.array(MEAN) / np.array(STD)).tolist(), name="normalization"
    )(image)
    x, padding = _padded(x, 3, 2, "stem_conv")
    x = layers.Conv2D(blocks[0].c_in, 3, 2, padding, use_bias=False, name="stem_conv")(x)
    x = _norm(x, "stem_bn", True)
    for plan in blocks:
        x = _block(x, plan)
    x = layers.Conv2D(TOP_EXPANSION * blocks[-1].c_out, 1, use_bias=False, name="top_conv")(x)
    x = _norm(x, "top_bn", True)
    if pooling == "gdc":
        x = GlobalDepthwiseConvolution(name="gdc")(x)
    else:
        x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dense(dimension, name="embedding")(x)
    x = layers.UnitNormalization(name="l2")(x)
    return keras.Model(image, x, name="efficientfacenet")


def area_matrix(full: int, size: int, zoom: float = 1.0) -> NDArray[np.float32]:
    """(size, full): shrinks a row of `full` pixels by averaging areas, as cv2.INTER_AREA does;
    a `zoom` over 1 takes the row's middle only."""
    seen = full / zoom
    edges = (full - seen) / 2 + np.arange(size + 1) * seen / size
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(full)
    overlap = np.minimum(right, pixel + 1) - np.maximum(left, pixel)
    return np.asarray(np.clip(overlap, 0, None) * size / seen, np.float32)


# How each view is seen: how much closer, and whether mirrored.  On people held out (1,237 crops,
# the cosine to the teacher) one view had 0.863, with its mirror image 0.870, with its mirror image
# seen closer 0.873, all four 0.875; eight, shifted and from further away too, nothing more.
CLOSER = 1.12
VIEWS: dict[int, tuple[tuple[float, bool], ...]] = {
    1: ((1.0, False),),
    2: ((1.0, False), (CLOSER, True)),
    4: ((1.0, False), (1.0, True), (CLOSER, False), (CLOSER, True)),
}


@keras.saving.register_keras_serializable("kiosk")
class Views(layers.Layer):
    """The standard crop, shrunk to the trained size, in each of its VIEWS.

    (n, full, full, 3) to (views n, size, size, 3), by products with constant matrices: the mirror
    is a matrix read backwards.
    """

    def __init__(self, full: int, size: int, views: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.full, self.size, self.views = full, size, views

    def call(self, x: Any) -> Any:
        rows = ops.reshape(ops.transpose(x, (0, 3, 1, 2)), (-1, self.full))  # each of one colour
        as_it_is = (1.0, False) if self.size == self.full else None
        parts = [x if how == as_it_is else self._seen(rows, *how) for how in VIEWS[self.views]]
        return parts[0] if len(parts) == 1 else ops.concatenate(parts)

    def _seen(self, rows: Any, zoom: float, mirrored: bool) -> Any:
        full, size = self.full, self.size
        shrink = area_matrix(full, size, zoom)
        columns = shrink[:, ::-1] if mirrored else shrink
        x = ops.matmul(rows, ops.convert_to_tensor(columns.T.copy()))
        x = ops.transpose(ops.reshape(x, (-1, 3, full, size)), (0, 1, 3, 2))
        x = ops.matmul(ops.reshape(x, (-1, full)), ops.convert_to_tensor(shrink.T.copy()))
        x = ops.reshape(x, (-1, 3, size, size))  # colour, column, row
        return ops.transpose(x, (0, 3, 2, 1))

    def get_config(self) -> dict[str, Any]:
        own = {"full": self.full, "size": self.size, "views": self.views}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("kiosk")
class MeanOfViews(layers.Layer):
    """(views n, dimension) to (n, dimension): the sum; its length is set afterwards."""

    def __init__(self, views: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.views = views

    def call(self, x: Any) -> Any:
        return ops.sum(ops.reshape(x, (self.views, -1, x.shape[-1])), axis=0)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "views": self.views}


def as_shipped(network: keras.Model, views: int = 1, full: int = 112) -> keras.Model:
    """The network behind the kiosk's crop of `full` pixels, seeing it in 1, 2 or 4 views."""
    size = network.input_shape[1]
    if size == full and views == 1:
        return network
    image = keras.Input((full, full, 3), name="image")
    x = network(Views(full, size, views, name="views")(image))
    if views > 1:
        x = layers.UnitNormalization(name="l2")(MeanOfViews(views, name="mean")(x))
    return keras.Model(image, x, name="efficientfacenet_shipped")


def assign(model: keras.Model, weights: Mapping[str, NDArray[Any]]) -> list[str]:
    """Load arrays by "layer/weight" name; returns the names of weights the mapping lacks.

    Raises BadInput for an array of another shape.
    """
    missing = []
    for layer in model.layers:
        for weight in layer.weights:
            name = f"{layer.name}/{weight.name}"
            array = weights.get(name)
            if array is None:  # Keras 2 called it so
                array = weights.get(name.replace("dwconv/kernel", "dwconv/depthwise_kernel"))
            if array is None:
                missing.append(name)
                continue
            if tuple(array.shape) != tuple(weight.shape):
                raise BadInput(
                    f"{name} should have shape {tuple(weight.shape)}, but the weight file has "
                    f"{tuple(array.shape)}; give a file of EfficientNet-B0."
                )
            weight.assign(np.asarray(array, np.float32))
    return missing
