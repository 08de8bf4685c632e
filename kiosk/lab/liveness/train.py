"""Training, several networks at once: the one that ships, and those that say how good it is.

All are shown the same varied frames, each only those of its own sources and people.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.domain.errors import EnvironmentFailed
from kiosk.lab.liveness.network import TorchLiveness, logits, packed
from kiosk.lab.liveness.pack import WEB, Pack
from kiosk.lab.liveness.rounds import Round, held_out
from kiosk.lab.liveness.sources import SOURCES
from kiosk.lab.liveness.views import Views
from kiosk.lab.release.export import write_arrays
from kiosk.lab.training.kernels.fused import fastest

TRUST = 0.25  # in the teacher's word beside the label
SMOOTH = 0.02  # a made-up attack, or a face of the web, is not quite certain either
TAUGHT = 0.3  # of the loss: to see what the teacher sees
PARTS = 2  # steps on the frames varied together: to vary them costs as much as to learn from them
CHUNK = 64
KEPT = 60  # batches of varied frames, where they are shown more than once

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """Frames a step: of live faces, real attacks and made-up attacks, by the source of the frame
    (they need not be whole: a source that is missing gives its share to nobody)."""

    live: Mapping[str, int] = field(
        default_factory=lambda: {"casia": 24, "nuaa": 20, "celebaspoof": 40, "clips": 24, WEB: 20}
    )
    attacks: Mapping[str, int] = field(
        default_factory=lambda: {"casia": 48, "nuaa": 24, "celebaspoof": 44, "clips": 20}
    )
    made: Mapping[str, int] = field(
        default_factory=lambda: {"casia": 16, "nuaa": 12, "celebaspoof": 24, "clips": 16, WEB: 16}
    )
    rate: float = 2e-3
    decay: float = 2e-2
    average: float = 0.995
    seed: int = 17


def smaller(plan: Plan, times: int) -> Plan:
    """The plan with so many times fewer frames a step, and the rate that befits them."""
    live, attacks, made = (
        {source: max(1, round(count / times)) for source, count in shares.items()}
        for shares in (plan.live, plan.attacks, plan.made)
    )
    return replace(plan, live=live, attacks=attacks, made=made, rate=plan.rate / times**0.5)


def tiny(plan: Plan) -> Plan:
    """A step that proves that all works."""
    one = dict.fromkeys((*SOURCES, WEB), 1)
    return Plan(one, dict.fromkeys(SOURCES, 1), one, seed=plan.seed, average=0.5)


def chances(pack: Pack, rows: Rows) -> NDArray[np.float64]:
    """How often each of the rows is drawn, summing to 1: every species alike, then every person,
    then every presentation."""
    columns = (pack.species[rows], pack.people[rows], pack.presentations[rows])
    weights = np.ones(len(rows))
    groups = np.zeros(len(rows), np.int64)
    for column in columns:
        inner = np.unique(column, return_inverse=True)[1]
        pairs = groups * (inner.max() + 1) + inner
        _, first, pairs = np.unique(pairs, return_index=True, return_inverse=True)
        inside = np.bincount(groups[first], minlength=groups.max() + 1)
        weights /= inside[groups]
        groups = pairs
    weights /= np.bincount(groups)[groups]
    return np.asarray(weights / weights.sum())


class Learner:
    """One round's network, its running mean, and how hard it finds each group of frames."""

    def __init__(self, round_: Round, plan: Plan, groups: int, device: torch.device) -> None:
        self.round, self._plan = round_, plan
        self.model = TorchLiveness().to(device, memory_format=torch.channels_last)
        self.mean = TorchLiveness().to(device).eval()
        self.mean.load_state_dict(self.model.state_dict())
        self._hard = torch.ones(groups, device=device)
        self._adam = torch.optim.AdamW(
            self.model.parameters(), plan.rate, weight_decay=plan.decay, fused=device.type == "cuda"
        )
        self._half = device.type == "cuda" or fastest() == torch.bfloat16

    def step(self, x: Tensor, target: Tensor, seen: Tensor, group: Tensor, rate: float) -> Tensor:
        """One step at `rate` of the full one; the loss, still on the device.

        seen: (n, FEATURES) of the teacher, noughts where it was not asked.
        """
        self.model.train()
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self._half):
            near, far, ours = (part.float() for part in self.model(x))
        both = logits(near, far)
        spots = functional.binary_cross_entropy_with_logits(
            near, target[:, None, None].expand_as(near), reduction="none"
        ).mean((1, 2))
        rows = functional.binary_cross_entropy_with_logits(
            torch.cat([both, both.mean(1, keepdim=True)], 1),
            target[:, None].expand(-1, 3), reduction="none",
        ).sum(1) + 0.5 * spots  # fmt: skip
        with torch.no_grad():
            # Whatever is found hard counts more: a source with few frames is not given up.
            found = torch.zeros_like(self._hard).scatter_reduce_(
                0, group, rows.detach(), "mean", include_self=False
            )
            asked = torch.zeros_like(self._hard).index_fill_(0, group, 1.0) > 0
            self._hard = torch.where(asked, 0.95 * self._hard + 0.05 * found, self._hard)
            weight = (self._hard / self._hard.mean()).sqrt().clamp(0.6, 1.7)[group]
        like = functional.cosine_similarity(ours, seen, dim=1)
        asked = (seen.abs().sum(1) > 0).float()
        loss = (rows * weight).mean() + TAUGHT * ((1 - like) * asked).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        for part in self._adam.param_groups:
            part["lr"] = self._plan.rate * rate
        self._adam.step()
        self._adam.zero_grad(set_to_none=False)
        with torch.no_grad():
            kept, now = self.mean.state_dict(), self.model.state_dict()
            floats = [name for name, value in kept.items() if value.is_floating_point()]
            torch._foreach_lerp_(
                [kept[name] for name in floats], [now[name] for name in floats],
                1 - self._plan.average,
            )  # fmt: skip
        return loss.detach()

    @torch.no_grad()
    def answers(self, x: Tensor) -> NDArray[np.float32]:
        """(n, 2) logits of the running mean."""
        near, far, _ = self.mean(x)
        return np.asarray(logits(near, far).cpu().numpy(), np.float32)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Varied frames uint8 (n, 3, CANVAS, CANVAS), the rows they are of, and which are fake."""

    pictures: Tensor
    rows: Rows
    fake: NDArray[np.bool_]


class Trainer:
    """Owns the frames on `device` and the learners of the rounds asked for.

    shown: how often varied frames are shown, some of them mirrored; a processor takes longer to
    vary a frame than to learn from it.
    """

    def __init__(
        self,
        pack: Pack,
        plan: Plan,
        rounds: tuple[Round, ...],
        device: torch.device,
        threads: int = 2,
        shown: int = 1,
    ) -> None:
        self._shown, self._kept, self._steps = shown, list[_Batch](), 0
        self.pack, self.plan, self.device = pack, plan, device
        images = torch.from_numpy(pack.images(np.arange(len(pack)), threads)).to(device)
        web = np.flatnonzero(pack.sources == WEB)
        self.views = Views(
            images.permute(0, 3, 1, 2).contiguous(),
            torch.from_numpy(pack.rects.astype(np.int64)).to(device),
            torch.from_numpy(web if len(web) else np.arange(len(pack))).to(device),
            plan.seed,
        )
        self._random = np.random.default_rng(plan.seed)
        self._held_out = held_out(pack.people)
        kinds = np.char.add(np.char.add(pack.sources, "/"), pack.species)
        names, self._group = np.unique(kinds, return_inverse=True)
        self._made_group = len(names)
        self._target = (1 - TRUST) * np.where(pack.live, 1 - SMOOTH, SMOOTH) + TRUST * pack.teacher
        self._target[pack.sources == WEB] = 1 - SMOOTH
        self._features = torch.from_numpy(pack.features).to(device).float()
        self._pools = {
            (source, live): self._pool(source, live)
            for source in (*SOURCES, WEB)
            for live in (True, False)
        }
        torch.manual_seed(plan.seed)
        self.learners = [Learner(r, plan, len(names) + 1, device) for r in rounds]

    def _pool(self, source: str, live: bool) -> tuple[Rows, NDArray[np.float64]]:
        rows = np.flatnonzero((self.pack.sources == source) & (self.pack.live == live))
        return rows, chances(self.pack, rows) if len(rows) else np.zeros(0)

    def _draw(self, shares: Mapping[str, int], live: bool) -> Rows:
        drawn = [
            self._random.choice(rows, count, p=weights)
            for source, count in shares.items()
            for rows, weights in [self._pools[source, live]]
            if len(rows)
        ]
        return np.concatenate(drawn).astype(np.int64)

    def step(self, rate: float) -> Tensor:
        """PARTS steps of every learner; the mean loss, still on the device."""
        batch = self._batch()
        rows, fake = batch.rows, batch.fake
        x = batch.pictures.float()
        target = np.where(fake, SMOOTH, self._target[rows])
        group = np.where(fake, self._made_group, self._group[rows])
        seen = self._features[torch.from_numpy(rows).to(self.device)]
        seen[torch.from_numpy(fake).to(self.device)] = 0  # the teacher knows nothing of those
        goal = torch.from_numpy(target).float().to(self.device)
        kind = torch.from_numpy(group).to(self.device)
        losses = []
        for learner in self.learners:
            mine = torch.from_numpy(self.allowed(learner.round, rows, fake)).to(self.device)
            for part in range(PARTS):
                at = mine[part::PARTS]
                shown = x[at].contiguous(memory_format=torch.channels_last)
                losses.append(learner.step(shown, goal[at], seen[at], kind[at], rate))
        return torch.stack(losses).mean()

    def _batch(self) -> _Batch:
        """Frames varied anew, or some of those kept."""
        self._steps += 1
        if self._kept and self._steps % self._shown:
            old = self._kept[int(self._random.integers(len(self._kept)))]
            turned = torch.from_numpy(self._random.random(len(old.rows)) < 0.5).to(self.device)
            pictures = torch.where(turned.view(-1, 1, 1, 1), old.pictures.flip(3), old.pictures)
            return _Batch(pictures, old.rows, old.fake)
        live, attacks = self._draw(self.plan.live, True), self._draw(self.plan.attacks, False)
        made = self._random.permutation(self._draw(self.plan.made, True))
        with torch.no_grad():
            x = self.views.batch(
                *(torch.from_numpy(r).to(self.device) for r in (live, attacks, made))
            )
        rows = np.concatenate([live, attacks, made])
        fake = np.arange(len(rows)) >= len(live) + len(attacks)
        batch = _Batch(x.round().clamp(0, 255).byte(), rows, fake)
        if self._shown > 1:
            self._kept = [*self._kept[-KEPT + 1 :], batch]
        return batch

    def allowed(self, round_: Round, rows: Rows, fake: NDArray[np.bool_]) -> Rows:
        """Which of the frames a round may learn from; `fake`: those that attacks were made of."""
        good = self.pack.sources[rows] != round_.without
        if round_.people:
            good &= ~self._held_out[rows]
        if round_.made_only:
            good &= fake | self.pack.live[rows]
        if round_.real_only:
            good &= ~fake
        return np.flatnonzero(good)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Of all rounds, "ROUND:WEIGHT"."""
        return {
            f"{learner.round.name}:{name}": values
            for learner in self.learners
            for name, values in packed(learner.mean).items()
        }

    def scores(self) -> dict[str, Any]:
        """What every round's network says of every frame of `sources`: "ROUND:whole" and
        "ROUND:filled", float32 (n, 2), with the frames' names as "names"."""
        rows = np.flatnonzero(self.pack.sources != WEB)
        out: dict[str, Any] = {"names": self.pack.names[rows]}
        for view, show in (("whole", self.views.plain), ("filled", self.views.filled)):
            parts: list[list[NDArray[np.float32]]] = [[] for _ in self.learners]
            for chunk in np.array_split(rows, max(1, len(rows) // CHUNK)):
                x = show(torch.from_numpy(chunk).to(self.device))
                for part, learner in zip(parts, self.learners, strict=True):
                    part.append(learner.answers(x))
            for part, learner in zip(parts, self.learners, strict=True):
                out[f"{learner.round.name}:{view}"] = np.concatenate(part)
        return out


def run(
    trainer: Trainer,
    seconds: float,
    say: Callable[[str], None],
    every: float = 10.0,
    look: int = 10,
) -> None:
    """Train for `seconds`, the rate rising over the first hundredth and falling to nothing.

    The clock and the loss are looked at every `look` steps.  Raises EnvironmentFailed where the
    loss is no number any more.
    """
    trainer.step(0.0)
    begin = said = time.monotonic()
    done, share = 0, 0.0
    while share < 1:
        for _ in range(look):
            loss = trainer.step(max(0.0, min(1.0, 100 * share + 0.1)) * (1 - share))
        done += look
        if not np.isfinite(float(loss)):
            raise EnvironmentFailed(
                f"The loss of step {done} is no number; nothing was saved. Train with a lower rate."
            )
        now = time.monotonic()
        share = (now - begin) / seconds
        if now - said >= every or share >= 1:
            say(f"{now - begin:.0f} s, {done} steps, loss {float(loss):.3f}")
            said = now


def add_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Into an .npz file; what it held under other names stays."""
    held: dict[str, NDArray[Any]] = {}
    if path.exists():
        with np.load(path) as stored:
            held = dict(stored)
    write_arrays(path, held | dict(arrays))
