"""Day sheets as tables: a row a person of one day, or a row a day of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.hours import DayRow
from kiosk.domain.language import _
from kiosk.domain.names import isolated, readers_language, sort_key
from kiosk.ui.admin.widgets.formats import local_clock, long_day
from kiosk.ui.admin.widgets.words import hours

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

ROW = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1
WHO, FIRST, LAST, HOURS, BAR = range(5)


@dataclass(frozen=True, slots=True)
class Axis:
    """The hours that bars are drawn over; ``begin`` and ``end`` are hours since the working day
    began, whole, so that rows of different days share one axis. All by the clock on the wall where
    and when it was recorded: a bar stands where the row's times say, whatever zone comes later."""

    begin: int = 0
    end: int = 24

    def place(self, row_begin: datetime, event: ClockEvent) -> float:
        """An event as a share (0 to 1) of the axis."""
        return (_hour(row_begin, event) - self.begin) / (self.end - self.begin)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the time (without zone) at which its working day began on the wall; ``by_hand``
    marks what an operator added."""

    row: DayRow
    begin: datetime
    waits: bool = False
    """Whoever came last may be there yet."""

    @property
    def at_work(self) -> bool:
        """Somebody came and has not gone yet, within the longest shift: no open end."""
        events = self.row.events
        return self.waits and bool(events) and events[-1].direction is Direction.IN

    @property
    def open_end(self) -> bool:
        """Whether an end is missing that nobody waits for any more."""
        return sum(span.open for span in self.row.spans) > self.at_work

    @property
    def by_hand(self) -> bool:
        return any(event.by_hand for event in self.row.events)


def axis_of(lines: Sequence[Line]) -> Axis:
    """The whole hours that hold all events, at least eight."""
    places = [_hour(line.begin, event) for line in lines for event in line.row.events]
    if not places:
        return Axis(2, 16)
    begin, end = int(min(places)), int(max(places)) + 1  # a night ends after the day did
    while end - begin < 8:
        begin, end = max(begin - 1, 0), end + 1
    return Axis(begin, end)


def _hour(begin: datetime, event: ClockEvent) -> float:
    return (event.local.replace(tzinfo=None) - begin).total_seconds() / 3600


def _sorted_by(local: datetime | None) -> float:
    """A time by the clock on the wall, as it is shown; whoever has none comes last."""
    if local is None:
        return float("inf")
    return (local.replace(tzinfo=None) - datetime.min).total_seconds()


class DayModel(QAbstractTableModel):
    """``by_day`` heads the first column with the day instead of the person."""

    def __init__(self, *, by_day: bool = False) -> None:
        super().__init__()
        self._by_day = by_day
        self.lines: tuple[Line, ...] = ()
        self.axis = Axis()
        self.begin: datetime | None = None

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.axis = axis_of(lines)
        self.begin = lines[0].begin if lines else None
        self.endResetModel()

    def hour(self, hour: int) -> str:
        """The time of day of an hour on the axis."""
        if self.begin is None:
            return ""
        return f"{self.begin + timedelta(hours=hour):%H}"

    def total(self) -> timedelta:
        return sum((line.row.worked for line in self.lines), timedelta())

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            who = "Day" if self._by_day else "Person"
            return (who, _("First in"), _("Last out"), "Hours", "Day")[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == ROW:
            return line
        if role == SORT:
            return self._sort_key(line, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if index.column() == BAR:
                return told(line)
            text, number = self._text(line, index.column()), line.row.staff_number
            return f"{text}  ·  {number}" if number and index.column() == WHO else text
        return None

    def _text(self, line: Line, column: int) -> str:
        row = line.row
        if column == WHO:
            if self._by_day:
                return long_day(row.day)
            return (
                _("{name} (deleted)").format(name=isolated(row.name)) if row.deleted else row.name
            )
        if column == FIRST:
            return local_clock(row.first_in) if row.first_in else ""
        if column == LAST:
            return local_clock(row.last_out) if row.last_out else ""
        if column == HOURS:
            return hours(row.worked.total_seconds()) if row.worked else ""
        return ""

    def _sort_key(self, line: Line, column: int) -> Any:
        row = line.row
        if column == FIRST:
            return _sorted_by(row.first_in)
        if column == LAST:
            return _sorted_by(row.last_out)
        if column == HOURS:
            return row.worked.total_seconds()
        return row.day.isoformat() if self._by_day else sort_key(row.name, readers_language())


def told(line: Line) -> str:
    """A day in words: each event, which end is open, what was added by hand."""
    if not line.row.events:
        return _("Nothing was recorded, which is no absence.")
    parts = []
    for event in line.row.events:
        word = "in" if event.direction is Direction.IN else "out"
        hand = f" (added by hand{': ' + event.note if event.note else ''})" if event.by_hand else ""
        doubt = _(" (the clock was in doubt)") if event.clock_suspect else ""
        parts.append(f"{word} {local_clock(event.local)}{hand}{doubt}")
    if line.at_work:
        parts.append(_("still here"))
    if line.open_end:
        parts.append(_("an end is open"))
    return "; ".join(parts)
