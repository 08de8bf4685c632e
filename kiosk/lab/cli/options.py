"""Where things lie unless a command is told otherwise, and what several commands take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from kiosk.lab.data.crops import TRAIN_SOURCES
from kiosk.lab.training.config import TrainConfig

SHARED = Path("../shared")
DATA = SHARED / "data/train"
TEACHER = SHARED / "teacher/mobilefacenet_y1.onnx"
BACKBONE = SHARED / "backbone/efficientnet_b0_imagenet.npz"
LFW = SHARED / "data/test/lfw.zip"
RUNS = Path("runs")
MODELS = Path("models")

Sources = Annotated[
    str, typer.Option(help="Zips of crops in --data, without .zip, commas between: see prepare.")
]
ALL_SOURCES = ",".join(TRAIN_SOURCES)
Root = Annotated[Path, typer.Option(help="Folder or zip of IDENTITY/PICTURE.")]


@dataclass(frozen=True, slots=True)
class Places:
    """What a training reads and where it writes.

    data: the folder of the zips of crops; weights: those it starts from; runs: the folder of runs,
    with the cache beside them.
    """

    data: Path
    teacher: Path
    weights: Path
    runs: Path

    @property
    def cache(self) -> Path:
        return self.runs / "cache"


def tiny_set(config: TrainConfig) -> TrainConfig:
    """What proves that all works: the smallest file of people, unless others are asked for."""
    sources = ("glint23",) if config.sources == TRAIN_SOURCES else config.sources
    return replace(config, sources=sources, held_out=60)


def say(line: str) -> None:
    """How a command stands, beside its result."""
    typer.echo(line, err=True)
