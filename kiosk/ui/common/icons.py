"""Icons of one open set (Lucide), tinted for the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kiosk.resources import ASSETS


def svg(name: str, colour: str) -> bytes:
    """An icon's drawing in one colour (#rrggbb).

    Raises:
        FileNotFoundError: assets/icons has no icon of this name.
    """
    text = (ASSETS / "icons" / f"{name}.svg").read_text("utf-8")
    return text.replace("currentColor", colour).encode()


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon ``size`` pixels wide and high, drawn for a screen of this device pixel ratio."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, name, QColor(colour), QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def paint_icon(painter: QPainter, name: str, colour: QColor, place: QRectF) -> None:
    """Draw an icon sharply at any size."""
    QSvgRenderer(svg(name, colour.name())).render(painter, place)


def icon(name: str, colour: str, disabled: str | None = None, size: int = 24) -> QIcon:
    """An icon for a button or a list, sharp up to a device pixel ratio of 3."""
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made
