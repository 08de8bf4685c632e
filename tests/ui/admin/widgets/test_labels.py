"""Texts of any length and direction."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.controls import label
from kiosk.ui.admin.widgets.labels import ElidedLabel, WrappedLabel
from kiosk.ui.admin.widgets.layouts import column
from kiosk.ui.admin.widgets.sheets import confirm
from tests.ui.admin.conftest import OpenPage, Settle

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"


def _inked(picture: QImage, columns: range) -> bool:
    ground = picture.pixelColor(0, 0)
    rows = range(picture.height())
    return any(picture.pixelColor(x, y) != ground for x in columns for y in rows)


def test_a_word_that_is_longer_than_a_line_is_broken(qtbot: QtBot) -> None:
    window, text = QWidget(), label(f"Delete {LONG} and their 5 photos?", wrap=True)
    qtbot.addWidget(window)
    window.setLayout(column(text))
    window.resize(200, 400)
    window.show()
    assert window.width() == 200
    assert window.minimumSizeHint().width() <= 200
    lines = text.heightForWidth(200) // text.fontMetrics().lineSpacing()
    assert lines >= 3
    assert text.heightForWidth(4000) < text.heightForWidth(200)
    # Nothing of it is cut: the last pixels at the right are free.
    assert not _inked(text.grab().toImage(), range(198, 200))


def test_an_ordinary_sentence_breaks_between_words(qtbot: QtBot) -> None:
    text = label("nine nineteen nineteen", wrap=True)
    qtbot.addWidget(text)
    height, width = text.fontMetrics().height(), text.fontMetrics().horizontalAdvance
    # Each word on a line of its own: broken anywhere it would be two.
    assert text.heightForWidth(width("nine nineteen") - 4) >= 3 * height
    assert text.heightForWidth(width("nine nineteen nineteen") + 2) < 2 * height


def test_a_question_about_a_long_name_is_seen_to_its_end(
    panel: AdminPanel, open_page: OpenPage, settle: Settle
) -> None:
    panel.resize(800, 1280)
    open_page("people")
    question = f"Delete {LONG}{LONG} and their 2 photos?"
    sheet = confirm(panel.sheets, question, "Their log entries stay.", "Delete", lambda: None)
    settle()
    for text in sheet.findChildren(WrappedLabel):
        assert text.height() >= text.heightForWidth(text.width()), text.text()
    assert sheet.content.height() <= sheet._area.height()


def test_a_new_line_is_one(qtbot: QtBot) -> None:
    text = label("one\n\ntwo", wrap=True)
    qtbot.addWidget(text)
    assert text.heightForWidth(500) >= 3 * text.fontMetrics().height()


def test_a_cut_name_from_right_to_left_keeps_its_dots_at_its_end(qtbot: QtBot) -> None:
    cut = ElidedLabel("יוסף בן־אליעזר הכהן" * 3)
    qtbot.addWidget(cut)
    cut.resize(160, 30)
    cut.show()
    assert cut.toolTip() == cut.text()
    picture = cut.grab().toImage()
    ground, middle = picture.pixelColor(0, 0), picture.height() // 2
    inked = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y) != ground
    ]
    left, right = min(inked)[0], max(inked)[0]
    # Dots lie on the line, letters reach above its middle.
    assert all(y > middle for x, y in inked if x < left + 5)
    assert any(y < middle for x, y in inked if x > right - 5)
