"""A table of a few hundred rows that are read at once: requests, absences, rotas, periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from kiosk.ui.admin.widgets.cells import BELOW, CellDelegate
from kiosk.ui.admin.widgets.tables import Table

_VALUE = Qt.ItemDataRole.UserRole


class ListTable(Table):
    """``chosen`` brings what a row that was clicked or entered stands for. The last column stands
    in the second line of ``main`` where the panel is narrow."""

    chosen = Signal(object)

    def __init__(self, name: str, heads: Sequence[str], main: int = 0) -> None:
        super().__init__(name)
        self._main = main
        self._model = QStandardItemModel(0, len(heads), self)
        self._model.setHorizontalHeaderLabels(list(heads))
        self.setModel(self._model)
        self._folding = CellDelegate(self)
        self.setItemDelegate(self._folding)
        self.opened.connect(self._open)

    def show_rows(self, rows: Iterable[tuple[Any, Sequence[str]]]) -> None:
        """A value and its cells each."""
        self._model.setRowCount(0)
        for value, texts in rows:
            items = [QStandardItem(text) for text in texts]
            for item in items:
                item.setData(value, _VALUE)
                item.setToolTip(item.text())
                item.setEditable(False)
            items[self._main].setData(texts[-1], BELOW)
            self._model.appendRow(items)

    @property
    def values(self) -> tuple[Any, ...]:
        """What the rows stand for."""
        model = self._model
        return tuple(model.item(row, 0).data(_VALUE) for row in range(model.rowCount()))

    def texts(self, row: int) -> list[str]:
        """The cells of a row."""
        return [self._model.item(row, place).text() for place in range(self._model.columnCount())]

    def fold(self, narrow: bool) -> None:
        """Hide the last column and put it into a second line, or show it again."""
        self.setColumnHidden(self._model.columnCount() - 1, narrow)
        self._folding.two_lines = narrow
        self.set_lines(2.8 if narrow else 2.3)

    def _open(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(_VALUE))
