from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.domain.scale import far_of
from kiosk.lab.calibration.people import Strangers
from kiosk.lab.calibration.scale import LOWEST, enrolled, fit, impostors, one_name_each

DIMENSION = 24


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


def drawn(seed: int, people: int, pictures: int, *, source: str = "drawn") -> Strangers:
    """People of two groups: those of the second are alike, as of a group seldom seen."""
    random = np.random.default_rng(seed)
    group = np.arange(people) % 2
    middles = unit(np.eye(2, DIMENSION))
    faces = unit(random.normal(size=(people, DIMENSION)) + group[:, None] * 4 * middles[group])
    rows = np.repeat(np.arange(people), pictures)
    looks = unit(faces[rows] + 0.12 * random.normal(size=(len(rows), DIMENSION)))
    names = np.array([f"{source}/{seed}_{row}" for row in rows])
    groups = np.array(["first", "second"])[group[rows]]
    return Strangers(
        looks, names, names, groups, np.full(len(rows), -1), np.full(len(rows), source)
    )


@pytest.fixture(scope="module")
def cohort() -> np.ndarray:
    return drawn(1, 1500, 1).vectors


def test_a_score_means_the_same_for_people_who_were_not_measured(cohort: np.ndarray) -> None:
    found = fit({"drawn": drawn(2, 500, 3)}, cohort, 100)
    others = impostors(drawn(3, 500, 3), found.scale)
    scores = found.scale.score(others.same)
    for points in (10.0, 20.0, 30.0):
        assert np.mean(scores >= points) == pytest.approx(far_of(points), rel=0.35)
    anybody = found.scale.score(others.anybody)
    assert np.mean(anybody >= 20) == pytest.approx(found.mixed * far_of(20), rel=0.5)


def test_the_table_rises_to_the_lowest_rate_and_the_tail_never_ends_early(
    cohort: np.ndarray,
) -> None:
    found = fit({"drawn": drawn(2, 400, 3)}, cohort, 100)
    assert (np.diff(found.scale.scores) > 0).all()
    assert (np.diff(found.scale.normalised) > 0).all()
    assert found.scale.scores[-1] == pytest.approx(-10 * np.log10(LOWEST))
    assert found.tail.shape >= 0
    assert found.tail.reached_by(1e-6) > found.tail.reached_by(1e-4) > found.tail.begins


def test_of_two_sources_the_one_in_which_more_strangers_pass_decides(cohort: np.ndarray) -> None:
    plain, alike = drawn(2, 400, 3), drawn(4, 400, 3)
    nearer = unit(alike.vectors + 0.25 * unit(np.ones(DIMENSION)))
    alike = Strangers(nearer, alike.people, alike.families, alike.groups, alike.ages, alike.sources)
    one, both = fit({"a": plain}, cohort, 100), fit({"a": plain, "b": alike}, cohort, 100)
    assert both.tail.begins > one.tail.begins


def test_too_few_people_are_refused(cohort: np.ndarray) -> None:
    with pytest.raises(BadInput, match="give more people"):
        fit({"drawn": drawn(2, 12, 2)}, cohort, 100)


def test_whoever_is_enrolled_is_compared_by_other_pictures() -> None:
    people = drawn(5, 6, 4)
    gallery, used = enrolled(people, templates=3)
    assert len(gallery) == 6
    assert used.sum() == 18
    alone, used = enrolled(drawn(5, 6, 1), templates=3)
    assert len(alone) == 6
    assert not used.any(), "one picture each: nobody is compared with himself, for none is kin"


def test_relatives_and_one_person_under_two_names_are_no_strangers(cohort: np.ndarray) -> None:
    people = drawn(6, 40, 2)
    scale = fit({"drawn": drawn(2, 400, 3)}, cohort, 100).scale
    all_pairs = len(impostors(people, scale, templates=1).anybody)
    kin = np.where(people.people == people.people[0], people.people[-1], people.people)
    family = Strangers(
        people.vectors, people.people, kin, people.groups, people.ages, people.sources
    )
    assert len(impostors(family, scale, templates=1).anybody) == all_pairs - 2
    twice = people.vectors.copy()
    twice[-2:] = twice[:2]
    double = Strangers(
        twice, people.people, people.families, people.groups, people.ages, people.sources
    )
    assert len(impostors(double, scale, templates=1).anybody) == all_pairs - 2


def test_one_person_under_two_names_gets_one() -> None:
    random = np.random.default_rng(7)
    faces = unit(random.normal(size=(30, 128))).repeat(3, axis=0)
    faces[-3:] = faces[:3]
    vectors = unit(faces + 0.03 * random.normal(size=faces.shape))
    people = np.array([f"person {row:02}" for row in range(30)]).repeat(3)
    names = one_name_each(vectors, people)
    assert names.tolist() == [*people[:-3], *people[:3]]
    assert people[-1] == "person 29", "what was given stays"
