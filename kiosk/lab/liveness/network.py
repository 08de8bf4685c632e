"""The network, in PyTorch to train and in Keras to export.

Two towers of plain 3x3 convolutions, one a view; each says of every part of its view how live it
looks, and means it.  No depthwise ones: at this size they are no faster on LiteRT, and slower to
train.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.minifasnet import FEATURES
from kiosk.vision.canvas import CANVAS, VIEW

# Channels and stride; of stride 1 are residual.
NEAR = ((24, 2), (40, 2), (40, 1), (64, 2), (64, 1), (64, 1), (112, 2), (112, 1))
FAR = ((12, 2), (24, 2), (24, 1), (48, 2), (48, 1), (64, 2), (64, 1))
TOWERS = {"near": NEAR, "far": FAR}
MEAN, SCALE = 127.5, 64.0
Arrays = Mapping[str, NDArray[Any]]


class Tower(nn.Module):
    """float (n, 3, VIEW, VIEW), 0 to 255, to a map (n, VIEW / 16, VIEW / 16) of logits and
    to the means of what it was made of."""

    def __init__(self, layers: tuple[tuple[int, int], ...], dropout: float = 0.2) -> None:
        super().__init__()
        self.convs = nn.ModuleList()
        self.norms = nn.ModuleList()
        before = 3
        for channels, stride in layers:
            self.convs.append(nn.Conv2d(before, channels, 3, stride, 1, bias=False))
            self.norms.append(nn.BatchNorm2d(channels))
            before = channels
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(before, 1, 1)

    def forward(self, view: Tensor) -> tuple[Tensor, Tensor]:
        x = (view - MEAN) / SCALE
        for conv, norm in zip(self.convs, self.norms, strict=True):
            y = norm(conv(x))
            x = functional.relu(x + y if y.shape == x.shape else y)
        return self.head(self.dropout(x))[:, 0], x.mean((2, 3))


class TorchLiveness(nn.Module):
    """float (n, 3, CANVAS, CANVAS), 0 to 255, to the maps of both towers, near and far, and to
    (n, FEATURES), what the teacher sees: that is asked for in training only."""

    def __init__(self) -> None:
        super().__init__()
        self.near, self.far = Tower(NEAR), Tower(FAR)
        self.taught = nn.Linear(NEAR[-1][0] + FAR[-1][0], FEATURES)

    def forward(self, canvas: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        edge = (CANVAS - VIEW) // 2
        near = canvas[..., edge : edge + VIEW, edge : edge + VIEW]
        (near, close), (far, wide) = self.near(near), self.far(functional.avg_pool2d(canvas, 2))
        return near, far, self.taught(torch.cat([close, wide], 1))


def logits(near: Tensor, far: Tensor) -> Tensor:
    """(n, 2) of both maps: what the exported network answers with."""
    return torch.stack([near.mean((1, 2)), far.mean((1, 2))], 1)


def packed(model: TorchLiveness) -> dict[str, NDArray[np.float32]]:
    """The weights as the Keras network takes them, batch norm folded into the convolutions."""
    out: dict[str, NDArray[np.float32]] = {}
    for name in TOWERS:
        tower = model.get_submodule(name)
        assert isinstance(tower, Tower)
        for i, (conv, norm) in enumerate(zip(tower.convs, tower.norms, strict=True)):
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            out[f"{name}/{i}/kernel"] = _array(
                (conv.weight * gain[:, None, None, None]).permute(2, 3, 1, 0)
            )
            out[f"{name}/{i}/bias"] = _array(norm.bias - norm.running_mean * gain)
        out[f"{name}/head/kernel"] = _array(tower.head.weight.permute(2, 3, 1, 0))
        out[f"{name}/head/bias"] = _array(tower.head.bias)
    return out


def unpacked(weights: Arrays) -> TorchLiveness:
    """The PyTorch network with `packed` weights, to judge with.  Raises BadInput where one is
    missing or of another shape."""
    model = TorchLiveness()
    model.eval()
    with torch.no_grad():
        for name in TOWERS:
            tower = model.get_submodule(name)
            assert isinstance(tower, Tower)
            for i, (conv, norm) in enumerate(zip(tower.convs, tower.norms, strict=True)):
                norm.weight.fill_(float(np.sqrt(1 + norm.eps)))
                _fill(conv.weight, weights, f"{name}/{i}/kernel")
                _fill(norm.bias, weights, f"{name}/{i}/bias")
            _fill(tower.head.weight, weights, f"{name}/head/kernel")
            _fill(tower.head.bias, weights, f"{name}/head/bias")
    return model


def keras_network(weights: Arrays) -> Any:
    """The Keras network, (1, CANVAS, CANVAS, 3) to (1, 2), with `packed` weights.

    Raises BadInput where one is missing or of another shape.
    """
    import keras
    from keras import layers

    edge = (CANVAS - VIEW) // 2
    image = keras.Input((CANVAS, CANVAS, 3), name="image")
    views = {"near": layers.Cropping2D(edge)(image), "far": layers.AveragePooling2D(2)(image)}
    answers, parts = [], []
    for name, tower in TOWERS.items():
        x = layers.Rescaling(1 / SCALE, -MEAN / SCALE)(views[name])
        for i, (channels, stride) in enumerate(tower):
            conv = layers.Conv2D(
                channels, 3, stride, "valid" if stride > 1 else "same", name=f"{name}_{i}"
            )
            parts.append((f"{name}/{i}", conv))
            # Keras would pad on one side only where the stride is 2, PyTorch on both.
            y = conv(layers.ZeroPadding2D(1)(x) if stride > 1 else x)
            x = layers.ReLU()(layers.Add()([x, y]) if stride == 1 else y)
        head = layers.Conv2D(1, 1, name=f"{name}_head")
        parts.append((f"{name}/head", head))
        answers.append(layers.GlobalAveragePooling2D()(head(x)))
    model = keras.Model(image, layers.Concatenate()(answers), name="liveness")
    for name, layer in parts:
        kernel, bias = layer.get_weights()
        layer.set_weights(
            [
                _known(weights, f"{name}/kernel", kernel.shape),
                _known(weights, f"{name}/bias", bias.shape),
            ]
        )
    return model


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.detach().float().cpu().numpy(), np.float32).copy()


def _known(weights: Arrays, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    if name not in weights or weights[name].shape != shape:
        raise BadInput(
            f"The weight {name} of the liveness network is missing or not of the shape {shape}; "
            "give a file that `train-liveness` wrote."
        )
    return weights[name]


def _fill(parameter: Tensor, weights: Arrays, name: str) -> None:
    shape = tuple(parameter.shape)
    if parameter.ndim == 4:
        shape = (shape[2], shape[3], shape[1], shape[0])
    values = torch.from_numpy(np.asarray(_known(weights, name, shape), np.float32))
    parameter.copy_(values.permute(3, 2, 0, 1) if parameter.ndim == 4 else values)
