"""How good encoders are, and the kiosk's detector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.lab.cli.options import DATA, LFW, MODELS, RUNS, TEACHER, Root, say


def evaluate(
    encoders: Annotated[str, typer.Option(help="Names or files, with commas between.")] = "teacher",
    root: Root = LFW,
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
    promise: Annotated[
        bool, typer.Option(help="Promised against let in: galleries, cut faces, groups, ages.")
    ] = False,
    data: Annotated[
        Path, typer.Option(help="With --promise: zips of people kept for judging by group.")
    ] = DATA,
    resamples: Annotated[int, typer.Option(help="Resamplings of people for intervals.")] = 200,
    models: Path = MODELS,
    teacher: Path = TEACHER,
    runs: Path = RUNS,
) -> None:
    """Judge encoders on pictures of identities: LFW, unless --root is given."""
    from kiosk.lab.evaluation.evaluate import write_json
    from kiosk.lab.evaluation.measure import measure, open_subject
    from kiosk.lab.evaluation.report import write_report

    cache = runs / "cache"
    subject = open_subject(
        root, pairs, models, cache, aligned=aligned, sample_size=sample, people=people, say=say
    )  # fmt: skip
    if promise:
        from kiosk.lab.evaluation.promise_page import write_promise

        kept = data if (data / "utkface.zip").exists() else None
        several = encoders.split(",")
        for encoder in several:
            folder = out / encoder if len(several) > 1 else out
            page = write_promise(encoder, subject, models, kept, cache, folder, say=say)
            typer.echo(f"Written: {page}")
        return
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


def fusion(
    encoder: Annotated[str, typer.Argument(help="An id of the manifest.")],
    root: Root = LFW,
    out: Annotated[Path, typer.Option(help="Folder of the page.")] = RUNS / "evaluation",
    data: Path = DATA,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """Several photos a person: their mean vector, as the kiosk has it, beside other ways."""
    from kiosk.lab.evaluation.fusion_page import write_fusion
    from kiosk.lab.evaluation.measure import open_subject

    subject = open_subject(root, None, models, runs / "cache", say=say)
    page = write_fusion(encoder, subject, models, data, runs / "cache", out, say=say)
    typer.echo(f"Written: {page}")


def detector_parity(
    pictures: Annotated[Path, typer.Option(help="A zip file of pictures.")] = LFW,
    count: Annotated[int, typer.Option(help="So many of them, evenly spread.")] = 500,
    models: Path = MODELS,
) -> None:
    """Compare the kiosk's detector with the mtcnn package, face by face."""
    from kiosk.lab.evaluation.parity import measure_parity

    typer.echo(str(measure_parity(pictures, models, count)))
