"""The band in the lower part of the page: one sentence, readable from two metres."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from kiosk.ui.common.fitting import LINE, Fitted, fit, measure
from kiosk.ui.common.icons import paint_icon
from kiosk.ui.common.palette import BandKind, Palette
from kiosk.ui.common.theme import current_theme, font
from kiosk.ui.kiosk.words import Words

SECOND = 0.5
"""The second line's font size over the sentence's."""
HIGHEST_ICON = 0.36
"""Of the room above the buttons, where the icon stands over the sentence."""
VEILED = 0.3
"""The part of the idle band, from above, through which the camera picture still shows."""
SMALLEST = 0.4
"""Letters are never smaller than this share of what they should be."""

SHARES = (1.0, 0.8, 0.6)
"""Of the size that a sentence may have: tried while the line below it is cut."""


class Band(QWidget):
    """Shows :class:`Words`. ``set_measures`` gives the font size in pixels and how much of
    the lower edge to leave free for the buttons; what does not fit becomes smaller, then shorter.
    Drawn once a change and kept as a picture, since the camera's frames run beneath."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = Words("")
        self._palette: Palette = current_theme().palette
        self._font_size = 60.0
        self._foot = 0.0
        self._upright = False
        self._drawn: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def words(self) -> Words:
        return self._words

    def set_words(self, words: Words) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(" ".join(filter(None, (words.sentence, words.second))))
            opaque = words.band is not BandKind.NONE
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, opaque)
            self._redraw()

    def set_palette(self, palette: Palette) -> None:
        if palette is not self._palette:
            self._palette = palette
            self._redraw()

    def set_measures(self, font_size: float, foot: float, *, upright: bool) -> None:
        if (font_size, foot, upright) != (self._font_size, self._foot, self._upright):
            self._font_size, self._foot, self._upright = font_size, foot, upright
            self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            ratio = self.devicePixelRatioF()
            self._drawn = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._drawn.setDevicePixelRatio(ratio)
            self._draw(self._drawn)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        painter.end()

    def _redraw(self) -> None:
        self._drawn = None
        self.update()

    def _draw(self, surface: QPixmap) -> None:
        colours = self._palette.band(self._words.band)
        idle = self._words.band is BandKind.NONE
        surface.fill(Qt.GlobalColor.transparent if idle else QColor(colours.fill))
        painter = QPainter(surface)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if idle:
            self._paint_veil(painter, QColor(colours.fill))
        painter.setPen(QColor(colours.ink))
        if self._words.clock:
            self._paint_clock(painter)
        else:
            self._paint_sentence(painter, QColor(colours.ink))
        painter.end()

    def _paint_veil(self, painter: QPainter, colour: QColor) -> None:
        """From nothing to opaque: text stands on it whatever the camera shows."""
        veil = QLinearGradient(0, 0, 0, self.height())
        for place, strength in ((0.0, 0.0), (0.6 * VEILED, 0.85), (VEILED, 1.0), (1.0, 1.0)):
            shade = QColor(colour)
            shade.setAlphaF(strength)
            veil.setColorAt(place, shade)
        painter.fillRect(QRectF(0, 0, self.width(), self.height()), veil)

    def _paint_clock(self, painter: QPainter) -> None:
        words, width = self._words, self.width()
        top = 0.7 * VEILED * self.height()
        room = self.height() - self._foot - top
        time = fit(words.sentence, 0.9 * width, 0.56 * room, 2.4 * self._font_size, 8, bold=True)
        painter.setFont(font(time.size, bold=True, tabular=True))
        centre = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(0, top, width, time.height), centre, words.sentence)
        y = top + time.height
        for line, bold in ((words.second, False), (words.third, True)):
            each = (room - time.height) / 2
            fitted = fit(
                line, 0.9 * width, each, SECOND * 1.1 * self._font_size, 8, bold=bold, most_lines=1
            )
            painter.setFont(font(fitted.size, bold=bold, tabular=True))
            painter.drawText(QRectF(0, y, width, fitted.height), centre, fitted.lines[0])
            y += fitted.height * 1.05

    def _paint_sentence(self, painter: QPainter, ink: QColor) -> None:
        words = self._words
        edge = 0.5 * self._font_size
        room = QRectF(
            edge, 0.35 * edge, self.width() - 2 * edge, self.height() - self._foot - 0.55 * edge
        )
        side = (1.2 if self._upright else 1.9) * self._font_size if words.icon else 0.0
        if self._upright:
            side = min(side, HIGHEST_ICON * room.height())
        gap = (0.2 if self._upright else 0.4) * self._font_size if words.icon else 0.0
        if self._upright:
            text_width, text_height = room.width(), room.height() - side - gap
        else:
            text_width, text_height = room.width() - side - gap, room.height()
        first, second = self._fitted(text_width, text_height)
        block = first.height + (second.height if second else 0.0)
        if self._upright:
            top = room.top() + max(0.0, (room.height() - side - gap - block) / 2)
            icon = QRectF((self.width() - side) / 2, top, side, side)
            left, top = room.left(), top + side + gap
        else:
            wide = min(text_width, max(_width(first, bold=True), _width(second, bold=False)))
            start = (self.width() - wide - side - gap) / 2
            icon = QRectF(start, room.top() + (room.height() - side) / 2, side, side)
            left, top = start + side + gap, room.top() + (room.height() - block) / 2
            text_width = wide + 2
        if words.icon:
            paint_icon(painter, words.icon, ink, icon)
        flag = Qt.AlignmentFlag
        along = flag.AlignHCenter if self._upright else flag.AlignLeft
        place = QPointF(left, top)
        for part, bold in ((first, True), (second, False)):
            if part is None:
                continue
            painter.setFont(font(part.size, bold=bold, tabular=not bold))
            for line in part.lines:
                box = QRectF(place.x(), place.y(), text_width, LINE * part.size)
                painter.drawText(box, along | flag.AlignVCenter, line)
                place.setY(place.y() + LINE * part.size)

    def _fitted(self, width: float, height: float) -> tuple[Fitted, Fitted | None]:
        """The sentence as large as it fits, or smaller where that lets the second line say all."""
        for share in SHARES:
            first, second = self._fitted_at(share, width, height)
            if second is None or not second.cut:
                return first, second
        return self._fitted_at(SHARES[0], width, height)

    def _fitted_at(self, share: float, width: float, height: float) -> tuple[Fitted, Fitted | None]:
        words, font_size = self._words, self._font_size
        below = min(LINE * SECOND * font_size, height / 3) if words.second else 0.0
        room, smallest = share * (height - below), SMALLEST * font_size
        first = fit(words.sentence, width, room, share * font_size, smallest, bold=True)
        if not words.second:
            return first, None
        # Mostly one line; what to check at the camera takes the room that the sentence leaves.
        second = fit(
            words.second,
            width,
            height - first.height,
            SECOND * font_size,
            0.5 * SECOND * font_size,
            most_lines=4,
        )
        return first, second


def _width(part: Fitted | None, *, bold: bool) -> float:
    if part is None:
        return 0.0
    made = font(part.size, bold=bold, tabular=not bold)
    return max(measure(made, line) for line in part.lines)
