"""A distillation from its start to its end: the rate, checkpoints, the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.lab.training import checkpoint
from kiosk.lab.training.distil import Trainer
from kiosk.lab.training.journal import add_line, standing
from kiosk.lab.training.loop import Stop


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
    begin = saved = last = time.monotonic()
    first_step, logged_images = trainer.step, trainer.images

    def rate_now() -> float:
        return decay.factor(trainer.branch_step, trainer.branch_seconds) if decay else 1.0

    def write() -> None:
        nonlocal saved, logged_images
        checkpoint.save(folder / "state.pt", trainer.state())
        now = time.monotonic()
        cosine, _ = trainer.held_out(trainer.model, size)
        cosine_average, tar_average = trainer.held_out(trainer.averaged(size), size)
        line = {
            "time": time.strftime("%H:%M:%S"),
            **standing(
                trainer.step, trainer.images, size, rate_now(), trainer.losses,
                (trainer.images - logged_images) / max(now - saved, 1e-9),
            ),
            "cosine": round(cosine, 4),
            "cosine_average": round(cosine_average, 4),
        }  # fmt: skip
        if tar_average is not None:
            line["tar_average"] = round(tar_average, 4)
        add_line(folder, line)
        report(line)
        trainer.losses.clear()
        saved, logged_images = time.monotonic(), trainer.images

    with Stop() as stop:
        while not stop.asked:
            rate = rate_now()
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
