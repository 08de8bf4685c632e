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

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Image
from kiosk.lab.liveness.metrics import (
    Presentations,
    Texts,
    by_presentation,
    error_rate,
    verdict,
)
from kiosk.lab.liveness.plain import Plain
from kiosk.lab.liveness.rounds import ROUNDS, held_out
from kiosk.vision.liveness.view import SIDE

BPCERS = (0.01, 0.05)
WHOLE, FILLED = "whole frame", "no borders visible"
TITLES = {"whole": WHOLE, "filled": FILLED}
"""How the views of a Plain are called."""
MINIFASNET = "MiniFASNet"
OURS = "ours"
COLUMNS, MOST = 6, 30
_TITLES = {one.name: f"Learned without {one.without}" for one in ROUNDS if one.without} | {
    "people": "People held out",
    "real": "Learned from real attacks alone, people held out",
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


def rounds(plain: Plain, scores: Mapping[str, NDArray[np.generic]]) -> list[Subject]:
    """Each round's head on whose labels it has never seen: a whole source, or the people held
    out.

    scores: what train.heads answers with; a round that is missing is left out.  Raises BadInput
    where they are of other frames.
    """
    if not np.array_equal(scores.get("names", np.array([])), plain.names):
        raise BadInput(
            "The scores are of other frames than those to judge by; train again on what "
            "`liveness-views` wrote last."
        )
    unseen = held_out(plain.people)
    subjects = []
    for one in ROUNDS:
        if one.name == "final" or any(f"{one.name}:{view}" not in scores for view in TITLES):
            continue  # has seen everybody, or was not trained
        mine = plain.sources == one.without if one.without else unseen
        for source in [one.without] if one.without else ["", *np.unique(plain.sources[mine])]:
            here = np.flatnonzero(mine & (plain.sources == source if source else True))
            if plain.live[here].all() or not plain.live[here].any():
                continue
            columns = {
                (OURS, title): np.asarray(scores[f"{one.name}:{view}"][here], np.float64)
                for view, title in TITLES.items()
            }
            for view, title in TITLES.items():
                columns[MINIFASNET, title] = odds(plain.teacher[view][here])
            subjects.append(
                Subject(
                    f"{_TITLES[one.name]}, {source or 'all sources'}",
                    here, plain.species[here], plain.people[here], plain.presentations[here],
                    columns,
                )
            )  # fmt: skip
    return subjects


def unseen_titles() -> set[str]:
    """Of the tables of whole sources that were left out."""
    return {f"{_TITLES[one.name]}, {one.without}" for one in ROUNDS if one.without}


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
    and person.  `picture` gives what the network was shown of a frame, (SIDE, SIDE, 3)."""
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
    shown = cv2.resize(picture(int(found.rows[row])), (2 * SIDE, 2 * SIDE))
    high, wide, _ = shown.shape
    cell = np.full((high + 30, wide + 4, 3), 255, np.uint8)
    cell[:high, 2 : wide + 2] = shown
    texts = (f"{found.scores[row]:.2f} {found.species[row]}", str(found.people[row])[-24:])
    for line, text in enumerate(texts):
        plain = text.encode("ascii", "replace").decode()  # cv2's letters are ASCII only
        at = (3, high + 12 + 14 * line)
        cv2.putText(cell, plain, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, (0, 0, 0), 1, cv2.LINE_AA)
    return cell


def _plain(title: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in title)
