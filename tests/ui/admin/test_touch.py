"""The panel by a finger alone: keys come where one types, and lists are pushed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollBar, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from kiosk.storage import SqlStorage
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.key_layouts import LETTERS, layout_for
from kiosk.ui.admin.widgets.keyboard import Keyboard
from kiosk.ui.admin.widgets.layouts import column
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk, enrol


@pytest.fixture(scope="module")
def finger() -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


class Finger:
    """Touches the middle of things, as Qt hears it of a touch screen."""

    def __init__(self, qtbot: QtBot, panel: AdminPanel, device: QPointingDevice) -> None:
        self._qtbot, self._panel, self._device = qtbot, panel, device

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        place = widget.mapTo(self._panel, at or widget.rect().center())
        window = self._panel.windowHandle()
        QTest.touchEvent(window, self._device).press(0, place).commit()
        QTest.touchEvent(window, self._device).release(0, place).commit()
        QApplication.processEvents()

    def push(self, widget: QWidget, up: int) -> None:
        middle = widget.rect().center()
        self.drag(widget, middle, middle - QPoint(0, up))

    def drag(self, widget: QWidget, begin: QPoint, end: QPoint) -> None:
        place = widget.mapTo(self._panel, begin)
        way = end - begin
        window = self._panel.windowHandle()
        QTest.touchEvent(window, self._device).press(0, place).commit()
        for part in range(1, 9):
            QTest.touchEvent(window, self._device).move(0, place + way * part / 8).commit()
        QTest.touchEvent(window, self._device).release(0, place + way).commit()
        QApplication.processEvents()

    def key(self, name: str) -> None:
        keys = [key for key in self._panel.keyboard.shown() if key.accessibleName() == name]
        assert len(keys) == 1, name
        self.tap(keys[0])

    def types(self, text: str) -> None:
        for character in text:
            self.key("Space" if character == " " else character)


@pytest.fixture
def touch(qtbot: QtBot, panel: AdminPanel, finger: QPointingDevice) -> Finger:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return Finger(qtbot, panel, finger)


def test_somebody_is_named_by_touch_alone(
    panel: AdminPanel, open_page: OpenPage, touch: Finger, settle: Settle
) -> None:
    page = open_page("people")
    touch.tap(page.first_button)
    sheet = panel.sheets.top
    assert sheet is not None
    name = sheet.name  # type: ignore[attr-defined]
    touch.tap(name)
    assert panel.keyboard.isVisible()
    touch.types("M")
    touch.types("ia ")
    touch.key("Capitals")
    touch.types("Chen")
    assert name.text() == "Mia Chen"
    touch.key("Delete the last letter")
    assert name.text() == "Mia Che"
    touch.key("Hide the keyboard")
    assert panel.keyboard.isHidden()
    touch.tap(name)
    assert panel.keyboard.isVisible()


def test_the_keys_never_cover_the_field(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, touch: Finger
) -> None:
    page = open_page("settings")
    field = page.pin.new
    page._area.ensureWidgetVisible(field)
    QApplication.processEvents()
    touch.tap(field)
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())
    below = field.mapTo(panel, QPoint(0, field.height()))
    assert below.y() <= panel.keyboard.y()
    assert [k.text() for k in panel.keyboard.shown()][:3] == ["1", "2", "3"]
    touch.types("4711")
    assert field.text() == "4711"


def test_a_cameras_address_can_be_typed(
    panel: AdminPanel, open_page: OpenPage, touch: Finger
) -> None:
    page = open_page("settings")
    camera = page.rows["camera"].control
    line = camera.lineEdit()
    line.clear()
    touch.tap(line)
    touch.types("rtsp")
    touch.key("Figures")
    touch.types("://10.0.0.7")
    assert camera.currentText() == "rtsp://10.0.0.7"


def test_a_mouse_brings_no_keys_unless_they_are_always_wanted(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, kiosk: Kiosk, storage: SqlStorage
) -> None:
    enrol(storage, 3)
    page = open_page("people")
    qtbot.mouseClick(page.query, Qt.MouseButton.LeftButton)
    assert panel.keyboard.isHidden()
    panel.setFocus()
    kiosk.settings = replace(kiosk.settings, screen_keyboard="always")
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.mouseClick(page.query, Qt.MouseButton.LeftButton)
    assert panel.keyboard.isVisible()
    panel.setFocus()
    assert panel.keyboard.isHidden()


def test_never_is_never(
    panel: AdminPanel,
    open_page: OpenPage,
    kiosk: Kiosk,
    storage: SqlStorage,
    touch: Finger,
) -> None:
    enrol(storage, 3)
    kiosk.settings = replace(kiosk.settings, screen_keyboard="never")
    touch.tap(open_page("people").query)
    assert panel.keyboard.isHidden()


def test_a_card_opens_at_a_tap_and_the_settings_are_pushed(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, storage: SqlStorage, touch: Finger
) -> None:
    enrol(storage, 3)
    page = open_page("people")
    first = page.cards.visualRect(page.model.index(0)).center()
    touch.tap(page.cards.viewport(), first)
    assert panel.sheets.top is not None
    panel.sheets.close_all()
    settings = open_page("settings")
    bar: QScrollBar = settings._area.verticalScrollBar()
    assert bar.value() == 0
    touch.push(settings._area.viewport(), 300)
    qtbot.waitUntil(lambda: bar.value() > 100)


def test_a_finger_draws_the_region_and_the_page_stays(
    panel: AdminPanel, open_page: OpenPage, touch: Finger
) -> None:
    page = open_page("settings")
    view = page.picture.view
    page._area.ensureWidgetVisible(view)
    QApplication.processEvents()
    before = page._area.verticalScrollBar().value()
    place = view.place()
    touch.drag(
        view,
        QPoint(round(place.x() + 5), round(place.y() + 5)),
        QPoint(round(place.center().x()), round(place.center().y())),
    )
    assert page.rows["region"].value != ""
    assert page._area.verticalScrollBar().value() == before


@pytest.mark.parametrize(
    ("language", "layout"),
    [("de_DE", "QWERTZ"), ("fr_FR", "AZERTY"), ("en_GB", "QWERTY"), ("C", "QWERTY")],
)
def test_letters_lie_where_the_country_has_them(language: str, layout: str) -> None:
    assert layout_for(language) == layout


def test_every_arrangement_has_all_letters() -> None:
    for name, lines in LETTERS.items():
        assert set("abcdefghijklmnopqrstuvwxyz") <= set("".join(lines)), name


def test_a_letter_held_down_offers_its_accents(qtbot: QtBot) -> None:
    window, field = QWidget(), QLineEdit()
    qtbot.addWidget(window)
    keys = Keyboard(QLocale("en_GB"), held=0)
    window.setLayout(column(field, keys))
    window.show()
    field.setText("Zo")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    keys.open_for(field, 1.0)
    e = next(key for key in keys.shown() if key.accessibleName() == "e")
    qtbot.mousePress(e, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(key.accessibleName() == "ë" for key in keys.shown()))
    keys.press("ë")
    assert field.text() == "Zoë"
    assert all(key.accessibleName() != "ë" for key in keys.shown())


def test_a_file_is_named_by_touch(
    qtbot: QtBot, panel: AdminPanel, open_page: OpenPage, touch: Finger, finger: QPointingDevice
) -> None:
    page = open_page("log")
    dialog = choose_save(page, "Export the log", "log.csv", lambda _: None)
    qtbot.waitUntil(dialog.isVisible)
    keys = dialog.findChild(Keyboard)
    name = dialog.findChild(QLineEdit)
    assert keys is not None
    assert name is not None
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    place = name.mapTo(dialog, name.rect().center())
    QTest.touchEvent(dialog.windowHandle(), finger).press(0, place).commit()
    QTest.touchEvent(dialog.windowHandle(), finger).release(0, place).commit()
    assert keys.isVisible()
    name.clear()
    keys.press("x")
    assert name.text() == "x"
    for view in dialog.findChildren(QTreeView):
        assert view.sizeHintForRow(0) in (-1, *range(44, 100))
    dialog.reject()
