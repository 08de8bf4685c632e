"""How many comparisons a search in a gallery is worth.

A stranger is compared with everybody enrolled, but only with those of the stranger's own kind is a
comparison as dangerous as a score's rate says: that was measured on strangers of the same sex and
ethnic group. Who is of one kind need not be known. In a crowd of one kind every tenth pair reaches
10 points, for that is what 10 points mean; so the people of a gallery, compared with each other,
tell how much of a crowd they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kiosk.domain.gallery import Gallery
from kiosk.domain.threshold import ErrorCurve

ALIKE: Final = 10.0
"""Points from which two people are alike: low enough for a gallery of thirty to tell something."""
_SHARE: Final = 10 ** (-ALIKE / 10)
PRIOR: Final = 5.0
"""So many pairs that behave as the scale says are added to those that are seen: a few people prove
nothing, and count as they are."""
SAMPLE: Final = 1000
"""People that are compared with each other; of more, so many are drawn (20 ms)."""


def comparisons(gallery: Gallery, curve: ErrorCurve) -> float:
    """With how many people of their own kind a look of those strangers is compared who are like
    most of the gallery; at least 1.

    As many as are enrolled where these are one crowd, more where they are more alike than the
    scale's strangers were, fewer where they are of several kinds, but never fewer than strangers of
    any kind were measured to be worth (``curve.mixed``). What is counted is to how many others
    somebody is alike who is alike to somebody: the mean excess degree of the graph of alike people
    (M. E. J. Newman, S. H. Strogatz, D. J. Watts, "Random graphs with arbitrary degree
    distributions and their applications", Physical Review E 64, 2001), in a crowd of one kind its
    mean degree. The plain mean would let down the largest kind in a mixed gallery.
    """
    people, scale = len(gallery), gallery.scale
    if people < 2 or not scale.in_points:
        return max(float(people), 1.0)
    rows = np.arange(people)
    if people > SAMPLE:
        rows = np.random.default_rng(0).permutation(people)[:SAMPLE]
    some, beside = gallery.matrix[rows], gallery.statistics[rows]
    limit = np.interp(ALIKE, scale.scores, scale.normalised)
    alike = scale.normalise(some, beside, some, beside) >= limit
    np.fill_diagonal(alike, False)
    degrees = alike.sum(axis=1, dtype=np.float64)
    # What one crowd of so many would show.
    pairs = _SHARE * len(rows) * (len(rows) - 1) / 2
    excess = float((degrees * (degrees - 1)).sum() / max(degrees.sum(), 1.0))
    ratio = (len(rows) * excess / 2 + PRIOR) / (pairs + PRIOR)
    return max(people * max(ratio, min(curve.mixed, 1.0)), 1.0)
