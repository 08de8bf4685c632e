"""From a camera's picture to what the screen shows of it; pixels only, no widget."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform

from kiosk.domain.frame import Image

MAX_PIXELS = 1_100_000
"""A smooth picture costs some 10 ns a pixel on one core: beyond this size the picture is made
smaller by a whole factor, and enlarged plainly while it is painted, which costs a tenth."""


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that is shown, in its pixels."""

    x: int
    y: int
    width: int
    height: int


def cover(
    picture: tuple[int, int], view: tuple[int, int], centre: tuple[float, float] = (0.5, 0.5)
) -> Crop:
    """The largest part of a picture (width, height) with the view's proportions.

    ``centre`` (0 to 1 each) is the place in the view where the picture's middle should come to
    lie; it does as far as the picture reaches, for the view is always filled.
    """
    scale = max(view[0] / picture[0], view[1] / picture[1])
    width = max(1, min(picture[0], round(view[0] / scale)))
    height = max(1, min(picture[1], round(view[1] / scale)))
    x = min(max(picture[0] / 2 - centre[0] * width, 0), picture[0] - width)
    y = min(max(picture[1] / 2 - centre[1] * height, 0), picture[1] - height)
    return Crop(round(x), round(y), width, height)


def reduction(view: tuple[int, int]) -> int:
    """The whole factor by which the composed picture is smaller than the view."""
    return max(1, math.ceil(math.sqrt(view[0] * view[1] / MAX_PIXELS)))


def compose(
    image: Image,
    size: tuple[int, int],
    *,
    mirror: bool,
    centre: tuple[float, float] = (0.5, 0.5),
    veil: QPixmap | None = None,
    into: QImage | None = None,
) -> QImage:
    """The picture cropped, mirrored and scaled to ``size`` (width, height), under a veil.

    ``into`` is used again where it has the right size. The frame itself is never changed, and
    nothing of it is kept.
    """
    crop = cover((image.shape[1], image.shape[0]), size, centre)
    # Far larger than the view: every n-th pixel is plenty, and costs a hundredth of scaling.
    step = max(1, min(crop.width // size[0], crop.height // size[1]))
    if step > 1:
        image = image[crop.y : crop.y + crop.height : step, crop.x : crop.x + crop.width : step]
        crop = Crop(0, 0, image.shape[1], image.shape[0])
    pixels = np.ascontiguousarray(image)
    rows, columns = pixels.shape[:2]
    whole = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    # In Qt's own format first: scaling three bytes a pixel takes it three times as long.
    part = whole.copy(crop.x, crop.y, crop.width, crop.height)
    part.convertTo(QImage.Format.Format_RGB32)
    if into is None or (into.width(), into.height()) != size:
        into = QImage(size[0], size[1], QImage.Format.Format_RGB32)
    painter = QPainter(into)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    scaled = (crop.width, crop.height) != size
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scaled)
    if mirror:
        painter.setTransform(QTransform(-1, 0, 0, 1, size[0], 0))
    painter.drawImage(QRectF(0, 0, *size), part)
    if veil is not None:
        painter.resetTransform()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.drawPixmap(0, 0, veil)
    painter.end()
    return into


def oval_veil(size: tuple[int, int], oval: QRectF, colour: str, strength: float) -> QPixmap:
    """A veil over everything outside an oval; ``strength`` is 0 (none) to 1 (opaque)."""
    veil = QPixmap(*size)
    veil.fill(Qt.GlobalColor.transparent)
    painter = QPainter(veil)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = QColor(colour)
    shade.setAlphaF(strength)
    painter.fillRect(veil.rect(), shade)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawEllipse(oval)
    painter.end()
    return veil
