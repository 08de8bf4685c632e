"""Tables: rows high enough for a finger, copied with Ctrl+C, opened with Enter or a click."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from kiosk.domain.decision import Decision
from kiosk.domain.names import isolated
from kiosk.ui.admin.widgets.controls import pushed_by_finger
from kiosk.ui.admin.widgets.style import OUTCOME_ICONS, colours, outcome_colour, paint_badge
from kiosk.ui.admin.widgets.words import OUTCOMES
from kiosk.ui.common.icons import paint_icon

Index = QModelIndex | QPersistentModelIndex

PAD = 0.45
"""A cell's margin at each side, in heights of its font."""


class Table(QTableView):
    """A read-only table of rows; ``opened`` tells the index of a row clicked or entered."""

    opened = Signal(QModelIndex)

    def __init__(self, name: str, lines: float = 2.3) -> None:
        """``lines`` is a row's height in lines of text."""
        super().__init__()
        self._lines = lines
        self._letters: Mapping[int, float | str] = {}
        self._stretched = 0
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(self._clicked)
        pushed_by_finger(self)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure()

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def selected_text(self) -> str:
        """The selected rows as text that a spreadsheet takes: one line a row, under the heads."""
        model = self.model()
        shown = [i for i in range(model.columnCount()) if not self.isColumnHidden(i)]
        lines = [
            "\t".join(str(model.headerData(i, Qt.Orientation.Horizontal)) for i in shown),
            *(
                "\t".join(str(row.sibling(row.row(), i).data() or "") for i in shown)
                for row in sorted(self.selectionModel().selectedRows(), key=lambda row: row.row())
            ),
        ]
        return "\n".join(lines)

    def set_lines(self, lines: float) -> None:
        """Another height of the rows, in lines of text."""
        self._lines = lines
        self._measure()

    def fit(self, columns: Mapping[int, float | str], stretched: int) -> None:
        """Give columns widths in letters, or as a text needs; ``stretched`` takes what is left."""
        self._letters, self._stretched = columns, stretched
        self._measure()

    def _measure(self) -> None:
        """Rows and columns follow the font."""
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(round(metrics.height() * self._lines))
        header = self.horizontalHeader()
        letter = metrics.averageCharWidth()
        for column, room in self._letters.items():
            if isinstance(room, str):
                width = metrics.horizontalAdvance(room) + 2 * PAD * metrics.height() + letter
            else:
                width = room * letter
            header.resizeSection(column, round(width))
        if self._letters:
            header.setSectionResizeMode(self._stretched, QHeaderView.ResizeMode.Stretch)

    def _clicked(self, index: QModelIndex) -> None:
        # With Ctrl or Shift somebody is choosing rows to copy.
        if QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            self.opened.emit(index)


class CellDelegate(QStyledItemDelegate):
    """Draws a cell's background as the style sheet wants it; ``draw`` does the rest."""

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


def draw_text(painter: QPainter, place: QRect, text: str, colour: str) -> None:
    """One line, with an ellipsis where it does not fit."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.setPen(QColor(colour))
    painter.drawText(
        place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, isolated(shown)
    )


class TwoLineDelegate(CellDelegate):
    """A cell's text, and under it, where ``columns`` are named, what stands in those: for a table
    that is too narrow to show them beside it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[int, ...] = ()

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        tone = colours()
        text = str(index.data() or "")
        if not self.columns:
            draw_text(painter, place, text, tone.text)
            return
        more = (index.sibling(index.row(), column).data() for column in self.columns)
        half = place.height() // 2
        draw_text(painter, place.adjusted(0, half // 4, 0, -half), text, tone.text)
        below = "  ·  ".join(str(part) for part in more if part)
        draw_text(painter, place.adjusted(0, half, 0, -half // 4), below, tone.muted)


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
        draw_text(painter, rest, OUTCOMES[decision.outcome], colour.name())


class ScoreDelegate(CellDelegate):
    """A score as a bar from 0 to 1 with a line at the threshold, and in figures."""

    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        decision = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(decision, Decision) or decision.score is None:
            return
        tone = colours()
        figures = painter.fontMetrics().horizontalAdvance("0.000") + 8
        draw_text(painter, place, f"{decision.score:.2f}", tone.text)
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
        filled.setWidth(max(height, track.width() * min(max(decision.score, 0.0), 1.0)))
        painter.setBrush(QColor(tone.ok if passed else tone.bad))
        painter.drawRoundedRect(filled, height / 2, height / 2)
        if decision.threshold is not None:
            x = track.x() + track.width() * min(max(decision.threshold, 0.0), 1.0)
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
        draw_text(painter, place.adjusted(round(size * 1.35), 0, 0, 0), name, colours().text)
