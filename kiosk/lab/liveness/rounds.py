"""Whose labels are left out to say how good the network that ships is: a round each.

Without PyTorch, so that they are judged where that is not installed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.liveness.scenes import Scenes
from kiosk.lab.liveness.sources import LIVE, SOURCES

HELD_OUT = 0.25  # of the people of every source


@dataclass(frozen=True, slots=True)
class Round:
    """What one head learns from: `without` a source, or without the people held out, or from no
    attack that was made up."""

    name: str
    without: str = ""
    people: bool = False
    real_only: bool = False


ROUNDS = (
    Round("final"),
    Round("people", people=True),
    *(Round(f"without-{source}", without=source) for source in SOURCES),
    Round("real", people=True, real_only=True),
)


def allowed(round_: Round, scenes: Scenes) -> NDArray[np.bool_]:
    """Which scenes a round may learn from: none made of a frame that it must not see either."""
    good = scenes.origin != round_.without
    if round_.people:
        good &= ~held_out(scenes.person)
    if round_.real_only:
        good &= (scenes.source == scenes.origin) | (scenes.species == LIVE)
    return np.asarray(good)


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
