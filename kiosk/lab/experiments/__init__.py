"""The rows of the report: one frozen config each, by name."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.errors import BadInput
from kiosk.lab.experiments import efficientfacenet, heads, mobilenet, siamese
from kiosk.lab.experiments.config import Experiment

ALL: dict[str, Experiment] = {
    row.name: row
    for rows in (siamese.ROWS, mobilenet.ROWS, efficientfacenet.ROWS, heads.ROWS)
    for row in rows
}


def experiment(name: str) -> Experiment:
    """The config of this name.  Raises BadInput, listing those there are."""
    if name not in ALL:
        raise BadInput(f"There is no experiment {name}; there are {', '.join(ALL)}.")
    return ALL[name]


def tiny_of(row: Experiment) -> Experiment:
    """The same with small pictures and batches, under a name of its own: to prove that it runs."""
    start = None if row.start is None else f"{row.start}-tiny"
    return replace(row, name=f"{row.name}-tiny", size=64, batch=8, people=4, start=start)
