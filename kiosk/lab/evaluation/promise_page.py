"""promise.md: the promise against what was measured, for whoever does not believe it; the same as
promise.json, and its galleries drawn in promise.png."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.domain.errors import BadInput
from kiosk.domain.tries import MOST
from kiosk.lab.calibration.once import HARD, read_once
from kiosk.lab.calibration.people import JUDGING, one_each, read_alike, read_part
from kiosk.lab.data.cache import cached
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.encoders import Candidate, embed, face_at, open_encoder
from kiosk.lab.evaluation.measure import Subject
from kiosk.lab.evaluation.metrics import Floats
from kiosk.lab.evaluation.promise import Kind, Promise, of_kinds, promises, worst
from kiosk.lab.evaluation.promise_plot import draw
from kiosk.lab.evaluation.rates import Rate, Times, by_group, cut_at_the_top, one_by_one
from kiosk.lab.evaluation.visit import (
    LOOKS,
    Share,
    Visitor,
    Visits,
    of_several_pictures,
    view,
    visits,
)
from kiosk.lab.pages import page
from kiosk.vision.manifest import read_manifest

PROMISED = (1e-2, 1e-3)
DRAWN = (3e-2, 1e-2, 3e-3, 1e-3)
"""The promises of the picture, those of the page among them."""
KIND_PROMISED = (1e-1, 1e-2)
"""UTKFace has a hundred strangers of a group: they tell nothing of rarer ones."""
CUTS = (0.0, 0.08, 0.16, 0.22)
CUT_PEOPLE = 1500
VIEWED = 200
"""People who could be enrolled, and as many others, of whose last picture views are made."""
VISIT_TEMPLATES = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """What was measured of one encoder: ``galleries`` of the ``dataset`` and, ``hard``, of people
    of the training files who are kept for judging, relatives among them, nobody under two names."""

    encoder: str
    dataset: str
    galleries: tuple[Promise, ...]
    hard: tuple[Promise, ...]
    cuts: tuple[Rate, ...]
    groups: tuple[Rate, ...]
    visits: tuple[Visits, ...]
    kinds: tuple[Kind, ...] = ()


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
    """Measure and write OUT/promise.md, .json and .png. ``data``: the folder of training zips,
    whose people kept for judging fill galleries and are compared by group and age; None leaves
    that out."""
    candidate = open_encoder(encoder, models, Path())
    info = read_manifest(models).encoder(encoder).info
    vectors = embed(candidate, subject.pictures, subject.faces, cache)
    found = np.setdiff1d(np.arange(len(vectors)), subject.faces.not_found)
    people = [subject.pictures.identities[row] for row in found]
    say(f"Galleries of {subject.dataset}.")
    galleries = promises(vectors[found], people, info.scale, info.curve, DRAWN)
    cuts = []
    for share in CUTS:
        say(f"Cut by {share:.0%}.")
        cut = _cut(candidate, subject, found, share)
        cuts.append(one_by_one(f"{share:.0%} of both crops beyond the picture", cut, info.scale))
    groups: list[Rate] = []
    kinds: list[Kind] = []
    hard: list[Promise] = []
    if data is not None:
        alone = read_part(JUDGING, "utkface", candidate, data, models, cache, say=say)
        alike = read_alike(JUDGING, "utkface", data, models, cache, say=say)
        groups = by_group(alone, info.scale, alike)
        say("Galleries of one kind.")
        kinds = of_kinds(alone, info.scale, info.curve, KIND_PROMISED, alike)
        say("Galleries of people kept for judging.")
        judged, names = read_once(JUDGING, HARD, candidate, data, models, cache, say=say)
        hard = promises(judged, names.tolist(), info.scale, info.curve, DRAWN)
    seen = _views(candidate, subject, found, vectors, cache, say)
    several = of_several_pictures(vectors[found], people, VISIT_TEMPLATES)
    measured: list[Visits] = []
    for promised in PROMISED:
        say(f"Visits at {promised:g}.")
        measured += visits("views of one picture", seen, info.scale, info.curve, promised)
        measured += visits("pictures of many days", several, info.scale, info.curve, promised)
    kept = Kept(
        encoder,
        subject.dataset,
        tuple(galleries),
        tuple(hard),
        tuple(cuts),
        tuple(groups),
        tuple(measured),
        tuple(kinds),
    )
    return write_page(kept, out)


def write_page(kept: Kept, out: Path) -> Path:
    """OUT/promise.md, .json and .png of what was measured; the page's path."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "promise.json").write_text(json.dumps(asdict(kept), indent=1) + "\n", "utf-8")
    draw(_panels(kept), out / "promise.png")
    path = out / "promise.md"
    path.write_text(page(__file__, "promise.md", kept=kept, tables=tables(kept)), "utf-8")
    return path


