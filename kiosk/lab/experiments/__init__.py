"""The rows of the report: one frozen config each, by name."""

from __future__ import annotations

from kiosk.domain.errors import BadInput
from kiosk.lab.experiments import efficientfacenet, mobilenet, siamese
from kiosk.lab.experiments.config import Experiment

ALL: dict[str, Experiment] = {
    row.name: row for rows in (siamese.ROWS, mobilenet.ROWS, efficientfacenet.ROWS) for row in rows
}


def experiment(name: str) -> Experiment:
    """The config of this name.  Raises BadInput, listing those there are."""
    if name not in ALL:
        raise BadInput(f"There is no experiment {name}; there are {', '.join(ALL)}.")
    return ALL[name]
