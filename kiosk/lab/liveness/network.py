"""The network, in PyTorch to train and in Keras to export.

Plain convolutions on ``kiosk.vision.liveness.view``, in six parts. What a part ends with is
compared with what MiniFASNet sees at the same place (FitNets, Romero et al. 2015): a hint that
makes some hundred thousand pictures enough. No depthwise convolutions but the
last: at this size they are no faster on LiteRT, and slower to train; and no batch norm, which the
hints make unnecessary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.minifasnet import FEATURES, HINTS
from kiosk.vision.liveness.view import SIDE

# Channels of each part: of the convolutions before its last one, which makes what the hint has.
DOWN = ((32, 64, 64), (128,), (128,))
"""Parts that halve, once for all but what is after the first two."""
INNER = (64, 64, 64)
REPEATED = (2, 3, 2)
"""Parts between: so many residual blocks of so many channels inside."""
MADE = (64, 128, 128)
"""Channels of the hints: of a part that halves and the one after it."""
LEFT = SIDE // 16
"""Pixels on a side of what the last part makes."""
WIDTH = 384
SHAPE = (SIDE, SIDE, 3)
MEAN, SCALE = 127.5, 64.0
Arrays = Mapping[str, NDArray[Any]]


class Seen(NamedTuple):
    """What it says: a map a hint; (n, FEATURES), the teacher's; (n,), the logarithm of its
    odds."""

    hints: tuple[Tensor, ...]
    features: Tensor
    odds: Tensor


class Block(nn.Module):
    """Residual."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.inner = nn.Conv2d(width, inner, 3, 1, 1)
        self.outer = _line(inner, width, 0.1)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.outer(functional.relu(self.inner(x)))
        return out


class TorchLiveness(nn.Module):
    """float (n, 3, SIDE, SIDE), 0 to 255."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleList()
        before = 3
        for channels, inner, count, made in zip(DOWN, INNER, REPEATED, MADE, strict=True):
            self.parts.append(_halving(before, channels, made))
            self.parts.append(nn.Sequential(*(Block(made, inner) for _ in range(count))))
            before = made
        assert len(self.parts) == HINTS
        self.spread = nn.Conv2d(before, WIDTH, 1)
        # Every channel is weighed over the view: an edge of paper is where an edge of paper is.
        self.weigh = nn.Parameter(torch.randn(1, WIDTH, LEFT, LEFT) * 0.05)
        self.weighed = nn.Parameter(torch.zeros(WIDTH))
        self.features = nn.Linear(WIDTH, FEATURES)
        self.odds = nn.Linear(FEATURES, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d) and module.kernel_size == (3, 3):
                nn.init.kaiming_normal_(module.weight)
                assert module.bias is not None
                nn.init.zeros_(module.bias)

    def forward(self, view: Tensor, hints: Sequence[Tensor] = (), share: float = 1.0) -> Seen:
        """With ``hints`` each part is shown what its teacher sees before it, so that none has to
        wait for the others to learn; of a ``share`` of the pictures, drawn anew for each part."""
        x, made = (view - MEAN) / SCALE, []
        for place, part in enumerate(self.parts):
            x = part(x)
            made.append(x)
            if hints and share > 0:
                shown = torch.rand(len(x), 1, 1, 1, device=x.device) < share
                x = torch.where(shown, hints[place].to(x.dtype), x)
        x = (functional.relu(self.spread(x)) * self.weigh).sum((2, 3)) + self.weighed
        features = self.features(x)
        return Seen(tuple(made), features, self.odds(features)[:, 0])


def packed(model: TorchLiveness) -> dict[str, NDArray[np.float32]]:
    """The weights under the names that ``keras_network`` takes."""
    out: dict[str, NDArray[np.float32]] = {}

    def put(name: str, layer: nn.Conv2d | nn.Linear) -> None:
        order = (2, 3, 1, 0) if isinstance(layer, nn.Conv2d) else (1, 0)
        assert layer.bias is not None
        out[f"{name}/kernel"] = _array(layer.weight.permute(*order))
        out[f"{name}/bias"] = _array(layer.bias)

    for place, layer in enumerate(m for m in model.modules() if isinstance(m, nn.Conv2d)):
        put(f"{place}", layer)
    # (1, WIDTH, LEFT, LEFT) as a depthwise kernel.
    out["weigh/kernel"] = _array(model.weigh.permute(2, 3, 1, 0))
    out["weigh/bias"] = _array(model.weighed)
    put("features", model.features)
    put("odds", model.odds)
    return out


def keras_network(weights: Arrays) -> Any:
    """The Keras network, (1, *SHAPE) to (1, 1), with `packed` weights: the logarithm of the odds.

    Raises BadInput where one is missing or of another shape.
    """
    import keras
    from keras import layers

    image = keras.Input(SHAPE, name="view")
    named: list[tuple[str, Any]] = []

    def conv(x: Any, channels: int, size: int, stride: int = 1, *, line: bool = False) -> Any:
        halves, name = stride > 1, str(len(named))
        # Keras would pad on one side only where the stride is 2, PyTorch on both.
        layer = layers.Conv2D(
            channels, size, stride, "valid" if halves else "same",
            activation=None if line else "relu", name=f"conv_{name}",
        )  # fmt: skip
        named.append((name, layer))
        return layer(layers.ZeroPadding2D(1)(x) if halves else x)

    x = layers.Rescaling(1 / SCALE, -MEAN / SCALE)(image)
    for part, (channels, inner, count, made) in enumerate(
        zip(DOWN, INNER, REPEATED, MADE, strict=True)
    ):
        for width, stride in zip(channels, _strides(part), strict=True):
            x = conv(x, width, 3, stride)
        x = conv(x, made, 1, line=True)
        for _ in range(count):
            x = layers.Add()([x, conv(conv(x, inner, 3), made, 1, line=True)])
    x = conv(x, WIDTH, 1)
    weigh = layers.DepthwiseConv2D(LEFT, name="weigh")
    features, odds = layers.Dense(FEATURES, name="features"), layers.Dense(1, name="odds")
    named += [("weigh", weigh), ("features", features), ("odds", odds)]
    model = keras.Model(image, odds(features(layers.Flatten()(weigh(x)))), name="liveness")
    for name, layer in named:
        kernel, bias = layer.get_weights()
        layer.set_weights(
            [
                _known(weights, f"{name}/kernel", kernel.shape),
                _known(weights, f"{name}/bias", bias.shape),
            ]
        )
    return model


def _halving(before: int, channels: tuple[int, ...], made: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for width, stride in zip(channels, _strides(0 if before == 3 else 1), strict=True):
        layers += [nn.Conv2d(before, width, 3, stride, 1), nn.ReLU()]
        before = width
    return nn.Sequential(*layers, _line(before, made))


def _strides(part: int) -> tuple[int, ...]:
    """Of a part that halves: the first one does it twice."""
    return (2, 2, 1) if part == 0 else (2,)


def _line(before: int, made: int, gain: float = 1.0) -> nn.Conv2d:
    layer = nn.Conv2d(before, made, 1)
    nn.init.normal_(layer.weight, std=gain * before**-0.5)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.detach().float().cpu().numpy(), np.float32).copy()


def _known(weights: Arrays, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    if name not in weights or weights[name].shape != shape:
        raise BadInput(
            f"The weight {name} of the liveness network is missing or not of the shape {shape}; "
            "give a file that `train-liveness` wrote."
        )
    return weights[name]
