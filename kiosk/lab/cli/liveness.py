"""The network against photos and screens: its data, training, judging, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.lab.cli.options import DATA, MODELS, RUNS, SHARED, say

PLACE = RUNS / "liveness"
Place = Annotated[
    Path, typer.Option("--place", help="Folder of scenes, views, weights and scores.")
]


def liveness_views(
    place: Place = PLACE,
    shared: Annotated[Path, typer.Option(help="Folder of pad/ and media/.")] = SHARED,
    count: Annotated[int, typer.Option(help="Varied views to make, about.")] = 28000,
    web: Annotated[int, typer.Option(help="Live faces of --data to take in.")] = 12000,
    made: Annotated[int, typer.Option(help="Attacks to make up, about.")] = 1920,
    processes: Annotated[int, typer.Option(help="To make views in.")] = 2,
    tiny: Annotated[bool, typer.Option(help="Some that prove that all works.")] = False,
    data: Path = DATA,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Make what `train-liveness` learns from: scenes, varied views of them, and frames as they are
    to judge by. What is there already stays."""
    import math

    import numpy as np

    from kiosk.lab.liveness.composites import BATCH, Composites
    from kiosk.lab.liveness.faces import locate
    from kiosk.lab.liveness.gather import frame_scenes, web_scenes
    from kiosk.lab.liveness.making import make_parts
    from kiosk.lab.liveness.minifasnet import MiniFasNet
    from kiosk.lab.liveness.plain import INDEX as PLAIN
    from kiosk.lab.liveness.plain import write_plain
    from kiosk.lab.liveness.pool import A_PART
    from kiosk.lab.liveness.scenes import INDEX, add_scenes, read_scenes
    from kiosk.lab.liveness.sources import DENSE, pad_sources
    from kiosk.vision.detector import MtcnnDetector

    folder = place / "scenes"
    if not (folder / INDEX).exists():
        shots = pad_sources(shared, DENSE)
        if tiny:
            shots, web, made = shots[:: len(shots) // 60], 40, BATCH
        located = locate(shots, lambda size: MtcnnDetector(models, size), runs / "cache", say)
        frames = [*frame_scenes(shots, located), *web_scenes(data, web)]
        add_scenes(folder, frames)
        say(f"{len(frames):,} scenes; no face found in {int((~located.found).sum())} frames.")
    scenes = read_scenes(folder)
    if not np.any(scenes.source != scenes.origin) and made:
        add_scenes(folder, Composites(scenes, 1).all(math.ceil(made / BATCH)))
        scenes = read_scenes(folder)
        say(f"{int((scenes.source != scenes.origin).sum()):,} scenes made up.")
    if not (place / "plain" / PLAIN).exists():
        write_plain(place / "plain", scenes, MiniFasNet(shared / "pad"))
        say("Frames to judge by cut.")
    size = 100 if tiny else A_PART
    parts = 1 if tiny else max(1, round(count / size))
    make_parts(place / "pool", parts, folder, size, processes, say)
    typer.echo(f"{place}: {len(scenes):,} scenes, {parts * size:,} varied views.")


def train_liveness(
    place: Place = PLACE,
    without: Annotated[
        str, typer.Option(help="Sources that the network is never shown, commas between.")
    ] = "casia",
    steps: Annotated[int, typer.Option(help="How long to train.")] = 12000,
    tiny: Annotated[bool, typer.Option(help="Some seconds that prove that all works.")] = False,
    shared: Annotated[Path, typer.Option(help="Folder of pad/, for MiniFASNet.")] = SHARED,
    data: Path = DATA,
) -> None:
    """Teach the network what MiniFASNet sees, and each round's head the labels; what was cut off
    goes on where it was."""
    import numpy as np
    import torch

    from kiosk.domain.errors import BadInput
    from kiosk.lab.cli.distil import keep_memory
    from kiosk.lab.liveness.learner import Plan
    from kiosk.lab.liveness.minifasnet import Teacher
    from kiosk.lab.liveness.plain import read_plain
    from kiosk.lab.liveness.pool import Pool
    from kiosk.lab.liveness.scenes import read_scenes
    from kiosk.lab.liveness.sources import SOURCES
    from kiosk.lab.liveness.train import Trainer, heads, run
    from kiosk.lab.liveness.web import WebFaces
    from kiosk.lab.release.export import write_arrays

    unseen = tuple(filter(None, without.split(",")))
    if not set(unseen) <= set(SOURCES):
        raise BadInput(f"--without takes some of {', '.join(SOURCES)}, not {without}.")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        if not tiny:
            keep_memory()
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
    plan = Plan(steps=4, batch=8) if tiny else Plan(steps=steps)
    scenes, pool = read_scenes(place / "scenes"), Pool(place / "pool")
    web, teacher = WebFaces(data, plan.seed), Teacher(shared / "pad")
    trainer = Trainer(scenes, pool, web, teacher, plan, device, unseen)
    run(trainer, place / "train.state", say)
    how = {"without": np.array(",".join(unseen)), "steps": np.array(plan.steps)}
    write_arrays(place / "weights.npz", {**trainer.learner.weights(), **how})
    learned, scores = heads(trainer.learner.sees, scenes, pool, read_plain(place / "plain"))
    write_arrays(place / "heads.npz", learned)
    write_arrays(place / "scores.npz", scores)
    typer.echo(f"Written: weights.npz, heads.npz and scores.npz in {place}.")


def evaluate_liveness(
    root: Annotated[
        Path | None,
        typer.Option(help="Folder of live/ and one folder an attack. [default: the rounds]"),
    ] = None,
    place: Place = PLACE,
    shared: Annotated[Path, typer.Option(help="Folder of pad/, for MiniFASNet.")] = SHARED,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = RUNS / "liveness/report",
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """How often attacks pass and live people are refused: by the rounds' networks on what they
    have not seen or, with --root, by the one that ships on any folder."""
    from kiosk.lab.liveness.judge import FILLED, OURS, report, sheets

    out.mkdir(parents=True, exist_ok=True)
    if root is None:
        import numpy as np

        from kiosk.lab.liveness.judge import rounds
        from kiosk.lab.liveness.plain import read_plain

        plain = read_plain(place / "plain")
        with np.load(place / "scores.npz") as scores:
            subjects = rounds(plain, dict(scores))
        shown = plain.views["whole"]
        pictures = [lambda row, of=subject.rows: shown[of[row]] for subject in subjects]
    else:
        from kiosk.lab.liveness.faces import locate
        from kiosk.lab.liveness.frames import judged
        from kiosk.lab.liveness.minifasnet import installed
        from kiosk.lab.liveness.sources import folder, read
        from kiosk.vision.detector import MtcnnDetector
        from kiosk.vision.liveness.network import load_liveness
        from kiosk.vision.liveness.view import around

        shots = folder(root)
        located = locate(shots, lambda size: MtcnnDetector(models, size), runs / "cache", say)
        other = installed(shared / "pad")
        subject = judged(root.name, shots, located, load_liveness(models), other)
        subjects = [subject]
        seen = [shots[int(row)] for row in subject.rows]
        pictures = [
            lambda row, of=subject.rows: around(
                next(read([seen[row]])), located.face(int(of[row])).box
            )
        ]
        lost = int((~located.found).sum())
        say(f"No face was found in {lost} of {len(shots):,} frames; they are not judged.")
    for subject, picture in zip(subjects, pictures, strict=True):
        sheets(subject, OURS, FILLED, picture, out)
    text = report(subjects)
    (out / "report.md").write_text(text, encoding="utf-8")
    typer.echo(text)
    typer.echo(f"Written: report.md and sheets of what went wrong in {out}.")


def simulate_challenge(
    shared: Annotated[
        Path, typer.Option(help="Folder of pad/ (faces) and media/ (heads that turn).")
    ] = SHARED,
    photos: Annotated[int, typer.Option(help="Sessions of each way to hold a photo.")] = 1000,
    draws: Annotated[int, typer.Option(help="Sessions of each kind of clip.")] = 10_000,
    count: Annotated[int, typer.Option(help="Sessions of live people.")] = 2000,
    strict: Annotated[bool, typer.Option(help="The turns of a door at high risk.")] = False,
    seed: Annotated[int, typer.Option(help="What is drawn: another number, other draws.")] = 0,
    out: Annotated[Path | None, typer.Option(help="File of the table, too.")] = None,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Who passes a challenge of turns: photos, clips and people made up in numbers, thousands of
    each. Needs what the kiosk itself installs."""
    from kiosk.domain.liveness.challenge import STANDARD, STRICT
    from kiosk.lab.liveness.faces import locate
    from kiosk.lab.liveness.recorded import measured, turning
    from kiosk.lab.liveness.simulate import Material, attacks, people, table
    from kiosk.lab.liveness.sources import pad_sources
    from kiosk.vision.detector import MtcnnDetector
    from kiosk.vision.liveness.turn import turn

    shots = pad_sources(shared)
    located = locate(shots, lambda size: MtcnnDetector(models, size), runs / "cache", say)
    straight = [
        located.landmarks[row]
        for row, shot in enumerate(shots)
        if shot.live and located.found[row] and abs(turn(located.landmarks[row])) < 0.25
    ]
    detector = MtcnnDetector(models, 60)
    names = ("live_head_turns.mp4", "screen_replay_head_turns.mp4")
    found = [measured(shared / "media" / name, detector) for name in names]
    louder = [one.louder() for one in found]
    turns = [one for recording in louder for one in turning(recording)]
    material = Material(straight, [*found, *louder], turns)
    demands = STRICT if strict else STANDARD
    told = []
    for live, rows in (
        (False, attacks(material, demands, photos, draws, seed)),
        (True, people(demands, count, seed)),
    ):
        some = []
        for row in rows:
            say(f"{row.title}: {(row.failed if live else row.passed).words}")
            some.append(row)
        told.append(table(some, live))
    text = "\n".join(told)
    if out is not None:
        out.write_text(text, encoding="utf-8")
    typer.echo(text)


def export_liveness(place: Place = PLACE, models: Path = MODELS) -> None:
    """Turn the trained weights into models/liveness.tflite, with its card and the manifest."""
    import numpy as np

    from kiosk.lab.liveness.judge import rounds
    from kiosk.lab.liveness.plain import read_plain
    from kiosk.lab.liveness.release import export
    from kiosk.vision.signed import ready_to_sign

    ready_to_sign(models)
    plain = read_plain(place / "plain")
    with (
        np.load(place / "weights.npz") as weights,
        np.load(place / "heads.npz") as learned,
        np.load(place / "scores.npz") as scores,
    ):
        subjects = rounds(plain, dict(scores))
        without, steps = str(weights["without"]), int(weights["steps"])
        typer.echo(
            export(
                dict(weights), dict(learned), plain, subjects, models, without=without, steps=steps
            )
        )
