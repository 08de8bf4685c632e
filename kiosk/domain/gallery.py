"""The enrolled templates as one matrix, and the exact search in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Vector
from kiosk.domain.people import Template


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person and the best cosine similarity (-1 to 1) among the person's templates."""

    person_id: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Templates of one encoder, grouped by person; immutable, so threads may share it.

    ``matrix`` is (templates, dimension) float32 with unit rows, ordered by person; ``starts``
    (people,) is each person's first row; ``people`` (people,) are their ids.
    """

    matrix: NDArray[np.float32]
    starts: NDArray[np.intp]
    people: NDArray[np.int64]

    @classmethod
    def of(cls, templates: Iterable[Template]) -> Gallery:
        """A gallery of the given templates, which must be of one encoder."""
        rows = sorted(templates, key=lambda template: template.person_id)
        if not rows:
            empty = np.empty(0, np.int64)
            return cls(np.empty((0, 0), np.float32), empty.astype(np.intp), empty)
        matrix = np.stack([row.vector for row in rows]).astype(np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        ids = np.array([row.person_id for row in rows], np.int64)
        people, starts = np.unique(ids, return_index=True)
        return cls(matrix, starts, people)

    def __len__(self) -> int:
        """How many people are in it."""
        return len(self.people)

    def search(self, probe: Vector) -> tuple[Candidate, ...]:
        """The best two people (not the best two templates), best first; exact.

        ``probe`` is (dimension,), unit length. Fewer than two people give fewer candidates.
        """
        if not len(self):
            return ()
        scores = np.maximum.reduceat(self.matrix @ probe, self.starts)
        best = int(scores.argmax())
        found = [Candidate(int(self.people[best]), float(scores[best]))]
        if len(scores) > 1:
            scores[best] = -np.inf
            second = int(scores.argmax())
            found.append(Candidate(int(self.people[second]), float(scores[second])))
        return tuple(found)

    def compare(self, probe: Vector, person_id: int) -> tuple[Candidate, ...]:
        """The one claimed person with the best score of the templates; empty if there is none."""
        place = int(np.searchsorted(self.people, person_id))
        if place == len(self.people) or self.people[place] != person_id:
            return ()
        end = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.matrix)
        return (Candidate(person_id, float((self.matrix[self.starts[place] : end] @ probe).max())),)
