"""EfficientFaceNet in plain PyTorch, weight for weight the Keras model beside it.

Why a twin: on two cores the day's training is what limits the encoder.  Crops of 64 px that one
core's second trains on, batch 64, AdamW: Keras on torch 42, Keras on TensorFlow 57, this twin 84,
this twin with the fused kernels 138 (112 px: 33 and 53); of 96 px, with the fused kernels in
float32 113, in bfloat16 201.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kiosk.domain.errors import BadInput
from kiosk.lab.networks.layout import (
    BLOCKS,
    BN_EPSILON,
    GDC_SIZE,
    MEAN,
    STD,
    TOP_EXPANSION,
    Block,
    check_backbone,
    upsampling,
)


class Operations(Protocol):
    """Training operations that may be faster than PyTorch's: fused ones on the CPU
    (kernels/fused.py), what `torch.compile` fuses on a graphics processor (gpu/kernels.py).

    Maps are (n, channels, H, W) in channels-last memory, of `dtype` between two operations.
    """

    dtype: torch.dtype

    def norm_act(self, x: Tensor, norm: nn.BatchNorm2d, silu: bool) -> Tensor:
        """Batch norm over the batch's statistics and, if asked, SiLU."""
        ...

    def depthwise(self, x: Tensor, conv: nn.Conv2d) -> Tensor:
        """A depthwise convolution without bias."""
        ...

    def pointwise(self, x: Tensor, conv: nn.Conv2d) -> Tensor:
        """A 1x1 convolution without bias."""
        ...

    def squeeze_excite(self, x: Tensor, reduce: nn.Conv2d, expand: nn.Conv2d) -> Tensor:
        """x times sigmoid(expand(SiLU(reduce(mean of x))))  (Hu et al. 2018)."""
        ...


def _norm(x: Tensor, norm: nn.BatchNorm2d, silu: bool, kernels: Operations | None) -> Tensor:
    if kernels is not None and norm.training:
        return kernels.norm_act(x, norm, silu)
    x = norm(x)
    return functional.silu(x, inplace=True) if silu else x


def _pointwise(x: Tensor, conv: nn.Conv2d, kernels: Operations | None) -> Tensor:
    return conv(x) if kernels is None else kernels.pointwise(x, conv)


