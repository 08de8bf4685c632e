"""Is the promise one of a visit?  Several looks of one face at the door, under the door's own rule.

A promise is measured look by look, but whoever stands at the door is looked at several times: three
of five frames must agree, and five refusals in a row are allowed before a face waits. The looks of
one stranger are no independent tries, so the rate of a visit follows from no formula. Here the
kiosk's own rule is fed with looks of strangers and of the right people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.comparisons import comparisons
from kiosk.domain.decision import (
    DecisionRule,
    Hint,
    Observation,
    Outcome,
    RuleSettings,
    judge,
)
from kiosk.domain.frame import Image, Points
from kiosk.domain.gallery import Candidate, Gallery
from kiosk.domain.scale import CohortStatistics, ScoreScale
from kiosk.domain.threshold import ErrorCurve, operating_point
from kiosk.domain.tries import MOST
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.galleries import best_two, gallery_of
from kiosk.lab.evaluation.metrics import Floats
from kiosk.lab.evaluation.promise import interval

LOOKS: Final = 6
"""Looks of one attempt: a no takes a second at the least, and a look 0.2 s."""
PACE: Final = 0.2
GALLERIES: Final = ((50, 5), (150, 5))
DRAWS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Visitor:
    """Somebody with pictures to enrol, ``enrolled`` (n, dimension), which may be none, and
    ``MOST * LOOKS`` others, ``looks`` (m, dimension), in their order before the camera."""

    enrolled: Floats
    looks: Floats


@dataclass(frozen=True, slots=True)
class Share:
    """A share from 0 to 1 with its 95% interval over people."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Visits:
    """One kind of looks before one kind of gallery at one promise: shares of strangers let in by
    one ``look``, by a ``visit`` (one attempt under the rule over frames), by ``tries`` (up to five
    attempts in a row), and by the ``mean`` vector of an attempt's looks in the rule's place; and
    of the right people who are known so."""

    looks: str
    people: int
    templates: int
    promised: float
    strangers: int
    look: Share
    visit: Share
    tries: Share
    mean: Share
    known_look: float
    known_visit: float
    known_mean: float


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A visitor's looks and the mean of each attempt's, with what the cohort says of them: that is
    slow, and the same for every gallery."""

    looks: Floats
    beside: CohortStatistics
    means: Floats
    means_beside: CohortStatistics

    @classmethod
    def of(cls, looks: Floats, scale: ScoreScale) -> _Seen:
        attempts = range(0, len(looks), LOOKS)
        means = np.stack([looks[start : start + LOOKS].mean(axis=0) for start in attempts])
        means = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
        return cls(looks, scale.statistics(looks), means, scale.statistics(means))


def visits(
    looks: str,
    visitors: Sequence[Visitor],
    scale: ScoreScale,
    curve: ErrorCurve,
    promised: float,
    *,
    galleries: Iterable[tuple[int, int]] = GALLERIES,
    draws: int = DRAWS,
    seed: int = 2022,
) -> list[Visits]:
    """Whoever is drawn into a gallery visits as the right person, all others as strangers.
    Galleries for which there are too few people are left out."""
    found = []
    seen = [_Seen.of(one.looks, scale) for one in visitors]
    for people, templates in galleries:
        able = [row for row, one in enumerate(visitors) if len(one.enrolled) >= templates]
        if len(able) < people or len(visitors) < 1.2 * people:
            continue
        rng = np.random.default_rng(seed)
        let_in = np.zeros((4, len(visitors)))
        came = np.zeros(len(visitors))
        known = []
        for _ in range(draws):
            enrolled = np.sort(rng.permutation(able)[:people])
            gallery = gallery_of(
                {int(one): visitors[one].enrolled[:templates] for one in enrolled}, scale
            )
            threshold = operating_point(curve, promised, comparisons(gallery, curve)).threshold
            settings = RuleSettings(threshold)
            right = []
            for row in range(len(visitors)):
                mine = row if row in enrolled else None
                passed = _passed(seen[row], gallery, settings, mine)
                if mine is None:
                    let_in[:, row] += passed
                    came[row] += 1
                else:
                    right.append(passed)
            known.append(np.mean(right, axis=0))
        shares = [Share(float(row.sum() / came.sum()), *interval(row, came, rng)) for row in let_in]
        look, visit, _tries, mean = (float(value) for value in np.mean(known, axis=0))
        found.append(
            Visits(
                looks=looks,
                people=people,
                templates=templates,
                promised=promised,
                strangers=int((came > 0).sum()),
                look=shares[0],
                visit=shares[1],
                tries=shares[2],
                mean=shares[3],
                known_look=look,
                known_visit=visit,
                known_mean=mean,
            )
        )
    return found


def _passed(
    seen: _Seen, gallery: Gallery, settings: RuleSettings, mine: int | None
) -> tuple[float, float, float, float]:
    """Shares of looks, of attempts, of rows of attempts and of mean vectors that were answered
    with a name: the person's own of the right one, any of a stranger."""

    def ends(names: Sequence[int | None]) -> NDArray[np.float64]:
        return np.array([n is not None and mine in (None, n) for n in names], np.float64)

    every = _candidates(seen.looks, seen.beside, gallery)
    one_look = ends([_named(candidates, settings) for candidates in every])
    attempts = [every[start : start + LOOKS] for start in range(0, len(every), LOOKS)]
    answers = ends([attempt(own, settings) for own in attempts])
    by_mean = ends(
        [_named(own, settings) for own in _candidates(seen.means, seen.means_beside, gallery)]
    )
    return (
        float(one_look.mean()), float(answers.mean()), float(answers[:MOST].any()),
        float(by_mean.mean()),
    )  # fmt: skip


