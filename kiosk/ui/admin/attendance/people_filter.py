"""Rows of people, narrowed by a part of their name and by their group."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from kiosk.domain.names import folded

ROW = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1


class Named(Protocol):
    """What a model gives as ``ROW``."""

    @property
    def name(self) -> str: ...

    @property
    def group(self) -> str: ...


class PeopleFilter(QSortFilterProxyModel):
    """Sorts by ``SORT``; case and accents do not matter in names."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._text = ""
        self._group: str | None = None
        self.setSortRole(SORT)

    def narrow_to(self, text: str, group: str | None) -> None:
        """``group`` is None for all, empty for people in none."""
        self.beginFilterChange()
        self._text, self._group = folded(text), group
        self.endFilterChange()

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex, /
    ) -> bool:
        row: Named = self.sourceModel().index(source_row, 0, source_parent).data(ROW)
        if self._group is not None and row.group != self._group:
            return False
        return self._text in folded(row.name)
