"""The network against photos and screens: its data, training, judging, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.lab.cli.options import DATA, MODELS, RUNS, SHARED, say

PACK = RUNS / "liveness/pack.npz"


def liveness_pack(
    shared: Annotated[Path, typer.Option(help="Folder of pad/ and media/.")] = SHARED,
    out: Annotated[Path, typer.Option(help="File to write.")] = PACK,
    web: Annotated[int, typer.Option(help="Crops of --data to make pictures of.")] = 3000,
    data: Path = DATA,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Cut the frames of live faces and attacks that `train-liveness` learns from."""
    from kiosk.lab.liveness.faces import locate
    from kiosk.lab.liveness.minifasnet import MiniFasNet
    from kiosk.lab.liveness.pack import make_pack, write_pack
    from kiosk.lab.liveness.sources import pad_sources, read
    from kiosk.vision.detector import MtcnnDetector

    shots = pad_sources(shared)
    located = locate(shots, lambda size: MtcnnDetector(models, size), runs / "cache", say)
    frames = (
        (shot, image, located.face(row))
        for row, (shot, image) in enumerate(zip(shots, read(shots), strict=True))
        if located.found[row]
    )
    pack = make_pack(frames, MiniFasNet(shared / "pad"), data, web)
    write_pack(pack, out)
    lost = int((~located.found).sum())
    typer.echo(
        f"{out}: {len(pack):,} frames, {out.stat().st_size / 1e6:.1f} MB; no face found in "
        f"{lost} of {len(shots):,}."
    )


def train_liveness(
    pack: Annotated[Path, typer.Option(help="What `liveness-pack` wrote.")] = PACK,
    out: Annotated[Path, typer.Option(help="Folder for weights and scores.")] = PACK.parent,
    seconds: Annotated[float, typer.Option(help="How long to train.")] = 150,
    rounds: Annotated[str, typer.Option(help="Which, commas between. [default: all]")] = "",
    threads: Annotated[int, typer.Option(help="To read the frames with.")] = 2,
    tiny: Annotated[bool, typer.Option(help="Some seconds that prove that all works.")] = False,
) -> None:
    """Train the network that ships and those that say how good it is: in minutes on a graphics
    processor, in an hour or two on two cores, some of the `--rounds` on each."""
    import numpy as np
    import torch

    from kiosk.domain.errors import BadInput
    from kiosk.lab.cli.distil import keep_memory
    from kiosk.lab.liveness.pack import read_pack
    from kiosk.lab.liveness.rounds import ROUNDS
    from kiosk.lab.liveness.train import Plan, Trainer, add_arrays, run, smaller
    from kiosk.lab.liveness.train import tiny as tiny_plan

    asked = rounds.split(",") if rounds else [one.name for one in ROUNDS]
    chosen = tuple(one for one in ROUNDS if one.name in asked)
    if len(chosen) != len(asked):
        known = ", ".join(one.name for one in ROUNDS)
        raise BadInput(f"--rounds takes some of {known}, not {rounds}.")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    frames, plan, shown, look = read_pack(pack), Plan(), 1, 10
    torch.set_float32_matmul_precision("high")
    if device.type == "cpu":
        if not tiny:
            keep_memory()
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        plan, shown, look = smaller(plan, 4), 4, 1
    if tiny:
        frames = frames.select(np.arange(0, len(frames), max(1, len(frames) // 120)))
        plan, seconds = tiny_plan(plan), min(seconds, 5)
    trainer = Trainer(frames, plan, chosen, device, threads, shown)
    say(f"{len(frames):,} frames, {len(trainer.learners)} networks, on {device}.")
    run(trainer, seconds, say, every=10 if device.type == "cuda" else 60, look=look)
    out.mkdir(parents=True, exist_ok=True)
    add_arrays(out / "weights.npz", trainer.weights())
    add_arrays(out / "scores.npz", trainer.scores())
    typer.echo(f"Written: weights.npz and scores.npz in {out}, beside rounds trained before.")


def evaluate_liveness(
    root: Annotated[
        Path | None,
        typer.Option(help="Folder of live/ and one folder an attack. [default: the rounds]"),
    ] = None,
    pack: Annotated[Path, typer.Option(help="What `liveness-pack` wrote.")] = PACK,
    trained: Annotated[
        Path, typer.Option(help="Folder that `train-liveness` wrote.")
    ] = PACK.parent,
    shared: Annotated[Path, typer.Option(help="Folder of pad/, for MiniFASNet.")] = SHARED,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = RUNS / "liveness/report",
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """How often attacks pass and live people are refused: by the rounds' networks on what they
    have not seen or, with --root, by the one that ships on any folder."""
    from kiosk.lab.liveness.judge import FILLED, report, sheets

    out.mkdir(parents=True, exist_ok=True)
    if root is None:
        import numpy as np

        from kiosk.lab.liveness.judge import rounds
        from kiosk.lab.liveness.pack import read_pack

        frames = read_pack(pack)
        with np.load(trained / "scores.npz") as scores:
            subjects = rounds(frames, dict(scores))
        pictures = [frames.select(subject.rows).image for subject in subjects]
    else:
        from kiosk.lab.liveness.faces import locate
        from kiosk.lab.liveness.frames import judged
        from kiosk.lab.liveness.minifasnet import installed
        from kiosk.lab.liveness.sources import folder, read
        from kiosk.vision.canvas import canvas
        from kiosk.vision.detector import MtcnnDetector
        from kiosk.vision.liveness import load_liveness

        shots = folder(root)
        located = locate(shots, lambda size: MtcnnDetector(models, size), runs / "cache", say)
        other = installed(shared / "pad")
        subject = judged(root.name, shots, located, load_liveness(models), other)
        subjects = [subject]
        landmarks = located.landmarks[subject.rows]
        seen = [shots[int(row)] for row in subject.rows]
        pictures = [lambda row: canvas(next(read([seen[row]])), landmarks[row])]
        lost = int((~located.found).sum())
        say(f"No face was found in {lost} of {len(shots):,} frames; they are not judged.")
    for subject, picture in zip(subjects, pictures, strict=True):
        sheets(subject, "near and far", FILLED, picture, out)
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
        (False, attacks(material, demands, photos, draws)),
        (True, people(demands, count)),
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


def export_liveness(
    pack: Annotated[Path, typer.Option(help="What `liveness-pack` wrote.")] = PACK,
    trained: Annotated[
        Path, typer.Option(help="Folder that `train-liveness` wrote.")
    ] = PACK.parent,
    models: Path = MODELS,
) -> None:
    """Turn the trained weights into models/liveness.tflite, with its card and the manifest."""
    import numpy as np

    from kiosk.lab.liveness.judge import rounds
    from kiosk.lab.liveness.pack import read_pack
    from kiosk.lab.liveness.release import export

    frames = read_pack(pack)
    with np.load(trained / "weights.npz") as weights, np.load(trained / "scores.npz") as scores:
        typer.echo(export(dict(weights), frames, rounds(frames, dict(scores)), models))
