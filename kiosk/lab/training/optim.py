"""Muon for the matrices, AdamW for the rest, and the exponential moving average of weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from kiosk.lab.training.config import TrainConfig


def orthogonalise(matrix: Tensor, steps: int = 5, dtype: torch.dtype = torch.float32) -> Tensor:
    """The nearest semi-orthogonal matrix, roughly: Newton-Schulz with Jordan's coefficients.

    Singular values end between about 0.7 and 1.2 (Jordan et al., "Muon", 2024), in bfloat16 too.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    x: Tensor = (matrix / (matrix.norm() + 1e-7)).to(dtype)
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x if wide else x.T).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised, for dense and convolution kernels (flattened to out x rest).

    Weight decay is decoupled; the update of an m x n kernel is scaled by sqrt(max(1, m / n)).
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float | Tensor,
        momentum: float,
        weight_decay: float,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self.dtype = dtype  # of the products alone

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                self.step_one(p, group)

    def step_one(self, p: nn.Parameter, group: dict[str, Any]) -> None:
        """Update one kernel; different kernels may be updated by different threads."""
        if p.grad is None:
            return
        state = self.state[p]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(p)
        momentum = state["momentum"].mul_(group["momentum"]).add_(p.grad)
        ahead = p.grad.add(momentum, alpha=group["momentum"])  # Nesterov
        flat = ahead.reshape(p.shape[0], -1)
        scale = max(1.0, flat.shape[0] / flat.shape[1]) ** 0.5
        p.mul_(1 - group["lr"] * group["weight_decay"])
        update = orthogonalise(flat, dtype=self.dtype).reshape(p.shape)
        p.sub_(update.mul_(group["lr"] * scale))  # not `alpha`: the rate may be a tensor


def is_matrix(p: nn.Parameter) -> bool:
    """Whether Muon takes it: a dense or convolution kernel, not a depthwise one, bias or scale."""
    return p.ndim in (2, 4) and p.shape[1] > 1


def optimisers(
    model: nn.Module,
    config: TrainConfig,
    dtype: torch.dtype,
    rate: float | Tensor | None = None,
) -> tuple[Muon, torch.optim.AdamW]:
    """Muon for the matrices, its products in `dtype`, and AdamW for the rest.

    rate: Muon's, where a tensor is to hold it.
    """
    matrices = [p for p in model.parameters() if is_matrix(p)]
    others = [p for p in model.parameters() if not is_matrix(p)]
    first = config.muon_rate if rate is None else rate
    return (
        Muon(matrices, first, config.muon_momentum, config.muon_decay, dtype),
        torch.optim.AdamW(others, config.adam_rate, weight_decay=config.adam_decay, fused=True),
    )


def warmed(config: TrainConfig, step: int, rate: float) -> float:
    """The share of the full rate at `step`: `rate` after the warm-up, less before."""
    return min(1.0, (step + 1) / config.warmup) * rate


def averaged(model: nn.Module, decay: float) -> AveragedModel:
    """The exponential moving average of its parameters (batch norm statistics are refreshed)."""

    def average(values: list[Tensor], latest: list[Tensor], count: Tensor | int) -> None:
        # The first average would be the ImageNet weights for long; t / (9 + t) is TF's way.
        kept = min(decay, float(count / (9 + count)))
        torch._foreach_lerp_(values, latest, 1 - kept)

    averaged = AveragedModel(model, multi_avg_fn=average)
    averaged.n_averaged += 1  # what it starts as counts as the first
    return averaged
