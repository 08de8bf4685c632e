"""The network while it learns to answer as MiniFASNet does.

Whoever copies a function on whatever it is asked comes to answer alike on what neither was shown.
So what is asked is varied far beyond faces before a camera, and what is compared is not the answer
alone but what is seen on the way to it (FitNets, Romero et al. 2015). At first each part is shown
what its teacher sees before it: all learn at once. Then they learn one behind the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.lab.liveness.minifasnet import Answers
from kiosk.lab.liveness.network import Seen, TorchLiveness, packed
from kiosk.lab.training.kernels.fused import fastest

SURE: Final = 1e-4  # no belief of the teacher's is nearer to 0 or 1
CHUNK: Final = 64
HINTED: Final = 1 / 3
"""What each hint counts for in the loss, always: without them the first parts are soon spoilt by
what the last ones ask for."""
APART, AFTER = (1.0, 0.2), (1.2, 0.25)
"""What features and odds count for while parts learn apart, and after."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast. Parts learn apart for the share ``apart`` of the steps, and are shown
    less and less of what their teacher sees until the share ``handed``."""

    steps: int = 12000
    batch: int = 48
    apart: float = 0.4
    handed: float = 0.55
    rates: tuple[float, float] = (1.5e-3, 5e-4)
    decay: float = 1e-2
    average: float = 0.997
    seed: int = 17

    def shown(self, step: int) -> float:
        """Of how many pictures, 1 to 0, each part is shown what its teacher sees before it."""
        share = step / self.steps
        return min(max((self.handed - share) / (self.handed - self.apart), 0.0), 1.0)

    def rate_at(self, step: int) -> float:
        """Falling to a half while parts learn apart, then by half a cosine."""
        share, warm = step / self.steps, min(1.0, (step + 20) / 60)
        if share < self.apart:
            return self.rates[0] * warm * (1 - 0.55 * share / self.apart)
        along = (share - self.apart) / (1 - self.apart)
        return self.rates[1] * max(0.025, 0.5 + 0.5 * math.cos(math.pi * along))


@dataclass(frozen=True, slots=True)
class Lesson:
    """n pictures with what the teacher sees in them.

    views: float (n, 3, SIDE, SIDE).  hints: HINTS maps (n, channels, rows, columns), scaled.
    features: (n, FEATURES).  odds: (n,), their logarithms.
    """

    views: Tensor
    hints: tuple[Tensor, ...]
    features: Tensor
    odds: Tensor


class Scale:
    """Each channel of each hint to a mean of nothing and a spread of one."""

    def __init__(self, answers: Answers) -> None:
        maps = [torch.from_numpy(hint) for hint in answers.hints]
        self._means = [one.mean((0, 2, 3), keepdim=True) for one in maps]
        self._spreads = [one.std((0, 2, 3), keepdim=True) + 1e-3 for one in maps]

    def __call__(self, hints: Sequence[NDArray[np.float32]]) -> tuple[Tensor, ...]:
        return tuple(
            (torch.from_numpy(hint) - mean) / spread
            for hint, mean, spread in zip(hints, self._means, self._spreads, strict=True)
        )


def lesson(views: NDArray[np.uint8], answers: Answers, scale: Scale) -> Lesson:
    """Of views (n, SIDE, SIDE, 3)."""
    sure = np.clip(answers.beliefs, SURE, 1 - SURE)
    return Lesson(
        as_floats(views),
        scale(answers.hints),
        torch.from_numpy(answers.features),
        torch.from_numpy(np.log(sure / (1 - sure))),
    )


def mixed(one: Lesson, other: Lesson, rng: np.random.Generator) -> Lesson:
    """Half of each: what was asked before is learned from again, in other company."""
    rows = torch.from_numpy(rng.permutation(len(one.odds))[: len(one.odds) // 2])

    def both(a: Tensor, b: Tensor) -> Tensor:
        return torch.cat([a[rows], b[rows]])

    return Lesson(
        both(one.views, other.views),
        tuple(both(a, b) for a, b in zip(one.hints, other.hints, strict=True)),
        both(one.features, other.features),
        both(one.odds, other.odds),
    )


class Learner:
    """The network, its running mean, and how far it came."""

    def __init__(self, plan: Plan, device: torch.device) -> None:
        self._plan, self._device = plan, device
        torch.manual_seed(plan.seed)
        self._model = TorchLiveness().to(device, memory_format=torch.channels_last)
        self._mean = TorchLiveness().to(device).eval()
        self._mean.load_state_dict(self._model.state_dict())
        self._adam = torch.optim.AdamW(
            self._model.parameters(), plan.rates[0], weight_decay=plan.decay
        )
        self._half = device.type == "cuda" or fastest() == torch.bfloat16

    def step(self, number: int, asked: Lesson) -> float:
        """Learn from a batch; the loss."""
        self._model.train()
        torch.manual_seed(self._plan.seed + number)
        loss = self._loss(asked, self._plan.shown(number))
        self._adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 2.0)
        for group in self._adam.param_groups:
            group["lr"] = self._plan.rate_at(number)
        self._adam.step()
        self._follow(min(self._plan.average, (number + 2) / (number + 11)))
        return float(loss.detach())

    def _loss(self, asked: Lesson, shown: float) -> Tensor:
        device = self._device
        hints = tuple(hint.to(device) for hint in asked.hints)
        view = asked.views.to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=self._half):
            seen: Seen = self._model(view, hints, shown)
        far = [functional.mse_loss(a.float(), b) for a, b in zip(seen.hints, hints, strict=True)]
        like = functional.cosine_similarity(seen.features.float(), asked.features.to(device), dim=1)
        off = functional.smooth_l1_loss(seen.odds.float(), asked.odds.to(device))
        by_features, by_odds = APART if shown == 1 else AFTER
        hinted = torch.stack(far).sum()
        return HINTED * hinted + by_features * (1 - like).mean() + by_odds * off

    @torch.no_grad()
    def _follow(self, kept: float) -> None:
        now = self._model.state_dict()
        for name, value in self._mean.state_dict().items():
            value.lerp_(now[name], 1 - kept)

    @torch.no_grad()
    def sees(self, views: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The running mean's features, float32 (n, FEATURES) of views (n, SIDE, SIDE, 3)."""
        out = [
            self._mean(as_floats(np.asarray(views[at : at + CHUNK])).to(self._device)).features
            for at in range(0, len(views), CHUNK)
        ]
        return np.asarray(torch.cat(out).cpu().numpy(), np.float32)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """The running mean's, as network.packed names them."""
        return packed(self._mean)

    def state(self) -> dict[str, Any]:
        """All that is needed to go on."""
        return {
            "model": self._model.state_dict(), "mean": self._mean.state_dict(),
            "adam": self._adam.state_dict(),
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        self._model.load_state_dict(state["model"])
        self._mean.load_state_dict(state["mean"])
        self._adam.load_state_dict(state["adam"])


def as_floats(views: NDArray[np.uint8]) -> Tensor:
    """(n, SIDE, SIDE, 3) as float (n, 3, SIDE, SIDE)."""
    return torch.from_numpy(views.astype(np.float32)).permute(0, 3, 1, 2)
