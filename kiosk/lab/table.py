"""The rows of the report under one budget, beside the figures that the report gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from kiosk.lab.encoders import embed, open_encoder
from kiosk.lab.evaluate import ENOUGH_PICTURES, REPORT_FAR, judge, people_with
from kiosk.lab.experiments.config import Experiment
from kiosk.lab.fit import MODEL
from kiosk.lab.identification import macro_f1
from kiosk.lab.measure import Subject
from kiosk.lab.metrics import Floats
from kiosk.lab.pictures import Faces

RESAMPLES = 50
_AT_ONCE = 65_536  # pairs


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row: TAR at FAR 0.1%, macro F1 of Allow/Deny there, identification with one picture
    registered (None for a head, which compares and does not embed), and what it took."""

    name: str
    title: str
    reported: str
    minutes: float
    images: int
    tar: float
    macro_f1: float
    identified: float | None
    identified_f1: float | None


def frequent(subject: Subject) -> Subject:
    """The report's people: those with at least ten pictures."""
    rows = people_with(subject.pictures.identities, ENOUGH_PICTURES)
    faces = Faces(subject.faces.landmarks[rows], subject.faces.not_found)
    return Subject(subject.pictures.select(rows), faces, f"{subject.dataset}, 10+ pictures")


def judge_row(
    row: Experiment,
    runs: Path,
    subject: Subject,
    models: Path,
    teacher: Path,
    minutes: float,
    images: int,
) -> RowResult:
    """The figures of a trained row on the subject's pictures."""
    about = (row.name, row.title, row.reported, minutes, images)
    path = runs / row.name / MODEL
    if row.objective == "pair":
        candidate = open_encoder("teacher", models, teacher)
        vectors = embed(candidate, subject.pictures, subject.faces, runs / "cache")
        head = keras.saving.load_model(path, compile=False)
        return RowResult(
            *about, *head_figures(head, vectors, subject.pictures.identities), None, None
        )
    candidate = open_encoder(str(path), models, teacher)
    vectors = embed(candidate, subject.pictures, subject.faces, runs / "cache")
    result = judge(row.name, vectors, subject.pictures.identities, RESAMPLES)
    point = next(p for p in result.points if p.far == REPORT_FAR)
    found = result.identification
    return RowResult(*about, point.tar, result.table.rows[2].f1, found.accuracy, found.macro_f1)


def head_figures(
    head: keras.Model, vectors: Floats, identities: Sequence[str]
) -> tuple[float, float]:
    """TAR at FAR 0.1% and the macro F1 of Allow/Deny there, over all pairs of vectors (n, d)."""
    a, b = np.triu_indices(len(vectors), 1)
    names = np.unique(np.asarray(identities), return_inverse=True)[1]
    genuine = names[a] == names[b]
    scores = np.concatenate(
        [
            head.predict_on_batch([vectors[a[k : k + _AT_ONCE]], vectors[b[k : k + _AT_ONCE]]])
            for k in range(0, len(a), _AT_ONCE)
        ]
    ).ravel()
    impostors = np.sort(scores[~genuine])[::-1]
    # The first score at which more than FAR of the impostors would pass; equal ones fall with it.
    allowed = scores > impostors[int(REPORT_FAR * len(impostors))]
    return float(allowed[genuine].mean()), macro_f1(genuine, allowed)


def write_table(results: Sequence[RowResult], dataset: str, folder: Path) -> Path:
    """experiments.json and experiments.md in `folder`; returns the latter's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "experiments.json").write_text(
        json.dumps([asdict(result) for result in results], indent=1) + "\n"
    )

    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    lines = [
        f"Each row trained for the minutes that it says, judged on {dataset}; the report's figures "
        "are on its own split of PINS.",
        "",
        "| row | the report | minutes | images seen | TAR at FAR 0.1% | macro F1, Allow/Deny | "
        "identified | macro F1 of it |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {r.title} | {r.reported} | {r.minutes:g} | {r.images:,} | {r.tar:.3f} | "
            f"{r.macro_f1:.3f} | {share(r.identified)} | {share(r.identified_f1)} |"
            for r in results
        ),
    ]
    page = folder / "experiments.md"
    page.write_text("\n".join(lines) + "\n")
    return page
