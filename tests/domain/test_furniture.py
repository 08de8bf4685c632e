"""What belongs to the room is no person, and no person belongs to the room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.frame import Box, Image
from kiosk.domain.furniture import AFTER, FORGOTTEN, Furniture

POSTER = Box(100, 80, 96, 120)
ELSEWHERE = Box(350, 100, 150, 190)


def portrait(seed: int, box: Box) -> Image:
    """Something with the coarse light and shade of a face."""
    coarse = np.random.default_rng(seed).uniform(40, 220, (6, 5))
    rows = np.arange(int(box.height)) * 6 // int(box.height)
    columns = np.arange(int(box.width)) * 5 // int(box.width)
    return np.repeat(coarse[rows][:, columns, None], 3, axis=2).astype(np.uint8)


def room(*pictures: tuple[Image, Box], noise: int | None = None) -> Image:
    image = np.full((480, 640, 3), 120, np.uint8)
    for picture, box in pictures:
        x, y = int(box.x), int(box.y)
        height, width = picture.shape[:2]
        image[y : y + height, x : x + width] = picture
    if noise is None:
        return image
    unrest = np.random.default_rng(noise).normal(0, 4, image.shape)
    return (image + unrest).clip(0, 255).astype(np.uint8)


def jittered(box: Box, step: int) -> Box:
    """As a detector sees it: never quite the same."""
    unrest = np.random.default_rng(step).uniform(-1.5, 1.5, 4)
    return Box(
        *(side + by for side, by in zip((box.x, box.y, box.width, box.height), unrest, strict=True))
    )


def hang(furniture: Furniture, begin: float = 0.0, seconds: float = AFTER + 10) -> float:
    """Look at the poster for a while; the time at the end."""
    looks = [room((portrait(1, POSTER), POSTER), noise=step) for step in range(8)]
    for step in range(int(seconds * 2)):
        now = begin + step / 2
        furniture.among(now, looks[step % 8], [jittered(POSTER, step)])
    return begin + seconds


def test_a_poster_becomes_furniture_after_two_minutes() -> None:
    furniture = Furniture()
    image = room((portrait(1, POSTER), POSTER))
    answers = {now: furniture.among(now, image, [POSTER])[0] for now in range(150)}

    assert not any(known for now, known in answers.items() if now < AFTER)
    assert all(known for now, known in answers.items() if now > AFTER + 1)


def test_the_detectors_unrest_and_the_sensors_noise_do_not_matter() -> None:
    furniture = Furniture()
    now = hang(furniture)

    darker = (room((portrait(1, POSTER), POSTER), noise=99) * 0.7).astype(np.uint8)
    assert len(furniture) == 1
    assert furniture.among(now, darker, [jittered(POSTER, 7)]) == (True,)


def test_a_person_beside_and_a_person_before_the_poster_are_seen() -> None:
    furniture = Furniture()
    now = hang(furniture)

    beside = room((portrait(1, POSTER), POSTER), (portrait(2, ELSEWHERE), ELSEWHERE))
    assert furniture.among(now, beside, [ELSEWHERE, POSTER]) == (False, True)
    for step in range(80):
        walking = Box(80 + step % 40, 70, 110, 140)
        before = room((portrait(1, POSTER), POSTER), (portrait(3, walking), walking))
        assert furniture.among(now + 1 + step / 4, before, [walking]) == (False,)
    # At the poster's very place too.
    there = room((portrait(3, POSTER), POSTER))
    assert furniture.among(now + 60, there, [POSTER]) == (False,)
    # When they have gone, the poster is still known.
    poster = room((portrait(1, POSTER), POSTER))
    assert furniture.among(now + 61, poster, [POSTER]) == (True,)


def test_what_is_gone_is_forgotten() -> None:
    furniture = Furniture()
    now = hang(furniture)
    empty = room()

    furniture.among(now + FORGOTTEN - 60, empty, [])
    assert len(furniture) == 1
    furniture.among(now + FORGOTTEN + 1, empty, [])
    assert len(furniture) == 0
    poster = room((portrait(1, POSTER), POSTER))
    assert furniture.among(now + FORGOTTEN + 2, poster, [POSTER]) == (False,)


def test_who_comes_again_and_again_to_the_same_place_is_no_furniture() -> None:
    furniture = Furniture()
    image, empty = room((portrait(1, POSTER), POSTER)), room()
    for visit in range(40):
        for step in range(12):
            assert furniture.among(visit * 10 + step / 2, image, [POSTER]) == (False,)
        furniture.among(visit * 10 + 6.5, empty, [])
        furniture.among(visit * 10 + 9.5, empty, [])


def test_a_look_now_and_then_proves_nothing() -> None:
    furniture = Furniture()
    image = room((portrait(1, POSTER), POSTER))

    assert not any(furniture.among(now, image, [POSTER])[0] for now in (0.0, 1.0, 2.0, 200.0))


def test_a_source_that_begins_anew_is_looked_at_anew() -> None:
    furniture = Furniture()
    hang(furniture)

    assert furniture.among(0.0, room((portrait(1, POSTER), POSTER)), [POSTER]) == (False,)
    assert len(furniture) == 0


@pytest.mark.parametrize(
    "box", [Box(-30, -40, 80, 100), Box(600, 440, 90, 120), Box(700, 500, 50, 50), Box(5, 5, 8, 9)]
)
def test_boxes_over_the_edge_and_small_ones(box: Box) -> None:
    furniture = Furniture()
    image = room()

    assert not any(furniture.among(step / 2, image, [box])[0] for step in range(100))


def in_circles(count: int) -> Iterator[int]:
    """There and back again, so that the person never jumps."""
    while True:
        yield from range(count)
        yield from range(count - 2, 0, -1)


def test_a_living_person_who_tries_to_be_still_is_never_furniture(shared: Path) -> None:
    """Ten minutes of somebody who only blinks, with the box of a detector that never errs."""
    cv2 = pytest.importorskip("cv2")
    clip = cv2.VideoCapture(str(shared / "media" / "live_blinks.mp4"))
    frames = []
    while clip.grab():
        if len(frames) % 6 == 0:
            frames.append(cv2.resize(clip.retrieve()[1], (184, 328), interpolation=cv2.INTER_AREA))
        else:
            frames.append(None)
    stills = [frame for frame in frames if frame is not None]
    assert len(stills) > 50
    furniture = Furniture()
    for step, number in zip(range(3000), in_circles(len(stills)), strict=False):
        # The best case for being taken for a thing: the box does not move at all.
        assert furniture.among(step / 5, stills[number], [Box(47, 104, 98, 130)]) == (False,)
