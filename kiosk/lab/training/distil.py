"""Distillation of EfficientFaceNet on two cores, checkpointed and resumable to the step.

Why PyTorch and not Keras's own loop: see networks/torch_twin.py.  Why two replicas of one thread
each instead of one of two threads: 166 crops a second instead of 133 at 64 px, and a core taken by
another program slows one replica instead of stalling every operation of both.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.data.augment import augment, plain
from kiosk.lab.data.blend import SOURCE
from kiosk.lab.data.crops import CropSet, Split
from kiosk.lab.evaluation.metrics import score_pairs, tar_at, threshold_at
from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet
from kiosk.lab.training import checkpoint
from kiosk.lab.training.config import TrainConfig
from kiosk.lab.training.objective import angular_margin, centres, distance, relations
from kiosk.lab.training.optim import Average, Muon, is_matrix

WORKERS = 2
CHUNK = 64  # crops a forward pass where no gradient is kept

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decay:
    """A branch whose rate falls linearly to nothing, over steps or over seconds of training.

    peak: the share of the full rate that it starts at; weights that were decayed before lose less
    of what they know at a lower one.
    """

    steps: int | None = None
    seconds: float | None = None
    peak: float = 1.0

    def factor(self, steps: int, seconds: float) -> float:
        """The peak at the branch's start, 0 at its end."""
        done = steps / self.steps if self.steps else seconds / (self.seconds or 1.0)
        return self.peak * max(0.0, 1.0 - done)


def as_input(images: NDArray[np.uint8]) -> Tensor:
    """uint8 (n, H, W, 3) to float32 (n, 3, H, W), channels last in memory."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float()


def figures(
    vectors: Floats, targets: Floats, crops: CropSet, rows: NDArray[np.int64]
) -> tuple[float, float | None]:
    """Of the embeddings of `rows`: the mean cosine to their teacher's answers, and TAR at FAR 0.1%
    of the people who are known; None where they make less than 1,000 impostor pairs."""
    cosine = float((vectors * targets).sum(1).mean())
    known = crops.labelled[rows]
    people = [crops.identities[row] for row in rows[known]]
    counts = np.unique(people, return_counts=True)[1]
    if (len(people) ** 2 - (counts**2).sum()) / 2 < 1000 or counts.max() < 2:
        return cosine, None
    scores = score_pairs(vectors[known], people)
    return cosine, tar_at(scores, threshold_at(scores, 1e-3))


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
        matrices = [p for p in model.parameters() if is_matrix(p)]
        others = [p for p in model.parameters() if not is_matrix(p)]
        self.muon = Muon(
            matrices,
            config.muon_rate,
            config.muon_momentum,
            config.muon_decay,
            model.kernels.dtype if model.kernels else torch.float32,
        )
        self.adam = torch.optim.AdamW(
            others, config.adam_rate, weight_decay=config.adam_decay, fused=True
        )
        self.average = Average(model, config.average)
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
        loss = distance(ours, theirs)
        if self.config.relations:
            loss = loss + self.config.relations * relations(ours, theirs)
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
        loss = float(np.mean([job.result() for job in jobs]))
        if not np.isfinite(loss):
            raise EnvironmentFailed(
                f"The loss of step {self.step} is {loss}; training has stopped and the last good "
                "checkpoint is kept. Resume with a lower rate, or look for broken crops."
            )
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
        warm = min(1.0, (self.step + 1) / self.config.warmup) * rate
        self.muon.param_groups[0]["lr"] = self.config.muon_rate * warm
        self.adam.param_groups[0]["lr"] = self.config.adam_rate * warm
        list(self._pool.map(self._muon_hand, self._hands))
        self.adam.step()
        self.average.update(self.model, self.step)
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
    def embed(self, model: TorchEfficientFaceNet, rows: NDArray[np.int64], size: int) -> Floats:
        """Embeddings of the plain crops, float32 (n, dimension)."""
        model.eval()

        def part(chunk: NDArray[np.int64]) -> Floats:
            with torch.no_grad():
                return np.asarray(model(as_input(plain(self.crops.images[chunk], size))).numpy())

        chunks = np.array_split(rows, max(1, -(-len(rows) // CHUNK)))
        return np.concatenate(list(self._pool.map(part, chunks)))

    def averaged(self, size: int, refresh: int = 1024) -> TorchEfficientFaceNet:
        """The averaged model, its batch norm statistics taken afresh at `size` pixels."""
        model = deepcopy(self.model)
        with torch.no_grad():
            for name, p in model.named_parameters():
                p.copy_(self.average.values[name])
        return self.refreshed(model, size, refresh)

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
        vectors = self.embed(model, rows, size)
        return figures(vectors, self.targets[rows], self.crops, rows)

    def state(self) -> dict[str, Any]:
        """Everything that the next step depends on."""
        return {
            "config": json.loads(json.dumps(self.config.identity())),
            "model": self.model.state_dict(),
            "average": self.average.values,
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
        self.average.values = {k: v.clone() for k, v in state["average"].items()}
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


def run(
    trainer: Trainer,
    folder: Path,
    size: int,
    decay: Decay | None = None,
    minutes: float | None = None,
    steps: int | None = None,
    checkpoint_seconds: float = 300.0,
    tick: Callable[[float], None] = lambda loss: None,
    report: Callable[[dict[str, Any]], None] = lambda line: None,
) -> None:
    """Train until the decay's end, the minutes, the steps, or Ctrl-C; then checkpoint.

    Writes `state.pt` into `folder` every `checkpoint_seconds` and a line to `log.jsonl` with it,
    which `report` is told; `tick` is told the loss of every step.
    """
    stop = False

    def ask_to_stop(*_: object) -> None:
        nonlocal stop
        stop = True

    before = {s: signal.signal(s, ask_to_stop) for s in (signal.SIGINT, signal.SIGTERM)}
    begin = saved = last = time.monotonic()
    first_step, logged_images = trainer.step, trainer.images

    def write() -> None:
        nonlocal saved, logged_images
        checkpoint.save(folder / "state.pt", trainer.state())
        now = time.monotonic()
        cosine, _ = trainer.held_out(trainer.model, size)
        cosine_average, tar_average = trainer.held_out(trainer.averaged(size), size)
        line: dict[str, Any] = {
            "time": time.strftime("%H:%M:%S"),
            "step": trainer.step,
            "images": trainer.images,
            "size": size,
            "rate": round(decay.factor(trainer.branch_step, trainer.branch_seconds), 4)
            if decay
            else 1.0,
            "loss": round(float(np.mean(trainer.losses or [np.nan])), 4),
            "images_per_second": round(
                (trainer.images - logged_images) / max(now - saved, 1e-9), 1
            ),
            "cosine": round(cosine, 4),
            "cosine_average": round(cosine_average, 4),
        }
        if tar_average is not None:
            line["tar_average"] = round(tar_average, 4)
        with (folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
        report(line)
        trainer.losses.clear()
        saved, logged_images = time.monotonic(), trainer.images

    try:
        while not stop:
            rate = decay.factor(trainer.branch_step, trainer.branch_seconds) if decay else 1.0
            if rate <= 0 or (steps is not None and trainer.step - first_step >= steps):
                break
            if minutes is not None and time.monotonic() - begin >= 60 * minutes:
                break
            tick(trainer.train_step(size, rate))
            now = time.monotonic()
            trainer.seconds += now - last
            trainer.branch_seconds += now - last
            last = now
            if now - saved >= checkpoint_seconds:
                write()
                last = time.monotonic()
        if trainer.losses or not (folder / "state.pt").exists():
            write()
    finally:
        for s, handler in before.items():
            signal.signal(s, handler)
