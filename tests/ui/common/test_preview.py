from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from kiosk.ui.common.preview import MAX_PIXELS, Crop, compose, cover, oval_veil, reduction


def test_cover_keeps_the_views_proportions() -> None:
    assert cover((640, 480), (1280, 800)) == Crop(0, 40, 640, 400)
    assert cover((640, 480), (800, 1280)) == Crop(170, 0, 300, 480)
    assert cover((640, 480), (640, 480)) == Crop(0, 0, 640, 480)


def test_cover_brings_the_middle_to_its_place_as_far_as_the_picture_reaches() -> None:
    assert cover((640, 480), (1280, 800), (0.5, 0.45)).y == 60
    assert cover((640, 480), (1280, 800), (0.5, 0.1)).y == 80


@pytest.mark.parametrize("size", [(1, 1), (3, 5000), (5000, 3)])
def test_cover_of_odd_pictures(size: tuple[int, int]) -> None:
    crop = cover(size, (1280, 800))
    assert crop.width >= 1
    assert crop.height >= 1
    assert crop.x + crop.width <= size[0]
    assert crop.y + crop.height <= size[1]


def test_large_views_are_composed_smaller_by_a_whole_factor() -> None:
    assert reduction((1280, 800)) == 1
    assert reduction((1920, 1080)) == 2
    assert reduction((3840, 2160)) == 3
    assert MAX_PIXELS >= (3840 // 3) * (2160 // 3)


def test_the_picture_is_mirrored(app: QApplication) -> None:
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, :30] = (255, 0, 0)
    image[:, 30:] = (0, 0, 255)
    plain = compose(image, (60, 40), mirror=False)
    mirrored = compose(image, (60, 40), mirror=True)
    assert plain.pixelColor(5, 20).name() == "#ff0000"
    assert mirrored.pixelColor(5, 20).name() == "#0000ff"
    assert mirrored.pixelColor(55, 20).name() == "#ff0000"


def test_the_frame_itself_stays_as_it_is(app: QApplication) -> None:
    image = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    image.flags.writeable = False
    before = image.copy()
    compose(image, (200, 100), mirror=True)
    assert np.array_equal(image, before)


def test_a_huge_frame_is_thinned_out(app: QApplication) -> None:
    image = np.full((2160, 3840, 3), 77, np.uint8)
    made = compose(image, (400, 300), mirror=True)
    assert (made.width(), made.height()) == (400, 300)
    assert made.pixelColor(200, 150).red() == 77


def test_a_picture_is_used_again(app: QApplication) -> None:
    image = np.zeros((48, 64, 3), np.uint8)
    first = compose(image, (100, 80), mirror=False)
    assert compose(image, (100, 80), mirror=False, into=first) is first
    assert compose(image, (90, 80), mirror=False, into=first) is not first


def test_the_veil_leaves_the_oval_free(app: QApplication) -> None:
    veil = oval_veil((100, 100), QRectF(25, 10, 50, 80), "#ffffff", 0.5)
    image = np.zeros((100, 100, 3), np.uint8)
    made = compose(image, (100, 100), mirror=False, veil=veil)
    assert made.pixelColor(50, 50).red() == 0
    assert made.pixelColor(5, 5).red() == pytest.approx(127, abs=2)
