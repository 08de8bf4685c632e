from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from kiosk.ui.admin.widgets.cells import draw_text, in_lines
from kiosk.ui.common.theme import FAMILY


def lines_of_ink(text: str, width: int, lines: float) -> int:
    """How many lines a text takes in a cell so many lines high."""
    font = QFont(FAMILY, 11)
    high = round(QFontMetrics(font).height() * lines)
    image = QImage(width, high, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setFont(font)
    draw_text(painter, image.rect(), text, "#000000")
    painter.end()
    pixels = np.array(image.bits(), np.uint8).reshape(high, image.bytesPerLine())[:, :width]
    inked = np.flatnonzero((pixels < 128).any(axis=1))
    return 1 if inked[-1] - inked[0] < QFontMetrics(font).height() else 2


@pytest.mark.parametrize(
    ("text", "width", "lines", "taken"),
    [
        ("Head not turned as asked", 400, 2.3, 1),
        ("Head not turned as asked", 120, 2.3, 2),
        ("Head not turned as asked", 120, 1.2, 1),
        ("Donaudampfschiffahrtsgesellschaft", 120, 2.3, 1),
    ],
)
def test_what_does_not_fit_takes_a_second_line_where_there_is_one(
    app: QApplication, text: str, width: int, lines: float, taken: int
) -> None:
    assert lines_of_ink(text, width, lines) == taken


def test_it_breaks_between_words(app: QApplication) -> None:
    metrics = QFontMetrics(QFont(FAMILY, 11))
    width = metrics.horizontalAdvance("Head not turned")
    told = "Head not turned as asked, nor at all"
    assert in_lines(told, metrics, width, 1) == [told]
    assert in_lines(told, metrics, width, 2) == ["Head not turned", "as asked, nor at all"]
    assert in_lines(told, metrics, width, 3) == ["Head not turned", "as asked, nor at", "all"]
    assert in_lines("Unbreakable", metrics, 10, 3) == ["Unbreakable"]
    assert in_lines("", metrics, 10, 3) == [""]
