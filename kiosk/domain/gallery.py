"""The enrolled people as one matrix, and the exact search in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Vector
from kiosk.domain.people import Template
from kiosk.domain.scale import CohortStatistics, ScoreScale


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person and how alike the probe is: a score of the encoder's ``ScoreScale``."""

    person_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Known:
    """What a cohort said of a person's vector, of which ``digest`` is 16 bytes: mean and standard
    deviation, as ``CohortStatistics``."""

    digest: bytes
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """One vector a person: the mean of the person's templates, which are of one encoder.

    The mean, and not the best of the templates: with the best a stranger has as many tries as a
    person has templates, with the mean one, and it knows the right person as well (measured in
    ``docs/promise.md``). Immutable, so threads may share it. ``matrix`` is (people, dimension)
    float32 with unit rows, ``people`` (people,) are their ids, ascending; ``statistics`` is what
    the cohort says of each.
    """

    scale: ScoreScale
    matrix: NDArray[np.float32]
    people: NDArray[np.int64]
    statistics: CohortStatistics

    @classmethod
    def of(
        cls,
        templates: Iterable[Template],
        scale: ScoreScale,
        before: Gallery | None = None,
        known: Mapping[int, Known] | None = None,
    ) -> Gallery:
        """A gallery of the given templates. What a gallery ``before``, or what is ``known`` by the
        person's id, says of people whose templates are the same is taken from there: 0.2 ms a
        person saved with a large cohort."""
        rows = sorted(templates, key=lambda template: template.person_id)
        if not rows:
            none = np.empty((0, 0), np.float32)
            return cls(scale, none, np.empty(0, np.int64), scale.statistics(none))
        vectors = np.stack([row.vector for row in rows]).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        ids = np.array([row.person_id for row in rows], np.int64)
        people, starts = np.unique(ids, return_index=True)
        matrix = np.add.reduceat(vectors, starts)
        # Templates that point opposite ways have no mean; such a person is like nobody.
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), np.float32(1e-6))
        return cls(scale, matrix, people, _statistics(scale, matrix, people, before, known or {}))

    def __len__(self) -> int:
        """How many people are in it."""
        return len(self.people)

    def known(self) -> dict[int, Known]:
        """What the cohort says of everybody, by the person's id."""
        mean, deviation = self.statistics.mean.tolist(), self.statistics.deviation.tolist()
        return {
            int(one): Known(_digest(row), *said)
            for one, row, *said in zip(self.people, self.matrix, mean, deviation, strict=True)
        }

    def search(self, probe: Vector) -> tuple[Candidate, ...]:
        """The best two people, best first; exact.

        ``probe`` is (dimension,), unit length. Fewer than two people give fewer candidates.
        """
        if not len(self):
            return ()
        scores = self._normalised(probe, slice(None))
        best = int(scores.argmax())
        places = [best]
        if len(scores) > 1:
            second = scores.copy()
            second[best] = -np.inf
            places.append(int(second.argmax()))
        points = self.scale.score(scores[places])
        return tuple(
            Candidate(int(self.people[place]), float(score))
            for place, score in zip(places, points, strict=True)
        )

    def compare(self, probe: Vector, person_id: int) -> tuple[Candidate, ...]:
        """The one claimed person; empty if there is none."""
        place = int(np.searchsorted(self.people, person_id))
        if place == len(self.people) or self.people[place] != person_id:
            return ()
        score = self.scale.score(self._normalised(probe, slice(place, place + 1)))
        return (Candidate(person_id, float(score[0])),)

    def _normalised(self, probe: Vector, rows: slice) -> NDArray[np.float32]:
        one = probe[None].astype(np.float32)
        seen = self.scale.statistics(one)
        values = self.scale.normalise(one, seen, self.matrix[rows], self.statistics[rows])
        return values.reshape(-1)


def _statistics(
    scale: ScoreScale,
    matrix: NDArray[np.float32],
    people: NDArray[np.int64],
    before: Gallery | None,
    known: Mapping[int, Known],
) -> CohortStatistics:
    mean, deviation = np.empty(len(people), np.float32), np.empty(len(people), np.float32)
    done = np.zeros(len(people), bool)
    if before is not None and before.scale is scale and len(before):
        places = np.minimum(np.searchsorted(before.people, people), len(before) - 1)
        done = (before.people[places] == people) & (before.matrix[places] == matrix).all(axis=1)
        same = before.statistics[places[done]]
        mean[done], deviation[done] = same.mean, same.deviation
    for row in np.flatnonzero(~done):
        kept = known.get(int(people[row]))
        if kept is not None and kept.digest == _digest(matrix[row]):
            mean[row], deviation[row], done[row] = kept.mean, kept.deviation, True
    new = scale.statistics(matrix[~done])
    mean[~done], deviation[~done] = new.mean, new.deviation
    return CohortStatistics(mean, deviation)


def _digest(vector: NDArray[np.float32]) -> bytes:
    return hashlib.blake2b(vector.tobytes(), digest_size=16).digest()
