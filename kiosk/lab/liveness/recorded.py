"""Turns of a head as recordings have them: measured in clips, or made up by an attacker who knows
how the challenge works."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from kiosk.domain.errors import BadImage, BadInput
from kiosk.domain.ports import Detector
from kiosk.lab.liveness.actors import Floats, Random
from kiosk.lab.liveness.faces import largest
from kiosk.lab.liveness.played import frames
from kiosk.vision.liveness.turn import turn

RATE = 30.0
FAR = 0.30
"""From here on a turn is one that a challenge takes."""


@dataclass(frozen=True, slots=True)
class Recording:
    """``turns`` (n,) at ``times`` (n,) in seconds, which rise from 0."""

    times: Floats
    turns: Floats

    def louder(self) -> Recording:
        """With the smaller side's turns as large as the larger side's: people turn unevenly."""
        low, high = -self.turns.min(), self.turns.max()
        if min(low, high) <= 0:
            return self
        most = max(low, high)
        return Recording(
            self.times, np.where(self.turns < 0, self.turns * most / low, self.turns * most / high)
        )


def measured(path: Path, detector: Detector) -> Recording:
    """A clip's turns, frame by frame. Raises BadInput where it shows no face."""
    times, turns = [], []
    for frame in frames(path, RATE):
        face = largest(detector.detect(frame.image))
        if face is None:
            continue
        try:
            turns.append(turn(face.landmarks))
        except BadImage:
            continue
        times.append(frame.time)
    if len(times) < 2:
        raise BadInput(f"{path} should show a head that turns, but no face was found in it.")
    at = np.array(times)
    return Recording(at - at[0], np.array(turns))


def turning(recording: Recording) -> list[Floats]:
    """Each turn that goes far enough, from straight to straight, RATE values a second, above
    nothing."""
    at = np.arange(0, recording.times[-1], 1 / RATE)
    turns = np.interp(at, recording.times, recording.turns)
    out = []
    for side in (turns, -turns):
        beyond = np.flatnonzero(np.diff(np.concatenate([[0], side > 0.05, [0]]).astype(int)))
        for start, end in zip(beyond[::2], beyond[1::2], strict=True):
            if side[start:end].max() >= FAR:
                out.append(np.concatenate([[0.0], side[start:end], [0.0]]))
    return out


def prepared(
    order: str,
    lasts: float,
    rests: tuple[float, ...],
    random: Random,
    turns: int = 12,
    far: float = 0.42,
) -> Recording:
    """Turns of ``lasts`` seconds with ``rests`` seconds between them, one after the other and then
    from the first on: to the same side, to both by turns, two by two, or drawn."""
    sides = {
        "same": np.ones(turns),
        "by turns": (-1.0) ** np.arange(turns),
        "two by two": (-1.0) ** (np.arange(turns) // 2),
        "drawn": random.choice([-1.0, 1.0], turns),
    }[order]
    one = far * np.sin(np.linspace(0, np.pi, max(3, round(lasts * RATE))))
    still = [np.zeros(max(1, round(rest * RATE))) for rest in rests]
    values = np.concatenate(
        [
            np.concatenate([still[place % len(still)], side * one])
            for place, side in enumerate(sides)
        ]
    )
    return Recording(np.arange(len(values)) / RATE, values)


def all_prepared(random: Random) -> dict[str, Recording]:
    """What an attacker may try, by name: turns at even times and, for pauses of which nobody knows
    by how much they differ and a light that takes its time before one of them, after rests that
    differ by as much."""
    orders = ("same", "by turns", "two by two", "drawn")
    even = {
        f"{order}, {lasts:g} s, every {lasts + rests:g} s": prepared(order, lasts, (rests,), random)
        for order, lasts, rests in product(
            orders, (0.5, 0.8, 1.2), (0.15, 0.3, 0.5, 0.7, 0.9, 1.2, 1.6, 2.2, 3.0)
        )
    }
    uneven = {
        f"{order}, {lasts:g} s, after {rest + more:g} and {rest:g} s by turns": prepared(
            order, lasts, (rest + more, rest), random
        )
        for order, lasts, rest, more in product(
            ("same", "by turns", "two by two"),
            (0.5, 0.8),
            (0.5, 0.7, 0.9, 1.1),
            (0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7),
        )
    }
    return even | uneven
