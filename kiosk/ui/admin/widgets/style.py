"""Looks that the style sheet can't give: shapes and colours of outcomes, badges."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from kiosk.domain.decision import Outcome
from kiosk.ui.admin.widgets.words import badge_colour, initials
from kiosk.ui.common.palette import Palette
from kiosk.ui.common.theme import current_theme

OUTCOME_ICONS = {
    Outcome.ALLOW: "circle-check",
    Outcome.DENY: "hand",
    Outcome.AMBIGUOUS: "circle-question-mark",
    Outcome.SEVERAL_FACES: "users",
    Outcome.LOW_QUALITY: "scan-face",
    Outcome.SUSPECTED_ATTACK: "image",
}


def colours() -> Palette:
    """The palette in force."""
    return current_theme().palette


def outcome_colour(outcome: Outcome) -> QColor:
    """The colour of an outcome's shape and word on a surface."""
    tone = colours()
    told = {
        Outcome.ALLOW: tone.ok,
        Outcome.DENY: tone.bad,
        Outcome.SUSPECTED_ATTACK: tone.bad,
    }
    return QColor(told.get(outcome, tone.warn))


def mark(widget: QWidget, **properties: str) -> None:
    """Set dynamic properties that the style sheet looks at, and have the widget drawn anew."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def paint_badge(painter: QPainter, name: str, place: QRectF) -> None:
    """A person's initials in a circle of the colour that belongs to the name."""
    back, front = badge_colour(name, colours().dark)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(back))
    painter.drawEllipse(place)
    painter.setPen(QColor(front))
    lettering = QFont(painter.font())
    lettering.setPixelSize(max(1, round(place.height() * 0.38)))
    lettering.setWeight(QFont.Weight.DemiBold)
    painter.setFont(lettering)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, initials(name))
    painter.restore()
