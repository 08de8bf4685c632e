"""The network's training operations on a graphics processor, for `torch.compile` to fuse."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class GpuKernels:
    """The operations of kernels/fused.py's Kernels, of the same signatures.

    dtype: of what passes between two operations; weights, sums and the statistics of batch norm
    are float32.
    """

    def __init__(self, dtype: torch.dtype = torch.bfloat16) -> None:
        self.dtype = dtype

    def __deepcopy__(self, memo: dict[int, Any]) -> GpuKernels:
        return self

    def norm_act(self, x: Tensor, norm: nn.BatchNorm2d, silu: bool) -> Tensor:
        """Batch norm over the batch's statistics and, if asked, SiLU."""
        x = functional.batch_norm(
            x, norm.running_mean, norm.running_var, norm.weight, norm.bias, True,
            norm.momentum or 0.0, norm.eps,
        )  # fmt: skip
        return functional.silu(x) if silu else x

    def depthwise(self, x: Tensor, conv: nn.Conv2d) -> Tensor:
        """A depthwise convolution."""
        weight = conv.weight.to(x.dtype)
        return functional.conv2d(x, weight, None, conv.stride, conv.padding, groups=conv.groups)

    def pointwise(self, x: Tensor, conv: nn.Conv2d) -> Tensor:
        """A 1x1 convolution without bias as a product of matrices."""
        n, _, h, w = x.shape
        rows = x.permute(0, 2, 3, 1).flatten(0, 2) @ conv.weight.flatten(1).to(x.dtype).T
        return rows.view(n, h, w, -1).permute(0, 3, 1, 2)

    def squeeze_excite(self, x: Tensor, reduce: nn.Conv2d, expand: nn.Conv2d) -> Tensor:
        """x times sigmoid(expand(SiLU(reduce(mean of x))))  (Hu et al. 2018)."""
        s = x.float().mean((2, 3))
        s = functional.silu(torch.addmm(reduce.bias, s, reduce.weight.flatten(1).T))
        s = torch.addmm(expand.bias, s, expand.weight.flatten(1).T)
        return x * torch.sigmoid(s)[:, :, None, None].to(x.dtype)
