"""The camera's picture beside its settings: turned as chosen, the region drawn on it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Frame, Image
from kiosk.domain.language import _
from kiosk.domain.region import Region
from kiosk.ui.admin.widgets.controls import Button, keeps_drag, label
from kiosk.ui.admin.widgets.layouts import column, row
from kiosk.ui.admin.widgets.style import colours
from kiosk.ui.common.bridge import Bridge

STEP = 5.0
"""Per cent of the picture that a key moves an edge."""
LEAST = 10.0
_NEEDED = 480
"""Pixels a side that the picture is shown with at most: it is to be seen, not looked at."""


class RegionView(QWidget):
    """The picture and a rectangle on it, drawn by dragging; with the arrow keys it moves, with
    Shift its right and lower edge do. ``drawn`` brings the new region."""

    drawn = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.region = Region()
        self._image: Image | None = None
        self._turns = 0
        self._mirror = False
        self._from: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        keeps_drag(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Region to look at, on the camera's picture"))
        self.setAccessibleDescription(
            _("Arrow keys move the region, with Shift its right and lower edge.")
        )

    def sizeHint(self) -> QSize:
        return QSize(320, round(self.fontMetrics().height() * 14))

    def show_image(self, image: Image) -> None:
        """The newest picture (H x W x 3, RGB, as the running kiosk has it)."""
        step = max(1, -(-max(image.shape[:2]) // _NEEDED))
        self._image = image[::step, ::step]
        self.update()

    def show_region(self, region: Region) -> None:
        self.region = region
        self.update()

    def turn(self, degrees: int, mirror: bool) -> None:
        """Show the picture turned clockwise by so much more than it comes, perhaps mirrored."""
        self._turns, self._mirror = degrees % 360 // 90, mirror
        self.update()

    def picture_size(self) -> tuple[int, int]:
        """Width and height of the picture as it is shown."""
        if self._image is None:
            return 4, 3
        height, width = self._image.shape[:2]
        return (height, width) if self._turns % 2 else (width, height)

    def place(self) -> QRectF:
        """Where the picture lies: whole, in the middle."""
        width, height = self.picture_size()
        scale = min(self.width() / width, self.height() / height)
        made = QRectF(0, 0, width * scale, height * scale)
        made.moveCenter(QRectF(self.rect()).center())
        return made

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = Qt.Key
        across = {key.Key_Left: -STEP, key.Key_Right: STEP}.get(Qt.Key(event.key()), 0.0)
        down = {key.Key_Up: -STEP, key.Key_Down: STEP}.get(Qt.Key(event.key()), 0.0)
        if not across and not down:
            super().keyPressEvent(event)
            return
        if self._mirror:
            across = -across
        now = self.region
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            left, right = _stretched(now.left, now.right, across, near=self._mirror)
            top, bottom = _stretched(now.top, now.bottom, down)
        else:
            left, right = _moved(now.left, now.right, across)
            top, bottom = _moved(now.top, now.bottom, down)
        self._draw(Region(left, top, right, bottom))

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self._from = self._share(event.position())

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if self._from is not None:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if self._from is not None:
            self._drag(event.position())
        self._from = None

    def paintEvent(self, event: QPaintEvent, /) -> None:
        tone = colours()
        painter = QPainter(self)
        place = self.place()
        painter.fillRect(place, QColor(tone.raised))
        if self._image is None:
            painter.setPen(QColor(tone.muted))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _("No picture yet"))
        else:
            turned = np.rot90(self._image, -self._turns)
            shown = np.ascontiguousarray(turned[:, ::-1] if self._mirror else turned)
            height, width = shown.shape[:2]
            picture = QImage(shown.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, picture)
        if not self.region.whole:
            inner = self._rectangle(place)
            shade = QColor(0, 0, 0, 140)
            for part in (
                QRectF(place.topLeft(), QPointF(place.right(), inner.top())),
                QRectF(QPointF(place.left(), inner.bottom()), place.bottomRight()),
                QRectF(QPointF(place.left(), inner.top()), inner.bottomLeft()),
                QRectF(inner.topRight(), QPointF(place.right(), inner.bottom())),
            ):
                painter.fillRect(part, shade)
            painter.setPen(QPen(QColor("#ffffff"), 2))
            painter.drawRect(inner)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tone.focus), 3))
            painter.drawRect(place.adjusted(1, 1, -2, -2))
        painter.end()

    def _rectangle(self, place: QRectF) -> QRectF:
        now = self.region
        left, right = now.left / 100, now.right / 100
        if self._mirror:
            left, right = 1 - right, 1 - left
        return QRectF(
            place.x() + left * place.width(),
            place.y() + now.top / 100 * place.height(),
            (right - left) * place.width(),
            (now.bottom - now.top) / 100 * place.height(),
        )

    def _share(self, at: QPointF) -> QPointF:
        """A place in per cent of the picture as it is stored, unmirrored."""
        place = self.place()
        x = min(max((at.x() - place.x()) / place.width(), 0.0), 1.0)
        y = min(max((at.y() - place.y()) / place.height(), 0.0), 1.0)
        return QPointF(100 * (1 - x if self._mirror else x), 100 * y)

    def _drag(self, to: QPointF) -> None:
        assert self._from is not None
        one, other = self._from, self._share(to)
        left, right = sorted((round(one.x()), round(other.x())))
        top, bottom = sorted((round(one.y()), round(other.y())))
        # A touch, or too small for a face: what was drawn before stays.
        if right - left >= LEAST and bottom - top >= LEAST:
            self._draw(Region(left, top, right, bottom))

    def _draw(self, region: Region) -> None:
        if region != self.region:
            self.show_region(region)
            self.drawn.emit(region)


class CameraPicture(QWidget):
    """The picture that the running kiosk sees, as the settings chosen would show it. Nothing of
    it is in force before they are saved."""

    drawn = Signal(str)
    """The region as the setting writes it; nothing for the whole picture."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.view = RegionView()
        self.clear_button = Button(_("Look at the whole picture"), self._clear, icon="maximize-2")
        hint = _("Draw on the picture where to look. It takes effect when you save.")
        below = row(label(hint, "muted", wrap=True), self.clear_button, gap=2)
        below.setStretch(0, 1)
        self.setLayout(column(self.view, below, gap=2))
        self._in_force = 0
        bridge.frame.connect(self._seen)
        self.view.drawn.connect(self._drawn)

    def show_settings(self, in_force: int, rotate: int, mirror: bool, region: str) -> None:
        """``in_force`` degrees are in the frames already; the rest is what is chosen."""
        self._in_force = in_force
        self.view.turn(rotate - in_force, mirror)
        try:
            self.view.show_region(Region.parse(region))
        except BadInput:
            # Its own field says what is wrong with it.
            self.view.show_region(Region())
        self.clear_button.setEnabled(not self.view.region.whole)

    def _seen(self, frame: Frame) -> None:
        if self.isVisible():
            self.view.show_image(frame.image)

    def _drawn(self, region: Region) -> None:
        self.clear_button.setEnabled(not region.whole)
        self.drawn.emit("" if region.whole else region.text())

    def _clear(self) -> None:
        self.view.show_region(Region())
        self._drawn(Region())


def _moved(low: float, high: float, by: float) -> tuple[float, float]:
    """An edge pair moved within the picture; the whole picture shrinks instead, or nothing would
    be seen to happen."""
    if (low, high) == (0.0, 100.0) and by:
        return (by, high) if by > 0 else (low, high + by)
    by = min(max(by, -low), 100.0 - high)
    return low + by, high + by


def _stretched(low: float, high: float, by: float, *, near: bool = False) -> tuple[float, float]:
    if near:
        return min(max(low + by, 0.0), high - LEAST), high
    return low, max(min(high + by, 100.0), low + LEAST)
