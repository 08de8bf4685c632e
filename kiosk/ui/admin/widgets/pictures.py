"""Small pictures: numpy arrays to Qt's, in a row of frames that fill one after the other."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.domain.frame import Image
from kiosk.ui.admin.widgets.style import colours


def pixmap_of(image: Image) -> QPixmap:
    """A picture (RGB) for Qt, which keeps a copy of its own."""
    whole = np.ascontiguousarray(image)
    height, width = whole.shape[:2]
    view = QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(view.copy())


class Thumbnail(QWidget):
    """A picture with round corners, or the empty place of one."""

    def __init__(self, image: Image | None = None, lines: float = 3.4, name: str = "") -> None:
        super().__init__()
        self._picture = None if image is None else pixmap_of(image)
        self._lines = lines
        self.setAccessibleName(name or "Picture")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_image(self, image: Image | None) -> None:
        self._picture = None if image is None else pixmap_of(image)
        self.update()

    def show_jpeg(self, content: bytes) -> None:
        """A stored picture; what can't be read stays empty."""
        picture = QPixmap()
        self._picture = picture if picture.loadFromData(content) else None
        self.update()

    def sizeHint(self) -> QSize:
        size = round(self.fontMetrics().height() * self._lines)
        return QSize(size, size)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tone = colours()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = box.height() * 0.14
        if self._picture is None:
            painter.setPen(QPen(QColor(tone.control), 1.5, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(box, radius, radius)
            return
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.setClipPath(path)
        side = min(self._picture.width(), self._picture.height())
        source = QRectF(
            (self._picture.width() - side) / 2, (self._picture.height() - side) / 2, side, side
        )
        painter.drawPixmap(box, self._picture, source)