class _Block(nn.Module):
    """One inverted residual: expand, depthwise, squeeze and excite, project."""

    def __init__(self, plan: Block, kernels: Operations | None) -> None:
        super().__init__()
        kernel, stride, c_in, c_out, expand = (
            plan.kernel, plan.stride, plan.c_in, plan.c_out, plan.expand,
        )  # fmt: skip
        mid = c_in * expand
        self.expand = nn.Conv2d(c_in, mid, 1, bias=False) if expand != 1 else None
        self.expand_bn = nn.BatchNorm2d(mid, BN_EPSILON, 0.05) if expand != 1 else None
        self.dw = nn.Conv2d(mid, mid, kernel, stride, kernel // 2, groups=mid, bias=False)
        self.bn = nn.BatchNorm2d(mid, BN_EPSILON, 0.05)
        self.se_reduce = nn.Conv2d(mid, max(1, c_in // 4), 1)
        self.se_expand = nn.Conv2d(max(1, c_in // 4), mid, 1)
        self.project = nn.Conv2d(mid, c_out, 1, bias=False)
        self.project_bn = nn.BatchNorm2d(c_out, BN_EPSILON, 0.05)
        self.skip = stride == 1 and c_in == c_out
        self.kernels = kernels

    def forward(self, x: Tensor) -> Tensor:
        fast = self.kernels if self.training else None
        y = x
        if self.expand is not None and self.expand_bn is not None:
            y = _norm(_pointwise(y, self.expand, fast), self.expand_bn, True, fast)
        if fast is not None:
            y = _norm(fast.depthwise(y, self.dw), self.bn, True, fast)
            y = fast.squeeze_excite(y, self.se_reduce, self.se_expand)
        else:
            y = _norm(self.dw(y), self.bn, True, None)
            s = y.mean((2, 3), keepdim=True)
            y = y * torch.sigmoid(self.se_expand(functional.silu(self.se_reduce(s))))
        y = _norm(_pointwise(y, self.project, fast), self.project_bn, False, fast)
        return y + x if self.skip else y


class TorchEfficientFaceNet(nn.Module):
    """Input (n, 3, S, S) RGB 0 to 255; output (n, dimension), L2-normalised.

    kernels: what trains it; PyTorch's own operations where None, and always for answers.
    blocks: the plan, B0's or a smaller one.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        dimension: int = 128,
        kernels: Operations | None = None,
        blocks: Sequence[Block] = BLOCKS,
    ) -> None:
        super().__init__()
        self.kernels = kernels
        bottom, last = blocks[0].c_in, blocks[-1].c_out
        top = TOP_EXPANSION * last
        self.stem = nn.Conv2d(3, bottom, 3, 2, 1, bias=False)
        self.stem_bn = nn.BatchNorm2d(bottom, BN_EPSILON, 0.05)
        self.blocks = nn.ModuleDict({block.name: _Block(block, kernels) for block in blocks})
        self.top = nn.Conv2d(last, top, 1, bias=False)
        self.top_bn = nn.BatchNorm2d(top, BN_EPSILON, 0.05)
        self.gdc = nn.Parameter(torch.full((GDC_SIZE, GDC_SIZE, top), 1 / GDC_SIZE**2))
        self.embedding = nn.Linear(top, dimension)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1) * 255, persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1) * 255, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        fast = self.kernels if self.training else None
        x = (x - self.mean) / self.std
        if fast is None:
            x = self.stem(x)
        else:
            x = functional.conv2d(x.to(fast.dtype), self.stem.weight.to(fast.dtype), None, 2, 1)
        x = _norm(x, self.stem_bn, True, fast)
        for block in self.blocks.values():
            x = block(x)
        x = _norm(_pointwise(x, self.top, fast), self.top_bn, True, fast)
        x, n = x.float(), x.shape[-1]
        kernel = self.gdc.permute(2, 0, 1)
        if n != GDC_SIZE:
            up = torch.from_numpy(upsampling(n)).to(x)
            kernel = torch.einsum("ai,bj,abc->cij", up, up, self.gdc)
        x = (x * kernel).sum((2, 3))
        return functional.normalize(self.embedding(x), dim=1)


def keras_names(model: TorchEfficientFaceNet) -> Iterator[tuple[str, Tensor, tuple[int, ...]]]:
    """(Keras's weight name, the tensor, the axes that turn Keras's array into the tensor's)."""
    convs: list[tuple[str, nn.Conv2d]] = [("stem_conv", model.stem), ("top_conv", model.top)]
    norms = [("stem_bn", model.stem_bn), ("top_bn", model.top_bn)]
    for name, block in model.blocks.items():
        assert isinstance(block, _Block)
        if block.expand is not None and block.expand_bn is not None:
            convs.append((f"{name}_expand_conv", block.expand))
            norms.append((f"{name}_expand_bn", block.expand_bn))
        convs += [
            (f"{name}_dwconv", block.dw),
            (f"{name}_se_reduce", block.se_reduce),
            (f"{name}_se_expand", block.se_expand),
            (f"{name}_project_conv", block.project),
        ]
        norms += [(f"{name}_bn", block.bn), (f"{name}_project_bn", block.project_bn)]
    for name, conv in convs:
        yield f"{name}/kernel", conv.weight, (2, 3, 0, 1) if conv.groups > 1 else (3, 2, 0, 1)
        if conv.bias is not None:
            yield f"{name}/bias", conv.bias, (0,)
    for name, norm in norms:
        assert norm.running_mean is not None
        assert norm.running_var is not None
        yield f"{name}/gamma", norm.weight, (0,)
        yield f"{name}/beta", norm.bias, (0,)
        yield f"{name}/moving_mean", norm.running_mean, (0,)
        yield f"{name}/moving_variance", norm.running_var, (0,)
    yield "gdc/kernel", model.gdc, (0, 1, 2)
    yield "embedding/kernel", model.embedding.weight, (1, 0)
    yield "embedding/bias", model.embedding.bias, (0,)


def to_keras(model: TorchEfficientFaceNet) -> dict[str, NDArray[np.float32]]:
    """All weights under Keras's names and in Keras's layout."""
    return {
        name: tensor.detach().cpu().numpy().transpose(np.argsort(axes)).copy()
        for name, tensor, axes in keras_names(model)
    }


@torch.no_grad()
def from_keras(model: TorchEfficientFaceNet, weights: Mapping[str, NDArray[Any]]) -> list[str]:
    """Load what is there, depthwise kernels under either of Keras's names; returns what is not."""
    missing = []
    for name, tensor, axes in keras_names(model):
        array = weights.get(name)
        if array is None:
            array = weights.get(name.replace("dwconv/kernel", "dwconv/depthwise_kernel"))
        if array is None:
            missing.append(name)
            continue
        array = array.transpose(axes)
        if array.shape != tensor.shape and name.startswith("embedding/"):
            missing.append(name)  # another teacher's answers are of another length
            continue
        tensor.copy_(torch.from_numpy(np.ascontiguousarray(array, np.float32)))
    return missing


@dataclass(frozen=True, slots=True)
class Trained:
    """How far weights came: crops seen, and the size in pixels in the end (None: not said);
    whole: with a last layer of the wanted length."""

    images: int = 0
    size: int | None = None
    whole: bool = True


def read_weights(model: TorchEfficientFaceNet, path: Path) -> Trained:
    """Load an .npz file of Keras's names, ImageNet's or one of `packed`.  Raises BadInput for any
    other file."""
    try:
        with np.load(path) as weights:
            missing = from_keras(model, weights)
            check_backbone(missing, path)
            said = {name: int(weights[name]) for name in ("images", "size") if name in weights}
            return Trained(**said, whole=not missing)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{path} should be an .npz file of weights, but can't be used ({error}); give another "
            "as --backbone-weights."
        ) from error


def packed(model: TorchEfficientFaceNet, trained: Trained) -> dict[str, NDArray[Any]]:
    """What goes into such a file: all weights in float16, and how far they came."""
    weights = {name: array.astype(np.float16) for name, array in to_keras(model).items()}
    return weights | {"images": np.array(trained.images), "size": np.array(trained.size)}
