from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.common.palette import Pair
from kiosk.ui.kiosk.touch import TouchButton


@pytest.fixture
def parent(qtbot: QtBot, app: object) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_has_a_name_and_never_takes_the_focus_by_touch(qtbot: QtBot, parent: QWidget) -> None:
    button = TouchButton("Admin panel", parent, icon="settings")
    button.show()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed
    assert button.accessibleName() == "Admin panel"
    assert not button.hasFocus()


def test_looks_differ_by_state(parent: QWidget) -> None:
    button = TouchButton("Cancel", parent, label="Cancel", icon="x")
    button.resize(200, 60)
    button.set_colours(Pair("#ffffff", "#000000"))
    looks = [button.grab().toImage()]
    button.set_colours(Pair("#ffffff", "#000000"), plain=True)
    looks.append(button.grab().toImage())
    button.setDown(True)
    looks.append(button.grab().toImage())
    button.setDown(False)
    button.setEnabled(False)
    looks.append(button.grab().toImage())
    button.setEnabled(True)
    button.set_small(True)
    looks.append(button.grab().toImage())
    assert all(one != other for place, one in enumerate(looks) for other in looks[:place])


def test_is_wide_enough_for_its_label(parent: QWidget) -> None:
    short = TouchButton("OK", parent, label="OK").wanted_width(60)
    long = TouchButton("x", parent, label="Open the admin panel", icon="x").wanted_width(60)
    assert 60 <= short < long
    assert TouchButton("x", parent, icon="x").wanted_width(60) == 60


def test_a_new_label_is_the_new_name(parent: QWidget) -> None:
    button = TouchButton("", parent)
    button.set_label("I am leaving")
    assert button.accessibleName() == button.text() == "I am leaving"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_keyboard_presses_it_where_it_has_the_focus(
    qtbot: QtBot, parent: QWidget, key: Qt.Key
) -> None:
    button = TouchButton("Cancel", parent, label="Cancel")
    button.resize(200, 60)
    button.show()
    parent.activateWindow()
    without = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus)
    assert button.grab().toImage() != without
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.keyClick(button, key)
    assert len(pressed) == 1
