"""The rows of the report under one budget, beside the figures that the report gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from kiosk.domain.errors import BadInput
from kiosk.lab.evaluation.encoders import embed, open_encoder
from kiosk.lab.evaluation.evaluate import ENOUGH_PICTURES, REPORT_FAR, judge, people_with
from kiosk.lab.evaluation.identification import macro_f1
from kiosk.lab.evaluation.measure import Subject
from kiosk.lab.evaluation.metrics import Floats
from kiosk.lab.experiments import ALL
from kiosk.lab.experiments.config import Experiment
from kiosk.lab.release.export import write_whole
from kiosk.lab.training.fit import MODEL, Fitted

RESAMPLES = 50
FIGURES = "experiments.json"
REFERENCE = "reference"
_AT_ONCE = 65_536  # pairs


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row: TAR at FAR 0.1%, macro F1 of Allow/Deny there, identification with one picture
    registered (None for a head, which compares and does not embed), what it took, and the weights
    it started from."""

    name: str
    title: str
    reported: str
    minutes: float
    images: int
    start: str
    tar: float
    macro_f1: float
    identified: float | None
    identified_f1: float | None


def frequent(subject: Subject) -> Subject:
    """The report's people: those with at least ten pictures.

    Raises BadInput where they are too few for a FAR of 0.1%.
    """
    rows = people_with(subject.pictures.identities, ENOUGH_PICTURES)
    counts = np.unique(
        [subject.pictures.identities[row] for row in rows.tolist()], return_counts=True
    )[1]
    impostors = (len(rows) ** 2 - int((counts**2).sum())) // 2
    if impostors * REPORT_FAR < 10:
        raise BadInput(
            f"The table is judged on people with {ENOUGH_PICTURES} pictures or more, at FAR 0.1%, "
            f"but {subject.dataset} has {len(counts)} of them, {impostors:,} pairs of strangers "
            "where 10,000 are needed; give more pictures."
        )
    faces = subject.faces.select(rows)
    return Subject(subject.pictures.select(rows), faces, f"{subject.dataset}, 10+ pictures")


def judge_row(
    row: Experiment,
    runs: Path,
    subject: Subject,
    models: Path,
    teacher: Path,
    minutes: float,
    fitted: Fitted,
) -> RowResult:
    """The figures of a trained row on the subject's pictures."""
    about = (row.name, row.title, row.reported, minutes, fitted.images, fitted.start)
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
    return _figures(about, vectors, subject)


def judge_reference(subject: Subject, models: Path, teacher: Path, cache_dir: Path) -> RowResult:
    """The teacher's own figures, in the place that FaceNet has in the report."""
    vectors = embed(
        open_encoder("teacher", models, teacher), subject.pictures, subject.faces, cache_dir
    )
    about = (REFERENCE, "The teacher, for reference", "FaceNet: 0.89, 0.76; 0.99, 0.92", 0, 0, "")
    return _figures(about, vectors, subject)


def _figures(
    about: tuple[str, str, str, float, int, str], vectors: Floats, subject: Subject
) -> RowResult:
    result = judge(about[0], vectors, subject.pictures.identities, RESAMPLES)
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


def read_table(folder: Path, about: str) -> list[RowResult]:
    """The rows that write_table left in `folder`, none where it was never there.

    about: what they were judged on.  Raises BadInput where the file says something else, or can't
    be read: rows of two judgings are no table.
    """
    path = folder / FIGURES
    try:
        found = json.loads(path.read_text())
        rows = [RowResult(**row) for row in found["rows"]]
    except FileNotFoundError:
        return []
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"{path} should hold the rows judged so far, but can't be read ({error}); move it away "
            "to begin a new table."
        ) from error
    if found["about"] != about:
        raise BadInput(
            f"{path} holds rows judged on {found['about']}, not on {about}; move it away to begin "
            "a new table."
        )
    return rows


def write_table(results: Iterable[RowResult], dataset: str, about: str, folder: Path) -> Path:
    """experiments.json and experiments.md in `folder`, the report's order; returns the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    order = [*ALL, REFERENCE]
    results = sorted(results, key=lambda r: order.index(r.name) if r.name in order else len(order))
    figures = {"about": about, "rows": [asdict(result) for result in results]}
    write_whole(folder / FIGURES, (json.dumps(figures, indent=1) + "\n").encode())

    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    def spent(r: RowResult) -> str:
        return f"{r.minutes:g} | {r.images:,} | {r.start}" if r.images else " |  | "

    lines = [
        f"Each row trained for the minutes that it says, judged on {dataset}; the report's figures "
        "are on its own split of PINS.",
        "",
        "| row | the report | minutes | images seen | from | TAR at FAR 0.1% | macro F1, "
        "Allow/Deny | identified | macro F1 of it |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {r.title} | {r.reported} | {spent(r)} | {r.tar:.3f} | "
            f"{r.macro_f1:.3f} | {share(r.identified)} | {share(r.identified_f1)} |"
            for r in results
        ),
    ]
    page = folder / "experiments.md"
    page.write_text("\n".join(lines) + "\n")
    return page
