"""The panel: its pages, keys, sizes, and what it remembers."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.pages import PAGES
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.theme import apply_theme
from kiosk.ui.common.work import Worker
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol, fill_site

KEYS = [entry.key for entry in PAGES]


def test_the_first_page_is_people(panel: AdminPanel) -> None:
    assert panel.page is not None
    assert panel.page.title == "People"


def test_the_last_page_is_remembered(
    qtbot: QtBot, panel: AdminPanel, settle: Settle, site: Site, bridge: Bridge, worker: Worker
) -> None:
    panel.open("settings")
    settle()

    again = AdminPanel(site, bridge, worker)
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: again.page is not None)

    assert again.page is not None
    assert again.page.title == "Settings"
    again.close()


def test_a_page_that_no_longer_exists_falls_to_people(
    qtbot: QtBot, storage: SqlStorage, site: Site, bridge: Bridge, worker: Worker
) -> None:
    storage.settings.save({"admin_page": "dungeon"})

    panel = AdminPanel(site, bridge, worker)
    qtbot.addWidget(panel)
    qtbot.waitUntil(lambda: panel.page is not None)

    assert panel.page is not None
    assert panel.page.title == "People"
    panel.close()


@pytest.mark.parametrize("number", range(1, 8))
def test_ctrl_and_a_figure_open_a_page(
    qtbot: QtBot, panel: AdminPanel, settle: Settle, number: int
) -> None:
    key = Qt.Key(Qt.Key.Key_0 + number)
    qtbot.keyClick(panel, key, Qt.KeyboardModifier.ControlModifier)
    settle()

    assert panel.page is not None
    assert panel.page.title == PAGES[number - 1].title


@pytest.mark.parametrize("key", ["people", "log", "attendance", "settings"])
def test_ctrl_f_goes_to_the_search(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, storage: SqlStorage, key: str
) -> None:
    enrol(storage, 2)
    page = open_page(key)

    qtbot.keyClick(panel, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

    focused = panel.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert page.isAncestorOf(focused)


def test_escape_closes_the_sheet_on_top_and_gives_the_focus_back(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage
) -> None:
    page = open_page("settings")
    page.query.setFocus()
    lower, upper = Sheet("Lower"), Sheet("Upper")
    panel.sheets.open(lower)
    panel.sheets.open(upper)
    assert not page.isEnabled()

    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.sheets.top is lower
    qtbot.keyClick(panel, Qt.Key.Key_Escape)

    assert panel.sheets.top is None
    assert page.isEnabled()
    assert panel.focusWidget() is page.query


def test_no_page_is_opened_under_a_sheet(qtbot: QtBot, panel: AdminPanel) -> None:
    panel.sheets.open(Sheet("A question"))

    qtbot.keyClick(panel, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)

    assert panel.page is not None
    assert panel.page.title == "People"


def test_what_was_open_is_closed_when_the_panel_is_left(panel: AdminPanel) -> None:
    panel.sheets.open(Sheet("Somebody's details"))

    panel.hide()

    assert panel.sheets.top is None


@pytest.mark.parametrize("signal", ["closed", "quit_requested"])
def test_the_buttons_below_leave(qtbot: QtBot, panel: AdminPanel, signal: str) -> None:
    name = "Back to the kiosk" if signal == "closed" else "Quit the program"
    button = next(b for b in panel.findChildren(QAbstractButton) if b.accessibleName() == name)

    with qtbot.waitSignal(getattr(panel, signal)):
        button.click()


def test_leaving_asks_about_what_is_not_saved(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage
) -> None:
    page = open_page("settings")
    page.rows["mirror"].control.setChecked(False)
    left: list[int] = []
    panel.closed.connect(lambda: left.append(1))

    panel.leave(panel.closed.emit)
    assert not left
    sheet = panel.sheets.top
    assert sheet is not None
    drop = next(b for b in sheet.findChildren(QAbstractButton) if "Discard" in b.text())
    drop.click()

    qtbot.waitUntil(lambda: bool(left))
    assert page.rows["mirror"].control.isChecked()


def test_a_failing_database_is_told_in_a_sentence(
    panel: AdminPanel, storage: SqlStorage, settle: Settle, open_page: OpenPage
) -> None:
    page = open_page("log")

    page.fail(ValueError("a bug"))

    assert "not foreseen" in page.banner.text


def test_pages_are_imported_when_they_are_shown() -> None:
    code = (
        "import sys, kiosk.ui.admin.panel\n"
        "heavy = {'pyqtgraph', 'kiosk.ui.admin.log.page', 'kiosk.ui.admin.people.page'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("key", KEYS)
def test_every_control_has_a_name_and_room_for_a_finger(
    panel: AdminPanel,
    storage: SqlStorage,
    settle: Settle,
    key: str,
) -> None:
    fill_site(storage)
    page = panel.open(key)
    settle()
    for size in ((800, 1280), (1280, 800), (3840, 2160)):
        panel.resize(*size)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        _check_controls(panel, page)


def _check_controls(panel: AdminPanel, page: QWidget) -> None:
    kinds = (
        *(QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractSlider),
        QAbstractItemView,
    )
    controls = [
        widget
        for widget in panel.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not isinstance(widget, QScrollBar)
        and widget.isVisible()
        and not _inner(widget)
    ]
    assert len(controls) > 8
    nameless = [widget for widget in controls if not widget.accessibleName()]
    assert not nameless
    small = [
        (widget.accessibleName(), widget.height())
        for widget in controls
        if widget.height() < 44 and not isinstance(widget, QAbstractItemView)
    ]
    assert not small
    # Nothing reaches over the page's edge.
    assert page.width() + page.mapTo(panel, QPoint()).x() == panel.width()
    assert page.minimumSizeHint().width() <= page.width()


def _inner(widget: QWidget) -> bool:
    """A part of another control, such as the field within a spin box."""
    parent = widget.parent()
    kinds = (QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
    while isinstance(parent, QWidget):
        if isinstance(parent, kinds):
            return True
        parent = parent.parent()
    return False


def test_the_panel_follows_the_theme_and_the_size(panel: AdminPanel, app: QApplication) -> None:
    light = panel.styleSheet()
    apply_theme(app, dark=True)
    assert panel.styleSheet() != light

    small = panel.font().pixelSize()
    panel.resize(3840, 2160)
    large = panel.font().pixelSize()
    assert large > 1.5 * small
    # A larger screen shows more and not only larger.
    assert 2160 / large > 1.4 * 800 / small


@pytest.mark.parametrize("key", KEYS)
def test_nothing_flashes_up_as_a_window_of_its_own(
    panel: AdminPanel, app: QApplication, storage: SqlStorage, open_page: OpenPage, key: str
) -> None:
    enrol(storage, 2)
    shown: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
            is_window = isinstance(watched, QWidget) and watched.isWindow()
            if event.type() is QEvent.Type.Show and is_window and watched is not panel:
                shown.append(watched)  # type: ignore[arg-type]
            return False

    watch = Watch()
    app.installEventFilter(watch)
    open_page(key)
    app.removeEventFilter(watch)

    assert not shown


def test_whoever_opens_the_panel_hears_what_is_wrong(
    panel: AdminPanel, site: Site, storage: SqlStorage, settle: Settle
) -> None:
    settle()
    assert panel.alarm.text == ""
    panel.hide()
    site.faults.note("The disk is full: free some space.")
    clock = Decision(
        datetime(2000, 1, 1, tzinfo=UTC), Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP,
        clock_suspect=True,
    )  # fmt: skip
    storage.events.append(clock)
    panel.show()
    settle()
    assert "The disk is full" in panel.alarm.text
    assert "while the clock was in doubt" in panel.alarm.text


def test_titles_stand_at_the_same_place_on_every_page(
    panel: AdminPanel, open_page: OpenPage
) -> None:
    heights = set()
    for key in ("people", "attendance", "threshold", "settings", "about"):
        page = open_page(key)
        heights.add(page.head.geometry().center().y())
    assert len(heights) == 1
