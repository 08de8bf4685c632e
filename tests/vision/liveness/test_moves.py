"""What is around a face stays where it is, unless it is carried along."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
import pytest

from kiosk.domain.frame import Box, Image
from kiosk.vision.liveness.around import Grey
from kiosk.vision.liveness.moves import Surroundings
from tests.vision.liveness.pictures import head, in_hand, noisy, room

WIDTH = 60


def grey(image: Image, seed: int) -> Grey:
    return np.asarray(cv2.cvtColor(noisy(image, seed), cv2.COLOR_RGB2GRAY), np.uint8)


def sway(at: int) -> float:
    return 8 * float(np.sin(at / 4))


def live(at: int) -> tuple[Image, Box]:
    return head(room(), 160 + sway(at), 130, WIDTH)


def held(at: int) -> tuple[Image, Box]:
    photo, box = head(room(5, (200, 220)), 110, 105, WIDTH)
    x, y = 160 + sway(at), 120.0
    return in_hand(room(), photo, x, y), Box(box.x + x - 110, box.y + y - 100, WIDTH, box.height)


def told(
    scene: Callable[[int], tuple[Image, Box]], steps: Iterable[int], fps: float = 30
) -> list[float | None]:
    around = Surroundings()
    return [
        around.motion(grey(image, at), box, at / fps) for at in steps for image, box in [scene(at)]
    ]


def test_behind_a_person_nothing_moves() -> None:
    found = told(live, range(40))
    assert found[:3] == [None] * 3  # not yet a tenth of a second
    assert np.median([m for m in found if m is not None]) < 0.004
    assert sum(m is not None for m in found) > 30


def test_a_photo_carries_its_background_along() -> None:
    found = [m for m in told(held, range(40)) if m is not None]
    assert len(found) > 30
    assert np.median(found) > 0.008


@pytest.mark.parametrize("steps", [range(0, 60, 3), [at for at in range(60) if at % 5 in (0, 2)]])
def test_ten_frames_a_second_or_half_of_them_lost_tell_the_same(steps: Iterable[int]) -> None:
    every = np.median([m for m in told(held, range(60)) if m is not None])
    some = [m for m in told(held, steps) if m is not None]
    assert len(some) >= 8
    assert every / 2 < np.median(some) < 2 * every
    assert np.median([m for m in told(live, steps) if m is not None]) < 0.004


def test_a_bare_wall_tells_nothing() -> None:
    def bare(at: int) -> tuple[Image, Box]:
        return head(np.full((240, 320, 3), 180, np.uint8), 160 + sway(at), 130, WIDTH)

    assert told(bare, range(10)) == [None] * 10


def test_a_face_that_fills_the_picture_tells_nothing() -> None:
    assert told(lambda at: head(room(), 160 + sway(at), 130, 220), range(10)) == [None] * 10


def test_somebody_who_walks_up_quickly_is_waited_for() -> None:
    grows = told(lambda at: head(room(), 160, 130, 30 * 1.08**at), range(14))
    assert grows == [None] * 14


def test_after_a_gap_it_begins_anew() -> None:
    assert told(live, [0, 30, 60]) == [None] * 3


def test_who_is_gone_is_forgotten() -> None:
    around = Surroundings()
    image, box = live(0)
    around.motion(grey(image, 0), box, 0)
    around.forget()
    assert around.motion(grey(image, 1), box, 0.2) is None
