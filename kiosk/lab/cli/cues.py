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


def liveness_layers(
    shared: Annotated[Path, typer.Option(help="Folder of pad/ and media/.")] = SHARED,
    visits: Annotated[int, typer.Option(help="Photos made up in a hand.")] = 100,
    out: Annotated[Path | None, typer.Option(help="File of the table, too.")] = None,
    models: Path = MODELS,
    runs: Path = RUNS,
) -> None:
    """What becomes of live people and attacks with each layer of the check taken away, by visit:
    for docs/liveness.md. Ten minutes."""
    from kiosk.lab.liveness.cues import clip_cues, emptied, held_cues, nuaa
    from kiosk.lab.liveness.layers import Visit, parted, played, single, table
    from kiosk.vision.detector import MtcnnDetector
    from kiosk.vision.liveness.eyes import FrameCues
    from kiosk.vision.liveness.network import load_liveness

    def make_detector(size: int) -> MtcnnDetector:
        return MtcnnDetector(models, size)

    network = load_liveness(models)

    def make_eyes() -> FrameCues:
        return FrameCues(lambda: network)

    cache = runs / "cache"
    found: list[Visit] = []
    for name, species, cues in clip_cues(shared, make_detector, cache, say, make_eyes):
        found += parted(name, f"clips: {species}", cues)
    found += played(shared, make_detector, cache, say, make_eyes)
    if visits:
        photos = nuaa(shared, make_detector(40), 4)
        places = [emptied(*photo) for photo in photos[::4]]
        for name, species, cues in held_cues(photos, places, visits, make_eyes):
            found += parted(name, f"made up: {species}", cues)
    found += single(shared, make_detector, cache, say, network)
    text = table(found)
    if out is not None:
        out.write_text(text, encoding="utf-8")
    typer.echo(text)
