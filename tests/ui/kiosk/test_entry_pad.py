from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.common.palette import DARK
from kiosk.ui.common.texts import ENGLISH
from kiosk.ui.kiosk.entry import Entry, Purpose, Step
from kiosk.ui.kiosk.entry_pad import EntryPad
from kiosk.ui.kiosk.touch import TouchButton


@pytest.fixture
def pad(qtbot: QtBot, app: object) -> Iterator[EntryPad]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1200, 540)
    made = EntryPad(parent, ENGLISH)
    made.resize(parent.size())
    parent.show()
    yield made
    parent.close()  # and so it lives until here


def key(pad: EntryPad, name: str) -> TouchButton:
    found = [
        button
        for button in pad.findChildren(TouchButton)
        if button.isVisible() and button.accessibleName() == name
    ]
    assert len(found) == 1, name
    return found[0]


def press(qtbot: QtBot, pad: EntryPad, *names: str) -> None:
    for name in names:
        qtbot.mouseClick(key(pad, name), Qt.MouseButton.LeftButton)


def test_number_and_pin_by_touch_alone(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.PIN))
    press(qtbot, pad, "1", "0", "2", "Erase", "1", "Next")
    assert pad.entry.step is Step.PIN
    press(qtbot, pad, "2", "5", "8")
    with qtbot.waitSignal(pad.submitted) as sent:
        press(qtbot, pad, "0", "OK")
    entry = sent.args[0]
    assert (entry.who, entry.text) == ("101", "2580")


def test_a_name_by_touch_begins_its_words_with_capitals(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.CLAIM))
    press(qtbot, pad, "ABC", "M", "I", "A", "Space", "C", "H", "E", "N", "-", "L", "I")
    assert pad.entry.text == "Mia Chen-Li"
    press(qtbot, pad, "123")
    assert key(pad, "7").isVisible()
    with qtbot.waitSignal(pad.submitted):
        press(qtbot, pad, "OK")


def test_all_by_keyboard(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.PIN))
    qtbot.keyClicks(pad, "mia chenx")
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    with qtbot.waitSignal(pad.submitted) as sent:
        qtbot.keyClicks(pad, "2580")
        qtbot.keyClick(pad, Qt.Key.Key_Enter)
    assert sent.args[0].who == "Mia Chen"


def test_typing_goes_to_the_field_whatever_has_the_focus(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.CLAIM))
    seven = key(pad, "7")
    seven.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(seven, "10")
    assert pad.entry.text == "10"
    qtbot.keyClick(seven, Qt.Key.Key_Space)
    qtbot.keyClick(seven, Qt.Key.Key_Return)
    assert pad.entry.text == "1077"
    with qtbot.waitSignal(pad.cancelled):
        qtbot.keyClick(seven, Qt.Key.Key_Escape)


def test_the_focus_stays_on_its_key_when_the_keys_are_made_anew(
    qtbot: QtBot, pad: EntryPad
) -> None:
    pad.open(Entry.begin(Purpose.PIN))
    pad.type("1")
    key(pad, "Next").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(key(pad, "Next"), Qt.Key.Key_Return)
    assert pad.entry.step is Step.PIN
    key(pad, "Erase").setFocus(Qt.FocusReason.TabFocusReason)
    pad.resize(1000, 500)
    assert key(pad, "Erase").hasFocus()


def test_cancel_and_escape(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.ADMIN))
    with qtbot.waitSignal(pad.cancelled):
        press(qtbot, pad, "Cancel")
    with qtbot.waitSignal(pad.cancelled):
        qtbot.keyClick(pad, Qt.Key.Key_Escape)


def test_gives_up_when_untouched_and_not_before(qtbot: QtBot, app: object) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pad = EntryPad(parent, ENGLISH, untouched=1)
    parent.show()
    with qtbot.waitSignal(pad.cancelled, timeout=2000):
        pad.open(Entry.begin(Purpose.PIN))
    pad.close_pad()
    with qtbot.assertNotEmitted(pad.cancelled, wait=20):
        pass


def test_while_locked_only_cancel_works(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.ADMIN))
    pad.set_locked(True)
    pad.type("1")
    qtbot.keyClicks(pad, "12")
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    press(qtbot, pad, "5")
    assert pad.entry.text == ""
    assert key(pad, "Cancel").isEnabled()
    pad.again(Entry.begin(Purpose.ADMIN))
    pad.type("1")
    assert pad.entry.text == "1"


def test_a_pin_is_never_shown_nor_read_out(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.ADMIN))
    qtbot.keyClicks(pad, "2580")
    assert pad.accessibleDescription() == "4 typed"
    shown = pad.grab().toImage()
    pad.again(Entry.begin(Purpose.ADMIN))
    qtbot.keyClicks(pad, "9630")
    assert pad.grab().toImage() == shown


def test_nothing_typed_stays_after_closing(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.PIN))
    qtbot.keyClicks(pad, "101")
    pad.close_pad()
    assert pad.entry == Entry.begin(Purpose.PIN)


@pytest.mark.parametrize(
    "size", [QSize(1229, 504), QSize(768, 680), QSize(3686, 1360)], ids=["wide", "upright", "4k"]
)
@pytest.mark.parametrize("letters", [False, True])
def test_keys_are_large_enough_for_fingers(
    qtbot: QtBot, pad: EntryPad, size: QSize, letters: bool
) -> None:
    pad.parentWidget().resize(size)
    pad.resize(size)
    pad.open(Entry.begin(Purpose.CLAIM))
    if letters:
        press(qtbot, pad, "ABC")
    for button in pad.findChildren(TouchButton):
        if button.isVisible():
            assert button.height() >= 44
            assert button.width() >= 44
            assert pad.rect().contains(button.geometry())


def test_a_long_name_shows_its_end(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.CLAIM))
    qtbot.keyClicks(pad, "x" * 150)
    before = pad.grab().toImage()
    qtbot.keyClicks(pad, "W")
    assert pad.grab().toImage() != before


def test_the_theme_changes_the_plate(pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.PIN))
    light = pad.grab().toImage()
    pad.set_palette(DARK)
    assert pad.grab().toImage() != light


def test_other_keys_are_left_to_the_page(qtbot: QtBot, pad: EntryPad) -> None:
    pad.open(Entry.begin(Purpose.PIN))
    qtbot.keyClick(pad, Qt.Key.Key_F5)
    assert pad.entry.text == ""
