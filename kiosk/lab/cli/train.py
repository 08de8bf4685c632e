"""`train`: the encoder that ships, on the CPU or a graphics processor, or a row of the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kiosk.domain.errors import BadInput
from kiosk.lab.cli.distil import SHIPPED, distil, distil_on_gpu, keep_memory
from kiosk.lab.cli.options import (
    ALL_SOURCES,
    BACKBONE,
    DATA,
    MODELS,
    RUNS,
    TEACHER,
    Places,
    Sources,
)
from kiosk.lab.cli.rows import fit_row
from kiosk.lab.training.config import TrainConfig


def train(
    experiment: Annotated[str, typer.Argument(help="efficientfacenet (it ships) or a row's name.")],
    resume: Annotated[bool, typer.Option(help="Go on from the run's checkpoint.")] = False,
    branch: Annotated[str, typer.Option(help="Decay the rate in a branch of this name.")] = "",
    decay_minutes: Annotated[float, typer.Option(help="How long the branch's rate falls.")] = 45,
    rate: Annotated[float, typer.Option(help="The branch's first rate, of the full one.")] = 1.0,
    minutes: Annotated[float | None, typer.Option(help="Stop, with a checkpoint, after.")] = None,
    size: Annotated[int, typer.Option(help="Input size in pixels, of what ships.")] = 112,
    tiny: Annotated[bool, typer.Option(help="A few steps, to prove that all works.")] = False,
    gpu: Annotated[
        bool, typer.Option("--gpu", help="On a graphics processor, for --minutes, from --rate on.")
    ] = False,
    relations: Annotated[float, typer.Option(help="Weight of the batch's own similarities.")] = 0,
    margin: Annotated[float, typer.Option(help="Weight of an angular margin between people.")] = 0,
    data: Path = DATA,
    sources: Sources = ALL_SOURCES,
    teacher: Path = TEACHER,
    backbone_weights: Annotated[
        Path | None, typer.Option(help="Start from. [default: what ships, else ImageNet's]")
    ] = None,
    runs: Path = RUNS,
) -> None:
    """Train an encoder; Ctrl-C writes a checkpoint and ends.

    `efficientfacenet` is distilled for as long as it is let; a row of the report is trained for
    --minutes (10) by Keras. `python -m kiosk.lab experiments` lists the rows.
    """
    config = TrainConfig(sources=tuple(sources.split(",")))
    if experiment != SHIPPED:
        places = Places(data, teacher, backbone_weights or BACKBONE, runs)
        fit_row(experiment, config, resume, minutes or 10, tiny, places)
        return
    keep_memory()
    from kiosk.lab.release.publish import WEIGHTS_NAME
    from kiosk.lab.training.run import Decay

    ours = MODELS / WEIGHTS_NAME
    start = backbone_weights or (ours if ours.exists() and not tiny else BACKBONE)
    places = Places(data, teacher, start, runs)
    config = replace(config, name=SHIPPED, size=size, relations=relations, margin=margin)
    if gpu and (resume or margin):
        raise BadInput(
            "--gpu can't be combined with --resume or --margin: start it from the weights of "
            "the run before by --backbone-weights, and without labels."
        )
    if gpu:
        folder = runs / SHIPPED / (branch or "gpu")
        distil_on_gpu(config, rate, minutes or 10, tiny, places, folder)
        return
    decay = Decay(seconds=60 * decay_minutes, peak=rate) if branch else None
    distil(config, resume, branch, decay, minutes, tiny, places)
