"""The panel by keyboard alone: where the focus is can be seen, and Enter acts there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

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
    QScrollArea,
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
from tests.ui.admin.fakes import enrol, fill_days, fill_site

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
    fill_site(storage)
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


def _walk(qtbot: QtBot, panel: AdminPanel, key: Qt.Key) -> list[QWidget]:
    """Where the focus comes by, from the panel until it is back at the first one."""
    panel.setFocus()
    seen: list[QWidget] = []
    for _ in range(300):
        here = QApplication.focusWidget() or panel
        qtbot.keyClick(here, key)
        there = QApplication.focusWidget()
        assert there is not None
        if there is here:  # from the day to the month, within a date
            continue
        if there in seen or (there is panel and seen):
            break
        if there is not panel:
            seen.append(there)
    return seen


def _lines(tops: Iterable[int]) -> dict[int, int]:
    """The line that a control with this top edge stands in: up to 15 pixels apart is one line."""
    lines: dict[int, int] = {}
    first = line = -100
    for top in sorted(set(tops)):
        if top - first > 15:
            first, line = top, line + 1
        lines[top] = line
    return lines


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280)], ids=["wide", "upright"])
@pytest.mark.parametrize("key", KEYS)
def test_tab_comes_by_every_control_in_the_order_of_reading(
    qtbot: QtBot,
    panel: AdminPanel,
    storage: SqlStorage,
    settle: Settle,
    key: str,
    size: tuple[int, int],
) -> None:
    fill_site(storage)
    panel.resize(*size)
    panel.open(key)
    settle()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    seen = _walk(qtbot, panel, Qt.Key.Key_Tab)
    page = panel.page
    assert page is not None
    wanted = {control for control in _reached_by_tab(page) if control is not page}
    missed = [control.accessibleName() or type(control).__name__ for control in wanted - set(seen)]
    assert not missed
    for area in page.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(0)
    places = [control.mapTo(page, QPoint()) for control in seen if page.isAncestorOf(control)]
    lines = _lines(place.y() for place in places)
    read = [(lines[place.y()], place.x()) for place in places]
    assert read == sorted(read), [control.accessibleName() for control in seen]
    assert [type(control).__name__ for control in seen if not control.accessibleName()] == []
    back = _walk(qtbot, panel, Qt.Key.Key_Backtab)
    assert set(back) == set(seen)


ELSEWHERE = {"Export as CSV", "Open"}
"""Buttons that ask the system for a file or a window of its own."""


@pytest.mark.parametrize("key", KEYS)
def test_enter_presses_every_button_of_a_page(
    qtbot: QtBot, panel: AdminPanel, storage: SqlStorage, settle: Settle, key: str
) -> None:
    fill_site(storage)
    page = panel.open(key)
    settle()
    pressed: list[QWidget] = []
    buttons = [one for one in _reached_by_tab(page) if isinstance(one, QAbstractButton)]
    # The threshold has none before it is moved.
    assert buttons or key == "threshold"
    for button in buttons:
        if button.accessibleName() in ELSEWHERE or not (button.isVisible() and button.isEnabled()):
            continue
        button.clicked.connect(lambda _=False, button=button: pressed.append(button))
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Return)
        assert pressed[-1:] == [button], button.accessibleName()
        settle()
        panel.sheets.close_all()


@pytest.mark.parametrize("first", ["person", "enrol"])
def test_tab_stays_within_a_sheet_and_comes_by_all_of_it(
    qtbot: QtBot, panel: AdminPanel, storage: SqlStorage, settle: Settle, first: str
) -> None:
    enrol(storage, 3)
    page: Any = panel.open("people")
    settle()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    if first == "person":
        page.cards.opened.emit(page.model.cards[0])
    else:
        panel.enrol()
    settle()
    sheet = panel.sheets.top
    assert sheet is not None
    seen = _walk(qtbot, panel, Qt.Key.Key_Tab)
    assert all(sheet.isAncestorOf(control) or control is sheet for control in seen)
    assert set(_reached_by_tab(sheet)) <= set(seen)
    assert all(control.accessibleName() for control in seen)


def _searched(page: Any) -> None:
    page.search()
    QApplication.focusWidget().insert("mia")


def _moved(page: Any) -> None:
    page.spin.setFocus()
    page.set_far(page._scale.strictest)


def _alone(page: Any) -> None:
    line = page.view.model.lines[0].row
    page.view.show_person((line.person_id, line.name))
    page.view.date.setFocus()


@pytest.mark.parametrize(
    ("key", "step", "undone"),
    [
        ("people", _searched, lambda page: not page.query.text()),
        ("log", _searched, lambda page: page.filters.empty),
        ("attendance", _searched, lambda page: not page.view.query.text()),
        ("attendance", _alone, lambda page: page.view._person is None),
        ("threshold", _moved, lambda page: not page.unsaved),
        ("settings", _searched, lambda page: not page.query.text()),
    ],
)
def test_escape_undoes_the_last_step_wherever_the_focus_is(
    qtbot: QtBot,
    panel: AdminPanel,
    storage: SqlStorage,
    settle: Settle,
    key: str,
    step: Callable[[Any], None],
    undone: Callable[[Any], bool],
) -> None:
    ids = enrol(storage, 5)
    fill_days(storage, ids, 1)
    page: Any = panel.open(key)
    settle()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    step(page)
    settle()
    assert not undone(page)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    settle()
    assert undone(page)
    assert panel.page is page
