"""The lab's commands: python -m kiosk.lab COMMAND."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.domain.errors import BadInput, KioskError
from kiosk.lab.data.crops import TRAIN_SOURCES, file_sha256
from kiosk.lab.training.config import TrainConfig

if TYPE_CHECKING:
    from kiosk.lab.experiments.config import Experiment
    from kiosk.lab.training.distil import Decay
    from kiosk.lab.training.fit import Fitted

app = typer.Typer(no_args_is_help=True, add_completion=False)

SHARED = Path("../shared")
DATA = SHARED / "data/train"
TEACHER = SHARED / "teacher/mobilefacenet_y1.onnx"
BACKBONE = SHARED / "backbone/efficientnet_b0_imagenet.npz"
LFW = SHARED / "data/test/lfw.zip"
RUNS = Path("runs")
SHIPPED = "efficientfacenet"
TINY = ("glint23",)  # the smallest file of people, enough to prove a configuration
MODELS = Path("models")

Sources = Annotated[
    str, typer.Option(help="Zips of crops in --data, without .zip, commas between: see prepare.")
]
ALL_SOURCES = ",".join(TRAIN_SOURCES)

_LAB = (
    "jinja2",
    "keras",
    "matplotlib",
    "mtcnn",
    "onnxruntime",
    "sklearn",
    "tensorboard",
    "tensorflow",
    "tqdm",
)
EXTRAS = dict.fromkeys(_LAB, "lab")
EXTRAS |= dict.fromkeys(("onnx", "torch"), "lab,train")

# glibc gives every large tensor back to the kernel and asks for it again at the next step; kept,
# a training step takes half the time.  One arena: the replicas' threads then share what is kept.
MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "200000000",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
}


def _keep_memory() -> None:
    """Start this process over with MALLOC set: glibc reads it once, at the start."""
    if any(os.environ.get(k) != v for k, v in MALLOC.items()):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **MALLOC})


@app.callback()
def lab() -> None:
    """Train, evaluate and export face encoders."""


@app.command()
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
    if experiment == SHIPPED:
        _keep_memory()
        from kiosk.lab.release.publish import WEIGHTS_NAME
        from kiosk.lab.training.distil import Decay

        ours = MODELS / WEIGHTS_NAME
        start = backbone_weights or (ours if ours.exists() and not tiny else BACKBONE)
        config = TrainConfig(
            name=SHIPPED, size=size, sources=tuple(sources.split(",")), relations=relations,
            margin=margin,
        )  # fmt: skip
        if gpu and (resume or margin):
            raise BadInput(
                "--gpu can't be combined with --resume or --margin: start it from the weights of "
                "the run before by --backbone-weights, and without labels."
            )
        if gpu:
            folder = runs / SHIPPED / (branch or "gpu")
            _distil_on_gpu(config, rate, minutes or 10, tiny, data, teacher, start, folder, runs)
            return
        decay = Decay(seconds=60 * decay_minutes, peak=rate) if branch else None
        _distil(config, resume, branch, decay, minutes, tiny, data, teacher, start, runs)
    else:
        start = backbone_weights or BACKBONE
        _fit(experiment, resume, minutes or 10, tiny, data, sources, teacher, start, runs)


def _tiny(config: TrainConfig) -> TrainConfig:
    """Of the smallest file of people, unless others are asked for."""
    sources = TINY if config.sources == TRAIN_SOURCES else config.sources
    return replace(config, sources=sources, held_out=60)


def _distil(
    config: TrainConfig,
    resume: bool,
    branch: str,
    decay: Decay | None,
    minutes: float | None,
    tiny: bool,
    data: Path,
    teacher: Path,
    backbone_weights: Path,
    runs: Path,
) -> None:
    import numpy as np
    import torch

    from kiosk.lab.data.crops import check_same_held_out, save_split
    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet, read_weights
    from kiosk.lab.training import checkpoint
    from kiosk.lab.training.distil import Trainer, run
    from kiosk.lab.training.journal import Journal
    from kiosk.lab.training.kernels.fused import Kernels, build, fastest
    from kiosk.lab.training.teacher import EmbeddingCache, FileTeacher

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    main = runs / SHIPPED
    if tiny:
        config = replace(_tiny(config), blends=40, batch=8, warmup=2)
        main, minutes = runs / f"{SHIPPED}-tiny", min(minutes or 0.1, 0.1)
    folder = main / branch if branch else main
    if not (resume or branch or tiny) and (folder / "state.pt").exists():
        raise BadInput(
            f"{folder} holds a run of {SHIPPED} already: go on with it by --resume, or move it "
            "away to begin anew."
        )
    torch.manual_seed(config.seed)
    network = FileTeacher(teacher, 1)
    config = replace(config, dimension=network.dimension)
    crops, split = training_set(config, data, runs / "cache")
    cache = EmbeddingCache(crops, network, runs / "cache")
    if tiny:
        cache.fill(crops, network, np.concatenate([split.held_out[:60], split.train[:100]]))
    library = build(runs / "cache")
    kernels = Kernels(library, fastest()) if library else None
    typer.echo(
        f"Training with fused kernels, in {str(kernels.dtype).removeprefix('torch.')}."
        if kernels
        else "No C++ compiler builds the fused kernels: training without, at about half the speed."
    )
    model = TorchEfficientFaceNet(config.dimension, kernels)
    seen = read_weights(model, backbone_weights).images
    trainer = Trainer(config, crops, split, cache.values, model, cache.ready)
    trainer.images = seen
    own = folder / "state.pt"
    state = own if own.exists() else main / "state.pt"
    # A branch may also leave what ships: its run is lost with the machine, its weights are not.
    if resume or (branch and state.exists()):
        # Where it leaves, a branch may ask for something else.
        starts = bool(branch) and state != own
        found = checkpoint.load(state, config, free=("relations", "margin") if starts else ())
        check_same_held_out(crops, split, state.with_name("held_out.txt"))
        trainer.restore(found, same_branch=bool(branch) and not starts)
    folder.mkdir(parents=True, exist_ok=True)
    save_split(crops, split, folder / "held_out.txt")
    with closing(Journal(folder, config, trainer.images)) as journal:
        run(trainer, folder, config.size, decay, minutes, tick=journal.step, report=journal.line)


def _distil_on_gpu(
    config: TrainConfig,
    rate: float,
    minutes: float,
    tiny: bool,
    data: Path,
    teacher: Path,
    weights: Path,
    folder: Path,
    runs: Path,
) -> None:
    """Leaves weights in `folder`, for `export`."""
    import torch

    from kiosk.lab.data.crops import save_split
    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet, Trained, packed, read_weights
    from kiosk.lab.release.export import write_arrays
    from kiosk.lab.release.publish import WEIGHTS_NAME
    from kiosk.lab.training.gpu.kernels import GpuKernels
    from kiosk.lab.training.gpu.teacher import OnnxNetwork
    from kiosk.lab.training.gpu.train import GpuTrainer, run
    from kiosk.lab.training.journal import write_config

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu" and not tiny:
        raise BadInput(
            "--gpu needs a graphics processor that PyTorch can use, and there is none here; train "
            "without --gpu."
        )
    if (folder / WEIGHTS_NAME).exists() and not tiny:
        raise BadInput(
            f"{folder} holds trained weights already: give another name as --branch, or move it "
            "away; --backbone-weights goes on from them."
        )
    config = replace(config, blends=0, batch=1024, warmup=100)
    if tiny:
        config = replace(_tiny(config), batch=8, warmup=2)
    torch.manual_seed(config.seed)
    network = OnnxNetwork(teacher)
    model = TorchEfficientFaceNet(network.dimension, GpuKernels())
    seen = read_weights(model, weights).images
    crops, split = training_set(config, data, runs / "cache")
    trainer = GpuTrainer(config, crops, split, network, model, device)
    trainer.images = seen
    folder.mkdir(parents=True, exist_ok=True)
    write_config(folder, config)
    save_split(crops, split, folder / "held_out.txt")

    def report(line: dict[str, Any]) -> None:
        typer.echo(" ".join(f"{k} {v}" for k, v in line.items()))
        with (folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def save() -> None:
        write_arrays(folder / WEIGHTS_NAME, packed(model, Trained(trainer.images, config.size)))

    if tiny:
        run(trainer, 2, rate, save, report, look_every=1)
    else:
        run(trainer, 60 * minutes, rate, save, report)


def _keras_on_tensorflow() -> None:
    """Unless KERAS_BACKEND says otherwise; before Keras is imported."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def _fit(
    name: str,
    resume: bool,
    minutes: float,
    tiny: bool,
    data: Path,
    sources: str,
    teacher: Path,
    backbone_weights: Path,
    runs: Path,
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
    config = TrainConfig(sources=tuple(sources.split(",")))
    if tiny:
        row, effort = tiny_of(row), Effort(minutes, steps=3)
        config = replace(_tiny(config), blends=0)
    # The teacher's answers are kept for the whole set; real crops come first in it.
    network = FileTeacher(teacher, 1)
    if row.objective != "triplet":
        row = replace(row, dimension=network.dimension)
    crops, split = training_set(replace(config, blends=0), data, runs / "cache")
    whole, _ = with_blends(crops, split, config.blends, config.seed)
    cache = EmbeddingCache(whole, network, runs / "cache")
    answers, ready = cache.values[: len(crops)], cache.ready()[: len(crops)]
    if tiny and row.objective != "triplet":
        cache.fill(crops, network, np.random.default_rng(0).choice(split.train, 100, replace=False))
    fitted = fit(
        row, crops, split, answers, ready, runs, effort,
        resume=resume, backbone=backbone_weights, say=lambda line: typer.echo(line, err=True),
    )  # fmt: skip
    typer.echo(f"Written: {runs / row.name}, {fitted.images:,} images seen")
    return row, fitted


