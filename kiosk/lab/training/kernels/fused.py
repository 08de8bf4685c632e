"""Fused training operations on the CPU, compiled at their first use; absent without a compiler.

They halve a training step of EfficientNet on two cores.  Without a C++ compiler the network runs on
PyTorch's own operations, equal but slower.
"""

from __future__ import annotations

import ctypes
import hashlib
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

SOURCE = Path(__file__).with_name("kernels.cpp")
NAMES = (
    "norm_statistics", "norm_forward", "norm_backward", "pool", "scale_forward", "dot_backward",
    "scale_backward", "depthwise_gradients",
)  # fmt: skip
FLAGS = ("-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-shared", "-fPIC")


def build(folder: Path) -> ctypes.CDLL | None:
    """Compile into `folder` unless it is there already; None where nothing can compile it."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        return None
    cpu = platform.processor() + platform.node()  # -march=native: not for another machine
    key = hashlib.sha256(SOURCE.read_bytes() + " ".join((*FLAGS, cpu)).encode()).hexdigest()[:12]
    library = folder / f"kernels_{key}.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            partial = Path(scratch) / "kernels.so"
            done = subprocess.run(
                [compiler, *FLAGS, str(SOURCE), "-o", str(partial), "-lmvec", "-lm"],
                capture_output=True,
            )
            if done.returncode:
                return None
            partial.replace(library)
    return ctypes.CDLL(str(library))


class _Typed:
    """The library's functions for one type, by their plain names."""

    def __init__(self, library: ctypes.CDLL, suffix: str) -> None:
        for name in NAMES:
            setattr(self, name, library[f"{name}_{suffix}"])


def _at(tensor: Tensor) -> ctypes.c_void_p:
    return ctypes.c_void_p(tensor.data_ptr())


def _rows(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)


def fastest() -> torch.dtype:
    """bfloat16 where the processor multiplies it (about four times as fast), else float32."""
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


class Kernels:
    """The compiled operations, over tensors (n, channels, H, W) in channels-last memory.

    dtype: float32 or bfloat16, of all that goes between two operations and of products of matrices,
    weights' gradients among them; weights, sums and the statistics of batch norm are float32.
    """

    def __init__(self, library: ctypes.CDLL, dtype: torch.dtype = torch.float32) -> None:
        self.dtype = dtype
        self._c = _Typed(library, str(dtype).removeprefix("torch."))

    def __deepcopy__(self, memo: dict[int, Any]) -> Kernels:
        return self  # a copied network calls the same library

    def norm_act(self, x: Tensor, norm: nn.BatchNorm2d, silu: bool) -> Tensor:
        """Batch norm over the batch's statistics and, if asked, SiLU."""
        out: Tensor = _NormAct.apply(self._c, x, norm.weight, norm.bias, norm, silu)
        return out

    def depthwise(self, x: Tensor, conv: nn.Conv2d) -> Tensor:
        """PyTorch's depthwise convolution with gradients of our own."""
        out: Tensor = _Depthwise.apply(self._c, x, conv.weight, conv.stride[0])
        return out

    def pointwise(self, x: Tensor, conv: nn.Conv2d) -> Tensor:
        """A 1x1 convolution without bias as a product of matrices."""
        out: Tensor = _Pointwise.apply(x, conv.weight)
        return out

    def squeeze_excite(self, x: Tensor, reduce: nn.Conv2d, expand: nn.Conv2d) -> Tensor:
        """x times sigmoid(expand(SiLU(reduce(mean of x))))  (Hu et al. 2018)."""
        out: Tensor = _SqueezeExcite.apply(
            self._c, x, reduce.weight, reduce.bias, expand.weight, expand.bias
        )
        return out


def _as_rows(x: Tensor) -> Tensor:
    """(n, channels, H, W) in channels-last memory as the matrix (n H W, channels), not copied."""
    return _rows(x).permute(0, 2, 3, 1).flatten(0, 2)


def _as_map(rows: Tensor, like: Tensor) -> Tensor:
    n, _, h, w = like.shape
    return rows.view(n, h, w, -1).permute(0, 3, 1, 2)


