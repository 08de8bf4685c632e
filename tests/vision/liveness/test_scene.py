"""The empty place is learned, followed through the day, and told from what is put before it."""

from __future__ import annotations

import numpy as np

from kiosk.domain.frame import Box, Image
from kiosk.vision.liveness.around import others, ring
from kiosk.vision.liveness.scene import EVERY, KNOWN, Place
from tests.vision.liveness.pictures import head, in_hand, noisy, room

WALL = room()


def learned(looks: int = 3 * KNOWN) -> Place:
    place = Place()
    for at in range(looks):
        place.learn(noisy(WALL, at), EVERY * at)
    return place


def changed(place: Place, image: Image, box: Box) -> float | None:
    seen = noisy(image, 99)
    return place.changed(seen, ring(box, seen.shape), others(box, seen.shape))


def photo() -> tuple[Image, Box]:
    thing, box = head(room(5, (200, 220)), 110, 105, 60)
    return in_hand(WALL, thing, 160, 120), Box(box.x + 50, box.y + 20, box.width, box.height)


def test_nothing_is_told_before_it_is_known() -> None:
    assert changed(Place(), *head(WALL, 160, 130, 60)) is None
    assert changed(learned(KNOWN - 1), *head(WALL, 160, 130, 60)) is None


def test_behind_a_person_the_place_is_as_ever() -> None:
    told = changed(learned(), *head(WALL, 160, 130, 60))
    assert told is not None
    assert told < 0.05


def test_a_photo_hides_the_place() -> None:
    told = changed(learned(), *photo())
    assert told is not None
    assert told > 0.8


def test_a_camera_that_turns_its_light_down_is_no_photo() -> None:
    image, box = head(WALL, 160, 130, 60)
    dimmed = (image * np.array([0.7, 0.75, 0.65])).astype(np.uint8)
    told = changed(learned(), dimmed, box)
    assert told is not None
    assert told < 0.1


def test_the_light_of_the_day_is_followed() -> None:
    place = learned()
    for at in range(200):
        place.learn(noisy((WALL * (1 - 0.4 * at / 200)).astype(np.uint8), at), 100 + EVERY * at)
    image, box = head((WALL * 0.6).astype(np.uint8), 160, 130, 60)
    told = changed(place, image, box)
    assert told is not None
    assert told < 0.1


def test_somebody_who_passes_leaves_no_trace() -> None:
    place = learned(40)
    for at in range(8):  # two seconds with the back to the camera
        place.learn(noisy(head(WALL, 60 + 25 * at, 130, 60)[0], at), 50 + EVERY * at)
    told = changed(place, *head(WALL, 160, 130, 60))
    assert told is not None
    assert told < 0.05


def test_another_place_is_learned_anew() -> None:
    place = learned()
    other = room(7)
    for at in range(12 + KNOWN):
        place.learn(noisy(other, at), 50 + EVERY * at)
    told = changed(place, *head(other, 160, 130, 60))
    assert told is not None
    assert told < 0.05


def test_what_flickers_by_itself_is_no_change() -> None:
    place = Place()
    rng = np.random.default_rng(1)

    def with_screen() -> Image:
        out = WALL.copy()
        out[30:110, 210:280] = rng.integers(0, 255)
        return out

    for at in range(400):
        place.learn(noisy(with_screen(), at), EVERY * at)
    told = changed(place, *head(with_screen(), 160, 130, 60))
    assert told is not None
    assert told < 0.15


def test_it_looks_four_times_a_second() -> None:
    place = Place()
    assert place.due(0)
    place.learn(WALL, 0)
    assert not place.due(EVERY / 2)
    assert place.due(EVERY)
    assert place.due(-5)  # a clock that began anew


def test_a_face_beyond_the_picture_and_another_size_tell_nothing() -> None:
    assert changed(learned(), WALL, Box(900, 900, 50, 60)) is None
    assert changed(learned(), room(0, (480, 640)), Box(300, 200, 60, 75)) is None


def test_what_is_forgotten_is_not_known() -> None:
    place = learned()
    place.forget()
    assert changed(place, *head(WALL, 160, 130, 60)) is None
