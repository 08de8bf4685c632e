"""Texts of any length, from names that nobody can foresee."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy

from kiosk.domain.names import isolated

NARROWEST = 8
"""Letters that a wrapped text has room for at least."""


class WrappedLabel(QLabel):
    """Lines that break between words, and within a word that is longer than a line: QLabel would
    be as wide as that word, and the page with it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setWordWrap(True)
        # Layouts ask for the heights of many widths, again and again.
        self._broken: dict[int, QTextLayout] = {}

    def setText(self, text: str, /) -> None:
        self._broken.clear()
        super().setText(text)

    def changeEvent(self, event: QEvent, /) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._broken.clear()
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        narrow = NARROWEST * self.fontMetrics().averageCharWidth()
        return QSize(min(hint.width(), narrow), hint.height())

    def heightForWidth(self, width: int, /) -> int:
        outside = self.size() - self.contentsRect().size()
        lines = self._lines(max(width - outside.width(), 1))
        return math.ceil(lines.boundingRect().height()) + outside.height()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        place = self.contentsRect()
        lines = self._lines(place.width())
        spare = place.height() - lines.boundingRect().height()
        down = spare / 2 if self.alignment() & Qt.AlignmentFlag.AlignVCenter else 0.0
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        lines.draw(painter, QPointF(place.x(), place.y() + max(down, 0.0)))

    def _lines(self, width: int) -> QTextLayout:
        known = self._broken.get(width)
        if known is None:
            known = self._broken[width] = self._broken_at(width)
        return known

    def _broken_at(self, width: int) -> QTextLayout:
        how = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        how.setTextDirection(Qt.LayoutDirection.LeftToRight)
        how.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # A layout knows paragraphs by their own sign only.
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font(), self)
        layout.setTextOption(how)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, height))
            height += line.height()
        layout.endLayout()
        return layout


class ElidedLabel(QLabel):
    """A line that ends in an ellipsis where it does not fit, and then says all in its tooltip."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(40)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._tell()

    def setText(self, text: str, /) -> None:
        super().setText(text)
        self._tell()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), isolated(self._shown()))

    def _shown(self) -> str:
        width = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)

    def _tell(self) -> None:
        self.setToolTip(self.text() if self._shown() != self.text() else "")
