"""The access log as a table of any length, read in pages as they come into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from kiosk.domain.decision import Decision
from kiosk.domain.language import _, marked
from kiosk.domain.records import EventFilter, EventRecords
from kiosk.domain.scale import written
from kiosk.ui.admin.widgets.cells import BELOW, SHORT
from kiosk.ui.admin.widgets.formats import day, local_clock, local_moment
from kiosk.ui.admin.widgets.words import MODES, OUTCOMES, REASONS

if TYPE_CHECKING:
    from kiosk.ui.admin.page import Ask

PAGE = 200
KEPT = 100
"""Pages kept in memory: 20,000 rows."""
WAITING = 3
"""Pages that may wait to be read; of a fast scroll only the last ones matter."""

DECISION = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Page = tuple[tuple[Decision, ...], dict[int, str]]

COLUMNS = (
    marked("Time"),
    marked("Outcome"),
    marked("Person"),
    marked("Reason"),
    marked("Score"),
    marked("Way in"),
    marked("Camera"),
)
TIME, OUTCOME, PERSON, REASON, SCORE, MODE, CAMERA = range(len(COLUMNS))


class LogModel(QAbstractTableModel):
    """Rows that are not read yet are blank; asking for one has its page read on a worker by
    ``ask``. ``numbers`` tells people's staff numbers by their ids."""

    counted = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        events: EventRecords,
        ask: Ask,
        numbers: Callable[[Collection[int]], Mapping[int, str]] = lambda _: {},
    ) -> None:
        super().__init__()
        self._events = events
        self._ask = ask
        self._numbers_of = numbers
        self._numbers: dict[int, str] = {}
        self._wanted = EventFilter()
        self._count = 0
        self._oldest_first = False
        self._pages: OrderedDict[int, tuple[Decision, ...]] = OrderedDict()
        self._waiting: list[int] = []
        self._reading: int | None = None
        # Answers to an older question are thrown away.
        self._question = 0

    @property
    def wanted(self) -> EventFilter:
        return self._wanted

    def ask(self, wanted: EventFilter) -> None:
        """Show the rows that fit, from the top; ``counted`` tells how many there are."""
        self._wanted = wanted
        self._question += 1
        question = self._question

        def read() -> tuple[int, _Page]:
            return self._events.count(wanted), self._read(wanted, PAGE, 0)

        def show(answer: tuple[int, _Page]) -> None:
            if question != self._question:
                return
            self.beginResetModel()
            self._count, (newest, self._numbers) = answer
            self._pages.clear()
            self._waiting.clear()
            self._reading = None
            if not self._oldest_first:
                self._pages[0] = newest
            self.endResetModel()
            self.counted.emit(self._count)

        self._ask(read, show, self._fail(question))

    def decision(self, row: int) -> Decision | None:
        """The row, or None while it is being read."""
        page = row // PAGE
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows[row % PAGE] if row % PAGE < len(rows) else None

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        decision = self.decision(index.row())
        if decision is None:
            return None
        if role == DECISION:
            return decision
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(decision, column)
        if role == SHORT:
            return day(decision.local.date()) if column == TIME else None
        if role == BELOW:
            return self._below(decision, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._whole(decision, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_(COLUMNS[column])}: {self._whole(decision, column)}"
        return None

    def _below(self, decision: Decision, column: int) -> str:
        """A cell's second line; between them they say all that a wide table has columns for."""
        if column == TIME:
            return local_clock(decision.local, seconds=True)
        if column == OUTCOME:
            return _(MODES[decision.mode])
        if column == PERSON:
            return self._numbers.get(decision.person_id or 0, "")
        if column == REASON:
            return " · ".join(filter(None, (short_score(decision), decision.camera)))
        return ""

    def _whole(self, decision: Decision, column: int) -> str:
        """A cell's text with what may stand below it, for whoever can't see all of it."""
        parts = [_text(decision, column)]
        if column in (PERSON, REASON):
            parts.append(self._below(decision, column))
        return "  ·  ".join(filter(None, parts))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder, /) -> None:
        """By time only: the log is too long to be sorted by anything that it has no index for."""
        oldest_first = order is Qt.SortOrder.AscendingOrder
        if column != TIME or oldest_first == self._oldest_first:
            return
        self.beginResetModel()
        self._oldest_first = oldest_first
        self._pages.clear()
        self._waiting.clear()
        self._reading = None
        self._question += 1
        self.endResetModel()

    def _want(self, page: int) -> None:
        if page in self._waiting or page == self._reading:
            return
        self._waiting.append(page)
        del self._waiting[:-WAITING]
        self._read_next()

    def _read_next(self) -> None:
        if self._reading is not None or not self._waiting:
            return
        page = self._reading = self._waiting.pop()
        question, wanted = self._question, self._wanted
        first = page * PAGE
        last = min(first + PAGE, self._count)
        oldest_first, offset = self._oldest_first, first
        if oldest_first:
            offset = self._count - last

        def read() -> _Page:
            return self._read(wanted, last - first, offset)

        def show(answer: _Page) -> None:
            if question != self._question:
                return
            rows, numbers = answer
            self._reading = None
            self._numbers |= numbers
            self._pages[page] = rows[::-1] if oldest_first else rows
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
            self.dataChanged.emit(self.index(first, 0), self.index(last - 1, len(COLUMNS) - 1))
            self._read_next()

        self._ask(read, show, self._fail(question))

    def _read(self, wanted: EventFilter, limit: int, offset: int) -> _Page:
        """For the worker."""
        rows = self._events.query(wanted, limit=limit, offset=offset)
        return rows, dict(self._numbers_of({row.person_id for row in rows if row.person_id}))

    def _fail(self, question: int) -> Callable[[BaseException], None]:
        def tell(error: BaseException) -> None:
            if question == self._question:
                self._reading = None
                self._waiting.clear()
                self.failed.emit(error)

        return tell


def _text(decision: Decision, column: int) -> str:
    if column == TIME:
        return local_moment(decision.local)
    if column == OUTCOME:
        return _(OUTCOMES[decision.outcome])
    if column == PERSON:
        return decision.person_name or ""
    if column == REASON:
        return reason_text(decision)
    if column == SCORE:
        return score_text(decision)
    if column == MODE:
        return _(MODES[decision.mode])
    return decision.camera or ""


def reason_text(decision: Decision) -> str:
    """Why, and whether it was one of several times in a row."""
    reason = _(REASONS[decision.reason])
    if decision.repeat:
        reason = _("{reason}, again").format(reason=reason)
    if decision.clock_suspect:
        reason = _("{reason}; clock doubtful").format(reason=reason)
    return reason


def short_score(decision: Decision) -> str:
    """The same where there is little room."""
    return _score(decision, _("{score} of {threshold}"))


def score_text(decision: Decision) -> str:
    """A score and what it was held against."""
    return _score(decision, _("{score} of {threshold} needed"))


def _score(decision: Decision, words: str) -> str:
    if decision.score is None:
        return ""
    if decision.threshold is None:
        return written(decision.score)
    return words.format(score=written(decision.score), threshold=written(decision.threshold))
