"""Icons of one open set (Lucide), tinted for the theme; each is read, parsed and drawn once."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from kiosk.resources import ASSETS


@lru_cache(maxsize=256)
def svg(name: str, colour: str) -> bytes:
    """An icon's drawing in one colour (#rrggbb).

    Raises:
        FileNotFoundError: assets/icons has no icon of this name.
    """
    text = (ASSETS / "icons" / f"{name}.svg").read_text("utf-8")
    return text.replace("currentColor", colour).encode()


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon ``size`` pixels wide and high, drawn for a screen of this device pixel ratio."""
    side = round(size * ratio)
    key = f"kiosk icon {name} {colour} {side} {ratio}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, name, QColor(colour), QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, picture)
    return picture


def paint_icon(painter: QPainter, name: str, colour: QColor, place: QRectF) -> None:
    """Draw an icon sharply at any size."""
    _drawing(name, colour.name()).render(painter, place)


def icon(name: str, colour: str, disabled: str | None = None, size: int = 24) -> QIcon:
    """An icon for a button or a list, sharp on every screen that is there."""
    made = QIcon()
    for ratio in sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}):
        made.addPixmap(pixmap(name, colour, size, ratio))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=256)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(svg(name, colour))
