"""What a distillation shows while it runs: config.json, a bar, TensorBoard's curves."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from kiosk.lab.training.config import TrainConfig


def write_config(folder: Path, config: TrainConfig) -> None:
    """config.json: what the run was begun with."""
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(
        json.dumps({"config": asdict(config), "versions": versions}, indent=1) + "\n"
    )


def standing(
    step: int, images: int, size: int, rate: float, losses: Sequence[float], speed: float
) -> dict[str, Any]:
    """How a run stands, for its log: `losses` since the line before, `speed` in images a second."""
    return {
        "step": step,
        "images": images,
        "size": size,
        "rate": round(rate, 4),
        "loss": round(float(np.mean(losses or [np.nan])), 4),
        "images_per_second": round(speed, 1),
    }


def add_line(folder: Path, line: dict[str, Any]) -> None:
    """To log.jsonl."""
    with (folder / "log.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


class Journal:
    """Of the run in `folder`, which has seen `images` so far."""

    def __init__(self, folder: Path, config: TrainConfig, images: int) -> None:
        if "tensorflow" not in sys.modules:
            # TensorBoard's own switch to leave it out: it would cost 5 s and 400 MB here.
            sys.modules.setdefault("tensorboard.compat.notf", ModuleType("notf"))
        from torch.utils.tensorboard import SummaryWriter

        write_config(folder, config)
        self._batch = config.batch
        self._board = SummaryWriter(folder / "tensorboard")
        self._bar = tqdm(initial=images, unit="image", disable=None)  # None: only in a terminal

    def close(self) -> None:
        """The bar and TensorBoard's file."""
        self._bar.close()
        self._board.close()

    def step(self, loss: float) -> None:
        """After every step."""
        self._bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
        self._bar.update(self._batch)

    def line(self, line: dict[str, Any]) -> None:
        """After every checkpoint: what goes into log.jsonl too."""
        tqdm.write(" ".join(f"{k} {v}" for k, v in line.items()))
        for name in line.keys() - {"time", "step", "images", "size"}:
            self._board.add_scalar(name, line[name], line["images"])
        self._board.flush()
