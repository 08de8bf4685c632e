"""The rows of the report: which there are, trained one by one or side by side."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.lab.cli.options import (
    ALL_SOURCES,
    BACKBONE,
    DATA,
    LFW,
    MODELS,
    RUNS,
    TEACHER,
    Places,
    Root,
    Sources,
    say,
    tiny_set,
)
from kiosk.lab.data.crops import file_sha256
from kiosk.lab.training.config import TrainConfig

if TYPE_CHECKING:
    from kiosk.lab.experiments.config import Experiment
    from kiosk.lab.training.fit import Fitted


def experiments() -> None:
    """The rows of the report, by the names that `train` knows."""
    from kiosk.lab.experiments import ALL

    for row in ALL.values():
        typer.echo(f"{row.name:<28} {row.title} (the report: {row.reported})")


def table(
    only: Annotated[str, typer.Option(help="Names, with commas between. [default: all]")] = "",
    minutes: Annotated[float, typer.Option(help="The budget of each.")] = 10,
    tiny: Annotated[bool, typer.Option(help="A few steps each, to prove that all works.")] = False,
    root: Root = LFW,
    data: Path = DATA,
    sources: Sources = ALL_SOURCES,
    teacher: Path = TEACHER,
    backbone_weights: Path = BACKBONE,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Train the rows of the report under one budget and put them beside its figures.

    Rows judged before stay in the table: it may be made in parts, with --only.
    """
    from kiosk.lab.evaluation.measure import open_subject
    from kiosk.lab.experiments import ALL, experiment

    rows = [experiment(name) for name in (only.split(",") if only else ALL)]
    subject = open_subject(root, None, models, runs / "cache", say=say)
    _keras_on_tensorflow()
    from kiosk.lab.evaluation.table import (
        RowResult,
        frequent,
        judge_reference,
        judge_row,
        read_table,
        write_table,
    )

    judged = frequent(subject)
    folder = runs / "tiny" if tiny else runs
    about = f"{judged.dataset}, {judged.pictures.key()}, teacher {file_sha256(teacher)[:12]}"

    def add(row: RowResult) -> Path:
        """Beside what is there by now: parts may be made at the same time, a core each."""
        others = [r for r in read_table(folder, about) if r.name != row.name]
        return write_table([*others, row], judged.dataset, about, folder)

    page = add(judge_reference(judged, models, teacher, runs / "cache"))
    config = TrainConfig(sources=tuple(sources.split(",")))
    places = Places(data, teacher, backbone_weights, runs)
    for row in rows:
        trained, fitted = fit_row(row.name, config, False, minutes, tiny, places)
        if fitted.interrupted:
            left = ",".join(other.name for other in rows[rows.index(row) :])
            say(f"Stopped; {row.name} is not judged. Go on with --only {left}")
            raise typer.Exit(1)
        add(judge_row(trained, runs, judged, models, teacher, minutes, fitted))
    typer.echo(page.read_text())


def fit_row(
    name: str, config: TrainConfig, resume: bool, minutes: float, tiny: bool, places: Places
) -> tuple[Experiment, Fitted]:
    """Train a row of the report."""
    _keras_on_tensorflow()
    import numpy as np

    from kiosk.lab.data.blend import with_blends
    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.experiments import experiment, tiny_of
    from kiosk.lab.training.fit import Effort, fit
    from kiosk.lab.training.teacher import EmbeddingCache, FileTeacher

    row, effort = experiment(name), Effort(minutes)
    if tiny:
        row, effort = tiny_of(row), Effort(minutes, steps=3)
        config = replace(tiny_set(config), blends=0)
    # The teacher's answers are kept for the whole set; real crops come first in it.
    network = FileTeacher(places.teacher, 1)
    if row.objective != "triplet":
        row = replace(row, dimension=network.dimension)
    crops, split = training_set(replace(config, blends=0), places.data, places.cache)
    whole, _ = with_blends(crops, split, config.blends, config.seed)
    cache = EmbeddingCache(whole, network, places.cache)
    answers, ready = cache.values[: len(crops)], cache.ready()[: len(crops)]
    if tiny and row.objective != "triplet":
        cache.fill(crops, network, np.random.default_rng(0).choice(split.train, 100, replace=False))
    fitted = fit(
        row, crops, split, answers, ready, places.runs, effort,
        resume=resume, backbone=places.weights, say=say,
    )  # fmt: skip
    typer.echo(f"Written: {places.runs / row.name}, {fitted.images:,} images seen")
    return row, fitted


def _keras_on_tensorflow() -> None:
    """Unless KERAS_BACKEND says otherwise; before Keras is imported."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
