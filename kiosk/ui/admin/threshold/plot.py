"""The plot that is the control: two hills and a line between them to drag."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QSizePolicy

from kiosk.domain.language import _
from kiosk.domain.threshold import ErrorCurve
from kiosk.services.admin.thresholds import SiteScores
from kiosk.ui.admin.threshold.densities import Densities, Numbers, of_curve, of_scores
from kiosk.ui.admin.widgets.style import colours
from kiosk.ui.common.theme import appearance


class ThresholdPlot(pg.PlotWidget):  # type: ignore[misc]
    """``dragged`` tells the threshold (a score) while the line is moved."""

    dragged = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._densities: Densities | None = None
        self._own: tuple[Numbers, Numbers] | None = None
        self._limits = (-1.0, 1.0)
        self.setAccessibleName(_("Similarity of strangers and of the right person"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFrameShape(self.Shape.NoFrame)
        self.getPlotItem().hideAxis("left")
        # Once, and before the axis has a label: later it would only freeze a factor.
        self.getPlotItem().getAxis("bottom").enableAutoSIPrefix(False)
        self.line = pg.InfiniteLine(movable=True, angle=90)
        self.line.sigPositionChanged.connect(self._moved)
        self._moving = False
        appearance().changed.connect(self.apply_theme)
        self.apply_theme()

    def show_curve(self, curve: ErrorCurve, own: SiteScores) -> None:
        """Show an encoder's hills, and this site's own as outlines where there are any."""
        self._densities = of_curve(curve)
        scores = self._densities.scores
        self._own = of_scores(own.impostor, scores), of_scores(own.genuine, scores)
        self.apply_theme()

    def limit(self, low: float, high: float) -> None:
        """How far the line may be dragged."""
        self._limits = low, high
        self._moving = True
        self.line.setBounds((low, high))
        self._moving = False
        self.line.setMovable(low < high)

    def move(self, threshold: float) -> None:
        """Put the line somewhere without telling anybody."""
        self._moving = True
        self.line.setValue(threshold)
        self._moving = False

    @property
    def threshold(self) -> float:
        return float(self.line.value())

    def sizeHint(self) -> QSize:
        return QSize(300, self.fontMetrics().height() * 12)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and hasattr(self, "line"):
            self.apply_theme()

    def apply_theme(self) -> None:
        """Draw everything in the theme's colours and the font's size."""
        tone, item = colours(), self.getPlotItem()
        size = self.fontMetrics().height()
        at = self.line.value()
        self.setBackground(tone.surface)
        item.clear()
        axis = item.getAxis("bottom")
        small = QFont(self.font())
        small.setPixelSize(max(1, round(size * 0.72)))
        axis.setStyle(tickFont=small, tickTextOffset=round(size * 0.4))
        axis.setPen(QColor(tone.control))
        axis.setTextPen(QColor(tone.muted))
        axis.setHeight(round(size * 3.2))
        axis.setLabel(
            "different   ←   how alike two faces are, in points   →   the same",
            **{"color": tone.muted, "font-size": f"{round(size * 0.75)}px"},
        )
        width = max(2.0, size / 9)
        if self._densities is not None:
            self._hill(self._densities.scores, self._densities.strangers, tone.bad, width)
            self._hill(self._densities.scores, self._densities.right, tone.ok, width)
            if self._own is not None:
                for values, colour in zip(self._own, (tone.bad, tone.ok), strict=True):
                    if values.max(initial=0) > 0:
                        pen = pg.mkPen(colour, width=width * 0.8, style=Qt.PenStyle.DotLine)
                        item.addItem(pg.PlotDataItem(self._densities.scores, values, pen=pen))
            shown = self._densities.scores
            seen = (self._densities.strangers > 0.004) | (self._densities.right > 0.004)
            low, high = float(shown[seen].min()), float(shown[seen].max())
            item.setXRange(low, high, padding=0.02)
            item.setYRange(0, 1.18, padding=0)
            for values, text, colour in (
                (self._densities.strangers, _("Strangers"), tone.bad),
                (self._densities.right, _("The right person"), tone.ok),
            ):
                top = float(shown[int(np.argmax(values))])
                self._name(text, top, (top - low) / max(high - low, 1e-9), colour, size)
        self.line.setPen(pg.mkPen(tone.text, width=width * 1.4))
        self.line.setHoverPen(pg.mkPen(tone.focus, width=width * 2.2))
        item.addItem(self.line)
        self.move(float(at))

    def _hill(self, x: Numbers, y: Numbers, colour: str, width: float) -> None:
        fill = QColor(colour)
        fill.setAlpha(46)
        self.getPlotItem().addItem(
            pg.PlotDataItem(x, y, pen=pg.mkPen(colour, width=width), fillLevel=0, brush=fill)
        )

    def _name(self, text: str, top: float, across: float, colour: str, size: int) -> None:
        # Held where its hill stands across the plot, so that it is whole at either edge.
        made = pg.TextItem(text, color=colour, anchor=(across, 1.0), fill=colours().surface)
        # Over the line, which may stand there.
        made.setZValue(self.line.zValue() + 1)
        small = QFont(self.font())
        small.setPixelSize(max(1, round(size * 0.8)))
        small.setWeight(QFont.Weight.DemiBold)
        made.setFont(small)
        made.setPos(top, 1.0)
        self.getPlotItem().addItem(made)

    def _moved(self, line: Any) -> None:
        if not self._moving:
            self.dragged.emit(float(line.value()))

    def mousePressEvent(self, event: Any, /) -> None:
        # A finger is broader than the line: a touch anywhere brings the line there.
        if event.button() is Qt.MouseButton.LeftButton and self.line.movable:
            scene = self.mapToScene(event.position().toPoint())
            x = self.getPlotItem().vb.mapSceneToView(scene).x()
            self.line.setValue(min(max(x, self._limits[0]), self._limits[1]))
        super().mousePressEvent(event)
