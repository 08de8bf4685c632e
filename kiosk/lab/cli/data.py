"""What training begins with: crops of pictures, and the teacher's answers to them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.lab.cli.options import ALL_SOURCES, DATA, MODELS, RUNS, TEACHER, Sources, say
from kiosk.lab.training.config import TrainConfig


def embed_teacher(
    data: Path = DATA, sources: Sources = ALL_SOURCES, teacher: Path = TEACHER, runs: Path = RUNS
) -> None:
    """Compute the teacher's embeddings of all training crops (cached; 20 minutes on two cores)."""
    import numpy as np
    from tqdm import tqdm

    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.training.teacher import EmbeddingCache, FileTeacher

    config = TrainConfig(sources=tuple(sources.split(",")))
    crops, split = training_set(config, data, runs / "cache")
    network = FileTeacher(teacher)
    cache = EmbeddingCache(crops, network, runs / "cache")
    # Held out first, then real crops before made-up ones: training may start while this goes on.
    order = np.concatenate([split.held_out, split.train])
    with tqdm(total=len(order), unit="crop") as bar:
        for start in range(0, len(order), 512):
            cache.fill(crops, network, order[start : start + 512])
            bar.update(len(order[start : start + 512]))


def prepare(
    root: Annotated[Path, typer.Argument(help="Folder or zip of IDENTITY/PICTURE.")],
    out: Annotated[Path, typer.Argument(help="Zip of crops to write, for train --sources.")],
    labelled: Annotated[bool, typer.Option(help="Folders are people.")] = True,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Turn pictures of people into training crops: faces found and aligned as the kiosk does it."""
    from kiosk.lab.data.prepare import prepare as prepare_crops
    from kiosk.vision.detector import MtcnnDetector

    done = prepare_crops(
        root, out, lambda size: MtcnnDetector(models, size), runs / "cache", labelled=labelled,
        progress=lambda count: say(f"{count:,} looked at"),
    )  # fmt: skip
    for name in done.without_face:
        typer.echo(f"no face found: {name}")
    typer.echo(f"{out}: {done.crops:,} crops of {done.people:,} people.")


def join_teachers(
    first: Annotated[Path, typer.Argument(help="An .onnx file that answers for 112 px, RGB.")],
    second: Annotated[Path, typer.Argument(help="Another.")],
    out: Annotated[Path, typer.Argument(help="The .onnx file to write: a teacher like others.")],
    dimension: Annotated[int, typer.Option(help="Numbers of its answer.")] = 192,
    sample: Annotated[
        int, typer.Option(help="Training crops that directions are taken of.")
    ] = 4000,
    data: Path = DATA,
    sources: Sources = ALL_SOURCES,
    runs: Path = RUNS,
) -> None:
    """Make one teacher of two, for a student that learns from both."""
    import numpy as np
    import onnx

    from kiosk.lab.data.crops import standard
    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.training.join import join, principal
    from kiosk.lab.training.teacher import FileTeacher

    config = TrainConfig(sources=tuple(sources.split(",")), blends=0)
    crops, split = training_set(config, data, runs / "cache")
    rng = np.random.default_rng(config.seed)
    rows = np.sort(rng.choice(split.train, min(sample, len(split.train)), replace=False))
    faces = standard(crops.images[rows])
    say(f"Asking both teachers about {len(faces):,} faces.")
    parts = np.array_split(faces, max(1, len(faces) // 64))
    networks = [FileTeacher(path) for path in (first, second)]
    answers = np.hstack(
        [np.concatenate([network.embed(part) for part in parts]) for network in networks]
    )
    directions, kept = principal(answers, dimension)
    onnx.save(join(first, second, directions), out)
    typer.echo(f"{out}: {directions.shape[1]} numbers, {kept:.1%} of what both say.")