def attempt(looks: Sequence[tuple[Candidate, ...]], settings: RuleSettings) -> int | None:
    """Whom the door's rule lets in, who looks so; None: nobody."""
    rule = DecisionRule(settings)
    for number, candidates in enumerate(looks):
        verdict = rule.step(Observation(number * PACE, Hint.NONE, candidates)).verdict
        if verdict is not None:
            return verdict.person_id if verdict.outcome is Outcome.ALLOW else None
    return None


def _named(candidates: tuple[Candidate, ...], settings: RuleSettings) -> int | None:
    """Whom one look names; None: nobody."""
    choice, _score = judge(candidates, settings)
    return choice if isinstance(choice, int) else None


def _candidates(
    looks: Floats, beside: CohortStatistics, gallery: Gallery
) -> list[tuple[Candidate, ...]]:
    return [
        tuple(Candidate(int(one), float(score)) for one, score in zip(people, scores, strict=True))
        for people, scores in zip(*best_two(gallery, looks, beside), strict=True)
    ]


def of_several_pictures(
    vectors: Floats, identities: Sequence[str], templates: int, *, seed: int = 2022
) -> list[Visitor]:
    """The hard end: an attempt's looks are pictures of different days, drawn anew for each. People
    with fewer than three besides those that they are enrolled with are strangers only."""
    rng = np.random.default_rng(seed)
    visitors = []
    for rows in rows_by_person(identities):
        mixed = rng.permutation(rows)
        enrolled = mixed[:templates] if len(rows) >= templates + 3 else mixed[:0]
        others = mixed[len(enrolled) :]
        if len(others) < 3:
            continue
        drawn = np.concatenate([_draw(others, rng) for _ in range(MOST)])
        visitors.append(Visitor(vectors[enrolled], vectors[drawn]))
    return visitors


def _draw(rows: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    return np.resize(rng.permutation(rows), LOOKS)


def view(image: Image, points: Points, rng: np.random.Generator) -> tuple[Image, Points]:
    """The picture (h, w, 3) as another frame of the same moment could be: the head a little
    turned, nearer or aside, another light, noise, a breath of blur; the landmarks (5, 2) found a
    little elsewhere."""
    eyes = float(np.linalg.norm(points[1] - points[0]))
    matrix = cv2.getRotationMatrix2D(
        tuple(map(float, points.mean(axis=0))), rng.normal(0, 3), float(np.exp(rng.normal(0, 0.05)))
    )
    height, width = image.shape[:2]
    moved = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    light = moved.astype(np.float32) * np.exp(rng.normal(0, 0.1)) + rng.normal(0, 6)
    light = cv2.GaussianBlur(light, (0, 0), 0.01 + eyes * rng.uniform(0, 0.025))
    light += rng.normal(0, rng.uniform(1, 5), light.shape)
    found = points @ matrix[:, :2].T + matrix[:, 2] + rng.normal(0, 0.02 * eyes, points.shape)
    return np.clip(light, 0, 255).astype(np.uint8), found.astype(np.float32)
