"""The command that measures what each cue beside the network tells by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.lab.cli.options import MODELS, RUNS, SHARED, say


def liveness_cues(
    shared: Annotated[Path, typer.Option(help="Folder of pad/ and media/.")] = SHARED,
    visits: Annotated[int, typer.Option(help="Photos made up in a hand.")] = 100,
    turns: Annotated[int, typer.Option(help="Photos made up aslant, rolled and folded.")] = 5000,
    lights: Annotated[int, typer.Option(help="Made-up answers to the light, of each kind.")] = 500,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """What the turn, the surroundings, the source and the light tell by themselves: for
    docs/liveness.md. Half an hour."""
    from kiosk.lab.liveness.cues import (
        clip_windows,
        emptied,
        held_windows,
        nuaa,
        turned_photos,
        turns_table,
        windows_table,
    )
    from kiosk.lab.liveness.lamp import table
    from kiosk.vision.detector import MtcnnDetector

    def make_detector(size: int) -> MtcnnDetector:
        return MtcnnDetector(models, size)

    detector = make_detector(40)
    photos = nuaa(shared, detector, 4)
    if turns:
        typer.echo(turns_table(turned_photos(photos, detector, turns)) + "\n")
    if lights:
        typer.echo(table(lights) + "\n")
    found = clip_windows(shared, make_detector, runs / "cache", say)
    if visits:
        places = [emptied(*photo) for photo in photos[::4]]
        found += held_windows(photos, places, visits)
    typer.echo(windows_table(found))
