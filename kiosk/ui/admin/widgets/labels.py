"""Texts of any length, from names that nobody can foresee."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from kiosk.domain.names import isolated

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
_TALL = 1 << 20
NARROWEST = 8
"""Letters that a wrapped text has room for at least."""


class WrappedLabel(QLabel):
    """Lines that break between words, and within a word that is longer than a line: QLabel would
    be as wide as that word, and the page with it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        narrow = NARROWEST * self.fontMetrics().averageCharWidth()
        return QSize(min(hint.width(), narrow), hint.height())

    def heightForWidth(self, width: int, /) -> int:
        outside = self.size() - self.contentsRect().size()
        room = QRect(0, 0, max(width - outside.width(), 1), _TALL)
        lines = self.fontMetrics().boundingRect(room, self._flags(), self.text())
        return lines.height() + outside.height()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self._flags(), self.text())

    def _flags(self) -> int:
        return int(self.alignment()) | _WRAP


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
