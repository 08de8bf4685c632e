"""What the pages of My hours are made of, in the measures of the page at the door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QScroller,
    QScrollerProperties,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kiosk.ui.common.icons import paint_icon
from kiosk.ui.common.palette import Pair, Palette
from kiosk.ui.common.theme import font
from kiosk.ui.kiosk.places import touch
from kiosk.ui.kiosk.touch import TouchButton

Box = TypeVar("Box", bound=QBoxLayout)

BODY, SMALL, TITLE, FIGURE = 0.38, 0.32, 0.5, 0.62
"""Sizes of letters over a button's height."""
SLOWS = 0.4
"""How soon what a finger pushed comes to rest: a month, not two, at one push."""


@dataclass(frozen=True, slots=True)
class Measures:
    """``unit`` is a button's height in pixels, ``width`` the room across, beside a scroll bar."""

    palette: Palette
    unit: int
    width: int

    @classmethod
    def of(cls, palette: Palette, width: int, height: int) -> Measures:
        """For a page of this size, upright or not."""
        unit = touch(min(width, height))
        return cls(palette, unit, min(width, 26 * unit) - unit - round(0.2 * unit))

    @property
    def gap(self) -> int:
        return round(0.2 * self.unit)

    @property
    def plain(self) -> Pair:
        return Pair(self.palette.surface, self.palette.text)

    @property
    def accent(self) -> Pair:
        return Pair(self.palette.accent, self.palette.accent_ink)


def text(
    measures: Measures,
    words: str,
    size: float = BODY,
    *,
    colour: str = "",
    bold: bool = False,
    tabular: bool = False,
) -> QLabel:
    """Words that wrap; plain, whatever they hold."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(font(size * measures.unit, bold=bold, tabular=tabular))
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setForegroundRole(QPalette.ColorRole.WindowText)  # in a button, too
    tone = label.palette()
    tone.setColor(QPalette.ColorRole.WindowText, QColor(colour or measures.palette.text))
    label.setPalette(tone)
    return label


def button(
    measures: Measures, label: str, *, name: str = "", icon: str = "", main: bool = False
) -> TouchButton:
    """A button of a finger's size; ``main``: the one that most people want."""
    made = TouchButton(name or label, None, label=label, icon=icon)
    made.set_colours(measures.accent if main else measures.plain, plain=not main)
    made.setMinimumSize(made.wanted_width(measures.unit), measures.unit)
    made.setMaximumHeight(measures.unit)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def rows_of(measures: Measures, parts: Iterable[QWidget], room: int) -> QVBoxLayout:
    """Buttons beside each other, in as many rows as they need."""
    box, line, left = column(measures.gap), QHBoxLayout(), 0
    line.setSpacing(measures.gap)
    for part in parts:
        wide = min(part.minimumWidth(), room)
        part.setMinimumWidth(wide)
        if line.count() and left < wide:
            line.addStretch(1)
            box.addLayout(line)
            line = QHBoxLayout()
            line.setSpacing(measures.gap)
        if not line.count():
            left = room
        left -= wide + measures.gap
        line.addWidget(part)
    line.addStretch(1)
    box.addLayout(line)
    return box


def column(gap: int, *parts: QWidget) -> QVBoxLayout:
    box = QVBoxLayout()
    return _filled(box, gap, parts)


def row(gap: int, *parts: QWidget) -> QHBoxLayout:
    box = QHBoxLayout()
    return _filled(box, gap, parts)


def _filled(box: Box, gap: int, parts: Sequence[QWidget]) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for part in parts:
        box.addWidget(part)
    return box


class Card(QFrame):
    """A plate that things stand on; ``edge`` is a colour at its left that says what it is."""

    def __init__(self, measures: Measures, edge: str = "") -> None:
        super().__init__()
        self._measures = measures
        self._edge = edge
        inner = round(0.26 * measures.unit)
        self.box = column(round(0.6 * measures.gap))
        self.box.setContentsMargins(inner + (inner // 3 if edge else 0), inner, inner, inner)
        self.setLayout(self.box)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_plate(painter, self._measures, QRectF(self.rect()), self._edge)
        painter.end()


def paint_plate(
    painter: QPainter, measures: Measures, place: QRectF, edge: str = "", *, pressed: bool = False
) -> None:
    """A rounded plate with a thin line around it."""
    colours, line = measures.palette, max(1.0, measures.unit / 50)
    radius = 0.2 * measures.unit
    inner = place.adjusted(line, line, -line, -line)
    painter.setPen(QPen(QColor(colours.line), line))
    painter.setBrush(QColor(colours.raised if pressed else colours.surface))
    painter.drawRoundedRect(inner, radius, radius)
    if edge:
        painter.save()
        painter.setClipRect(QRectF(place.left(), place.top(), 0.12 * measures.unit, place.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(edge))
        painter.drawRoundedRect(inner, radius, radius)
        painter.restore()


class Row(TouchButton):
    """A line of a list that leads somewhere: things on a plate, with an arrow at its end."""

    def __init__(self, measures: Measures, name: str) -> None:
        super().__init__(name, None)
        self._measures = measures
        inner = round(0.26 * measures.unit)
        self.box = column(0)
        self.box.setContentsMargins(inner, inner, inner + round(0.6 * measures.unit), inner)
        self.setLayout(self.box)
        self.setMinimumHeight(measures.unit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        measures = self._measures
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect())
        paint_plate(painter, measures, place, pressed=self.isDown())
        side = 0.4 * measures.unit
        right = place.right() - side - 0.2 * measures.unit
        arrow = QRectF(right, place.center().y() - side / 2, side, side)
        paint_icon(painter, "chevron-right", QColor(measures.palette.muted), arrow)
        if self.hasFocus():
            line = max(1.5, measures.unit / 20)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(measures.palette.focus), line))
            radius = 0.2 * measures.unit
            painter.drawRoundedRect(place.adjusted(line, line, -line, -line), radius, radius)
        painter.end()


def scrolled(measures: Measures, content: QWidget, name: str) -> QScrollArea:
    """A page that a finger pushes, or the arrow keys."""
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # Its room is kept, so that nothing moves when it is known whether there is need of it.
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    bar, wide = area.verticalScrollBar(), measures.gap
    bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
    bar.setSingleStep(measures.unit)
    bar.setStyleSheet(
        f"QScrollBar {{ background: transparent; width: {wide}px; margin: 0; }}"
        f"QScrollBar::handle {{ background: {measures.palette.control}; min-height: {4 * wide}px;"
        f" border-radius: {wide // 4}px; margin-left: {wide // 2}px; }}"
        "QScrollBar::handle:disabled { background: transparent; }"
        "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
        "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
    )
    # The left button, too: many a touch screen says that it is a mouse.
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)
    scroller = QScroller.scroller(area.viewport())
    how = scroller.scrollerProperties()
    how.setScrollMetric(QScrollerProperties.ScrollMetric.DecelerationFactor, SLOWS)
    scroller.setScrollerProperties(how)
    return area
