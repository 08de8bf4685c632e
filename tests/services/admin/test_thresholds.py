from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.admin.thresholds import site_scores, what_would_change
from tests.fakes import DIMENSION, ENCODER, MORNING


def test_scores_of_a_site_against_brute_force(storage: Storage) -> None:
    random = np.random.default_rng(3)
    people = [storage.people.add(f"P{i}") for i in range(6)]
    # Interleaved, as people who come again are, and one of them once only.
    order = [0, 1, 2, 0, 3, 4, 0, 1, 5, 4, 2, 2, 0]
    vectors = random.normal(size=(len(order), DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    genuine = []
    for place, vector in zip(order, vectors, strict=True):
        storage.people.add_template(people[place].id, vector.astype(np.float32), "fake", 1, "x")
    storage.people.add_template(people[5].id, vectors[0][:4].astype(np.float32), "other", 1, "x")
    for (a, u), (b, v) in combinations(zip(order, vectors, strict=True), 2):
        if a == b:
            genuine.append(u @ v)

    found = site_scores(storage, ENCODER)

    assert np.sort(found.genuine) == pytest.approx(points(genuine), abs=1e-3)
    means = [
        np.mean([v for p, v in zip(order, vectors, strict=True) if p == person], axis=0)
        for person in sorted(set(order))
    ]
    means = [mean / np.linalg.norm(mean) for mean in means]
    between = [one @ other for one, other in combinations(means, 2)]
    assert np.sort(found.impostor) == pytest.approx(points(between), abs=1e-3)
    assert len(site_scores(storage, ENCODER, limit=2).impostor) == 1


def points(similarities: list[float]) -> np.ndarray:
    return np.clip(60 * np.sort(similarities), 0, 100)


def test_an_empty_site_has_no_scores(storage: Storage, enrol: Callable[..., Person]) -> None:
    empty = site_scores(storage, ENCODER)
    assert len(empty.genuine) == len(empty.impostor) == 0
    enrol("Ada")
    alone = site_scores(storage, ENCODER)
    assert len(alone.genuine) == len(alone.impostor) == 0


def logged(
    storage: Storage,
    outcome: Outcome,
    score: float | None,
    reason: Reason,
    mode: Mode = Mode.WALK_UP,
    minutes: float = 0,
    encoder: str = "fake",
) -> Decision:
    return storage.events.append(
        Decision(
            MORNING + timedelta(minutes=minutes),
            outcome,
            reason,
            mode,
            score=score,
            threshold=None if score is None else 0.5,
            encoder_id=encoder,
        )
    )


def test_what_another_threshold_would_have_changed(storage: Storage) -> None:
    no, yes = (Outcome.DENY, Reason.NOT_RECOGNISED), (Outcome.ALLOW, Reason.FACE_MATCHED)
    logged(storage, yes[0], 0.55, yes[1], minutes=-60)  # before the moment asked for
    weak = logged(storage, yes[0], 0.55, yes[1])
    logged(storage, yes[0], 0.8, yes[1])
    near = logged(storage, no[0], 0.45, no[1])
    claimed = logged(storage, no[0], 0.42, Reason.CLAIM_NOT_MATCHED, Mode.CLAIMED)
    logged(storage, no[0], 0.1, no[1])
    logged(storage, no[0], 0.7, no[1])  # its frames did not agree: no threshold's doing
    logged(storage, no[0], 0.45, Reason.PERSON_DISABLED)
    logged(storage, Outcome.AMBIGUOUS, 0.6, Reason.TOO_CLOSE_TO_CALL)
    logged(storage, Outcome.LOW_QUALITY, None, Reason.FACE_TURNED)
    logged(storage, yes[0], None, Reason.PIN_MATCHED, Mode.PIN)
    logged(storage, no[0], 0.49, no[1], encoder="other")

    higher = what_would_change(storage, "fake", 0.6, MORNING)
    assert (higher.now_refused, higher.now_allowed) == ((weak,), ())
    assert higher.looked_at == 8
    lower = what_would_change(storage, "fake", 0.4, MORNING)
    assert (lower.now_refused, lower.now_allowed) == ((), (claimed, near)), "newest first"
    same = what_would_change(storage, "fake", 0.5, MORNING)
    assert same.now_refused == same.now_allowed == ()
