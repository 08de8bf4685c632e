"""report.html: encoders side by side, their plots, the pairs that went worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.lab.evaluation.contact_sheet import contact_sheet
from kiosk.lab.evaluation.evaluate import Evaluation
from kiosk.lab.evaluation.identification import Identification
from kiosk.lab.evaluation.measure import Subject
from kiosk.lab.evaluation.metrics import BINS, PairScores
from kiosk.lab.pages import page


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture of pairs: its file beside the page, and what it shows."""

    file: str
    title: str


@dataclass(frozen=True, slots=True)
class PersonFound:
    """How well one person is identified, 0 to 1, and in how many probes."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


def _axes() -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), dpi=120, layout="constrained")
    return figure, figure.subplots()


def _cumulated(scores: PairScores) -> tuple[Any, Any]:
    above = np.cumsum(scores.impostor_histogram[::-1])[::-1] / scores.impostors
    below = (np.cumsum(scores.genuine_histogram) - scores.genuine_histogram) / len(scores.genuine)
    return above, below


def plots(evaluations: Sequence[Evaluation], folder: Path) -> list[str]:
    """DET, ROC and histograms of the first set; returns the PNG files' names."""
    names = []
    for kind in ("det", "roc"):
        figure, axes = _axes()
        for evaluation in evaluations:
            far, frr = _cumulated(evaluation.sets[0].scores)
            y = np.maximum(frr, 1e-5) if kind == "det" else 1 - frr
            axes.plot(np.maximum(far, 1e-8), y, label=evaluation.encoder)
        axes.set(xscale="log", xlim=(1e-6, 1), xlabel="FAR")
        axes.set(ylabel="FRR" if kind == "det" else "TAR")
        axes.set_yscale("log" if kind == "det" else "linear")
        axes.grid(alpha=0.3)
        axes.legend()
        figure.savefig(folder / f"{kind}.png")
        names.append(f"{kind}.png")
    middle = (np.arange(BINS) + 0.5) * 2 / BINS - 1
    for number, evaluation in enumerate(evaluations):
        figure, axes = _axes()
        scores = evaluation.sets[0].scores
        for label, counts in (
            ("genuine", scores.genuine_histogram),
            ("impostor", scores.impostor_histogram),
        ):
            coarse = counts.reshape(-1, 20).sum(1)
            axes.fill_between(
                middle.reshape(-1, 20).mean(1), coarse / coarse.sum(), alpha=0.5, label=label
            )
        axes.axvline(evaluation.sets[0].table.threshold, color="black", lw=1, label="FAR 0.1%")
        axes.set(xlabel="cosine similarity", ylabel="share of pairs", title=evaluation.encoder)
        axes.legend()
        figure.savefig(folder / f"scores_{number}.png")
        names.append(f"scores_{number}.png")
    return names


def _sheets(evaluations: Sequence[Evaluation], subject: Subject, folder: Path) -> list[Sheet]:
    sheets = []
    for number, e in enumerate(evaluations):
        for kind, pairs in (("genuine", e.worst_genuine), ("impostor", e.worst_impostor)):
            path = folder / f"worst_{kind}_{number}.jpg"
            if contact_sheet(subject.pictures, subject.faces, pairs, path) is not None:
                sheets.append(Sheet(path.name, f"{e.encoder}: the worst {kind} pairs"))
    return sheets


def by_person(found: Identification) -> list[PersonFound]:
    """The report's full classification report, by name."""
    truth, answer = map(np.asarray, (found.truth, found.answer))
    people = []
    for name in np.unique(truth):
        right = int(((truth == name) & (answer == name)).sum())
        said, support = int((answer == name).sum()), int((truth == name).sum())
        precision, recall = right / max(said, 1), right / support
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        people.append(PersonFound(str(name), precision, recall, f1, support))
    return people


def write_report(evaluations: Sequence[Evaluation], subject: Subject, folder: Path) -> Path:
    """Write report.html, its plots and sheets into `folder`; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    path.write_text(
        page(
            __file__, path.name,
            evaluations=evaluations, plots=plots(evaluations, folder),
            sheets=_sheets(evaluations, subject, folder), by_person=by_person,
        ),
        "utf-8",
    )  # fmt: skip
    return path
