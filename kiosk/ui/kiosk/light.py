"""The screen as a lamp: its colour while the light on a face is looked at, and how slowly that
may change."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.liveness.prompt import Ask, Colour, Prompt
from kiosk.ui.common.camera_view import CameraView
from kiosk.ui.common.fitting import LINE, fit, measure
from kiosk.ui.common.palette import linear
from kiosk.ui.common.theme import font
from kiosk.ui.kiosk.words import Words

QUICKEST: Final = 0.2
"""Seconds between two changes at least: two and a half flashes a second, where WCAG 2.2 (2.3.1)
draws the line above three."""
REST: Final = 0.4
"""Seconds for which the lamp stays out at least: it goes out at any moment, which is a change
too."""
RAMP: Final = 0.08
"""Seconds that a change takes."""
SATURATED: Final = 0.8
"""A colour with this much of its light in red may set off a seizure at any size (WCAG 2.2)."""
TICK: Final = 30
PLATE, INK = "#10161b", "#ffffff"


def is_saturated_red(colour: Colour) -> bool:
    """Whether red makes four fifths of a colour's light, as WCAG 2.2 defines it."""
    red, green, blue = (linear(channel / 255) for channel in colour)
    return red > 0 and red / (red + green + blue) >= SATURATED


class Gentle:
    """Says which colour may be shown. Times are in seconds on any clock that only goes forward;
    what would change too quickly, or to a saturated red, is not taken."""

    def __init__(self) -> None:
        self._before: Colour | None = None
        self._colour: Colour | None = None
        self._changed = -math.inf

    def ask(self, colour: Colour, now: float) -> bool:
        """Change to a colour; False where it is refused, and the one before stays."""
        if colour == self._colour:
            return True
        wait = REST if self._colour is None else QUICKEST
        if now - self._changed < wait or is_saturated_red(colour):
            return False
        self._before, self._colour = self._colour, colour
        self._changed = now
        return True

    def off(self, now: float) -> None:
        """The lamp goes out, at once."""
        if self._colour is not None:
            self._before = self._colour = None
            self._changed = now

    def shown(self, now: float) -> Colour | None:
        """The colour at this moment; None: out."""
        if self._colour is None or self._before is None:
            return self._colour
        share = min(1.0, max(0.0, (now - self._changed) / RAMP))
        red, green, blue = (
            round(old + share * (new - old))
            for old, new in zip(self._before, self._colour, strict=True)
        )
        return red, green, blue

    def moves(self, now: float) -> bool:
        """Whether a change is on its way."""
        return self._colour is not None and now - self._changed < RAMP


class Light(QWidget):
    """Covers the page with a prompt's colour, but for the oval, in which people go on seeing
    themselves, and a plate with the sentence. ``set_measures`` gives the sentence's letters, in
    pixels, and its place."""

    def __init__(
        self,
        parent: QWidget,
        camera: CameraView,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._camera = camera
        self._clock = clock
        self._gentle = Gentle()
        self._words = Words("")
        self._letters = 40.0
        self._room = QRectF()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_prompt(self, prompt: Prompt | None, words: Words) -> None:
        """What is asked now, with its words; the screen is lit only by a prompt with a colour."""
        now = self._clock()
        colour = prompt.colour if prompt is not None and prompt.ask is Ask.LIGHT else None
        if colour is None:
            if self.isVisible():
                self._gentle.off(now)
                self.hide()
            return
        self._words = words
        self._gentle.ask(colour, now)
        self.setVisible(self._gentle.shown(now) is not None)
        self.update()

    def set_measures(self, letters: float, room: QRect) -> None:
        self._letters, self._room = letters, QRectF(room)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = self._clock()
        colour = self._gentle.shown(now)
        if colour is None:
            return
        if self._gentle.moves(now):
            self._tick.start()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = QPainterPath()
        lit.addRect(QRectF(self.rect()))
        seen = QPainterPath()
        seen.addEllipse(self._camera.oval())
        painter.fillPath(lit.subtracted(seen), QColor(*colour))
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        room, edge = self._room, 0.35 * self._letters
        width, height = room.width() - 6 * edge, room.height() - 1.4 * edge
        lines: list[tuple[str, float, bool]] = []
        for text, size, share, bold in (
            (self._words.sentence, self._letters, 0.66, True),
            (self._words.second, 0.5 * self._letters, 0.34, False),
        ):
            if text:
                fitted = fit(text, width, share * height, size, 8, bold=bold)
                lines += [(line, fitted.size, bold) for line in fitted.lines]
        high = sum(LINE * size for _, size, _ in lines)
        wide = max(measure(font(size, bold=bold), line) for line, size, bold in lines)
        plate = QRectF(0, 0, wide + 4 * edge, high + 1.4 * edge)
        plate.moveCenter(room.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(PLATE))
        painter.drawRoundedRect(plate, edge, edge)
        painter.setPen(QColor(INK))
        y = plate.top() + 0.7 * edge
        for line, size, bold in lines:
            painter.setFont(font(size, bold=bold))
            place = QRectF(plate.left(), y, plate.width(), LINE * size)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
            y += LINE * size