class _NormAct(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, c: Any, x: Tensor, gamma: Tensor, beta: Tensor, norm: nn.BatchNorm2d, silu: bool
    ) -> Tensor:
        x = _rows(x)
        n, channels, h, w = x.shape
        assert norm.running_mean is not None
        assert norm.running_var is not None
        mean, inverse = torch.empty(2, channels)
        rows, size = ctypes.c_long(n * h * w), ctypes.c_int(channels)
        c.norm_statistics(
            _at(x), rows, size, _at(norm.running_mean), _at(norm.running_var),
            ctypes.c_float(norm.momentum or 0.0), ctypes.c_float(norm.eps), _at(mean), _at(inverse),
        )  # fmt: skip
        y = torch.empty_like(x)
        c.norm_forward(
            _at(x), rows, size, _at(mean), _at(inverse), _at(gamma), _at(beta), int(silu), _at(y)
        )
        ctx.save_for_backward(x, gamma, beta, mean, inverse)
        ctx.c, ctx.silu = c, silu
        return y

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> Any:
        x, gamma, beta, mean, inverse = ctx.saved_tensors
        dy, dx = _rows(dy), torch.empty_like(x)
        n, channels, h, w = x.shape
        dgamma, dbeta = torch.empty(2, channels)
        ctx.c.norm_backward(
            _at(x), _at(dy), ctypes.c_long(n * h * w), channels, _at(mean), _at(inverse),
            _at(gamma), _at(beta), int(ctx.silu), _at(dx), _at(dgamma), _at(dbeta),
        )  # fmt: skip
        return None, dx, dgamma, dbeta, None, None


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, c: Any, x: Tensor, weight: Tensor, stride: int) -> Tensor:
        x = _rows(x)
        ctx.save_for_backward(x, weight)
        ctx.c, ctx.stride = c, stride
        return functional.conv2d(
            x, weight.to(x.dtype), None, stride, weight.shape[-1] // 2, 1, weight.shape[0]
        )

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> Any:
        x, weight = ctx.saved_tensors
        dy, kernel = _rows(dy), weight.contiguous()
        dx, dweight = torch.empty_like(x), torch.empty_like(kernel)
        n, channels, h, w = x.shape
        if ctx.c.depthwise_gradients(
            _at(x), _at(dy), _at(kernel), _at(dx), _at(dweight),
            n, h, w, dy.shape[2], dy.shape[3], channels, weight.shape[-1], ctx.stride,
        ):  # fmt: skip
            raise ValueError(
                f"Expected a kernel of 3 or 5 and 16 n channels, got {tuple(weight.shape)}."
            )
        return None, dx, dweight, None


class _Pointwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return _as_map(_as_rows(x) @ weight.flatten(1).to(x.dtype).T, x)

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> Any:
        x, weight = ctx.saved_tensors
        rows = _as_rows(dy)
        dweight = (rows.T @ _as_rows(x)).view(weight.shape).to(weight.dtype)
        return _as_map(rows @ weight.flatten(1).to(x.dtype), x), dweight


class _SqueezeExcite(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, c: Any, x: Tensor, w_in: Tensor, b_in: Tensor, w_out: Tensor, b_out: Tensor
    ) -> Tensor:
        x = _rows(x)
        n, channels, h, w = x.shape
        pooled, y = torch.empty(n, channels), torch.empty_like(x)
        c.pool(_at(x), n, h * w, channels, _at(pooled))
        hidden = torch.addmm(b_in, pooled, w_in.flatten(1).T)
        active = functional.silu(hidden)
        gate = torch.addmm(b_out, active, w_out.flatten(1).T).sigmoid_()
        c.scale_forward(_at(x), _at(gate), n, h * w, channels, _at(y))
        ctx.save_for_backward(x, w_in, w_out, pooled, hidden, active, gate)
        ctx.c = c
        return y

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> Any:
        x, w_in, w_out, pooled, hidden, active, gate = ctx.saved_tensors
        dy, dx = _rows(dy), torch.empty_like(x)
        n, channels, h, w = x.shape
        dgate, area = torch.empty_like(gate), h * w
        ctx.c.dot_backward(_at(x), _at(dy), n, area, channels, _at(dgate))
        dout = dgate * gate * (1 - gate)
        t = torch.sigmoid(hidden)
        dhidden = (dout @ w_out.flatten(1)) * (t * (1 + hidden * (1 - t)))
        dpooled = (dhidden @ w_in.flatten(1)) / area
        ctx.c.scale_backward(_at(dy), _at(gate), _at(dpooled), n, area, channels, _at(dx))
        return (
            None,
            dx,
            (dhidden.T @ pooled).view(w_in.shape),
            dhidden.sum(0),
            (dout.T @ active).view(w_out.shape),
            dout.sum(0),
        )
