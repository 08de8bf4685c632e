"""A day drawn on a time axis: bars from in to out, open ends of a day that is over in amber, what
was added by hand hatched."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.hours import Span
from kiosk.ui.admin.attendance.model import BAR, ROW, DayModel, Line
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
        tone = colours()
        axis = self._model.axis
        for hour in range(axis.begin, axis.end + 1, _step(place.width(), axis.end - axis.begin)):
            x = place.x() + place.width() * (hour - axis.begin) / (axis.end - axis.begin)
            painter.setPen(QPen(QColor(tone.line), 1))
            painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        height = painter.fontMetrics().height() * 0.9
        top = place.center().y() - height / 2
        for span in line.row.spans:
            self._bar(painter, place, line, span, top, height)

    def _bar(
        self,
        painter: QPainter,
        place: QRect,
        line: Line,
        span: Span,
        top: float,
        height: float,
    ) -> None:
        tone, axis = colours(), self._model.axis
        came, went = span.came, span.went

        def x(event: ClockEvent) -> float:
            return place.x() + place.width() * axis.place(line.begin, event)

        length = place.width() * OPEN
        if came is not None and went is not None:
            begin, end = x(came), x(went)
            colour = QColor(tone.ok)
            brush = QBrush(colour)
        else:
            event = span.first
            begin = x(event) if came else x(event) - length
            end = begin + length
            waited = line.at_work and came is line.row.events[-1]
            colour = QColor(tone.ok if waited else tone.warn)
            clear = QColor(colour)
            clear.setAlpha(0)
            fade = QLinearGradient(begin, 0, end, 0)
            fade.setColorAt(0, colour if came else clear)
            fade.setColorAt(1, clear if came else colour)
            brush = QBrush(fade)
        bar = QRectF(begin, top, max(end - begin, 3), height)
        painter.setPen(Qt.PenStyle.NoPen)
        hand = (came is not None and came.by_hand) or (went is not None and went.by_hand)
        if hand:
            # Striped, with an edge: told from a recorded one in black and white too.
            painter.setBrush(QColor(tone.surface))
            painter.drawRoundedRect(bar, 3, 3)
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        else:
            painter.setBrush(brush)
        painter.drawRoundedRect(bar, 3, 3)
        if came is None or went is None:
            edge = begin if came is not None else end
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRect(QRectF(edge - 2, top - 2, 4, height + 4))


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
