"""Which of the faces that a camera sees are people before the kiosk."""

from __future__ import annotations

import numpy as np

from kiosk.domain.frame import Box, Face, Frame, Image
from kiosk.domain.furniture import AFTER
from kiosk.domain.region import Region
from kiosk.services.decide.scene import Scene

WIDTH, HEIGHT = 640, 480


class SquareDetector:
    """Finds what is brighter than the wall, as a face, the largest first."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def detect(self, image: Image) -> tuple[Face, ...]:
        assert image.flags.c_contiguous
        self.shapes.append(image.shape)
        faces = []
        for value in (150, 200, 250):
            rows, columns = np.nonzero(image[..., 0] == value)
            if len(rows):
                x, y = int(columns.min()), int(rows.min())
                box = Box(x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1)
                landmarks = np.full((5, 2), box.centre, np.float32)
                faces.append(Face(box, landmarks, 0.99))
        return tuple(sorted(faces, key=lambda face: -face.box.size))


def frame(time: float, *squares: tuple[int, int, int, int]) -> Frame:
    """Squares of (left, top, side, brightness), shaded as nothing else is."""
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for left, top, side, value in squares:
        square = image[top : top + side, left : left + side]
        square[..., 0] = value
        square[: side // 2, : side // 3, 1:] = value
    return Frame(image, 0, time)


def people(scene: Scene, detector: SquareDetector, seen: Frame) -> tuple[Face, ...]:
    return scene.people(detector, seen.image, seen.time)


def boxes(faces: tuple[Face, ...]) -> list[tuple[float, float]]:
    return [(face.box.x, face.box.y) for face in faces]


def test_the_whole_picture_is_looked_at_as_it_is() -> None:
    detector, scene = SquareDetector(), Scene(Region())

    faces = people(scene, detector, frame(0, (100, 100, 80, 200), (400, 50, 120, 150)))

    assert boxes(faces) == [(400, 50), (100, 100)]
    assert detector.shapes == [(HEIGHT, WIDTH, 3)]


def test_outside_of_the_region_nobody_is_looked_at() -> None:
    detector, scene = SquareDetector(), Scene(Region(50, 10, 100, 100))

    faces = people(scene, detector, frame(0, (100, 100, 150, 200), (400, 150, 120, 150)))

    assert boxes(faces) == [(400, 150)]
    assert faces[0].landmarks.tolist() == [[460, 210]] * 5
    assert faces[0].landmarks.dtype == np.float32
    assert detector.shapes == [(432, 320, 3)]


def test_a_poster_is_no_person_and_who_steps_before_the_kiosk_is() -> None:
    detector, scene = SquareDetector(), Scene(Region())
    poster = (300, 100, 120, 200)
    first = people(scene, detector, frame(0, poster))
    for step in range(int(AFTER) * 2 + 20):
        last = people(scene, detector, frame(step / 2, poster))
    with_person = people(scene, detector, frame(AFTER + 20, poster, (20, 200, 100, 150)))

    assert boxes(first) == [(300, 100)]
    assert last == ()
    assert boxes(with_person) == [(20, 200)]


def test_a_poster_within_a_region_is_known_by_its_place_in_the_picture() -> None:
    detector, scene = SquareDetector(), Scene(Region(25, 0, 100, 100))
    for step in range(int(AFTER) * 2 + 20):
        last = people(scene, detector, frame(step / 2, (300, 100, 120, 200)))

    assert last == ()
