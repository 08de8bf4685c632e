"""Ways to compare with several photos of one person, on people drawn at random."""

from __future__ import annotations

import numpy as np

from kiosk.domain.scale import plain
from kiosk.lab.evaluation.fusion import MEAN_VECTOR, Faces, Learnt, judge, learn


def unit(rows: np.ndarray) -> np.ndarray:
    made: np.ndarray = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return made.astype(np.float32)


def drawn(seed: int, people: int, pictures: int = 12) -> Faces:
    """Pictures that are the less like their person the lower their quality."""
    random = np.random.default_rng(seed)
    rows = np.repeat(np.arange(people), pictures)
    quality = random.uniform(0.2, 1, len(rows))
    faces = unit(random.normal(size=(people, 32)))[rows]
    noise = random.normal(size=faces.shape) * (0.35 / quality)[:, None]
    return Faces(unit(faces + noise), np.array([f"{seed}/{row}" for row in rows]), quality)


def test_quality_is_worth_weighing_where_it_tells_something() -> None:
    learnt = learn(drawn(1, 60), plain(), 0.05)
    found = {one.rule: one for one in judge(drawn(2, 80), plain(), learnt, 0.05)}
    mean = found[MEAN_VECTOR]
    assert (mean.gain, mean.low, mean.high) == (0, 0, 0)
    weighted = found["mean vector, weighted by quality"]
    assert weighted.gain > 0
    assert weighted.low <= weighted.gain <= weighted.high
    # With the best of the photos a stranger has as many tries as there are photos.
    best = found["best"]
    assert list(best.growth) == [1, 2, 10]
    assert best.growth[1] <= best.growth[2] < 1 < best.growth[10]
    assert abs(np.log(mean.growth[10])) < abs(np.log(best.growth[10]))
    assert all(0 <= one.known <= 1 for one in found.values())


def test_people_with_few_photos_leave_out_how_strangers_grow() -> None:
    learnt = Learnt(1, 1, np.ones(5), np.ones(6))
    found = judge(drawn(3, 60, pictures=7), plain(), learnt, 0.05)
    assert {len(one.growth) for one in found} == {0}
    assert len(found) == 9
