"""The mirrored camera picture, the oval that a face belongs in, and the ring that fills."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.domain.frame import Frame
from kiosk.domain.language import _
from kiosk.domain.oval import PROPORTION, WIDEST
from kiosk.ui.common.icons import paint_icon
from kiosk.ui.common.palette import Palette
from kiosk.ui.common.preview import compose, oval_veil, reduction
from kiosk.ui.common.theme import current_theme

VEIL = {False: 0.5, True: 0.55}
"""How much the surroundings are dimmed, in the light and in the dark theme."""
SHARE_OF_THREAD = 1 / 3
"""Frames are skipped where painting them would take more of the screen's thread than this."""
FILLED = "#2fd0c8"
EASE = 0.35
"""The part of the way to its target that the ring goes with each frame."""


class CameraView(QWidget):
    """Paints the newest frame only; one that comes while the last is not painted replaces it.

    ``set_guide`` places the oval: its centre as shares of the width and the height, and its
    height as a share of the height; it never becomes wider than the view.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._palette: Palette = current_theme().palette
        self._frame: Frame | None = None
        self._fresh = False
        self._mirror = True
        self._guide = (0.5, 0.5, 0.8)
        self._share = 0.0
        self._drawn_share = 0.0
        self._ring: str | None = None
        self._veil: QPixmap | None = None
        self._picture: QImage | None = None
        self._next_at = 0.0
        self.painted = 0
        """How many of the camera's pictures were painted."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Camera picture"))

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def set_frame(self, frame: Frame) -> None:
        """Show a frame as soon as the screen has time."""
        if self._clock() < self._next_at:
            return
        self._frame = frame
        self._fresh = True
        self.update()

    def clear(self) -> None:
        """Show no picture: the camera is lost, and a frozen face would lie."""
        self._frame = None
        self._picture = None
        self.update()

    @property
    def has_picture(self) -> bool:
        return self._frame is not None

    def set_progress(self, share: float) -> None:
        """How far the ring is filled, 0 to 1."""
        if share != self._share:
            self._share = share
            if share < self._drawn_share or self._frame is None:
                self._drawn_share = share
            self.update()

    def set_ring(self, colour: str | None) -> None:
        """The filled ring's colour (#rrggbb); None: the usual one."""
        if colour != self._ring:
            self._ring = colour
            self.update()

    def set_mirror(self, mirror: bool) -> None:
        if mirror != self._mirror:
            self._mirror = mirror
            self._fresh = True
            self.update()

    def set_guide(self, x: float, y: float, height: float) -> None:
        if (x, y, height) != self._guide:
            self._guide = (x, y, height)
            self._forget_veil()

    def set_palette(self, palette: Palette) -> None:
        """The theme changed."""
        if palette is not self._palette:
            self._palette = palette
            self._forget_veil()

    def oval(self) -> QRectF:
        """Where the oval lies in the widget."""
        x, y, share = self._guide
        height = share * self.height()
        height = min(height, WIDEST * self.width() / PROPORTION)
        width = PROPORTION * height
        return QRectF(x * self.width() - width / 2, y * self.height() - height / 2, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget_veil()

    def paintEvent(self, event: QPaintEvent) -> None:
        begun = self._clock()
        painter = QPainter(self)
        picture = self._composed()
        if picture is None:
            self._paint_nothing(painter)
        else:
            painter.drawImage(QRect(0, 0, self.width(), self.height()), picture)
            self._paint_ring(painter)
        painter.end()
        if picture is not None:
            self.painted += 1
            self._next_at = begun + (self._clock() - begun) / SHARE_OF_THREAD

    def _paint_nothing(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self._palette.raised))
        side = 0.3 * min(self.width(), self.height())
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_icon(painter, "camera", QColor(self._palette.control), place)

    def _composed(self) -> QImage | None:
        if self._frame is None or self.width() < 1 or self.height() < 1:
            return None
        if self._fresh or self._picture is None:
            ratio = self.devicePixelRatioF()
            full = (round(self.width() * ratio), round(self.height() * ratio))
            factor = reduction(full)
            size = (max(1, full[0] // factor), max(1, full[1] // factor))
            if self._veil is None or (self._veil.width(), self._veil.height()) != size:
                self._veil = self._make_veil(size)
            self._picture = compose(
                self._frame.image,
                size,
                mirror=self._mirror,
                centre=self._guide[:2],
                veil=self._veil,
                into=self._picture,
            )
            self._fresh = False
        return self._picture

    def _make_veil(self, size: tuple[int, int]) -> QPixmap:
        factor = size[0] / self.width()
        oval = self.oval()
        small = QRectF(
            oval.x() * factor, oval.y() * factor, oval.width() * factor, oval.height() * factor
        )
        return oval_veil(size, small, self._palette.window, VEIL[self._palette.dark])

    def _paint_ring(self, painter: QPainter) -> None:
        oval = self.oval()
        thin = max(2.0, self.height() / 200)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # A dark line under the light one: either is seen on any picture.
        for colour, wide in ((QColor(0, 0, 0, 90), 3 * thin), (QColor(255, 255, 255, 220), thin)):
            painter.setPen(QPen(colour, wide))
            painter.drawEllipse(oval)
        step = EASE * (self._share - self._drawn_share)
        self._drawn_share = self._share if abs(step) < 0.01 else self._drawn_share + step
        if self._drawn_share > 0:
            pen = QPen(QColor(self._ring or FILLED), 3 * thin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            # From the top, clockwise; Qt counts sixteenths of a degree anticlockwise.
            painter.drawArc(oval, 90 * 16, round(-self._drawn_share * 360 * 16))

    def _forget_veil(self) -> None:
        self._veil = None
        self._fresh = True
        self.update()
