"""Who is in, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kiosk.domain.hours.inside import Inside, Present
from kiosk.domain.hours.rules import Rules
from kiosk.domain.language import _
from kiosk.domain.names import readers_language, sort_key
from kiosk.ui.admin.attendance.people_filter import ROW, SORT
from kiosk.ui.admin.widgets.cells import BELOW
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import local_clock
from kiosk.ui.admin.widgets.words import hours

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

WHO, GROUP, SINCE, HOW = range(4)
_ORDER = {Inside.SURELY: 0, Inside.PERHAPS: 1, Inside.UNKNOWN: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who is or may be in, and in words how sure it is."""

    present: Present
    how: str
    today: bool

    @property
    def name(self) -> str:
        return self.present.event.person_name

    @property
    def group(self) -> str:
        return self.present.group

    @property
    def since(self) -> str:
        """The time of the coming, with its day where that is not today."""
        local = self.present.event.local
        if self.today:
            return local_clock(local)
        return f"{day_text(local.date())}  {local_clock(local)}"


def row_of(present: Present, now: datetime, rules: Rules) -> Row:
    """``now`` is in UTC."""
    today = now.astimezone(present.event.local.tzinfo).date() == present.event.local.date()
    return Row(present, how(present, now, rules), today)


def how(present: Present, now: datetime, rules: Rules) -> str:
    """In words how sure it is that somebody is in, and why not surer."""
    if present.inside is Inside.SURELY:
        return _("Surely in")
    if present.inside is Inside.UNKNOWN:
        return _("Unknown: never clocked out")
    if present.on_break:
        return _("Perhaps: on a break")
    stay = now - present.event.at
    if stay > rules.usual:
        return _("Perhaps: there for {time}").format(time=hours(stay.total_seconds()))
    return _("Perhaps: asked and not answered")


class InsideModel(QAbstractTableModel):
    """A row a person."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Person"), _("Group"), _("Since"), _("How sure"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == ROW:
            return row
        if role == SORT:
            return _sort_key(row, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (row.name, row.group, row.since, row.how)[column]
        if role == BELOW and column == WHO:
            return "  ·  ".join(part for part in (row.how, row.group) if part)
        return None


def _sort_key(row: Row, column: int) -> str:
    name = sort_key(row.name, readers_language())
    first = {
        GROUP: row.group.casefold(),
        SINCE: row.present.event.at.isoformat(),
        HOW: str(_ORDER[row.present.inside]),
    }
    return f"{first[column]}\0{name}" if column in first else name
