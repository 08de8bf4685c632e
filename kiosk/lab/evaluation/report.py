"""report.html: encoders side by side, their plots, the pairs that went worst."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.lab.evaluation.contact_sheet import contact_sheet
from kiosk.lab.evaluation.evaluate import Evaluation, SetResult
from kiosk.lab.evaluation.measure import Subject
from kiosk.lab.evaluation.metrics import BINS, PairScores

STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .75rem;text-align:right;
border-bottom:1px solid #ccc;white-space:pre-line}
td:first-child,th:first-child{text-align:left}img{max-width:100%}
h2{margin-top:2.5rem}.note{color:#555}"""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{cells('th', head)}</tr>{body}</table>"


def _percent(value: float, digits: int = 2) -> str:
    return f"{100 * value:.{digits}f}%"


def _title(result: SetResult) -> str:
    return html.escape(result.name[0].upper() + result.name[1:])


def summary(evaluations: Sequence[Evaluation]) -> str:
    """The encoders in one table, a block a set of faces."""
    parts = []
    for place, first in enumerate(evaluations[0].sets):
        rows = []
        for evaluation in evaluations:
            result = evaluation.sets[place]
            tars = [f"{p.tar:.3f}\n{p.tar_low:.3f} to {p.tar_high:.3f}" for p in result.points]
            deny_allow_macro = result.table.rows[2]
            rows.append(
                [
                    evaluation.encoder,
                    *tars,
                    _percent(result.eer),
                    f"{deny_allow_macro.f1:.3f}",
                    f"{result.identification.accuracy:.3f}",
                    f"{result.identification.macro_f1:.3f}",
                ]
            )
        head = ["encoder", *(f"TAR at FAR {p.far:g}" for p in first.points), "EER"]
        head += ["macro F1, Allow/Deny", "identified", "macro F1 of it"]
        counts = (
            f"{first.people:,} people, {first.pictures:,} pictures, {first.genuine:,} genuine and "
            f"{first.impostors:,} impostor pairs; 95% intervals from resampling people"
        )
        parts.append(f"<h2>{_title(first)}</h2><p class=note>{counts}</p>")
        parts.append(_table(head, rows))
    return "".join(parts)


def _view2(evaluations: Sequence[Evaluation]) -> str:
    rows = []
    for e in evaluations:
        if e.view2 is None:
            continue
        cells = [
            f"{_percent(v.mean)} ± {_percent(v.standard_error)}"
            for v in (e.view2, e.view2_without)
            if v is not None
        ]
        rows.append([e.encoder, *cells, *[""] * (2 - len(cells))])
    if not rows:
        return ""
    head = ["encoder", "View 2, ten folds", "without people also in training"]
    return "<h2>LFW View 2</h2>" + _table(head, rows)


def _annex_b(result: SetResult) -> str:
    table = result.table
    rows = [
        [r.name, f"{r.precision:.4f}", f"{r.recall:.4f}", f"{r.f1:.4f}", f"{r.support:,}"]
        for r in table.rows
    ]
    rows.insert(2, ["accuracy", "", "", f"{table.accuracy:.4f}", f"{table.rows[2].support:,}"])
    head = [f"threshold {table.threshold:.4f}", "precision", "recall", "F1", "support"]
    return f"<h3>{_title(result)}</h3>" + _table(head, rows)


def _open_set(result: SetResult) -> str:
    rows = [[f"{p.gallery:,}", _percent(p.fpir, 1), _percent(p.fnir)] for p in result.open_set]
    return _table(["people in the gallery", "FPIR", "FNIR"], rows) if rows else ""


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


def _shares(evaluations: Sequence[Evaluation]) -> str:
    """Encoders beside each other: the share accepted in each part, and of how many pairs."""
    if not evaluations[0].shares:
        return ""
    rows = []
    for place, share in enumerate(evaluations[0].shares):
        values = [_percent(e.shares[place].share) for e in evaluations]
        rows.append([f"{share.of}: {share.part}", f"{share.pairs:,}", *values])
    return (
        "<h2>By picture and by group, at FAR 0.1% of all pairs</h2><p class=note>By picture: "
        "genuine pairs accepted, the worse picture of a pair counts. By group: pairs of strangers "
        "accepted, on crops that were trained on, without their identities.</p>"
        + _table(["", "pairs", *(e.encoder for e in evaluations)], rows)
    )


def _sheets(evaluations: Sequence[Evaluation], subject: Subject, folder: Path) -> str:
    parts = []
    for number, e in enumerate(evaluations):
        for kind, pairs in (("genuine", e.worst_genuine), ("impostor", e.worst_impostor)):
            path = folder / f"worst_{kind}_{number}.jpg"
            if contact_sheet(subject.pictures, subject.faces, pairs, path) is not None:
                title = f"{html.escape(e.encoder)}: the worst {kind} pairs"
                parts.append(f'<h3>{title}</h3><img src="{path.name}" alt="{title}">')
    return "<h2>Failures to look at</h2>" + "".join(parts) if parts else ""


def _people(result: SetResult) -> str:
    """The report's full classification report, folded."""
    truth, answer = map(np.asarray, (result.identification.truth, result.identification.answer))
    rows = []
    for name in np.unique(truth):
        right = int(((truth == name) & (answer == name)).sum())
        said, support = int((answer == name).sum()), int((truth == name).sum())
        precision, recall = right / max(said, 1), right / support
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        rows.append([str(name), f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}", f"{support}"])
    table = _table(["person", "precision", "recall", "F1", "support"], rows)
    title = f"{html.escape(result.name)}: identification, person by person"
    return f"<details><summary>{title}</summary>{table}</details>"


def write_report(evaluations: Sequence[Evaluation], subject: Subject, folder: Path) -> Path:
    """Write report.html, its plots and sheets into `folder`; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    images = "".join(f'<img src="{name}" alt="{name}">' for name in plots(evaluations, folder))
    details = "".join(
        f"<h2>{html.escape(e.encoder)}: Allow or Deny at FAR of at most 0.1%</h2>"
        + "".join(_annex_b(result) for result in e.sets)
        + "<h3>Search: misses at a rate of strangers let in</h3>"
        + _open_set(e.sets[0])
        + _people(min(e.sets, key=lambda result: result.people))
        for e in evaluations
    )
    page = folder / "report.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>Encoders</title><style>{STYLE}</style>"
        f"<h1>Encoders, measured</h1>{_view2(evaluations)}{summary(evaluations)}{images}"
        f"{details}{_shares(evaluations)}{_sheets(evaluations, subject, folder)}"
    )
    return page
