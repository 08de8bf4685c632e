"""The report: every network and source, whole frames and none but the face, failures as pictures.

The sheets show research data: they are written into run folders and never committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Image
from kiosk.lab.liveness.metrics import (
    Presentations,
    Texts,
    by_presentation,
    error_rate,
    verdict,
)
from kiosk.lab.liveness.pack import Pack
from kiosk.lab.liveness.rounds import ROUNDS, held_out

BPCERS = (0.01, 0.05)
WHOLE, FILLED = "whole frame", "no borders visible"
VIEWS = {"whole": WHOLE, "filled": FILLED}
MINIFASNET = "MiniFASNet"
OURS = {"near and far": (0.5, 0.5), "near alone": (1.0, 0.0), "far alone": (0.0, 1.0)}
"""What of our two answers is weighed how."""
COLUMNS, CELL, MOST = 8, 160, 32
_TITLES = {
    one.name: f"Learned without {one.without}{' and from real attacks alone' * one.real_only}"
    for one in ROUNDS
    if one.without
} | {
    "people": "People held out",
    "made": "Learned from made-up attacks alone, people held out",
}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged together: the rows of n frames among all, their species, people and
    presentations, and (network, view) to scores float64 (n,), logarithms of odds."""

    title: str
    rows: NDArray[np.int64]
    species: Texts
    people: Texts
    presentations: Texts
    scores: Mapping[tuple[str, str], Floats]

    def found(self, network: str, view: str) -> Presentations:
        """One network's presentations."""
        scores = self.scores[network, view]
        return by_presentation(scores, self.presentations, self.species, self.people)


def odds(beliefs: NDArray[np.floating]) -> Floats:
    """Beliefs 0 to 1 as logarithms of odds."""
    clipped = np.clip(np.asarray(beliefs, np.float64), 1e-9, 1 - 1e-9)
    return np.log(clipped / (1 - clipped))


def weighed(answers: NDArray[np.floating]) -> dict[str, Floats]:
    """Our network's (n, 2) answers as scores, by OURS."""
    return {name: np.asarray(answers, np.float64) @ np.array(w) for name, w in OURS.items()}


def rounds(pack: Pack, scores: Mapping[str, NDArray[np.floating]]) -> list[Subject]:
    """Each trained round's network on what it has never seen: a whole source, or the people held
    out.

    scores: what Trainer.scores answers with, of the same pack.
    """
    place = {name: row for row, name in enumerate(pack.names)}
    rows = np.array([place[name] for name in scores["names"]])
    pack = pack.select(rows)
    unseen = held_out(pack.people)
    subjects = []
    for one in ROUNDS:
        if one.name == "final" or f"{one.name}:whole" not in scores:
            continue  # has seen everybody, or was not trained
        mine = pack.sources == one.without if one.without else unseen
        for source in [one.without] if one.without else ["", *np.unique(pack.sources[mine])]:
            here = np.flatnonzero(mine & (pack.sources == source if source else True))
            if pack.live[here].all() or not pack.live[here].any():
                continue
            columns: dict[tuple[str, str], Floats] = {}
            for view, title in VIEWS.items():
                for name, values in weighed(scores[f"{one.name}:{view}"][here]).items():
                    columns[name, title] = values
            columns[MINIFASNET, WHOLE] = odds(pack.teacher[here])
            columns[MINIFASNET, FILLED] = odds(pack.teacher_filled[here])
            subjects.append(
                Subject(
                    f"{_TITLES[one.name]}, {source or 'all sources'}",
                    rows[here], pack.species[here], pack.people[here],
                    pack.presentations[here], columns,
                )
            )  # fmt: skip
    return subjects


def report(subjects: Sequence[Subject]) -> str:
    """Markdown: a table a subject."""
    return "\n".join(line for subject in subjects for line in _table(subject))


def _table(subject: Subject) -> list[str]:
    first = next(iter(subject.scores))
    found = subject.found(*first)
    live = int(found.live.sum())
    attacks = ", ".join(
        f"{(found.species == kind).sum()} {kind}" for kind in np.unique(found.species[~found.live])
    )
    lines = [
        f"### {subject.title}",
        "",
        f"{live} live presentations, {attacks}, of {len(np.unique(found.people))} people.",
        "",
        "| network | view | EER | "
        + " | ".join(f"APCER at BPCER {bpcer:.0%}, worst first" for bpcer in BPCERS)
        + " |",
        "|---|---|---|" + "---|" * len(BPCERS),
    ]
    for network, view in subject.scores:
        found = subject.found(network, view)
        cells = [
            ", ".join(f"{kind} {share}" for kind, share in verdict(found, bpcer).apcer)
            for bpcer in BPCERS
        ]
        lines.append(f"| {network} | {view} | {error_rate(found)} | {' | '.join(cells)} |")
    return [*lines, ""]


def sheets(
    subject: Subject, network: str, view: str, picture: Callable[[int], Image], folder: Path
) -> list[Path]:
    """The attacks that look most live and the live faces that look least so, each with its score
    and person.  `picture` gives a frame's canvas."""
    found = subject.found(network, view)
    order = np.argsort(found.scores)
    out = []
    for name, rows in (
        ("attacks", order[::-1][~found.live[order[::-1]]]),
        ("live", order[found.live[order]]),
    ):
        cells = [_cell(found, int(row), picture) for row in rows[:MOST]]
        cells += [np.full_like(cells[0], 255)] * (-len(cells) % COLUMNS)
        grid = np.vstack(
            [np.hstack(cells[at : at + COLUMNS]) for at in range(0, len(cells), COLUMNS)]
        )
        path = folder / f"{_plain(subject.title)}_{name}.png"
        _, data = cv2.imencode(".png", np.ascontiguousarray(grid[:, :, ::-1]))
        path.write_bytes(data.tobytes())
        out.append(path)
    return out


def _cell(found: Presentations, row: int, picture: Callable[[int], Image]) -> Image:
    image = cv2.resize(picture(int(found.rows[row])), (CELL, CELL), interpolation=cv2.INTER_AREA)
    cell = np.full((CELL + 30, CELL + 4, 3), 255, np.uint8)
    cell[:CELL, 2 : CELL + 2] = image
    texts = (f"{found.scores[row]:.2f} {found.species[row]}", str(found.people[row])[-24:])
    for line, text in enumerate(texts):
        plain = text.encode("ascii", "replace").decode()  # cv2's letters are ASCII only
        at = (3, CELL + 12 + 14 * line)
        cv2.putText(cell, plain, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, (0, 0, 0), 1, cv2.LINE_AA)
    return cell


def _plain(title: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in title)
