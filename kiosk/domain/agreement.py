"""Which pictures show the person that most of them show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Vector

Scores = NDArray[np.float64]

SAME_PICTURE: Final = 0.999
"""The cosine similarity from which two vectors are of one picture, perhaps saved anew: two pictures
of a person taken one after the other stay below 0.99."""


def majority(scores: Scores, threshold: float) -> tuple[int, ...]:
    """The places of the vectors that belong together, in order; nothing where fewer than half do,
    or of two both differ.

    ``scores`` (n, n) is how alike each two of n vectors are; ``threshold`` is the score of one
    person. A vector belongs to the others when it is on average as similar to them: a single
    comparison lets one stranger in a thousand pass and refuses the right person's picture of ten
    years ago; the mean over several does neither as often.
    """
    count = len(scores)
    if count < 2:
        return tuple(range(count))
    similar = np.array(scores, np.float64)
    np.fill_diagonal(similar, 0.0)
    alike = similar >= threshold
    seed = int(np.lexsort((similar.sum(axis=1), alike.sum(axis=1)))[-1])
    group = alike[seed]
    group[seed] = True
    for _ in range(count):  # settles in two or three rounds
        others = np.maximum(group.sum() - group, 1)
        belongs = (similar @ group) / others >= threshold
        if group.sum() == 1 or np.array_equal(belongs, group):
            break
        group = belongs
    if 2 * int(group.sum()) <= count:
        return ()
    return tuple(int(place) for place in np.flatnonzero(group))


def belongs(scores: Scores, threshold: float) -> bool:
    """Whether a vector is, on average or with the best of them, as similar to a person's known
    ones as one person's are; ``scores`` (n,) are those with the known ones."""
    return bool(scores.mean() >= threshold or np.sort(scores)[-2:].mean() >= threshold)


def same_picture(vector: Vector, known: Sequence[Vector]) -> bool:
    """Whether it is a picture that is known already."""
    return any(float(other @ vector) > SAME_PICTURE for other in known)
