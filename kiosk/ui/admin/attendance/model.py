"""Day sheets as tables: a row a person of one day, or a row a day of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kiosk.domain.hours import DayRow, Flag, Flagged
from kiosk.domain.hours.words import flag_words
from kiosk.domain.language import _
from kiosk.domain.names import isolated, readers_language, sort_key
from kiosk.ui.admin.attendance.people_filter import ROW, SORT
from kiosk.ui.admin.attendance.words import event_text
from kiosk.ui.admin.widgets.cells import BELOW
from kiosk.ui.admin.widgets.formats import local_clock, long_day
from kiosk.ui.admin.widgets.words import hours

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

WHO, FIRST, LAST, HOURS, NOTES, BAR = range(6)


@dataclass(frozen=True, slots=True)
class Axis:
    """The hours that bars are drawn over; ``begin`` and ``end`` are hours since the working day
    began, whole, so that rows of different days share one axis. All by the clock on the wall where
    and when it was recorded: a bar stands where the row's times say, whatever zone comes later."""

    begin: int = 0
    end: int = 24

    def place(self, row_begin: datetime, local: datetime) -> float:
        """A moment by the clock on the wall as a share (0 to 1) of the axis."""
        return (_hour(row_begin, local) - self.begin) / (self.end - self.begin)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the time (without zone) at which its working day began on the wall."""

    row: DayRow
    begin: datetime
    waits: bool = False
    """Whoever came last may be there yet."""
    coming: bool = False
    """The planned shift is not over."""

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def group(self) -> str:
        return self.row.group

    @property
    def at_work(self) -> bool:
        """Somebody came and has not gone yet, within the longest shift: no open end."""
        newest = self.row.spans[-1] if self.row.spans else None
        return self.waits and newest is not None and bool(newest.came) and not newest.went

    @property
    def open_end(self) -> bool:
        """Whether an end is missing that nobody waits for any more."""
        return sum(span.open for span in self.row.spans) > self.at_work

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What is to be said of the day by now."""
        early = {Flagged.MISSING} if self.coming else set()
        if self.at_work and not self.open_end:
            early |= {Flagged.OPEN_END, Flagged.ASSUMED_END}
        return tuple(flag for flag in self.row.flags if flag.what not in early)

    @property
    def notes(self) -> tuple[str, ...]:
        """The same in words, with an absence and a holiday."""
        absence = self.row.absence.kind if self.row.absence else ""
        said = (absence, self.row.holiday, *map(flag_words, self.flags))
        return tuple(text for text in said if text)


def axis_of(lines: Sequence[Line]) -> Axis:
    """The whole hours that hold all events and assumed ends, at least eight."""
    places = [_hour(line.begin, local) for line in lines for local in _moments(line.row) if local]
    if not places:
        return Axis(2, 16)
    begin, end = int(min(places)), int(max(places)) + 1  # a night ends after the day did
    while end - begin < 8:
        begin, end = max(begin - 1, 0), end + 1
    return Axis(begin, end)


def _moments(row: DayRow) -> list[datetime]:
    assumed = [span.assumed for span in row.spans if span.assumed is not None]
    return [*(event.local for event in row.events), *assumed]


def _hour(begin: datetime, local: datetime) -> float:
    return (local.replace(tzinfo=None) - begin).total_seconds() / 3600


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
        """What counts of all rows."""
        return sum((line.row.counted for line in self.lines), timedelta())

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else 6

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            who = _("Day") if self._by_day else _("Person")
            heads = (who, _("First in"), _("Last out"), _("Hours"), _("To know"), _("Day"))
            return heads[section]
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
        if role == BELOW and index.column() == WHO:
            return "; ".join(line.notes)
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
            return hours(row.counted.total_seconds()) if row.counted else ""
        if column == NOTES:
            return "; ".join(line.notes)
        return ""

    def _sort_key(self, line: Line, column: int) -> Any:
        row = line.row
        if column == FIRST:
            return _sorted_by(row.first_in)
        if column == LAST:
            return _sorted_by(row.last_out)
        if column == HOURS:
            return row.counted.total_seconds()
        if column == NOTES:
            return len(line.flags)
        return row.day.isoformat() if self._by_day else sort_key(row.name, readers_language())


def told(line: Line) -> str:
    """A day in words: each event, what is to be known of it, what was added by hand."""
    if not line.row.events:
        return "; ".join(line.notes) or _("Nothing was recorded, which is no absence.")
    parts = []
    for event in line.row.events:
        text = event_text(event)
        if event.by_hand:
            text = _("{text} (added by hand: {note})").format(text=text, note=event.note or "–")
        parts.append(text)
    if line.at_work:
        parts.append(_("still here"))
    return "; ".join((*parts, *line.notes))
