"""How far a student is, of people held out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.data.crops import CropSet
from kiosk.lab.evaluation.metrics import score_pairs, tar_at, threshold_at

Floats = NDArray[np.float32]


def figures(
    vectors: Floats, targets: Floats, crops: CropSet, rows: NDArray[np.int64]
) -> tuple[float, float | None]:
    """Of the embeddings of `rows`: the mean cosine to their teacher's answers, and TAR at FAR 0.1%
    of the people who are known; None where they make less than 1,000 impostor pairs."""
    cosine = float((vectors * targets).sum(1).mean())
    known = crops.labelled[rows]
    people = [crops.identities[row] for row in rows[known]]
    counts = np.unique(people, return_counts=True)[1]
    if (len(people) ** 2 - (counts**2).sum()) / 2 < 1000 or counts.max() < 2:
        return cosine, None
    scores = score_pairs(vectors[known], people)
    return cosine, tar_at(scores, threshold_at(scores, 1e-3))
