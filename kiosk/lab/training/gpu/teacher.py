"""A teacher's ONNX file as a PyTorch module, so that it can answer beside its student."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import STANDARD_SIZE

Attributes = dict[str, Any]
Sizes: TypeAlias = Tensor | list[int]  # whole numbers, listed once they are known


def _listed(sizes: Sizes) -> list[int]:
    return sizes if isinstance(sizes, list) else sizes.tolist()


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


def _layer_norm(a: Attributes, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    if a.get("axis", -1) not in (-1, x.ndim - 1):
        raise ValueError("a layer norm over several axes")
    return functional.layer_norm(x, scale.shape, scale, bias, a.get("epsilon", 1e-5))


def _slice(a: Attributes, x: Tensor, *bounds: Sizes) -> Tensor:
    starts, ends, *more = map(_listed, bounds)
    axes = more[0] if more else range(len(starts))
    steps = more[1] if len(more) > 1 else [1] * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        x = x[(slice(None),) * axis + (slice(start, end, step),)]
    return x


def _reshape(a: Attributes, x: Tensor, shape: Sizes) -> Tensor:
    sizes = [x.shape[i] if size == 0 else size for i, size in enumerate(_listed(shape))]
    return x.reshape(sizes)


def _unsqueeze(a: Attributes, x: Tensor, axes: Sizes) -> Tensor:
    for axis in sorted(_listed(axes)):
        x = x.unsqueeze(axis)
    return x


def _expand(a: Attributes, x: Tensor, shape: Sizes) -> Tensor:
    return x.expand(torch.broadcast_shapes(x.shape, _listed(shape)))


def _clip(
    a: Attributes, x: Tensor, low: Tensor | None = None, high: Tensor | None = None
) -> Tensor:
    # Of a length that half floats can't hold: nothing is divided by it.
    low = None if low is None else low.clamp_min(torch.finfo(x.dtype).tiny)
    return x.clamp(low, high)


TYPES: dict[int, torch.dtype] = {
    onnx.TensorProto.FLOAT: torch.float32,
    onnx.TensorProto.INT64: torch.int64,
    onnx.TensorProto.BOOL: torch.bool,
}
OPERATIONS: dict[str, Callable[..., Any]] = {
    "Add": lambda a, x, y: x + y,
    "BatchNormalization": _norm,
    "Cast": lambda a, x: x.to(TYPES[a["to"]]),
    "Clip": _clip,
    "Concat": lambda a, *parts: torch.cat(parts, a["axis"]),
    "Constant": lambda a: torch.from_numpy(numpy_helper.to_array(a["value"]).copy()),
    "ConstantOfShape": lambda a, shape: torch.full(
        _listed(shape), numpy_helper.to_array(a["value"]).item()
    ),
    "Conv": _conv,
    "Cos": lambda a, x: x.cos(),
    "CumSum": lambda a, x, axis: x.cumsum(int(axis)),
    "Div": lambda a, x, y: x / y if x.is_floating_point() else x // y,
    "Erf": lambda a, x: x.erf(),
    "Expand": _expand,
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Gather": lambda a, x, rows: x[(slice(None),) * a.get("axis", 0) + (rows,)],
    "Gemm": _gemm,
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "LayerNormalization": _layer_norm,
    "LpNormalization": lambda a, x: functional.normalize(x.float(), a.get("p", 2), a["axis"]),
    "MatMul": lambda a, x, y: x @ y.to(x.dtype),
    "Mul": lambda a, x, y: x * y,
    "Not": lambda a, x: ~x,
    "PRelu": _prelu,
    "ReduceL2": lambda a, x: x.float().norm(dim=a["axes"], keepdim=True).to(x.dtype),
    "Reshape": _reshape,
    "Shape": lambda a, x: torch.tensor(x.shape),
    "Sin": lambda a, x: x.sin(),
    "Slice": _slice,
    "Softmax": lambda a, x: x.softmax(a["axis"]),
    "Split": lambda a, x, sizes: x.split(_listed(sizes), a.get("axis", 0)),
    "Squeeze": lambda a, x, axes: x.squeeze(tuple(_listed(axes))),
    "Sub": lambda a, x, y: x - y,
    "Transpose": lambda a, x: x.permute(a["perm"]),
    "Unsqueeze": _unsqueeze,
}


@dataclass(frozen=True, slots=True)
class _Node:
    """One operation, its attributes, and the names of what goes in and comes out."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Attributes

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What comes out, by name; an input left out has no name."""
        given = [values[name] if name else None for name in self.inputs]
        answer = OPERATIONS[self.kind](self.attributes, *given)
        return dict(
            zip(self.outputs, answer if isinstance(answer, tuple) else (answer,), strict=True)
        )


class OnnxNetwork(nn.Module):
    """The network of an ONNX file that takes n x 3 x 112 x 112; its weights are buffers.

    What does not depend on the faces, positions and the arithmetic of shapes, is worked out once.
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
        fixed = {
            a.name: torch.from_numpy(numpy_helper.to_array(a).copy()) for a in graph.initializer
        }
        self._input = next(i.name for i in graph.input if i.name not in fixed)
        self._output = graph.output[0].name
        self._nodes: list[_Node] = []
        self._place: dict[str, str] = {}
        self._sizes: dict[str, list[int]] = {}
        try:
            with torch.no_grad():
                answer = self._unfold(graph, fixed)
                self(torch.zeros(2, 3, STANDARD_SIZE, STANDARD_SIZE))
        except (RuntimeError, ValueError) as error:
            raise BadInput(
                f"{path} should answer for faces of n x 3 x 112 x 112, but does not ({error}); "
                "train without --gpu, or give another teacher."
            ) from error
        self.dimension = answer.shape[1]

    def _unfold(self, graph: Any, fixed: dict[str, Tensor]) -> Tensor:
        """Run it once for one face, keeping the operations that depend on it; the answer."""
        values = dict(fixed) | {self._input: torch.zeros(1, 3, STANDARD_SIZE, STANDARD_SIZE)}
        for node in graph.node:
            given = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            one = _Node(node.op_type, tuple(node.input), tuple(node.output), given)
            values |= one.run(values)
            if one.kind == "Shape" or all(name in fixed for name in one.inputs if name):
                fixed |= {name: values[name] for name in one.outputs}
            else:
                self._nodes.append(one)
        for node in self._nodes:
            for name in fixed.keys() & set(node.inputs):
                if fixed[name].is_floating_point():
                    place = self._place.setdefault(name, f"w{len(self._place)}")
                    self.register_buffer(place, fixed[name])
                else:
                    self._sizes[name] = fixed[name].tolist()
            if node.kind == "Reshape" and len(values[node.inputs[0]]) == 1:
                # Of one face; now of any number.
                self._sizes[node.inputs[1]] = [-1, *values[node.outputs[0]].shape[1:]]
        return values[self._output]

    def forward(self, x: Tensor) -> Tensor:
        """float (n, 3, 112, 112) to (n, dimension)."""
        values: dict[str, Any] = {self._input: x, **self._sizes}
        values |= {name: getattr(self, place) for name, place in self._place.items()}
        for node in self._nodes:
            values |= node.run(values)
        return values[self._output]
