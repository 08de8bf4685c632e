"""A day drawn on a time axis: bars from in to out, breaks as gaps, open ends of a day that is over
in amber, what was added by hand hatched, an assumed end dotted, a tick where somebody was only
seen."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.hours import Span
from kiosk.ui.admin.attendance.model import BAR, Axis, DayModel, Line
from kiosk.ui.admin.attendance.people_filter import ROW
from kiosk.ui.admin.widgets.cells import CellDelegate, Index
from kiosk.ui.admin.widgets.style import colours

OPEN = 0.06
"""How long, as a share of the axis, a bar with an open end is drawn before it fades."""


class DayBarDelegate(CellDelegate):
    """Draws the cell of the axis' column."""

    def __init__(self, parent: QWidget, model: DayModel) -> None:
        super().__init__(parent)
        self._model = model

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        line = index.data(ROW)
        if not isinstance(line, Line):
            return
        tone, axis = colours(), self._model.axis
        for hour in range(axis.begin, axis.end + 1, _step(place.width(), axis.end - axis.begin)):
            x = place.x() + place.width() * (hour - axis.begin) / (axis.end - axis.begin)
            painter.setPen(QPen(QColor(tone.line), 1))
            painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        _Bars(painter, place, line, axis).draw()


class _Bars:
    """One day's spans."""

    def __init__(self, painter: QPainter, place: QRect, line: Line, axis: Axis) -> None:
        self._painter = painter
        self._place = place
        self._line = line
        self._axis = axis
        self._height = painter.fontMetrics().height() * 0.9
        self._top = place.center().y() - self._height / 2

    def draw(self) -> None:
        for span in self._line.row.spans:
            if span.came is not None or span.went is not None:
                self._span(span)
            for other in span.others:
                self._tick(other)

    def _x(self, local: datetime) -> float:
        return self._place.x() + self._place.width() * self._axis.place(self._line.begin, local)

    def _span(self, span: Span) -> None:
        came, went, tone = span.came, span.went, colours()
        hand = any(event.by_hand for event in (came, went) if event is not None)
        if came is not None and went is not None:
            self._bar(self._x(came.local), self._x(went.local), QColor(tone.ok), hand=hand)
        elif came is not None and span.assumed is not None:
            end = self._x(span.assumed)
            self._bar(self._x(came.local), end, QColor(tone.ok), hand=hand)
            self._assumed(end)
        else:
            self._fading(span, hand=hand)
        for pause in span.breaks:
            ended = pause.ended or went
            until = span.assumed if ended is None else ended.local
            self._pause(self._x(pause.began.local), self._x(until) if until else None)

    def _bar(self, begin: float, end: float, colour: QColor, *, hand: bool) -> None:
        bar = self._rect(begin, end)
        if hand:
            self._striped(bar, colour)
        else:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(colour)
            self._painter.drawRoundedRect(bar, 3, 3)

    def _striped(self, bar: QRectF, colour: QColor) -> None:
        """With an edge: told from a recorded one in black and white too."""
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().surface))
        painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(bar, 3, 3)

    def _fading(self, span: Span, *, hand: bool) -> None:
        """One end is known, the other is open."""
        tone, length = colours(), self._place.width() * OPEN
        came = span.came is not None
        known = span.came or span.went
        assert known is not None
        begin = self._x(known.local) - (0 if came else length)
        waited = came and self._line.at_work and span is self._line.row.spans[-1]
        colour = QColor(tone.ok if waited else tone.warn)
        if hand:
            self._striped(self._rect(begin, begin + length), colour)
        else:
            clear = QColor(colour)
            clear.setAlpha(0)
            fade = QLinearGradient(begin, 0, begin + length, 0)
            fade.setColorAt(0, colour if came else clear)
            fade.setColorAt(1, clear if came else colour)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QBrush(fade))
            self._painter.drawRoundedRect(self._rect(begin, begin + length), 3, 3)
        self._edge(begin if came else begin + length, colour)

    def _assumed(self, x: float) -> None:
        """An end that a rule of the site has put in the place of a forgotten one."""
        pen = QPen(QColor(colours().warn), 3, Qt.PenStyle.DotLine)
        self._painter.setPen(pen)
        over = self._height * 0.25
        top, bottom = self._top - over, self._top + self._height + over
        self._painter.drawLine(QPointF(x, top), QPointF(x, bottom))

    def _pause(self, begin: float, end: float | None) -> None:
        """A break: a gap with a thin line through it; one that lasts is its beginning alone."""
        if end is None:
            self._edge(begin, QColor(colours().muted))
            return
        tone = colours()
        gap = self._rect(begin, end).adjusted(0, -0.5, 0, 0.5)
        self._painter.fillRect(gap, QColor(tone.surface))
        self._painter.setPen(QPen(QColor(tone.ok), 1.5))
        self._painter.drawLine(
            QPointF(gap.left(), gap.center().y()), QPointF(gap.right(), gap.center().y())
        )

    def _tick(self, event: ClockEvent) -> None:
        """Somebody was seen: no hours follow from it."""
        x = self._x(event.local)
        colour = QColor(colours().warn if event.asks else colours().text)
        self._painter.setPen(QPen(colour, 1.5))
        over = self._height * 0.2
        self._painter.drawLine(
            QPointF(x, self._top - over), QPointF(x, self._top + self._height + over)
        )

    def _edge(self, x: float, colour: QColor) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRect(QRectF(x - 2, self._top - 2, 4, self._height + 4))

    def _rect(self, begin: float, end: float) -> QRectF:
        return QRectF(begin, self._top, max(end - begin, 3), self._height)


class AxisHeader(QHeaderView):
    """A table's head with hours over the axis' column."""

    def __init__(self, model: DayModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = parent
        self._model = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def paintSection(self, painter: QPainter, rect: QRect, index: int, /) -> None:
        if index != BAR:
            super().paintSection(painter, rect, index)
            return
        tone, axis = colours(), self._model.axis
        painter.save()
        painter.fillRect(rect, QColor(tone.surface))
        painter.setPen(QColor(tone.control))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        pad = round(self._table.fontMetrics().height() * 0.45)
        inner = rect.adjusted(pad, 0, -pad, 0)
        count = axis.end - axis.begin
        step = _step(inner.width(), count)
        small = painter.font()
        small.setPixelSize(max(1, round(self.fontMetrics().height() * 0.7)))
        painter.setFont(small)
        painter.setPen(QColor(tone.muted))
        for hour in range(axis.begin, axis.end + 1, step):
            x = inner.x() + inner.width() * (hour - axis.begin) / count
            box = QRectF(x - 20, rect.y(), 40, rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._model.hour(hour))
        painter.restore()


def _step(width: int, hours: int) -> int:
    """Every how many hours a line is drawn, so that the figures have room."""
    for step in (1, 2, 3, 4, 6):
        if width / max(hours, 1) * step >= 34:
            return step
    return 12
