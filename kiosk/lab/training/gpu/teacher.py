"""A teacher's ONNX file as a PyTorch module, so that it can answer beside its student."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import STANDARD_SIZE

Attributes = dict[str, Any]


def _conv(a: Attributes, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    top, left, bottom, right = a.get("pads", (0, 0, 0, 0))
    if (top, left) != (bottom, right) or set(a.get("dilations", (1,))) != {1}:
        raise ValueError("a convolution padded on one side, or dilated")
    strides = tuple(a.get("strides", (1, 1)))
    return functional.conv2d(x, weight, bias, strides, (top, left), groups=a.get("group", 1))


def _norm(a: Attributes, x: Tensor, *values: Tensor) -> Tensor:
    gamma, beta, mean, variance = (v.float() for v in values)
    scale = gamma * torch.rsqrt(variance + a.get("epsilon", 1e-5))
    shape = (1, -1) + (1,) * (x.ndim - 2)
    return (x.float() * scale.view(shape) + (beta - mean * scale).view(shape)).to(x.dtype)


def _prelu(a: Attributes, x: Tensor, slope: Tensor) -> Tensor:
    return torch.where(x > 0, x, x * slope)


def _gemm(a: Attributes, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if a.get("transA", 0) or a.get("alpha", 1.0) != 1 or a.get("beta", 1.0) != 1:
        raise ValueError("a product that is scaled, or whose input is turned")
    return functional.linear(x, weight if a.get("transB", 0) else weight.T, bias)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "Add": lambda a, x, y: x + y,
    "BatchNormalization": _norm,
    "Conv": _conv,
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Gemm": _gemm,
    "LpNormalization": lambda a, x: functional.normalize(x.float(), a.get("p", 2), a["axis"]),
    "Mul": lambda a, x, y: x * y,
    "PRelu": _prelu,
    "Sub": lambda a, x, y: x - y,
}


class OnnxNetwork(nn.Module):
    """The network of an ONNX file that takes n x 3 x 112 x 112; its weights are buffers.

    Raises BadInput for a file that can't be read or that holds an operation not known here.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        try:
            graph = onnx.load(path).graph
        except Exception as error:  # protobuf has classes of its own
            raise BadInput(
                f"{path} should be an ONNX file, but can't be read ({error}); check the path "
                "given as --teacher."
            ) from error
        unknown = sorted({node.op_type for node in graph.node} - OPERATIONS.keys())
        if unknown:
            raise BadInput(
                f"{path} holds {', '.join(unknown)}, which can't be run on a graphics processor "
                "here; train without --gpu, or give another teacher."
            )
        self._place = {}
        for i, array in enumerate(graph.initializer):
            self.register_buffer(f"w{i}", torch.from_numpy(numpy_helper.to_array(array).copy()))
            self._place[array.name] = f"w{i}"
        self._input = next(i.name for i in graph.input if i.name not in self._place)
        self._output = graph.output[0].name
        self._nodes = [
            (
                node.op_type,
                tuple(node.input),
                node.output[0],
                {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
            )
            for node in graph.node
        ]
        try:
            with torch.no_grad():
                answer = self(torch.zeros(1, 3, STANDARD_SIZE, STANDARD_SIZE))
        except (RuntimeError, ValueError) as error:
            raise BadInput(
                f"{path} should answer for faces of n x 3 x 112 x 112, but does not ({error}); "
                "train without --gpu, or give another teacher."
            ) from error
        self.dimension = answer.shape[1]

    def forward(self, x: Tensor) -> Tensor:
        """float (n, 3, 112, 112) to (n, dimension)."""
        values = {self._input: x}
        for kind, inputs, output, attributes in self._nodes:
            given = [
                getattr(self, self._place[name]) if name in self._place else values[name]
                for name in inputs
            ]
            values[output] = OPERATIONS[kind](attributes, *given)
        return values[self._output]
