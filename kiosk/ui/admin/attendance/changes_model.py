"""The audit trail as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kiosk.domain.audit import ACTIONS, Actor, AuditEntry
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.ui.admin.widgets.acts import ACTORS, in_words
from kiosk.ui.admin.widgets.cells import BELOW
from kiosk.ui.admin.widgets.formats import moment

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

TIME, WHO, WHAT, WHOM, DETAILS = range(5)


def author_text(actor: Actor) -> str:
    """A name, or in words where somebody acted from."""
    return isolated(actor.name) if actor.name else ACTORS[actor.kind]()


class ChangesModel(QAbstractTableModel):
    """Newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[AuditEntry, ...] = ()

    def show(self, entries: tuple[AuditEntry, ...]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Time"), _("Who"), _("What"), _("Whom"), _("Details"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return entry
        told = in_words(entry)
        texts = (
            moment(entry.at),
            author_text(entry.actor),
            _(ACTIONS[entry.action]),
            isolated(told.subject) if told.subject else "",
            told.details,
        )
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return texts[index.column()]
        if role == BELOW and index.column() == WHAT:
            return "  ·  ".join(part for part in (texts[WHOM], texts[DETAILS]) if part)
        if role == BELOW and index.column() == TIME:
            return texts[WHO]
        return None
