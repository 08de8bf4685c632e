"""Distillation with network, teacher and crops all on one graphics processor.

Two cores see three hundred crops a second, an H200 fifteen thousand (112 px, batch 1024: 37 ms for
the network, 16 for the teacher, 6 for the faces, 6 for Muon); so every face is made up anew
(views.py) and the teacher asked about it, instead of read from a cache.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.lab.data.crops import CropSet, Split, standard
from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet
from kiosk.lab.training.config import TrainConfig
from kiosk.lab.training.figures import figures
from kiosk.lab.training.gpu.optics import resized
from kiosk.lab.training.gpu.views import Faces
from kiosk.lab.training.journal import standing
from kiosk.lab.training.loop import check_loss
from kiosk.lab.training.objective import like_the_teacher
from kiosk.lab.training.optim import optimisers, warmed

BLENDED = 0.7  # of the faces are melted of two: as many as of the long run's
EAGER = 3  # steps before the optimiser's many small operations are recorded as one
TIMES = 2  # each face is shown to the student, varied anew, for one answer of its teacher
FIRST = 24  # batches that a new last layer is fitted to
CHUNK = 256  # crops a forward pass where no gradient is kept

Floats = NDArray[np.float32]


class GpuTrainer:
    """Owns the network, its teacher, the optimisers and the faces of one run on `device`."""

    def __init__(
        self,
        config: TrainConfig,
        crops: CropSet,
        split: Split,
        teacher: torch.nn.Module,
        model: TorchEfficientFaceNet,
        device: torch.device,
    ) -> None:
        self.config, self.crops, self.split, self.device = config, crops, split, device
        self.model = model.to(device, memory_format=torch.channels_last)
        self._half = torch.float16 if device.type == "cuda" else torch.float32
        self.teacher = teacher.to(device, self._half).eval()
        self.faces = Faces(
            torch.from_numpy(np.asarray(crops.images)).to(device),
            torch.from_numpy(split.train).to(device),
            config.augmentation, config.size, BLENDED, config.seed,
        )  # fmt: skip
        self._student: Callable[[Tensor], Tensor] = self.model
        self._answer: Callable[[Tensor], Tensor] = self.teacher
        if device.type == "cuda":
            torch.backends.cudnn.benchmark = True
            torch.set_float32_matmul_precision("high")
            self._student = torch.compile(self.model)
            self._answer = torch.compile(self.teacher)
        self._rate = torch.zeros((), device=device)
        dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
        self.muon, self.adam = optimisers(model, config, dtype, self._rate)
        self._recorded: Any = None
        self.step = self.images = 0

    @torch.no_grad()
    def answers(self, faces: Tensor) -> Tensor:
        """The teacher's for (n, 3, 112, 112): the mean of those for each and its mirror image, of
        length 1.  What it says of one alone is a little less of the face."""
        shown = faces.to(self._half, memory_format=torch.channels_last)
        both = self._answer(shown).float() + self._answer(shown.flip(3)).float()
        return functional.normalize(both, dim=1)

    def train_step(self, rate: float) -> Tensor:
        """One optimiser step at `rate` of the full one; the loss, 0 to 2, still on the device."""
        seen = self.faces.batch(self.config.batch // TIMES, TIMES)
        theirs = self.answers(seen.clear).repeat(TIMES, 1)
        self.model.train()
        ours = self._student(seen.varied.contiguous(memory_format=torch.channels_last))
        loss = like_the_teacher(ours, theirs, self.config.relations)
        loss.backward()
        warm = warmed(self.config, self.step, rate)
        self._rate.fill_(self.config.muon_rate * warm)
        self.adam.param_groups[0]["lr"] = self.config.adam_rate * warm
        self._update()
        self.adam.step()
        self.adam.zero_grad(set_to_none=False)
        self.step += 1
        self.images += self.config.batch
        return loss.detach()

    @torch.no_grad()
    def begin_answers(self, batches: int = FIRST, damping: float = 1e-3) -> None:
        """Fit the last layer, by least squares, to a teacher that the rest has not learned from."""
        layer = self.model.embedding
        wide = layer.in_features + 1
        sums = torch.zeros(wide, wide, dtype=torch.float64, device=self.device)
        pairs = torch.zeros(wide, layer.out_features, dtype=torch.float64, device=self.device)
        kept: list[Tensor] = []
        hook = layer.register_forward_pre_hook(lambda module, given: kept.append(given[0]))
        self.model.eval()
        for _ in range(batches):
            seen = self.faces.batch(self.config.batch // TIMES, TIMES)
            theirs = self.answers(seen.clear).repeat(TIMES, 1).double()
            self.model(seen.varied)
            found = kept.pop().double()
            found = torch.cat([found, torch.ones_like(found[:, :1])], 1)
            sums += found.T @ found
            pairs += found.T @ theirs
        hook.remove()
        much = damping * torch.diagonal(sums).mean() * torch.eye(wide, device=self.device)
        fitted = torch.linalg.solve(sums + much, pairs).float()
        layer.weight.copy_(fitted[:-1].T)
        layer.bias.copy_(fitted[-1])

    def _update(self) -> None:
        """Muon's step; its fifteen hundred small operations are recorded once and played back."""
        if self._recorded is not None:
            self._recorded.replay()
            return
        self.muon.step()
        self.muon.zero_grad(set_to_none=False)
        if self.device.type == "cuda" and self.step + 1 == EAGER:
            torch.cuda.synchronize()
            recorded = torch.cuda.CUDAGraph()
            with torch.cuda.graph(recorded):  # recording runs nothing
                self.muon.step()
                self.muon.zero_grad(set_to_none=False)
            self._recorded = recorded

    @torch.no_grad()
    def held_out(self) -> tuple[float, float | None]:
        """See Trainer.held_out: of the last weights and one view of each crop."""
        self.model.eval()
        rows = self.split.held_out
        ours, theirs = [], []
        for chunk in np.array_split(rows, max(1, -(-len(rows) // CHUNK))):
            images = torch.from_numpy(standard(self.crops.images[chunk])).to(self.device)
            x = images.permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
            theirs.append(functional.normalize(self.teacher(x.to(self._half)).float(), dim=1))
            if self.config.size != x.shape[-1]:
                x = resized(x, self.config.size)
            ours.append(self.model(x))
        vectors, targets = (torch.cat(part).cpu().numpy() for part in (ours, theirs))
        return figures(vectors, targets, self.crops, rows)


def run(
    trainer: GpuTrainer,
    seconds: float,
    peak: float,
    save: Callable[[], None],
    report: Callable[[dict[str, Any]], None],
    report_seconds: float = 60.0,
    look_every: int = 20,
) -> None:
    """Train for `seconds`, the rate falling linearly from `peak` of the full one to nothing.

    The clock and the loss are looked at every `look_every` steps: each look waits for the device.
    Every `report_seconds`, and at the end, `report` is told how it stands, and `save` called.
    Raises EnvironmentFailed, with nothing saved since, where the loss is no number any more.
    """
    trainer.train_step(0.0)  # compiles
    begin = said = time.monotonic()
    images, rate = trainer.images, peak
    losses: list[float] = []

    def say(now: float) -> None:
        nonlocal said, images
        rest = max(now - said, 1e-9)
        cosine, tar = trainer.held_out()
        line = {
            "seconds": round(now - begin, 1),
            **standing(
                trainer.step, trainer.images, trainer.config.size, rate, losses,
                (trainer.images - images) / rest,
            ),
            "cosine": round(cosine, 4),
        }  # fmt: skip
        report(line if tar is None else {**line, "tar": round(tar, 4)})
        save()
        losses.clear()
        said, images = time.monotonic(), trainer.images

    while rate > 0:
        for _ in range(look_every):
            loss = trainer.train_step(rate)
        remedy = "Begin again with a lower --rate."
        losses.append(check_loss(float(loss), trainer.step, remedy, "weights are"))
        now = time.monotonic()
        rate = peak * max(0.0, 1 - (now - begin) / seconds)
        if now - said >= report_seconds:
            say(now)
    say(time.monotonic())
