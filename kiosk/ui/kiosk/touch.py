"""The kiosk page's one kind of button: large, drawn from the tokens, named for screen readers."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.ui.common.fitting import Fitted, fit, measure
from kiosk.ui.common.icons import paint_icon
from kiosk.ui.common.palette import Pair
from kiosk.ui.common.theme import font

LETTERS = 0.38
FIGURE = 0.5
"""A label's size over the button's height; a single character has room to be larger."""


class TouchButton(QAbstractButton):
    """An icon, a label or both on a rounded plate. The keyboard reaches it by Tab; a touch never
    gives it the focus, so that typing goes on where it was."""

    def __init__(
        self, name: str, parent: QWidget | None, *, label: str = "", icon: str = ""
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._colours = Pair("#ffffff", "#000000")
        self._plain = False
        self._small = False
        self._letters = math.inf
        self.setText(label)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_label(self, label: str) -> None:
        """A new label, which is the accessible name too."""
        self.setText(label)
        self.setAccessibleName(label)

    def set_icon(self, icon: str) -> None:
        """Another icon beside the label, or none."""
        if icon != self._icon:
            self._icon = icon
            self.update()

    def set_letters(self, most: float = math.inf) -> None:
        """Letters of at most so many pixels, as those beside it have."""
        if most != self._letters:
            self._letters = most
            self.update()

    def letters(self) -> float:
        """The size in which the label fits, in pixels."""
        return self._fitted(float(self.height())).size

    def set_colours(self, colours: Pair, *, plain: bool = False) -> None:
        """``plain`` draws an outline in the ink instead of a filled plate."""
        if (colours, plain) != (self._colours, self._plain):
            self._colours, self._plain = colours, plain
            self.update()

    def set_small(self, small: bool) -> None:
        """Draw the icon only; the name stays for screen readers."""
        if small != self._small:
            self._small = small
            self.update()

    def wanted_width(self, height: int) -> int:
        """The width in which icon and label fit at a height, in pixels."""
        width = measure(font(LETTERS * height, bold=True), self.text()) if self.text() else 0.0
        if self._icon:
            width += 0.5 * height + (0.25 * height if self.text() else 0.0)
        return max(height, round(width + (0.8 if self.text() else 0.5) * height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = float(self.height())
        line = max(1.5, height / 40)
        plate = QRectF(self.rect()).adjusted(line, line, -line, -line)
        radius = min(0.22 * height, 0.22 * self.width())
        ink, fill = QColor(self._colours.ink), QColor(self._colours.fill)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        painter.setBrush(fill)
        edge = QColor(ink)
        edge.setAlphaF(0.6 if self._plain else 0.0)
        painter.setPen(QPen(edge, line))
        painter.drawRoundedRect(plate, radius, radius)
        if self.isDown():
            shade = QColor(ink)
            shade.setAlphaF(0.25)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawRoundedRect(plate, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 2 * line))
            inner = plate.adjusted(line, line, -line, -line)
            painter.drawRoundedRect(inner, radius, radius)
        self._paint_content(painter, ink, height)
        painter.end()

    @property
    def _label(self) -> str:
        return "" if self._small else self.text()

    def _beside(self, height: float) -> tuple[float, float]:
        """The icon's size, and the gap between it and the label."""
        side = min(0.5 * height, 0.6 * self.width())
        return side, 0.25 * height if self._icon and self._label else 0.0

    def _fitted(self, height: float) -> Fitted:
        side, gap = self._beside(height)
        room = self.width() - 0.3 * height - (side + gap if self._icon else 0.0)
        largest = min(self._letters, (FIGURE if len(self._label) == 1 else LETTERS) * height)
        return fit(self._label, max(1.0, room), 0.8 * height, largest, 10, bold=True)

    def _paint_content(self, painter: QPainter, ink: QColor, height: float) -> None:
        label = self._label
        side, gap = self._beside(height)
        words = self._fitted(height)
        made = font(words.size, bold=True)
        wide = max(measure(made, line) for line in words.lines)
        left = (self.width() - wide - gap - (side if self._icon else 0.0)) / 2
        if self._icon:
            paint_icon(painter, self._icon, ink, QRectF(left, (height - side) / 2, side, side))
            left += side + gap
        if label:
            painter.setFont(made)
            painter.setPen(ink)
            place = QRectF(left - 2, 0, wide + 4, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "\n".join(words.lines))
