"""Which networks are trained to say how good the one that ships is, and whom each never sees.

Without PyTorch, so that they are judged where that is not installed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.liveness.sources import SOURCES

HELD_OUT = 0.25  # of the people of every source, for round "people" and round "made"


@dataclass(frozen=True, slots=True)
class Round:
    """What one network learns from: `without` a source, or without the people held out, from no
    real attack, or from real ones only."""

    name: str
    without: str = ""
    people: bool = False
    made_only: bool = False
    real_only: bool = False


ROUNDS = (
    Round("final"),
    Round("people", people=True),
    *(Round(f"without-{source}", without=source) for source in SOURCES),
    Round("made", people=True, made_only=True),
    *(Round(f"real-{s}", without=s, real_only=True) for s in ("casia", "celebaspoof")),
)


def held_out(people: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Whether a row's person is held out: at least one of every source, always the same."""
    out = np.zeros(len(people), np.bool_)
    sources = np.array([person.split("/")[0] for person in people])
    for source in np.unique(sources):
        names = sorted(
            set(people[sources == source]),
            key=lambda name: hashlib.sha256(str(name).encode()).hexdigest(),
        )
        out |= np.isin(people, names[: max(1, round(HELD_OUT * len(names)))])
    return out
