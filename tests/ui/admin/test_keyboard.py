"""The panel by keyboard alone: where the focus is can be seen, and Enter acts there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kiosk.storage import SqlStorage
from kiosk.ui.admin.pages import PAGES
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.controls import Button, Chips
from kiosk.ui.admin.widgets.layouts import column
from kiosk.ui.admin.widgets.qss import style_sheet
from kiosk.ui.common.palette import DARK, LIGHT, Palette, contrast
from kiosk.ui.common.theme import apply_theme
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol, fill_days, fill_log

KEYS = [entry.key for entry in PAGES]
THEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
ENTER = pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])


def _look(widget: QWidget) -> QImage:
    """How a widget looks, in what it stands on."""
    window = widget.window()
    place = widget.rect().translated(widget.mapTo(window, QPoint()))
    return window.grab(place.adjusted(-4, -4, 4, 4)).toImage()


def _reached_by_tab(root: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.width() * widget.height() > 0
        and widget.focusProxy() is None
        and not widget.visibleRegion().isEmpty()
        and not isinstance(widget.parent(), (QComboBox, QAbstractSpinBox, QLineEdit))
    ]


@THEMES
@pytest.mark.parametrize("key", KEYS)
def test_the_focus_is_seen_on_every_control(
    qtbot: QtBot,
    app: QApplication,
    panel: AdminPanel,
    storage: SqlStorage,
    settle: Settle,
    key: str,
    palette: Palette,
) -> None:
    ids = enrol(storage, 5)
    fill_log(storage, ids, 20)
    fill_days(storage, ids, 1)
    apply_theme(app, palette.dark)
    panel.open(key)
    settle()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    unseen = []
    for control in _reached_by_tab(panel):
        panel.setFocus()
        without = _look(control)
        control.setFocus(Qt.FocusReason.TabFocusReason)
        if control.hasFocus() and _look(control) == without:
            unseen.append(control.accessibleName() or type(control).__name__)
    assert not unseen


@ENTER
def test_enter_presses_the_button_that_has_the_focus(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, enter: Qt.Key
) -> None:
    open_page("people")
    button = next(
        button
        for button in panel.findChildren(QAbstractButton)
        if button.accessibleName() == "Settings"
    )
    button.setFocus()
    qtbot.keyClick(button, enter)
    assert panel.page is not None
    assert panel.page is panel.open("settings")


@ENTER
def test_enter_ticks_opens_and_chooses(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, enter: Qt.Key
) -> None:
    page = open_page("settings")
    tick = page.rows["mirror"].control
    assert isinstance(tick, QCheckBox)
    before = tick.isChecked()
    tick.setFocus()
    qtbot.keyClick(tick, enter)
    assert tick.isChecked() is not before

    combo = next(
        box
        for box in page.findChildren(QComboBox)
        if not box.isEditable() and box.isVisible() and box.isEnabled()
    )
    combo.setFocus()
    qtbot.keyClick(combo, enter)
    assert combo.view().isVisible()
    combo.hidePopup()

    people = open_page("people")
    chips = people.findChildren(Chips)[0]
    chip = chips.findChildren(Button)[1]
    chip.setFocus()
    qtbot.keyClick(chip, enter)
    assert chip.isChecked()


def test_a_key_held_down_presses_once(qtbot: QtBot, panel: AdminPanel, open_page: OpenPage) -> None:
    page = open_page("settings")
    tick = page.rows["mirror"].control
    tick.setFocus()
    before = tick.isChecked()
    none = Qt.KeyboardModifier.NoModifier
    for again in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r", again)
        QApplication.sendEvent(tick, event)
    assert tick.isChecked() is not before


@THEMES
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_a_placeholder_can_be_read(
    qtbot: QtBot,
    app: QApplication,
    palette: Palette,
    kind: type[QLineEdit] | type[QPlainTextEdit],
) -> None:
    apply_theme(app, palette.dark)
    window, field = QWidget(), kind()
    qtbot.addWidget(window)
    field.setPlaceholderText("Such as: forgot to clock out")
    window.setLayout(column(field))
    window.setStyleSheet(style_sheet(palette, 1.0))
    window.show()
    ink = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert contrast(_over(ink, palette.surface), palette.surface) >= 4.5
    picture = field.grab().toImage()
    seen = {
        picture.pixelColor(x, y).name()
        for x in range(12, picture.width() - 12)
        for y in range(8, picture.height() - 8)
    }
    assert max(contrast(colour, palette.surface) for colour in seen) >= 4.5


def _over(ink: QColor, ground: str) -> str:
    """A colour that may be half transparent, as it looks on a ground."""
    back, share = QColor(ground), ink.alphaF()
    mixed = [
        share * one + (1 - share) * other
        for one, other in (
            (ink.redF(), back.redF()),
            (ink.greenF(), back.greenF()),
            (ink.blueF(), back.blueF()),
        )
    ]
    return QColor.fromRgbF(*mixed).name()
