"""The note over everything of a demo: whoever comes by must not take it for a kiosk in use."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.theme import current_theme, font

HEIGHT = 1 / 26
"""Of the window's height, with the sentence in 0.6 of that."""


class DemoNote(QWidget):
    """A strip at the top edge, above whatever page is shown; touches go through it."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = text
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def place(self, width: int, height: int) -> None:
        """Where it lies in a window of this size, in pixels."""
        self.setGeometry(0, 0, width, max(20, round(HEIGHT * height)))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        pair = current_theme().palette.band(BandKind.AMBER)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(pair.fill))
        painter.setFont(font(0.6 * self.height(), bold=True))
        painter.setPen(QColor(pair.ink))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
