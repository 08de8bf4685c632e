"""What goes into `models/`: our encoder, what is known of another's, the detector."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kiosk.domain.errors import BadInput
from kiosk.lab.cli.options import ALL_SOURCES, DATA, LFW, MODELS, RUNS, TEACHER, Sources, say
from kiosk.lab.training.config import TrainConfig
from kiosk.vision.signed import ready_to_sign


def export(
    run: Annotated[Path, typer.Argument(help="Run folder with state.pt, or a branch's.")],
    size: Annotated[
        int | None, typer.Option(help="Input in pixels. [default: as last trained]")
    ] = None,
    views: Annotated[
        int, typer.Option(help="1, 2: mirrored and closer too, 4: and each by itself.")
    ] = 2,
    precision: Annotated[str, typer.Option(help="float32, float16 or int8.")] = "float16",
    unseen: Annotated[
        Path | None, typer.Option(help="Zip of crops to judge by, of people never seen.")
    ] = None,
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
    from kiosk.lab.calibration.people import SOURCES
    from kiosk.lab.release.publish import ENCODER_ID
    from kiosk.lab.release.scale import write_scale
    from kiosk.lab.release.ship import convert, ship

    if not dry:
        ready_to_sign(models)
    config = TrainConfig(sources=tuple(sources.split(",")))
    shipped = convert(run, config, views, precision, data, teacher, runs, size, unseen=unseen)
    path = run / "efficientfacenet.tflite"
    path.write_bytes(shipped.content)
    parity = shipped.how.parity
    typer.echo(
        f"{path}: {len(shipped.content):,} bytes of {precision}; cosine to Keras "
        f"{parity.least:.5f} at the least; {parity.file_ms:.1f} ms a face, keras predict "
        f"{parity.keras_ms:.0f} ms"
    )
    if not dry:
        best = ship(shipped, path, models, root, teacher, runs / "cache", resamples, say)
        typer.echo("It is now the default encoder." if best else "The default encoder stays.")
        if all((data / f"{source}.zip").exists() for source in SOURCES):
            write_scale(ENCODER_ID, models, data, root, runs / "cache", say=say)
        else:
            typer.echo(
                f"Its scores are similarities: run `scale {ENCODER_ID}` where {data} holds "
                f"{', '.join(SOURCES)}."
            )


def publish(
    encoder: Annotated[str, typer.Argument(help="dlib-resnet-v1 or sface.")],
    sample: Annotated[int, typer.Option(help="Judge on so many pictures only; 0: all.")] = 0,
    resamples: int = 200,
    root: Path = LFW,
    models: Path = MODELS,
    teacher: Path = TEACHER,
    runs: Path = RUNS,
) -> None:
    """Measure an encoder whose weights come with a package, write its curve (and SFace's file)
    into the manifest, and make the best encoder the default."""
    ready_to_sign(models)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from kiosk.lab.evaluation.encoders import DLIB, dlib_entry
    from kiosk.lab.evaluation.measure import measure, open_subject
    from kiosk.lab.release.publish import publish_known
    from kiosk.lab.release.sface import ENCODER_ID, write_sface
    from kiosk.vision.manifest import write_encoder_entry

    if encoder == ENCODER_ID:
        entry = write_sface(models)
        write_encoder_entry(models, entry)  # so that it can be opened
    elif encoder == DLIB.encoder_id:
        entry = dlib_entry()
    else:
        raise BadInput(
            f"Only {DLIB.encoder_id} and {ENCODER_ID} can be published so; for ours use `export`."
        )
    subject = open_subject(root, None, models, runs / "cache", sample_size=sample, say=say)
    (result,) = measure(
        [encoder], subject, models, teacher, runs / "cache", resamples=resamples, say=say
    )
    best = publish_known(models, entry, result)
    typer.echo(f"{encoder}: {len(result.sets[0].thresholds)} points of its curve written.")
    typer.echo(f"The default encoder is {best}.")


def export_detector(out: Path = MODELS) -> None:
    """Export the mtcnn package's own weights to TFLite, with its notice and the manifest."""
    from kiosk.lab.release.export_detector import export_detector as export

    ready_to_sign(out)
    export(out)
    typer.echo(f"Written: {', '.join(sorted(str(path) for path in out.glob('mtcnn*')))}")


def scale(
    encoder: Annotated[str, typer.Argument(help="An id of the manifest.")],
    most: Annotated[
        int | None, typer.Option(help="Crops of each source, for a slow encoder. [default: all]")
    ] = None,
    for_whom: Annotated[
        bool, typer.Option("--for-whom", help="Only measure which group and age it holds for.")
    ] = False,
    data: Path = DATA,
    root: Path = LFW,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Choose an encoder's cohort, measure the scale of its scores, and write both."""
    from kiosk.lab.release.scale import write_for_whom, write_scale

    ready_to_sign(models)
    if for_whom:
        write_for_whom(encoder, models, data, runs / "cache", say=say)
        return
    found = write_scale(encoder, models, data, root, runs / "cache", most=most, say=say)
    typer.echo(
        f"{encoder}: {len(found.scale.cohort):,} people in the cohort, {found.pairs:,} pairs of "
        f"strangers; of any strangers {found.mixed:.2f} times as many pass."
    )


def card(
    promise: Annotated[
        Path, typer.Argument(help="promise.json, as `evaluate --promise` leaves it.")
    ] = RUNS / "evaluation/promise.json",
    models: Path = MODELS,
) -> None:
    """Write the card's sections on the promise and beside other encoders anew, nothing else."""
    from kiosk.lab.evaluation.promise_page import read_kept
    from kiosk.lab.release.publish import write_beside, write_promise_section

    typer.echo(f"Written: {write_promise_section(models, read_kept(promise))}")
    write_beside(models)


def cover(data: Path = DATA, models: Path = MODELS) -> None:
    """Learn to tell covered faces (masks, sunglasses) and write the network."""
    from kiosk.lab.release.export import write_whole
    from kiosk.lab.training.cover import learn, packed
    from kiosk.vision.cover import FILE_NAME
    from kiosk.vision.manifest import describe_file, write_file_entry

    ready_to_sign(models)
    found, alarms = learn(data, say=say)
    write_whole(models / FILE_NAME, packed(found))
    source = "faces of CelebA, FairFace, Families In the Wild and UTKFace, by kiosk.lab"
    licence = "Research data: not for commercial use without retraining"
    write_file_entry(models, describe_file(models / FILE_NAME, licence=licence, source=source))
    for one in alarms:
        typer.echo(
            f"{one.group}: {one.faces:,} faces, {one.false:.2%} called covered; "
            f"masks found {one.masks:.1%}, sunglasses {one.glasses:.1%}"
        )


def sign_manifest(
    key: Annotated[
        Path | None,
        typer.Option(help="The secret key's file. [default: manifest.key beside the settings]"),
    ] = None,
    models: Path = MODELS,
) -> None:
    """Sign models/manifest.json in minisign's format, and write the key's public half into the
    program. Where there is no key, one is made: keep it, and commit list, signature and program
    together."""
    from kiosk.vision.manifest import MANIFEST_NAME
    from kiosk.vision.signed import key_file, make_key, read_key, sign, write_program_key

    path = key or key_file()
    if path.exists():
        secret = read_key(path)
    else:
        secret = make_key(path)
        typer.echo(f"A new key was made: {path}. Keep a copy; it must not be committed.")
    sign(models / MANIFEST_NAME, secret)
    typer.echo(f"Signed: {models / MANIFEST_NAME}")
    typer.echo(f"{write_program_key(secret.public)} asks for {secret.public.text()}.")
