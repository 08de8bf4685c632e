"""SFace as a Keras network: the weights of OpenCV Zoo's file, unfolded and folded together.

The file keeps each weight as int8 in blocks of 64 with a scale of each block. LiteRT knows no such
blocks, so they become floats once, and each batch norm becomes part of the convolution before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import STANDARD_SIZE

Floats = NDArray[np.float32]


def sface(path: Path) -> Any:
    """The network of OpenCV Zoo's ``face_recognition_sface_2021dec_int8bq.onnx``.

    It takes RGB 0 to 255 (n, 112, 112, 3) and answers with (n, 128), of any length.

    Raises:
        BadInput: not an ONNX file, or another network.
    """
    try:
        graph = onnx.load(path).graph
        return _network(graph.node, _unfolded(graph))
    except Exception as error:  # protobuf has classes of its own
        raise BadInput(
            f"{path} should be SFace's ONNX file of the OpenCV Zoo, but can't be read as that "
            f"({error}); install the extra sface again."
        ) from error


def _unfolded(graph: Any) -> dict[str, Floats]:
    """Every constant by the name that the layers know it by."""
    found = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            axis, block = _of(node)["axis"], _of(node)["block_size"]
            stored, scales, zero = (found[name] for name in node.input)
            scales, zero = (
                np.repeat(each.astype(np.float32), block, axis).take(
                    range(stored.shape[axis]), axis
                )
                for each in (scales, zero)
            )
            found[node.output[0]] = (stored.astype(np.float32) - zero) * scales
        elif node.op_type == "Reshape":
            found[node.output[0]] = found[node.input[0]].reshape(found[node.input[1]])
    return found


def _network(nodes: Iterable[Any], constants: Mapping[str, Floats]) -> Any:
    import keras
    from keras import layers

    steps = [n for n in nodes if n.op_type not in ("DequantizeLinear", "Reshape", "Constant")]
    image = x = keras.Input((STANDARD_SIZE, STANDARD_SIZE, 3), name="image")
    scale, shift = np.ones(1, np.float32), np.zeros(1, np.float32)  # waiting for the last layer
    weights: list[tuple[Any, list[Floats]]] = []
    for node, after in zip(steps, [*steps[1:], None], strict=True):
        values = [constants[name] for name in node.input[1:] if name in constants]
        match node.op_type:
            case "Sub":
                shift = shift - values[0]
            case "Mul":
                scale, shift = scale * values[0], shift * values[0]
                x = layers.Rescaling(float(scale[0]), float(shift[0]))(x)
            case "Conv":
                layer, kernel = _convolution(node, values[0])
                if layer.strides != (1, 1):  # SAME would pad on one side only
                    x = layers.ZeroPadding2D(1)(x)
                x = layer(x)
                gain, bias = _norm(after, constants)
                weights.append((layer, [_times(layer, kernel, gain), bias]))
            case "PRelu":
                layer = layers.PReLU(shared_axes=[1, 2])
                x = layer(x)
                weights.append((layer, [values[0].reshape(1, 1, -1)]))
            case "BatchNormalization":
                scale, shift = _norm(node, constants)  # used by the layer at the end alone
            case "Gemm":
                answers, channels = len(values[0]), len(scale)
                kernel = values[0].reshape(answers, channels, -1)
                bias = values[1] + np.einsum("acp,c->a", kernel, shift)
                gain, offset = _norm(after, constants)
                kernel = np.einsum("acp,c,a->pca", kernel, scale, gain).reshape(-1, answers)
                layer = layers.Dense(answers)
                x = layer(layers.Flatten()(x))
                weights.append((layer, [kernel, bias * gain + offset]))
            case "Dropout" | "Flatten":
                pass
            case unknown:
                raise ValueError(f"it holds {unknown}")
    model = keras.Model(image, x)
    for layer, values in weights:
        layer.set_weights(values)
    return model


def _convolution(node: Any, kernel: Floats) -> tuple[Any, Floats]:
    """The layer, and its kernel as Keras wants it."""
    from keras import layers

    of = _of(node)
    out, of_each, size, _size = kernel.shape
    strides = tuple(of["strides"])
    padding = "same" if strides == (1, 1) else "valid"
    kernel = kernel.transpose(2, 3, 1, 0)
    if of["group"] == 1:
        return layers.Conv2D(out, size, strides, padding), kernel
    if of["group"] != out or of_each != 1:
        raise ValueError("it has a convolution of several groups")
    return layers.DepthwiseConv2D(size, strides, padding), kernel.transpose(0, 1, 3, 2)


def _times(layer: Any, kernel: Floats, gain: Floats) -> Floats:
    depthwise = type(layer).__name__ == "DepthwiseConv2D"
    return kernel * (gain[:, None] if depthwise else gain)


def _norm(node: Any, constants: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """A batch norm as what its channels are multiplied by, then what is added."""
    gamma, beta, mean, variance = (constants[name] for name in node.input[1:])
    gain = gamma / np.sqrt(variance + _of(node)["epsilon"])
    return gain, beta - mean * gain


def _of(node: Any) -> dict[str, Any]:
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
