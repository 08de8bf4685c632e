"""How the cells of tables are drawn: texts of one line or two, outcomes, scores, people."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kiosk.domain.decision import Decision
from kiosk.domain.names import isolated
from kiosk.domain.scale import COSINE, HIGHEST, written
from kiosk.ui.admin.widgets.style import OUTCOME_ICONS, colours, outcome_colour, paint_badge
from kiosk.ui.common.icons import paint_icon

Index = QModelIndex | QPersistentModelIndex

PAD = 0.45
"""A cell's margin at each side, in heights of its font."""
SHORT = Qt.ItemDataRole.UserRole + 2
"""The text of a cell whose second line says the rest."""
BELOW = Qt.ItemDataRole.UserRole + 3
"""What stands in that line."""
SMALL = 0.87
"""Its letters, against the first line's."""


class CellDelegate(QStyledItemDelegate):
    """Draws a cell's background as the style sheet wants it; ``draw`` does the rest.

    With ``two_lines`` a cell is its model's ``SHORT`` text (else the ordinary one) over ``BELOW``,
    where there is any."""

    def __init__(self, parent: QObject | None = None, *, two_lines: bool = False) -> None:
        super().__init__(parent)
        self.two_lines = two_lines

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        drawn.text = ""
        style = drawn.widget.style() if drawn.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, drawn.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(drawn.font)
        pad = round(drawn.fontMetrics.height() * PAD)
        self.draw(painter, drawn.rect.adjusted(pad, 0, -pad, 0), index)
        painter.restore()

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        """Draw the cell's content into ``place``."""
        self.write(painter, place, index, colours().text)

    def write(self, painter: QPainter, place: QRect, index: Index, colour: str) -> None:
        """The cell's text, and under it, smaller, what belongs there."""
        text, below = str(index.data() or ""), ""
        if self.two_lines:
            text, below = str(index.data(SHORT) or text), str(index.data(BELOW) or "")
        if not below:
            draw_text(painter, place, text, colour)
            return
        line = painter.fontMetrics().height()
        upper = QRect(place.x(), place.center().y() - line + 1, place.width(), line)
        draw_text(painter, upper, text, colour)
        small = painter.font()
        small.setPixelSize(max(1, round(QFontInfo(small).pixelSize() * SMALL)))
        painter.setFont(small)
        draw_text(painter, upper.translated(0, line - 2), below, colours().muted)


def draw_text(painter: QPainter, place: QRect, text: str, colour: str) -> None:
    """One line, or as many as there is the height for where it does not fit; with an ellipsis
    where it does not fit even so."""
    metrics, line = painter.fontMetrics(), painter.fontMetrics().height()
    painter.setPen(QColor(colour))
    parts = in_lines(text, metrics, place.width(), max(1, place.height() // line))
    top = place.y() + (place.height() - len(parts) * line) // 2
    for number, part in enumerate(parts):
        shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, place.width())
        # One line stands in the middle of all there is: of odd heights the half pixel counts.
        room = QRect(place.x(), top + number * line, place.width(), line)
        painter.drawText(
            room if len(parts) > 1 else place,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            isolated(shown),
        )


def in_lines(text: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """Broken between words; the last of ``most`` lines holds all that is left."""
    lines: list[str] = []
    while len(lines) < most - 1 and metrics.horizontalAdvance(text) > width:
        words = text.split(" ")
        count = 1
        while count < len(words) and metrics.horizontalAdvance(" ".join(words[: count + 1])) <= (
            width
        ):
            count += 1
        lines.append(" ".join(words[:count]))
        text = " ".join(words[count:])
    return [*lines, text] if text or not lines else lines


class OutcomeDelegate(CellDelegate):
    """An outcome as shape and word, each in its colour."""

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        decision = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(decision, Decision):
            return
        size = round(painter.fontMetrics().height() * 1.1)
        colour = outcome_colour(decision.outcome)
        spot = QRectF(place.x(), place.center().y() - size / 2, size, size)
        paint_icon(painter, OUTCOME_ICONS[decision.outcome], colour, spot)
        rest = place.adjusted(round(size * 1.45), 0, 0, 0)
        self.write(painter, rest, index, colour.name())


def _share_of_bar(score: float, encoder_id: str | None) -> float:
    """A logged score as a share of the longest bar, 0 to 1."""
    most = 1.0 if (encoder_id or "").endswith(COSINE) else HIGHEST
    return min(max(score / most, 0.0), 1.0)


class ScoreDelegate(CellDelegate):
    """A score as a bar from 0 to 100 with a line at the threshold, and in figures."""

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        decision = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(decision, Decision) or decision.score is None:
            return
        tone = colours()
        figures = painter.fontMetrics().horizontalAdvance("0.000") + 8
        draw_text(painter, place, written(decision.score), tone.text)
        height = max(6, round(painter.fontMetrics().height() * 0.36))
        track = QRectF(
            place.x() + figures, place.center().y() - height / 2, place.width() - figures, height
        )
        if track.width() < 2 * height:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.line))
        painter.drawRoundedRect(track, height / 2, height / 2)
        passed = decision.threshold is None or decision.score >= decision.threshold
        filled = QRectF(track)
        filled.setWidth(
            max(height, track.width() * _share_of_bar(decision.score, decision.encoder_id))
        )
        painter.setBrush(QColor(tone.ok if passed else tone.bad))
        painter.drawRoundedRect(filled, height / 2, height / 2)
        if decision.threshold is not None:
            x = track.x() + track.width() * _share_of_bar(decision.threshold, decision.encoder_id)
            painter.setBrush(QColor(tone.text))
            painter.drawRect(QRectF(x - 1, track.y() - height * 0.7, 2, height * 2.4))


class PersonDelegate(CellDelegate):
    """A name beside its badge."""

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        name = str(index.data() or "")
        if not name:
            return
        size = round(painter.fontMetrics().height() * 1.6)
        spot = QRectF(place.x(), place.center().y() - size / 2, size, size)
        paint_badge(painter, name, spot)
        self.write(painter, place.adjusted(round(size * 1.35), 0, 0, 0), index, colours().text)
