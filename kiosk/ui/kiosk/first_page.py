"""What stands on the screen while the rest of the program is loaded: the clock, and a word.

Imports little, so that it is there at once.
"""

from __future__ import annotations

import threading
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.common.fitting import LINE, fit
from kiosk.ui.common.locale import local_time
from kiosk.ui.common.texts import Texts, in_force
from kiosk.ui.common.theme import current_theme, font

CLOCK, WORD = 0.2, 0.055
"""Sizes over the page's height."""


class FirstPage(QWidget):
    """The time as the page will show it, in the theme in force. ``painted`` is set once it was
    painted for the first time."""

    def __init__(self, texts: Texts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.painted = threading.Event()
        self._text = (texts or in_force()).one_moment
        self.setAccessibleName(self._text)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        timer = QTimer(self)
        timer.timeout.connect(self.update)
        timer.start(1000)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, width, height = current_theme().palette, self.width(), self.height()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.window))
        painter.setPen(QColor(palette.text))
        y = 0.56 * height
        for text, size, bold in (
            (local_time(datetime.now().astimezone()), CLOCK, True),
            (self._text, WORD, False),
        ):
            words = fit(text, 0.9 * width, LINE * size * height, size * height, 8, bold=bold)
            painter.setFont(font(words.size, bold=bold, tabular=True))
            place = QRectF(0, y, width, words.height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "\n".join(words.lines))
            y += words.height
        painter.end()
        self.painted.set()
