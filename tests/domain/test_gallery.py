from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.frame import Vector
from kiosk.domain.gallery import Candidate, Gallery
from kiosk.domain.people import Template
from kiosk.domain.scale import CohortStatistics, ScoreScale
from tests.fakes import MORNING, PLAIN


def template(person_id: int, vector: Vector) -> Template:
    return Template(0, person_id, vector, "fake", 0.9, "camera", MORNING)


def unit(rows: np.ndarray) -> np.ndarray:
    unit: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit.astype(np.float32)


SCORES = np.array([0.0, 1.0])

owners = st.lists(st.integers(1, 6), min_size=0, max_size=30)


@given(owners, st.integers(0, 2**16))
def test_search_and_compare_find_what_brute_force_finds(people: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = unit(random.normal(size=(len(people), 8)))
    probe = unit(random.normal(size=8))
    best = {
        person: float(unit(vectors[[p == person for p in people]].mean(axis=0)) @ probe)
        for person in set(people)
    }
    ranked = sorted(best.items(), key=lambda item: -item[1])

    gallery = Gallery.of((template(p, v) for p, v in zip(people, vectors, strict=True)), PLAIN)

    assert len(gallery) == len(best)
    found = gallery.search(probe)
    assert [c.person_id for c in found] == [person for person, _ in ranked[:2]]
    assert [c.score for c in found] == pytest.approx([score for _, score in ranked[:2]], abs=1e-6)
    for person in range(8):
        claimed = gallery.compare(probe, person)
        if person in best:
            assert claimed == (Candidate(person, pytest.approx(best[person], abs=1e-6)),)
        else:
            assert claimed == ()


def test_an_empty_gallery_knows_nobody() -> None:
    gallery = Gallery.of((), PLAIN)
    probe = np.ones(4, np.float32)
    assert len(gallery) == 0
    assert gallery.search(probe) == gallery.compare(probe, 1) == ()


def test_a_person_is_the_mean_of_the_templates() -> None:
    probe = np.array([1, 0, 0], np.float32)
    near, nearer, far = (unit(np.array(v, float)) for v in ([1, 0.2, 0], [1, 0.1, 0], [0, 1, 0]))
    gallery = Gallery.of([template(7, near), template(7, nearer), template(3, far)], PLAIN)
    first, second = gallery.search(probe)
    assert (first.person_id, second.person_id) == (7, 3)
    assert first.score == pytest.approx(float(unit((near + nearer).astype(float)) @ probe))


def test_templates_that_point_opposite_ways_are_nobody() -> None:
    probe = np.array([1, 0], np.float32)
    gallery = Gallery.of([template(1, probe), template(1, -probe)], PLAIN)
    assert gallery.search(probe) == (Candidate(1, 0.0),)


def test_one_person_gives_one_candidate() -> None:
    gallery = Gallery.of([template(5, np.array([0, 2], np.float32))], PLAIN)
    assert gallery.search(np.array([0, 1], np.float32)) == (Candidate(5, 1.0),), "rows are unit"


def test_a_hundred_thousand_templates() -> None:
    random = np.random.default_rng(0)
    people = np.repeat(random.normal(size=(25_000, 32)), 4, axis=0)
    vectors = unit(people + 0.3 * random.normal(size=people.shape))
    gallery = Gallery.of((template(row // 4, vector) for row, vector in enumerate(vectors)), PLAIN)
    assert len(gallery) == 25_000
    first, second = gallery.search(vectors[77_777])
    assert (first.person_id, first.score > 0.95) == (77_777 // 4, True)
    assert second.score < 0.9


def test_what_is_known_of_the_same_people_is_taken_from_the_gallery_before() -> None:
    random = np.random.default_rng(1)
    cohort = unit(random.normal(size=(50, 8)))
    scale = ScoreScale(cohort, 10, np.array([0.0, 1.0]), np.array([0.0, 10.0]))
    rows = [template(person, v) for person, v in enumerate(unit(random.normal(size=(6, 8))))]
    before = Gallery.of(rows[:5], scale)
    marked = replace(
        before, statistics=CohortStatistics(before.statistics.mean + 1, before.statistics.deviation)
    )
    changed = [rows[0], template(1, rows[5].vector), *rows[3:]]  # 1 is another, 2 is gone, 5 is new
    after = Gallery.of(changed, scale, marked)
    anew = Gallery.of(changed, scale)
    taken = after.statistics.mean - anew.statistics.mean
    assert after.people.tolist() == [0, 1, 3, 4, 5]
    assert taken == pytest.approx([1, 0, 1, 1, 0], abs=1e-6)


def test_what_was_kept_is_taken_for_the_same_vectors_alone() -> None:
    random = np.random.default_rng(2)
    cohort = unit(random.normal(size=(50, 8)))
    scale = ScoreScale(cohort, 10, np.array([0.0, 1.0]), np.array([0.0, 10.0]))
    rows = [template(person, v) for person, v in enumerate(unit(random.normal(size=(4, 8))))]
    kept = Gallery.of(rows[:3], scale).known()
    marked = {one: replace(said, mean=said.mean + 1) for one, said in kept.items()}
    changed = [rows[0], template(1, rows[3].vector), rows[2], template(3, rows[1].vector)]
    taken = Gallery.of(changed, scale, known=marked)
    anew = Gallery.of(changed, scale)
    assert taken.statistics.mean - anew.statistics.mean == pytest.approx([1, 0, 1, 0], abs=1e-6)
    # The exact numbers come back, so that nothing is new the next time.
    assert Gallery.of(rows[:3], scale, known=kept).known() == kept


def test_another_cohort_or_another_number_of_its_nearest_has_another_key() -> None:
    cohort = unit(np.random.default_rng(3).normal(size=(50, 8)))
    none = np.empty(0)
    scale = ScoreScale(cohort, 10, none, none)
    assert scale.cohort_key() == ScoreScale(cohort.copy(), 10, SCORES, SCORES).cohort_key()
    assert scale.cohort_key() != ScoreScale(cohort, 11, none, none).cohort_key()
    assert scale.cohort_key() != ScoreScale(cohort[::-1], 10, none, none).cohort_key()
    assert len(PLAIN.cohort_key()) == 16
