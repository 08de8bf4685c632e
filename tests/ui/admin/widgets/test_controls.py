from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.widgets.controls import Button, Chips
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


def test_a_chip_has_room_for_its_text_in_bold(qtbot: QtBot, app: QApplication) -> None:
    chips = Chips((("all", "All"), ("attacks", "Suspected attacks")), "Outcome")
    qtbot.addWidget(chips)
    chips.show()
    chip = chips.findChildren(Button)[1]
    bold = QFont(chip.font())
    bold.setWeight(QFont.Weight.DemiBold)
    room = chip.sizeHint().width() - QFontMetrics(chip.font()).horizontalAdvance(chip.text())
    wider = QFontMetrics(bold).horizontalAdvance(chip.text())
    assert wider > QFontMetrics(chip.font()).horizontalAdvance(chip.text())
    assert chip.sizeHint().width() - wider >= 0.6 * room
