"""Masks cover the mouth, sunglasses the eyes, and the crop given stays as it is."""

from __future__ import annotations

import numpy as np

from kiosk.lab.data.occlusion import occlude

GREY = np.full((128, 128, 3), 128, np.uint8)
EYE, MOUTH, FOREHEAD = (60, 47), (100, 64), (20, 64)


def test_either_the_mouth_or_the_eyes_are_covered() -> None:
    covered = set()
    for seed in range(40):
        drawn = occlude(GREY, np.random.default_rng(seed))
        eye, mouth, forehead = ((drawn[at] != 128).any() for at in (EYE, MOUTH, FOREHEAD))
        assert eye != mouth
        assert not forehead
        covered.add(bool(eye))
    assert covered == {True, False}
    assert (GREY == 128).all()


def test_the_same_generator_draws_the_same() -> None:
    one, other = (occlude(GREY, np.random.default_rng(5)) for _ in range(2))
    assert (one == other).all()
