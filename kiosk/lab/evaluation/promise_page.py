"""promise.md: the promise against what was measured, for whoever does not believe it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.lab.calibration.people import JUDGING, Strangers, read_people
from kiosk.lab.evaluation.encoders import Candidate, embed, face_at, open_encoder
from kiosk.lab.evaluation.measure import Subject
from kiosk.lab.evaluation.metrics import Floats
from kiosk.lab.evaluation.promise import (
    Promise,
    Rate,
    by_group,
    cut_at_the_top,
    one_by_one,
    promises,
)
from kiosk.lab.pages import page
from kiosk.vision.manifest import read_manifest

PROMISED = (1e-2, 1e-3)
CUTS = (0.0, 0.08, 0.16, 0.22)
CUT_PEOPLE = 1500


@dataclass(frozen=True, slots=True)
class Kept:
    """What was measured of one encoder."""

    encoder: str
    dataset: str
    galleries: tuple[Promise, ...]
    cuts: tuple[Rate, ...]
    groups: tuple[Rate, ...]


def write_promise(
    encoder: str,
    subject: Subject,
    models: Path,
    data: Path | None,
    cache: Path,
    out: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Measure and write OUT/promise.md. ``data``: the folder of training zips, whose people kept
    for judging are compared by group and age; None leaves that out."""
    candidate = open_encoder(encoder, models, Path())
    info = read_manifest(models).encoder(encoder).info
    vectors = embed(candidate, subject.pictures, subject.faces, cache)
    found = np.setdiff1d(np.arange(len(vectors)), subject.faces.not_found)
    people = [subject.pictures.identities[row] for row in found]
    galleries: list[Promise] = []
    for promised in PROMISED:
        say(f"Galleries at {promised:g}.")
        galleries += promises(vectors[found], people, info.scale, info.curve, promised)
    cuts = []
    for share in CUTS:
        say(f"Cut by {share:.0%}.")
        cut = _cut(candidate, subject, found, share)
        cuts.append(one_by_one(f"{share:.0%} of both crops beyond the picture", cut, info.scale))
    groups: list[Rate] = []
    if data is not None:
        judged = read_people(candidate, data, models, cache, say=say)[JUDGING]
        groups = by_group(_of_utkface(judged), info.scale)
    kept = Kept(encoder, subject.dataset, tuple(galleries), tuple(cuts), tuple(groups))
    out.mkdir(parents=True, exist_ok=True)
    path = out / "promise.md"
    path.write_text(page(__file__, "promise.md", kept=kept), "utf-8")
    return path


def _of_utkface(people: Strangers) -> Strangers:
    return people[people.sources == "utkface"]


def _cut(candidate: Candidate, subject: Subject, found: np.ndarray, share: float) -> Floats:
    """One picture each of the first people, cut at the top."""
    identities = np.array([subject.pictures.identities[row] for row in found])
    first = found[np.sort(np.unique(identities, return_index=True)[1])][:CUT_PEOPLE]
    rows = []
    for row in first:
        image, points = cut_at_the_top(
            subject.pictures.read(int(row)), subject.faces.landmarks[row], share
        )
        rows.append(candidate.encoder.encode(image, [face_at(points)])[0])
    return np.stack(rows).astype(np.float32)