def read_kept(path: Path) -> Kept:
    """What ``write_promise`` left as promise.json.

    Raises:
        BadInput: it is not there, or another program's.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
        return Kept(
            raw["encoder"],
            raw["dataset"],
            tuple(Promise(**one) for one in raw["galleries"]),
            tuple(Promise(**one) for one in raw["hard"]),
            tuple(_rate(one) for one in raw["cuts"]),
            tuple(_rate(one) for one in raw["groups"]),
            tuple(_visits(one) for one in raw["visits"]),
            tuple(Kind(**one) for one in raw.get("kinds", ())),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput(
            f"{path} should be what `evaluate --promise` writes, but can't be read ({error!r}); "
            "run it first."
        ) from error


def _rate(raw: dict[str, Any]) -> Rate:
    return Rate(**raw | {at: Times(**raw[at]) for at in ("at_20", "at_30") if raw[at] is not None})


def _visits(raw: dict[str, Any]) -> Visits:
    return Visits(**raw | {of: Share(**raw[of]) for of in ("look", "visit", "tries", "mean")})


@dataclass(frozen=True, slots=True)
class Table:
    """Galleries of one kind of people at the promises of the page, and the worst of them."""

    title: str
    rows: tuple[Promise, ...]
    worst: Promise


def tables(kept: Kept) -> list[Table]:
    """Those of which there are any."""
    made = []
    for title, found in _panels(kept):
        rows = sorted(
            (one for one in found if one.promised in PROMISED), key=lambda one: -one.promised
        )
        least = worst(rows)
        if least is not None:
            made.append(Table(title, tuple(rows), least))
    return made


def _panels(kept: Kept) -> list[tuple[str, Sequence[Promise]]]:
    judged = "CelebA and Families In the Wild, people kept for judging (relatives among them)"
    return [(kept.dataset, kept.galleries), (judged, kept.hard)]


def _cut(candidate: Candidate, subject: Subject, found: np.ndarray, share: float) -> Floats:
    """One picture each of the first people, cut at the top."""
    identities = np.array([subject.pictures.identities[row] for row in found])
    first = found[one_each(identities)][:CUT_PEOPLE]
    rows = []
    for row in first:
        image, points = cut_at_the_top(
            subject.pictures.read(int(row)), subject.faces.landmarks[row], share
        )
        rows.append(candidate.encoder.encode(image, [face_at(points)])[0])
    return np.stack(rows).astype(np.float32)


def _views(
    candidate: Candidate,
    subject: Subject,
    found: np.ndarray,
    vectors: Floats,
    cache: Path,
    say: Callable[[str], None],
) -> list[Visitor]:
    """Visitors of whom one picture is seen again and again, slightly otherwise each time."""
    people = [
        found[rows] for rows in rows_by_person([subject.pictures.identities[r] for r in found])
    ]
    rng = np.random.default_rng(2022)
    able = [rows for rows in people if len(rows) > VISIT_TEMPLATES]
    others = [rows for rows in people if len(rows) <= VISIT_TEMPLATES]
    drawn = [
        some[place] for some in (able, others) for place in rng.permutation(len(some))[:VIEWED]
    ]

    def encode() -> Floats:
        made = []
        for rows in drawn:
            image, points = subject.pictures.read(int(rows[-1])), subject.faces.landmarks[rows[-1]]
            for _ in range(MOST * LOOKS):
                seen, there = view(image, points, rng)
                made.append(candidate.encoder.encode(seen, [face_at(there)])[0])
        return np.stack(made).astype(np.float32)

    key = f"views_{candidate.key}_{subject.pictures.key()}_{len(drawn)}_{MOST * LOOKS}.npy"
    looks = cached(cache / key, encode, say).reshape(len(drawn), MOST * LOOKS, -1)
    return [Visitor(vectors[rows[:-1]], own) for rows, own in zip(drawn, looks, strict=True)]
