"""Texts of any length and direction."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.widgets.controls import label
from kiosk.ui.admin.widgets.labels import ElidedLabel
from kiosk.ui.admin.widgets.layouts import column

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
    text = label("one two three", wrap=True)
    qtbot.addWidget(text)
    room = text.fontMetrics().horizontalAdvance("one two th")
    assert text.heightForWidth(room) == 2 * text.fontMetrics().lineSpacing()


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
