from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.decision import RuleSettings
from kiosk.domain.gallery import Candidate
from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve
from kiosk.domain.tries import MOST
from kiosk.lab.evaluation.visit import (
    LOOKS,
    Visitor,
    attempt,
    of_several_pictures,
    view,
    visits,
)

NOBODY = np.empty((0, 0), np.float32)
SCALE = ScoreScale(NOBODY, 0, np.array([0.0, 1.0]), np.array([0.0, 100.0]))
SCORES = np.arange(0.0, 101.0)
CURVE = ErrorCurve(SCORES, 10 ** (-SCORES / 10), SCORES / 100, "drawn", 1, 10**9)


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


def near(face: np.ndarray, count: int, spread: float, random: np.random.Generator) -> np.ndarray:
    return unit(face + spread * random.normal(size=(count, len(face))))


def test_three_of_five_looks_let_in_and_two_do_not() -> None:
    settings = RuleSettings(threshold=50)
    yes, no = (Candidate(7, 60.0),), (Candidate(7, 40.0),)
    assert attempt([no, yes, yes, no, yes], settings) == 7
    assert attempt([no, yes, no, yes, no, no], settings) is None
    assert attempt([(Candidate(7, 60.0), Candidate(8, 55.0))] * LOOKS, settings) is None


def test_a_visit_lets_in_who_is_like_somebody_and_knows_the_right_person() -> None:
    random = np.random.default_rng(0)
    faces = unit(random.normal(size=(30, 64)))
    visitors = [
        Visitor(near(face, 5, 0.02, random), near(face, MOST * LOOKS, 0.02, random))
        for face in faces[:20]
    ]
    # Ten strangers of whom each is the double of somebody who may be enrolled.
    visitors += [
        Visitor(np.empty((0, 64), np.float32), near(face, MOST * LOOKS, 0.02, random))
        for face in faces[:10]
    ]
    (found,) = visits("drawn", visitors, SCALE, CURVE, 0.01, galleries=[(10, 5)], draws=10)
    assert found.strangers == 30
    assert (found.known_look, found.known_visit, found.known_mean) == (1, 1, 1)
    # Of 20 strangers ten are doubles, whose other half is enrolled every second time.
    assert found.visit.value == pytest.approx(0.25, abs=0.07)
    for share in (found.look, found.tries, found.mean):
        assert share.value == pytest.approx(found.visit.value, abs=0.01)
    assert found.visit.low < found.visit.value < found.visit.high


def test_galleries_for_which_there_are_too_few_people_are_left_out() -> None:
    face = np.eye(1, 64, dtype=np.float32)
    visitors = [Visitor(face, np.repeat(face, MOST * LOOKS, 0))] * 11
    assert visits("few", visitors, SCALE, CURVE, 0.01, galleries=[(10, 1), (5, 2)]) == []


def test_of_many_pictures_some_are_enrolled_and_the_others_look() -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(13, 8)))
    people = ["two"] * 2 + ["four"] * 4 + ["seven"] * 7
    four, seven = sorted(
        of_several_pictures(vectors, people, 3), key=lambda visitor: len(visitor.enrolled)
    )
    assert (len(four.enrolled), len(seven.enrolled)) == (0, 3)
    for visitor in (four, seven):
        assert visitor.looks.shape == (MOST * LOOKS, 8)
    assert not (seven.looks @ seven.enrolled.T > 0.999).any()


def test_a_view_is_nearly_the_same_picture() -> None:
    random = np.random.default_rng(2)
    image = np.full((250, 250, 3), 128, np.uint8)
    points = np.array([[100, 110], [150, 110], [125, 135], [105, 165], [145, 165]], np.float32)
    seen, there = view(image, points, random)
    assert (seen.shape, seen.dtype, there.shape) == (image.shape, np.uint8, (5, 2))
    assert not np.array_equal(seen, image)
    assert np.abs(there - points).max() < 20
