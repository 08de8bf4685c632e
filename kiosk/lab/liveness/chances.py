"""How often each scene is varied."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.liveness.scenes import Scenes

SHARES = {
    "casia": 0.22, "nuaa": 0.12, "celebaspoof": 0.26, "clips": 0.14, "web": 0.12,
    "made": 0.10, "elsewhere": 0.04,
}  # fmt: skip
"""Of the views, by source; what is missing gives its share to all others."""


def chances(scenes: Scenes) -> NDArray[np.float64]:
    """Float64 (n,), summing to 1: live faces of a source as often as its attacks, every species of
    attack alike, then every person."""
    out = np.zeros(len(scenes))
    for source, share in SHARES.items():
        here = scenes.source == source
        sides = [here & scenes.live, here & ~scenes.live]
        sides = [side for side in sides if side.any()]
        for side in sides:
            kinds = np.unique(scenes.species[side])
            for kind in kinds:
                rows = np.flatnonzero(side & (scenes.species == kind))
                _, person, count = np.unique(
                    scenes.person[rows], return_inverse=True, return_counts=True
                )
                out[rows] = share / len(sides) / len(kinds) / len(count) / count[person]
    return np.asarray(out / out.sum())
