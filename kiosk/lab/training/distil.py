"""Distillation of EfficientFaceNet on two cores, checkpointed and resumable to the step.

Why PyTorch and not Keras's own loop: see networks/torch_twin.py.  Why two replicas of one thread
each instead of one of two threads: 166 crops a second instead of 133 at 64 px, and a core taken by
another program slows one replica instead of stalling every operation of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kiosk.domain.errors import BadInput
from kiosk.lab.data.augment import augment, plain
from kiosk.lab.data.blend import SOURCE
from kiosk.lab.data.crops import CropSet, Split
from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet
from kiosk.lab.training.config import TrainConfig
from kiosk.lab.training.figures import figures
from kiosk.lab.training.loop import check_loss
from kiosk.lab.training.objective import angular_margin, centres, like_the_teacher
from kiosk.lab.training.optim import averaged, optimisers, warmed

WORKERS = 2
CHUNK = 64  # crops a forward pass where no gradient is kept

Floats = NDArray[np.float32]


def as_input(images: NDArray[np.uint8]) -> Tensor:
    """uint8 (n, H, W, 3) to float32 (n, 3, H, W), channels last in memory."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float()


class Trainer:
    """Owns the model, its replica, the optimisers and the counters of one run."""

    def __init__(
        self,
        config: TrainConfig,
        crops: CropSet,
        split: Split,
        targets: Floats,
        model: TorchEfficientFaceNet,
        ready: Callable[[], NDArray[np.bool_]],
    ) -> None:
        if targets.shape != (len(crops), config.dimension):
            raise BadInput(
                f"The teacher's embeddings should be {len(crops)} x {config.dimension}, but are "
                f"{targets.shape[0]} x {targets.shape[1]}; give the teacher that the run began "
                "with."
            )
        self.config, self.crops, self.split = config, crops, split
        self.targets, self._ready = targets, ready
        self.real = np.array(
            [row for row in split.train if not crops.names[row].startswith(f"{SOURCE}/")], np.int64
        )
        self.model = model.to(memory_format=torch.channels_last)
        self.replicas = [self.model, *(deepcopy(self.model) for _ in range(WORKERS - 1))]
        for replica in self.replicas[1:]:
            for p, q in zip(self.model.parameters(), replica.parameters(), strict=True):
                q.data = p.data
        dtype = model.kernels.dtype if model.kernels else torch.float32
        self.muon, self.adam = optimisers(model, config, dtype)
        self.average = averaged(model, config.average)
        self.step = self.images = self.branch_step = 0
        self.size = config.size
        self.epoch = self.position = 0
        self.seconds = self.branch_seconds = 0.0
        self.losses: list[float] = []
        self._order: NDArray[np.int64] | None = None
        self._is_ready = ready()
        embedded = split.train[self._is_ready[split.train]]
        self._centres = centres(crops, embedded, targets) if config.margin else None
        self.people = len(self._centres[0]) if self._centres else 0  # with a margin between them
        # Muon's matrices, dealt out so that both threads have about the same to multiply
        matrices = self.muon.param_groups[0]["params"]
        dealt = sorted(matrices, key=lambda p: -p.numel() * min(p.shape[:2]))
        self._hands = [dealt[i::WORKERS] for i in range(WORKERS)]
        self._pool = ThreadPoolExecutor(WORKERS, initializer=torch.set_num_threads, initargs=(1,))

    def next_rows(self) -> NDArray[np.int64]:
        """The next batch of the seeded order; crops the teacher has not reached yet are passed."""
        rows: list[int] = []
        while len(rows) < self.config.batch:
            if self._order is None or self.position >= len(self._order):
                if self._order is not None:
                    self.epoch, self.position = self.epoch + 1, 0
                rng = np.random.default_rng([self.config.seed, self.epoch])
                self._order = rng.permutation(self.split.train)
                self._is_ready = self._ready()
                if not self._is_ready[self.split.train].any():
                    raise BadInput(
                        "No training crop has a teacher's embedding yet; run "
                        "`python -m kiosk.lab embed-teacher` first."
                    )
            row = int(self._order[self.position])
            self.position += 1
            if self._is_ready[row]:
                rows.append(row)
        return np.array(rows, np.int64)

    def _gradient(self, worker: int, rows: NDArray[np.int64], size: int) -> float:
        rng = np.random.default_rng([self.config.seed, self.step, worker])
        images = augment(self.crops.images[rows], size, self.config.augmentation, rng)
        replica = self.replicas[worker].train()
        replica.zero_grad()
        ours, theirs = replica(as_input(images)), torch.from_numpy(self.targets[rows])
        loss = like_the_teacher(ours, theirs, self.config.relations)
        if self._centres is not None:
            of, people = self._centres
            loss = loss + self.config.margin * angular_margin(ours, people[rows], of)
        loss.backward()
        return float(loss.detach())

    def train_step(self, size: int, rate: float) -> float:
        """One optimiser step at `size` pixels; returns the loss, 0 to 2."""
        self.size = size
        parts = np.array_split(self.next_rows(), WORKERS)
        jobs = [self._pool.submit(self._gradient, w, part, size) for w, part in enumerate(parts)]
        loss = check_loss(
            float(np.mean([job.result() for job in jobs])), self.step,
            "Resume with a lower rate, or look for broken crops.",
        )  # fmt: skip
        with torch.no_grad():
            ours = [p.grad for p in self.model.parameters()]
            for replica in self.replicas[1:]:
                torch._foreach_add_(ours, [p.grad for p in replica.parameters()])
            torch._foreach_div_(ours, WORKERS)
            mean, *others = [
                [b for b in r.buffers() if b.is_floating_point()] for r in self.replicas
            ]
            for other in others:
                torch._foreach_lerp_(mean, other, 0.5)
                torch._foreach_copy_(other, mean)
        warm = warmed(self.config, self.step, rate)
        self.muon.param_groups[0]["lr"] = self.config.muon_rate * warm
        self.adam.param_groups[0]["lr"] = self.config.adam_rate * warm
        list(self._pool.map(self._muon_hand, self._hands))
        self.adam.step()
        self.average.update_parameters(self.model)
        self.step += 1
        self.branch_step += 1
        self.images += self.config.batch
        self.losses.append(loss)
        return loss

    @torch.no_grad()
    def _muon_hand(self, hand: list[Any]) -> None:
        for p in hand:
            self.muon.step_one(p, self.muon.param_groups[0])

    @torch.no_grad()
    def embed(
        self, model: TorchEfficientFaceNet, crops: CropSet, rows: NDArray[np.int64], size: int
    ) -> Floats:
        """Embeddings of the plain crops, float32 (n, dimension)."""
        model.eval()

        def part(chunk: NDArray[np.int64]) -> Floats:
            with torch.no_grad():
                return np.asarray(model(as_input(plain(crops.images[chunk], size))).numpy())

        chunks = np.array_split(rows, max(1, -(-len(rows) // CHUNK)))
        return np.concatenate(list(self._pool.map(part, chunks)))

    def averaged(self, size: int, refresh: int = 1024) -> TorchEfficientFaceNet:
        """The averaged model, its batch norm statistics taken afresh at `size` pixels."""
        return self.refreshed(deepcopy(self.average.module), size, refresh)

    def refreshed(
        self, model: TorchEfficientFaceNet, size: int, count: int
    ) -> TorchEfficientFaceNet:
        """`model` with batch norm statistics of `count` augmented, real training crops."""
        rng = np.random.default_rng([self.config.seed, 7])
        rows = rng.choice(self.real, min(count, len(self.real)), replace=False)
        norms = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        kept = [m.momentum for m in norms]
        for m in norms:
            m.reset_running_stats()
        model.train()
        with torch.no_grad():
            for i, chunk in enumerate(np.array_split(rows, max(1, len(rows) // 128))):
                for m in norms:
                    m.momentum = 1 / (i + 1)  # a plain mean over the batches
                images = self.crops.images[np.sort(chunk)]
                model(as_input(augment(images, size, self.config.augmentation, rng)))
        for m, momentum in zip(norms, kept, strict=True):
            m.momentum = momentum
        model.eval()
        return model

    def held_out(self, model: TorchEfficientFaceNet, size: int) -> tuple[float, float | None]:
        """The figures of the held-out crops that the teacher has embedded."""
        rows = self.split.held_out[self._ready()[self.split.held_out]]
        vectors = self.embed(model, self.crops, rows, size)
        return figures(vectors, self.targets[rows], self.crops, rows)

    def state(self) -> dict[str, Any]:
        """Everything that the next step depends on."""
        return {
            "config": json.loads(json.dumps(self.config.identity())),
            "model": self.model.state_dict(),
            "average": {k: p.detach() for k, p in self.average.module.named_parameters()},
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "counters": {
                k: getattr(self, k)
                for k in ("step", "images", "size", "epoch", "position", "seconds")
            },
            "branch": {"step": self.branch_step, "seconds": self.branch_seconds},
        }

    def restore(self, state: dict[str, Any], same_branch: bool) -> None:
        """Go on from `state`; a new branch counts its own steps from nothing."""
        self.model.load_state_dict(state["model"])
        for replica in self.replicas[1:]:
            for ours, theirs in zip(self.model.buffers(), replica.buffers(), strict=True):
                theirs.copy_(ours)
        self.average.module.load_state_dict(state["model"] | state["average"])
        self.average.n_averaged.fill_(state["counters"]["step"] + 1)
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        for key, value in state["counters"].items():
            setattr(self, key, value)
        if same_branch:
            self.branch_step = state["branch"]["step"]
            self.branch_seconds = state["branch"]["seconds"]
        rng = np.random.default_rng([self.config.seed, self.epoch])
        self._order = rng.permutation(self.split.train)
        self._is_ready = self._ready()
