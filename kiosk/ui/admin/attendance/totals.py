"""A week or a month of everybody: a row a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kiosk.domain.hours import DayRow, Flagged
from kiosk.domain.language import _
from kiosk.domain.names import isolated, readers_language, sort_key
from kiosk.domain.people import Person
from kiosk.services.attendance import Attendance
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.people_filter import ROW, SORT
from kiosk.ui.admin.widgets.cells import BELOW
from kiosk.ui.admin.widgets.words import hours

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

OPEN = (Flagged.OPEN_END, Flagged.UNANSWERED, Flagged.BRIEF, Flagged.MISSING)
"""Of what somebody should say how it was."""
WHO, GROUP, COUNTED, BY_HAND, DAYS, QUESTIONS = range(6)


@dataclass(frozen=True, slots=True)
class Total:
    """One person's days in sum: on how many ``days`` anything counts, and how many ``questions``
    are open."""

    person_id: int
    name: str
    group: str
    deleted: bool = False
    counted: timedelta = timedelta()
    by_hand: timedelta = timedelta()
    days: int = 0
    questions: int = 0


def read_totals(site: Site, since: date, until: date) -> tuple[Total, ...]:
    """Of everybody enabled, and of whoever else has hours on these days, both included; for the
    worker: a second for a month of 500 people."""
    attendance, now = site.attendance(), datetime.now(UTC)
    of_person: defaultdict[int, list[DayRow]] = defaultdict(list)
    for row in attendance.days(since, until):
        of_person[row.person_id].append(row)
    totals = [_total(rows, attendance, now) for rows in of_person.values()]
    others = (p for p in site.records.people.find() if p.enabled and p.id not in of_person)
    return tuple(totals) + tuple(map(_nothing, others))


def _total(rows: Sequence[DayRow], attendance: Attendance, now: datetime) -> Total:
    last = rows[-1]
    return Total(
        last.person_id,
        last.name,
        last.group,
        last.deleted,
        _sum(row.counted for row in rows),
        _sum(row.counted_by_hand for row in rows),
        sum(bool(row.counted) for row in rows),
        sum(_questions(row, attendance, now) for row in rows),
    )


def _questions(row: DayRow, attendance: Attendance, now: datetime) -> int:
    """On a day that is not over an open end is nobody's mistake, nor is a shift to come."""
    found = sum(flag.what in OPEN for flag in row.flags)
    missing = row.flagged(Flagged.MISSING) and row.planned is not None and row.planned.ends > now
    waits = row.flagged(Flagged.OPEN_END) and attendance.awaited(row, now)
    alone = sum(span.open for span in row.spans) == 1
    return found - missing - (waits and alone)


def _nothing(person: Person) -> Total:
    return Total(person.id, person.name, person.group)


def _sum(times: Iterable[timedelta]) -> timedelta:
    return sum(times, timedelta())


class TotalsModel(QAbstractTableModel):
    """What ``read_totals`` found."""

    def __init__(self) -> None:
        super().__init__()
        self.totals: tuple[Total, ...] = ()

    def show(self, totals: tuple[Total, ...]) -> None:
        self.beginResetModel()
        self.totals = totals
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self.totals)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else 6

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            heads = (_("Person"), _("Group"), _("Hours"), _("By hand"), _("Days"), _("Open"))
            return heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        total, column = self.totals[index.row()], index.column()
        if role == ROW:
            return total
        if role == SORT:
            return _sort_key(total, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _text(total, column)
        if role == BELOW and column == WHO:
            return total.group
        return None


def _text(total: Total, column: int) -> str:
    if column == WHO:
        if total.deleted:
            return _("{name} (deleted)").format(name=isolated(total.name))
        return total.name
    if column == GROUP:
        return total.group
    time = {COUNTED: total.counted, BY_HAND: total.by_hand}.get(column)
    if time is not None:
        return hours(time.total_seconds()) if time else ""
    count = total.days if column == DAYS else total.questions
    return f"{count:,}" if count else ""


def _sort_key(total: Total, column: int) -> Any:
    figures = {
        COUNTED: total.counted.total_seconds(),
        BY_HAND: total.by_hand.total_seconds(),
        DAYS: total.days,
        QUESTIONS: total.questions,
    }
    if column in figures:
        return figures[column]
    name = sort_key(total.name, readers_language())
    return (f"{total.group.casefold()}\0" if column == GROUP else "") + name
