"""The kiosk's gallery, of people by number, and its search for many looks at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Template
from kiosk.domain.scale import CohortStatistics, ScoreScale
from kiosk.lab.evaluation.metrics import Floats

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def gallery_of(people: Mapping[int, Floats], scale: ScoreScale) -> Gallery:
    """A gallery of people by number, each with vectors (n, dimension)."""
    return Gallery.of(
        (
            Template(0, one, vector, "", 1.0, "", _ANY_DAY)
            for one, vectors in people.items()
            for vector in vectors
        ),
        scale,
    )


def best_two(
    gallery: Gallery, looks: Floats, beside: CohortStatistics
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What ``Gallery.search`` answers with, of many looks (n, dimension): the people (n, 2), best
    first, and their scores (n, 2); (n, 1) where one alone is enrolled. ``beside``: what the cohort
    says of each look, which is slow, and the same for every gallery."""
    values = gallery.scale.normalise(looks, beside, gallery.matrix, gallery.statistics)
    most = min(2, values.shape[1])
    places = np.argpartition(-values, most - 1, axis=1)[:, :most]
    found = np.take_along_axis(values, places, axis=1)
    order = np.argsort(-found, axis=1)
    scores = gallery.scale.score(np.take_along_axis(found, order, axis=1))
    return gallery.people[np.take_along_axis(places, order, axis=1)], scores
