"""How many came through a day, hour by hour; a touch on an hour narrows the log to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from kiosk.domain.decision import Outcome
from kiosk.domain.language import _
from kiosk.domain.records import EventFilter, EventRecords
from kiosk.ui.admin.widgets.formats import clock
from kiosk.ui.admin.widgets.style import colours
from kiosk.ui.admin.widgets.words import counted

Bars = tuple[tuple[datetime, int, int], ...]
"""For each hour its beginning, how many events it had, and how many of them let somebody in."""


def count_hours(events: EventRecords, since: datetime, until: datetime, text: str) -> Bars:
    """The bars of a time of at most some days; two quick questions an hour."""
    bars = []
    begin = since
    while begin < until:
        end = min(begin + timedelta(hours=1), until)
        whole = events.count(EventFilter(since=begin, until=end, text=text))
        let_in = 0
        if whole:
            let_in = events.count(
                EventFilter(since=begin, until=end, text=text, outcome=Outcome.ALLOW)
            )
        bars.append((begin, whole, let_in))
        begin = end
    return tuple(bars)


class Histogram(QWidget):
    """Bars of a day; dragging across some of them chooses that time."""

    chosen = Signal(object, object)
    """The local times at which the chosen hours begin and end."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: Bars = ()
        self._from: int | None = None
        self._to: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Events by hour"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_bars(self, bars: Bars) -> None:
        """Show a day; nothing hides the whole."""
        self._bars = bars
        total = sum(whole for _, whole, _ in bars)
        self.setAccessibleDescription(
            "; ".join(f"{clock(at)}: {whole}" for at, whole, _ in bars if whole)
        )
        self.setVisible(total > 0)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self.fontMetrics().height() * 4.6))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = colours()
        line = self.fontMetrics().height()
        floor = self.height() - line * 1.3
        most = max(whole for _, whole, _ in self._bars)
        scale = self._scale_width()
        width = (self.width() - scale) / len(self._bars)
        chosen = self._chosen()
        every = 3 if width * 1.5 < self.fontMetrics().horizontalAdvance("00:00") else 2
        for place, (at, whole, let_in) in enumerate(self._bars):
            left = scale + place * width
            if chosen is not None and chosen[0] <= place <= chosen[1]:
                painter.fillRect(QRectF(left, 0, width, floor), QColor(tone.selection))
            bar = QRectF(left + width * 0.14, 0, width * 0.72, 0)
            for count, colour in ((whole, tone.bad), (let_in, tone.ok)):
                height = (floor - line * 0.6) * count / most if most else 0
                bar.setTop(floor - height)
                bar.setBottom(floor)
                painter.fillRect(bar, QColor(colour))
            if place % every == 0:
                painter.setPen(QColor(tone.muted))
                painter.drawText(QPointF(left + 2, self.height() - line * 0.3), f"{at:%H}:00")
        for share in (1.0, 0.5):
            if share == 1.0 or (most >= 2 and most % 2 == 0):
                y = floor - (floor - line * 0.6) * share
                painter.setPen(QColor(tone.line))
                painter.drawLine(QPointF(scale, y), QPointF(self.width(), y))
                painter.setPen(QColor(tone.muted))
                box = QRectF(0, y - line / 2, scale - line * 0.3, line)
                figure = f"{round(most * share):,}"
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, figure)
        painter.setPen(QColor(tone.control))
        painter.drawLine(QPointF(scale, floor), QPointF(self.width(), floor))

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self._from = self._to = self._place(event.position().x())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if self._from is not None:
            self._to = self._place(event.position().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        chosen = self._chosen()
        self._from = self._to = None
        if chosen is not None:
            first, last = chosen
            self.chosen.emit(self._bars[first][0], self._bars[last][0] + timedelta(hours=1))

    def event(self, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._bars:
            at, whole, let_in = self._bars[self._place(event.pos().x())]
            QToolTip.showText(
                event.globalPos(), f"{clock(at)}: {counted(whole, 'event')}, {let_in:,} let in"
            )
            return True
        return super().event(event)

    def _place(self, x: float) -> int:
        scale = self._scale_width()
        share = (x - scale) / (self.width() - scale)
        return min(max(int(share * len(self._bars)), 0), len(self._bars) - 1)

    def _scale_width(self) -> float:
        """Room at the left for the largest count."""
        most = max((whole for _, whole, _ in self._bars), default=0)
        metrics = self.fontMetrics()
        return metrics.horizontalAdvance(f"{most:,}") + metrics.height() * 0.3

    def _chosen(self) -> tuple[int, int] | None:
        if self._from is None or self._to is None:
            return None
        return min(self._from, self._to), max(self._from, self._to)
