"""The camera's picture in the settings: turned at once, the region drawn on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from kiosk.domain.frame import Frame
from kiosk.domain.region import Region
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.settings.camera_picture import RegionView
from kiosk.ui.common.bridge import Bridge
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk


def _half_red(width: int = 160, height: int = 120) -> Frame:
    """Red on the left, blue on the right."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2, 0] = 255
    image[:, width // 2 :, 2] = 255
    return Frame(image, 0, 0.0)


def _colour(view: RegionView, x: float, y: float) -> str:
    place = view.place()
    at = QPoint(round(place.x() + x * place.width()), round(place.y() + y * place.height()))
    return QColor(view.grab().toImage().pixel(at)).name()


@pytest.fixture
def page(open_page: OpenPage, bridge: Bridge, qtbot: QtBot) -> Any:
    shown = open_page("settings")
    shown.rows["mirror"].set_value(False)
    bridge.on_frame(_half_red())
    qtbot.waitUntil(lambda: shown.picture.view.picture_size() == (160, 120))
    return shown


def test_turning_shows_at_once_and_nothing_is_in_force_before_save(page: Any, kiosk: Kiosk) -> None:
    view = page.picture.view
    assert _colour(view, 0.2, 0.5) == "#ff0000"
    page.rows["rotate"].set_value("90")
    assert view.picture_size() == (120, 160)
    assert _colour(view, 0.5, 0.2) == "#ff0000"
    assert _colour(view, 0.5, 0.8) == "#0000ff"
    page.rows["rotate"].set_value("180")
    assert _colour(view, 0.8, 0.5) == "#ff0000"
    page.rows["mirror"].set_value(True)
    assert _colour(view, 0.2, 0.5) == "#ff0000"
    assert not kiosk.applied


def test_what_is_turned_already_is_not_turned_again(
    open_page: OpenPage, kiosk: Kiosk, bridge: Bridge, qtbot: QtBot
) -> None:
    kiosk.settings = replace(kiosk.settings, rotate="90", mirror=False)
    page = open_page("settings")
    bridge.on_frame(_half_red())
    qtbot.waitUntil(lambda: page.picture.view.picture_size() == (160, 120))
    page.rows["rotate"].set_value("0")
    assert page.picture.view.picture_size() == (120, 160)


@pytest.mark.parametrize("mirror", [False, True])
def test_the_region_is_drawn_on_the_picture_and_saved(
    qtbot: QtBot, page: Any, kiosk: Kiosk, settle: Settle, mirror: bool
) -> None:
    page.rows["mirror"].set_value(mirror)
    view = page.picture.view
    place = view.place()

    def at(x: float, y: float) -> QPoint:
        x = 1 - x if mirror else x
        return QPoint(round(place.x() + x * place.width()), round(place.y() + y * place.height()))

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(0.2, 0.1))
    qtbot.mouseMove(view, at(0.5, 0.5))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(0.7, 0.9))
    drawn = Region.parse(page.rows["region"].value)
    assert (drawn.left, drawn.top, drawn.right, drawn.bottom) == pytest.approx(
        (20, 10, 70, 90), abs=1
    )
    assert not kiosk.applied
    page.save()
    settle()
    assert kiosk.settings.region == drawn.text()
    page.picture.clear_button.click()
    assert page.rows["region"].value == ""


def test_a_touch_draws_nothing(qtbot: QtBot, page: Any) -> None:
    qtbot.mouseClick(page.picture.view, Qt.MouseButton.LeftButton)
    assert page.rows["region"].value == ""


def test_the_region_is_moved_by_the_arrow_keys(qtbot: QtBot, page: Any) -> None:
    page.rows["region"].set_value("20,20,60,60")
    view = page.picture.view
    assert view.region == Region(20, 20, 60, 60)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert page.rows["region"].value == "25,15,65,55"
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.rows["region"].value == "25,15,65,60"
    for _ in range(30):
        qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert page.rows["region"].value == "25,55,35,100"


def test_a_wrong_region_stands_beside_its_field(page: Any, panel: AdminPanel) -> None:
    page.rows["region"].set_value("here")
    assert page.picture.view.region.whole
    page.save()
    assert page.rows["region"].error.text()


def test_the_button_below_is_as_wide_as_its_words(page: Any, panel: AdminPanel) -> None:
    panel.resize(1920, 1080)
    button = page.picture.clear_button
    assert button.width() <= button.sizeHint().width()
