"""What is painted over the camera picture while somebody is asked to turn the head."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QWidget

from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.ui.common.camera_view import FILLED, CameraView
from kiosk.ui.common.icons import paint_icon

SIDE: Final = {Ask.LEFT: -1.0, Ask.STRAIGHT: 0.0, Ask.RIGHT: 1.0, Ask.LIGHT: 0.0}
GLIDE: Final = 0.09
"""Seconds in which the dot goes two thirds of its way."""
TICK: Final = 40
"""Milliseconds after which it moves by itself where no frame of the camera came to move it."""
REACH: Final = 0.78
"""From the oval's middle to a dot at its side, over the oval's width."""
DOT, PIP = 1 / 8.5, 1 / 22
"""Diameters over the smaller side of the widget."""
PLATE, INK, SHADE = "#ffffff", "#11181d", "#10161b"
"""A dot, what is drawn in it, and what lies under all that is bright: seen on any picture."""
RING, PLATED = 0.11, 0.26
"""The ring's width, and how far the dark plate under it reaches beyond the dot, over the dot's."""
MADE: Final = "#005a5f"
"""A dot's colour once the turn is made."""


class Challenge(QWidget):
    """Paints a :class:`Prompt`: a dot that goes where the nose should point, an arrow in it, the
    time left as a ring around it, the turn as a line that fills, and a mark for each turn made.

    It lies over the camera's picture, is painted with each of its frames, and needs a timer of its
    own only where those come slowly while something still moves. ``still``: nothing glides; taken
    from the desktop's settings where it is None.
    """

    def __init__(
        self,
        parent: QWidget,
        camera: CameraView,
        *,
        clock: Callable[[], float] = time.perf_counter,
        still: bool | None = None,
    ) -> None:
        super().__init__(parent)
        self._camera = camera
        self._clock = clock
        self._still = still
        self._prompt: Prompt | None = None
        self._at = 0.0
        self._place = self._turned = 0.0
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.setInterval(TICK)
        self._tick.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def place(self) -> float:
        """Where the dot is: -1 at the left, 0 in the middle, 1 at the right of whoever looks."""
        return self._place

    def set_prompt(self, prompt: Prompt | None) -> None:
        """What is asked now; None hides all of it."""
        if prompt == self._prompt:
            return
        before, self._prompt = self._prompt, prompt
        if prompt is None or prompt.ask is Ask.LIGHT:
            self._tick.stop()
            self.hide()
            return
        if before is None or not self.isVisible():
            self._place, self._turned = 0.0, 0.0
            self._at = self._clock()
        if before is not None and before.ask is not prompt.ask:
            self._turned = 0.0
        self.show()
        self.update()

    def dot(self) -> QRectF:
        """Where the dot lies in the widget."""
        oval = self._camera.oval()
        size = DOT * min(self.width(), self.height() * 1.5) * (0.8 + 0.2 * abs(self._place))
        margin = 0.75 * size
        reach = min(REACH * oval.width(), self.width() / 2 - margin - size / 2)
        middle = QPointF(oval.center().x() + self._place * reach, oval.center().y())
        return QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        prompt = self._prompt
        if prompt is None:
            return
        if self._move(prompt):
            self._tick.start()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot = self.dot()
        # A line ends at what lies around the dot, and both are seen through.
        beside, plate = QPainterPath(), QPainterPath()
        beside.addRect(QRectF(self.rect()))
        plate.addEllipse(_wider(dot, PLATED))
        painter.setClipPath(beside.subtracted(plate))
        if SIDE[prompt.ask]:
            self._paint_track(painter, prompt, dot)
        painter.setClipping(False)
        self._paint_dot(painter, prompt, dot)
        if prompt.asks > 1:
            self._paint_pips(painter, prompt)
        painter.end()

    def _move(self, prompt: Prompt) -> bool:
        """Go on towards where all should be; whether anything is still on its way."""
        now = self._clock()
        passed, self._at = now - self._at, now
        step = 1.0 if self._jumps() else 1 - math.exp(-max(0.0, passed) / GLIDE)
        self._place, moves = _towards(self._place, SIDE[prompt.ask], step)
        self._turned, fills = _towards(self._turned, min(max(prompt.turned, 0.0), 1.0), step)
        return moves or fills

    def _jumps(self) -> bool:
        if self._still is not None:
            return self._still
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self.style().styleHint(hint, None, self) == 0

    def _paint_track(self, painter: QPainter, prompt: Prompt, dot: QRectF) -> None:
        """The way from the middle of the face to the dot, filled as far as the head is turned."""
        side = SIDE[prompt.ask]
        start = self._camera.oval().center()
        end = QPointF(dot.center().x() - side * 0.7 * dot.width(), start.y())
        if (end.x() - start.x()) * side <= 0:
            return  # the dot has hardly left the middle
        wide = 0.16 * dot.width()
        filled = QPointF(start.x() + self._turned * (end.x() - start.x()), start.y())
        for colour, thick, to in (
            (_with(SHADE, 0.72), 1.8 * wide, end),
            (_with(PLATE, 0.85), 0.4 * wide, end),
            (QColor(FILLED), 1.1 * wide, filled if self._turned > 0.02 else None),
        ):
            if to is not None:
                painter.setPen(_pen(colour, thick))
                painter.drawLine(start, to)

    def _paint_dot(self, painter: QPainter, prompt: Prompt, dot: QRectF) -> None:
        made = SIDE[prompt.ask] != 0 and prompt.turned >= 1
        ring = RING * dot.width()
        around = _wider(dot, 1.4 * RING)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_with(SHADE, 0.72))
        painter.drawEllipse(_wider(dot, PLATED))
        painter.setBrush(QColor(MADE if made else PLATE))
        painter.drawEllipse(dot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(QColor(PLATE), ring))
        # From the top, anticlockwise: it empties as a clock's hand goes.
        painter.drawArc(around, 90 * 16, round(min(max(prompt.left, 0.0), 1.0) * 360 * 16))
        inner = 0.17 * dot.width()
        icon = dot.adjusted(inner, inner, -inner, -inner)
        if made:
            paint_icon(painter, "check", QColor(PLATE), icon)
        elif SIDE[prompt.ask]:
            name = "arrow-left" if prompt.ask is Ask.LEFT else "arrow-right"
            paint_icon(painter, name, QColor(INK), icon)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(INK))
            painter.drawEllipse(dot.adjusted(2 * inner, 2 * inner, -2 * inner, -2 * inner))

    def _paint_pips(self, painter: QPainter, prompt: Prompt) -> None:
        """A mark for each turn, at the lower edge: a tick in those that are made."""
        size = PIP * min(self.width(), self.height() * 1.5)
        gap, edge = 0.5 * size, 0.3 * size
        wide = prompt.asks * size + (prompt.asks - 1) * gap
        left, top = (self.width() - wide) / 2, self.height() - size - 1.6 * edge
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_with(SHADE, 0.72))
        plate = QRectF(left - 1.6 * edge, top - edge, wide + 3.2 * edge, size + 2 * edge)
        painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
        line = size / 9
        for turn in range(prompt.asks):
            pip = QRectF(left + turn * (size + gap), top, size, size)
            inner = pip.adjusted(line, line, -line, -line)
            if turn < prompt.done:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(FILLED))
                painter.drawEllipse(pip)
                tick = 0.2 * size
                paint_icon(painter, "check", QColor(INK), pip.adjusted(tick, tick, -tick, -tick))
            else:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(_pen(_with(PLATE, 1.0 if turn == prompt.done else 0.6), line))
                painter.drawEllipse(inner)


def _wider(place: QRectF, by: float) -> QRectF:
    """A place grown to all sides by a share of its width."""
    more = by * place.width()
    return place.adjusted(-more, -more, more, more)


def _towards(value: float, goal: float, step: float) -> tuple[float, bool]:
    """A step on the way to a goal, and whether that was not the last one."""
    nearer = value + step * (goal - value)
    return (goal, False) if abs(goal - nearer) < 0.01 else (nearer, True)


def _with(colour: str, strength: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(strength)
    return made


def _pen(colour: QColor, wide: float) -> QPen:
    pen = QPen(colour, wide)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
