"""A scale for vectors that are drawn at random."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve

NONE = np.empty((0, 0), np.float32)
SCORES = np.arange(0.0, 61.0)


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


@pytest.fixture(scope="session")
def measured() -> tuple[ScoreScale, ErrorCurve]:
    """Strangers' cosines in 64 dimensions, laid against their own FAR: a promise that holds."""
    random = np.random.default_rng(0)
    one, other = unit(random.normal(size=(2, 400_000, 64)))
    cosines = np.sort(np.einsum("nd,nd->n", one, other))
    far = 10 ** (-SCORES[:51] / 10)
    table = cosines[np.minimum((len(cosines) * (1 - far)).astype(int), len(cosines) - 1)]
    rising = np.append(True, np.diff(table) > 1e-6)
    scale = ScoreScale(NONE, 0, table[rising].astype(float), SCORES[:51][rising])
    curve = ErrorCurve(SCORES, 10 ** (-SCORES / 10), SCORES / 60, "drawn", 1, 10**6)
    return scale, curve
