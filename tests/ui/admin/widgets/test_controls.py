from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.widgets.controls import Button
from kiosk.ui.common.palette import DARK, LIGHT
from kiosk.ui.common.theme import apply_theme


def _ink(button: Button) -> str:
    """The colour of the button's icon."""
    drawn = button.icon().pixmap(button.iconSize()).toImage()
    colours = [drawn.pixelColor(x, y) for x in range(drawn.width()) for y in range(drawn.height())]
    return max(colours, key=lambda colour: colour.alpha()).name()


def test_an_icon_follows_theme_and_font(qtbot: QtBot, app: QApplication) -> None:
    button = Button("Close", icon="x")
    qtbot.addWidget(button)
    assert _ink(button) == LIGHT.text
    apply_theme(app, dark=True)
    assert _ink(button) == DARK.text
    small = button.iconSize().width()
    font = QFont(button.font())
    font.setPixelSize(60)
    button.setFont(font)
    assert button.iconSize().width() > 2 * small
