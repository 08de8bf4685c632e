"""QR codes (ISO/IEC 18004) on paper."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

BLACK = "#000000"
_SQUARE = 8
"""Pixels of a square's side in a picture."""


def draw_code(painter: QPainter, place: QRectF, text: str, colour: str, error: str) -> None:
    """Draw the code of a text into a square, dark on what is there; ``error`` is how much of it
    may be lost: l, m, q or h."""
    rows = _rows(text, error)
    side = place.width() / len(rows)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                square = QRectF(place.x() + across * side, place.y() + down * side, side, side)
                painter.fillRect(square, QColor(colour))


def code_image(text: str, error: str) -> QImage:
    """The same as a picture, black on white."""
    side = _SQUARE * len(_rows(text, error))
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    draw_code(painter, QRectF(image.rect()), text, BLACK, error)
    painter.end()
    return image


def _rows(text: str, error: str) -> tuple[bytearray, ...]:
    return tuple(segno.make(text, error=error, micro=False, boost_error=False).matrix)