@app.command("embed-teacher")
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


@app.command()
def experiments() -> None:
    """The rows of the report, by the names that `train` knows."""
    from kiosk.lab.experiments import ALL

    for row in ALL.values():
        typer.echo(f"{row.name:<28} {row.title} (the report: {row.reported})")


@app.command()
def table(
    only: Annotated[str, typer.Option(help="Names, with commas between. [default: all]")] = "",
    minutes: Annotated[float, typer.Option(help="The budget of each.")] = 10,
    tiny: Annotated[bool, typer.Option(help="A few steps each, to prove that all works.")] = False,
    root: Annotated[Path, typer.Option(help="Folder or zip of IDENTITY/PICTURE.")] = LFW,
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
    subject = open_subject(
        root, None, models, runs / "cache", say=lambda s: typer.echo(s, err=True)
    )
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
    for row in rows:
        trained, fitted = _fit(
            row.name, False, minutes, tiny, data, sources, teacher, backbone_weights, runs
        )
        if fitted.interrupted:
            left = ",".join(other.name for other in rows[rows.index(row) :])
            typer.echo(f"Stopped; {row.name} is not judged. Go on with --only {left}", err=True)
            raise typer.Exit(1)
        add(judge_row(trained, runs, judged, models, teacher, minutes, fitted))
    typer.echo(page.read_text())


@app.command()
def evaluate(
    encoders: Annotated[str, typer.Option(help="Names or files, with commas between.")] = "teacher",
    root: Annotated[Path, typer.Option(help="Folder or zip of IDENTITY/PICTURE.")] = LFW,
    pairs: Annotated[Path | None, typer.Option(help="View 2's pairs, in LFW's form.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = RUNS / "evaluation",
    groups: Annotated[
        Path, typer.Option(help="Zip of crops named as UTKFace's: age, sex, ethnicity.")
    ] = DATA / "utkface.zip",
    aligned: Annotated[bool, typer.Option(help="Pictures are 128 px crops, aligned.")] = False,
    people: Annotated[
        Path | None, typer.Option(help="Only these people, in the form of LFW's people.txt.")
    ] = None,
    sample: Annotated[int, typer.Option(help="Judge on so many pictures only; 0: all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print metrics.json.")] = False,
    resamples: Annotated[int, typer.Option(help="Resamplings of people for intervals.")] = 200,
    models: Path = MODELS,
    teacher: Path = TEACHER,
    runs: Path = RUNS,
) -> None:
    """Judge encoders on pictures of identities: LFW, unless --root is given."""
    from kiosk.lab.evaluation.evaluate import write_json
    from kiosk.lab.evaluation.measure import measure, open_subject
    from kiosk.lab.evaluation.report import write_report

    def say(line: str) -> None:
        typer.echo(line, err=True)

    cache = runs / "cache"
    subject = open_subject(
        root, pairs, models, cache, aligned=aligned, sample_size=sample, people=people, say=say
    )  # fmt: skip
    results = measure(
        encoders.split(","), subject, models, teacher, cache,
        groups=groups, resamples=resamples, say=say,
    )  # fmt: skip
    page = write_report(results, subject, out)
    write_json(results, out / "metrics.json")
    if as_json:
        typer.echo((out / "metrics.json").read_text())
    else:
        typer.echo(f"Written: {page}")


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="Run folder with state.pt, or a branch's.")],
    size: Annotated[
        int | None, typer.Option(help="Input in pixels. [default: as last trained]")
    ] = None,
    views: Annotated[
        int, typer.Option(help="1, 2: mirrored and closer too, 4: and each by itself.")
    ] = 2,
    precision: Annotated[str, typer.Option(help="float32, float16 or int8.")] = "float16",
    dry: Annotated[bool, typer.Option(help="Only write RUN/efficientfacenet.tflite.")] = False,
    resamples: int = 200,
    root: Path = LFW,
    data: Path = DATA,
    sources: Sources = ALL_SOURCES,
    teacher: Path = TEACHER,
    runs: Path = RUNS,
    models: Path = MODELS,
) -> None:
    """Turn a run into the TFLite file that ships: convert, prove, measure, describe."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from kiosk.lab.release.ship import convert, ship

    config = TrainConfig(sources=tuple(sources.split(",")))
    shipped = convert(run, config, views, precision, data, teacher, runs, size)
    path = run / "efficientfacenet.tflite"
    path.write_bytes(shipped.content)
    parity = shipped.how.parity
    typer.echo(
        f"{path}: {len(shipped.content):,} bytes of {precision}; cosine to Keras "
        f"{parity.least:.5f} at the least; {parity.file_ms:.1f} ms a face, keras predict "
        f"{parity.keras_ms:.0f} ms"
    )
    if not dry:
        best = ship(
            shipped, path, models, root, teacher, runs / "cache", resamples,
            say=lambda line: typer.echo(line, err=True),
        )  # fmt: skip
        typer.echo("It is now the default encoder." if best else "The default encoder stays.")


@app.command()
def publish(
    encoder: Annotated[str, typer.Argument(help="An id whose weights come with a package.")],
    sample: Annotated[int, typer.Option(help="Judge on so many pictures only; 0: all.")] = 0,
    resamples: int = 200,
    root: Path = LFW,
    models: Path = MODELS,
    teacher: Path = TEACHER,
    runs: Path = RUNS,
) -> None:
    """Measure an encoder that needs no training, write its curve into the manifest, and make the
    better encoder the default."""
    from kiosk.lab.evaluation.encoders import DLIB, dlib_entry
    from kiosk.lab.evaluation.measure import measure, open_subject
    from kiosk.lab.release.publish import publish_known

    def say(line: str) -> None:
        typer.echo(line, err=True)

    if encoder != DLIB.encoder_id:
        raise BadInput(f"Only {DLIB.encoder_id} can be published so; for ours use `export`.")
    subject = open_subject(root, None, models, runs / "cache", sample_size=sample, say=say)
    (result,) = measure(
        [encoder], subject, models, teacher, runs / "cache", resamples=resamples, say=say
    )
    best = publish_known(models, dlib_entry(), result)
    typer.echo(f"{encoder}: {len(result.sets[0].thresholds)} points of its curve written.")
    typer.echo(f"The default encoder is {best}.")


@app.command()
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
        progress=lambda count: typer.echo(f"{count:,} looked at", err=True),
    )  # fmt: skip
    for name in done.without_face:
        typer.echo(f"no face found: {name}")
    typer.echo(f"{out}: {done.crops:,} crops of {done.people:,} people.")


@app.command("export-detector")
def export_detector(out: Path = MODELS) -> None:
    """Export the mtcnn package's own weights to TFLite, with its notice and the manifest."""
    from kiosk.lab.release.export_detector import export_detector as export

    export(out)
    typer.echo(f"Written: {', '.join(sorted(str(path) for path in out.glob('mtcnn*')))}")


@app.command("detector-parity")
def detector_parity(
    pictures: Annotated[Path, typer.Option(help="A zip file of pictures.")] = LFW,
    count: Annotated[int, typer.Option(help="So many of them, evenly spread.")] = 500,
    models: Path = MODELS,
) -> None:
    """Compare the kiosk's detector with the mtcnn package, face by face."""
    from kiosk.lab.evaluation.parity import measure_parity

    typer.echo(str(measure_parity(pictures, models, count)))


def main() -> None:
    """Errors become one sentence and exit code 2."""
    try:
        app()
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        typer.echo(
            f"This command needs {error.name}, which is not installed: "
            f"pip install -c constraints.txt -e '.[{EXTRAS[error.name]}]'",
            err=True,
        )
        raise SystemExit(2) from error
    except KioskError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
