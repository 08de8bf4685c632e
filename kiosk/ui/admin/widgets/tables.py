"""Tables: rows high enough for a finger, copied with Ctrl+C, opened with Enter or a click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from kiosk.ui.admin.widgets.cells import PAD, CellDelegate
from kiosk.ui.admin.widgets.controls import pushed_by_finger

ENOUGH = 26
"""Letters that the stretched column has before others grow."""


class Table(QTableView):
    """A read-only table of rows; ``opened`` tells the index of a row clicked or entered."""

    opened = Signal(QModelIndex)

    def __init__(self, name: str, lines: float = 2.3) -> None:
        """``lines`` is a row's height in lines of text."""
        super().__init__()
        self._lines = lines
        self._letters: Mapping[int, float | str] = {}
        self._stretched = 0
        self._most: Mapping[int, float] = {}
        self._enough: float = ENOUGH
        self._first_to_go: Sequence[int] = ()
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(self))
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
        # The hidden ones too: in a narrow table they stand in the others' second lines.
        shown = range(model.columnCount())
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

    def fit(
        self,
        columns: Mapping[int, float | str],
        stretched: int,
        most: Mapping[int, float] | None = None,
        enough: float = ENOUGH,
        first_to_go: Sequence[int] = (),
    ) -> None:
        """Give columns widths in letters, or as a text needs; ``stretched`` takes what is left.
        Those in ``most`` grow up to so many letters first, once it has ``enough``; those that are
        ``first_to_go`` are hidden, one after the other, while it has not."""
        self._letters, self._stretched = columns, stretched
        self._most, self._enough = most or {}, enough
        self._first_to_go = first_to_go
        self._measure()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if self._most or self._first_to_go:
            self._measure()

    def _measure(self) -> None:
        """Rows and columns follow the font."""
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(round(metrics.height() * self._lines))
        header = self.horizontalHeader()
        letter = metrics.averageCharWidth()
        widths: dict[int, float] = {}
        for column, room in self._letters.items():
            if isinstance(room, str):
                pads = 2 * PAD * metrics.height() + letter
                widths[column] = metrics.horizontalAdvance(room) + pads
            else:
                widths[column] = room * letter
        spare = self.viewport().width() - sum(widths.values()) - self._enough * letter
        for column in self._first_to_go:
            self.setColumnHidden(column, spare < 0)
            spare += widths[column] if spare < 0 else 0
        growing = {n: most for n, most in self._most.items() if not self.isColumnHidden(n)}
        for done, (column, most) in enumerate(growing.items()):
            share = max(spare / (len(growing) - done), 0.0)
            more = min(share, most * letter - widths[column])
            widths[column] += more
            spare -= more
        for column, width in widths.items():
            header.resizeSection(column, round(width))
        if self._letters:
            header.setSectionResizeMode(self._stretched, QHeaderView.ResizeMode.Stretch)

    def _clicked(self, index: QModelIndex) -> None:
        # With Ctrl or Shift somebody is choosing rows to copy.
        if QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            self.opened.emit(index)
