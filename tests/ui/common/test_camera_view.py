from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kiosk.ui.common.camera_view import PROPORTION, SHARE_OF_THREAD, CameraView
from kiosk.ui.common.palette import DARK
from tests.ui.fakes import Clock, frame


@pytest.fixture
def view(qtbot: QtBot, app: object) -> CameraView:
    made = CameraView()
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    return made


def test_shows_the_frame_mirrored(view: CameraView) -> None:
    picture = frame()
    view.set_frame(picture)
    left = view.grab().toImage().pixelColor(60, 240)
    view.set_mirror(False)
    right = view.grab().toImage().pixelColor(580, 240)
    # The drawn door is on the right of the picture, so on the left of the mirror.
    assert left.red() > left.blue() + 15
    assert right == left


def test_nothing_frozen_stays(view: CameraView) -> None:
    view.set_frame(frame())
    assert view.has_picture
    with_face = view.grab().toImage()
    view.clear()
    assert not view.has_picture
    assert view.grab().toImage() != with_face


def test_the_ring_fills_with_the_share(view: CameraView) -> None:
    view.set_frame(frame())

    def filled() -> int:
        for _ in range(20):
            view.repaint()
        image = view.grab().toImage()
        wanted = (47, 208, 200)
        return sum(
            image.pixelColor(x, y).getRgb()[:3] == wanted
            for x in range(0, 640, 2)
            for y in range(0, 480, 2)
        )

    view.set_progress(0.0)
    none = filled()
    view.set_progress(0.5)
    half = filled()
    view.set_progress(1.0)
    assert none == 0
    assert 0 < half < filled()
    view.set_progress(0.0)
    assert filled() == 0


def test_a_verdict_colours_the_ring(view: CameraView) -> None:
    view.set_frame(frame())
    view.set_progress(1.0)
    before = view.grab().toImage()
    view.set_ring("#ff7a45")
    assert view.grab().toImage() != before


def test_the_oval_is_upright_and_stays_inside(view: CameraView) -> None:
    for size in ((640, 480), (480, 640), (200, 900)):
        view.resize(*size)
        view.set_guide(0.5, 0.4, 0.7)
        oval = view.oval()
        assert oval.width() == pytest.approx(PROPORTION * oval.height())
        assert oval.left() >= 0
        assert oval.right() <= size[0]


def test_the_veil_follows_the_theme(view: CameraView) -> None:
    view.set_frame(frame())
    light = view.grab().toImage().pixelColor(5, 5)
    view.set_palette(DARK)
    assert view.grab().toImage().pixelColor(5, 5).lightness() < light.lightness()


def test_frames_that_would_cost_too_much_are_skipped(qtbot: QtBot, app: object) -> None:
    clock = Clock()

    class Slow(CameraView):
        """Each look at the clock while it paints takes 10 ms."""

    def ticking() -> float:
        clock.time += 0.01
        return clock.time

    view = Slow(clock=ticking)
    qtbot.addWidget(view)
    view.resize(100, 100)
    view.show()
    view.set_frame(frame(0))
    view.grab()
    taken = []
    for index in range(1, 10):
        view.set_frame(frame(index))
        taken.append(view._frame is not None and view._frame.index == index)
    assert taken.count(True) <= 9 * SHARE_OF_THREAD + 6
    assert not taken[0]


def test_survives_having_no_size(view: CameraView) -> None:
    view.resize(0, 0)
    view.set_frame(frame())
    view.repaint()
    assert view.sizeHint().isValid()
    assert view.minimumSizeHint().isValid()
