"""The tables of the view of hours: days with their bars, and sums of many days."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt

from kiosk.ui.admin.attendance.day_bar import AxisHeader, DayBarDelegate
from kiosk.ui.admin.attendance.model import BAR, FIRST, HOURS, LAST, NOTES, WHO, DayModel
from kiosk.ui.admin.attendance.people_filter import PeopleFilter
from kiosk.ui.admin.attendance.totals import (
    BY_HAND,
    COUNTED,
    DAYS,
    GROUP,
    QUESTIONS,
    TotalsModel,
)
from kiosk.ui.admin.widgets.cells import CellDelegate, PersonDelegate
from kiosk.ui.admin.widgets.tables import Table


class _PeopleTable(Table):
    """Held upright it has no room beside: what is hidden stands in a second line."""

    def __init__(self, model: QAbstractItemModel, name: str, first: CellDelegate) -> None:
        """``first`` draws the first column."""
        super().__init__(name)
        self._first = first
        self.shown = PeopleFilter(self)
        self.shown.setSourceModel(model)
        self.setModel(self.shown)
        first.setParent(self)
        self.setItemDelegateForColumn(WHO, first)

    def _sorted(self) -> None:
        self.setSortingEnabled(True)
        self.sortByColumn(WHO, Qt.SortOrder.AscendingOrder)

    def narrow(self, narrow: bool) -> None:
        self._first.two_lines = narrow
        self.set_lines(2.8 if narrow else 2.3)


class DayTable(_PeopleTable):
    """A row a person, or, where the model is one person's, a row a day."""

    def __init__(self, model: DayModel, name: str, first: CellDelegate) -> None:
        super().__init__(model, name, first)
        self.setHorizontalHeader(AxisHeader(model, self))
        self._sorted()
        self.setItemDelegateForColumn(BAR, DayBarDelegate(self, model))

    def narrow(self, narrow: bool) -> None:
        super().narrow(narrow)
        self.setColumnHidden(NOTES, narrow)
        widths: dict[int, float | str] = {WHO: 19 if narrow else 22, FIRST: 8, LAST: 8, HOURS: 7}
        if not narrow:
            widths[NOTES] = 22
        # Names grow on a large screen, and leave the bars the most of it.
        self.fit(widths, BAR, {} if narrow else {WHO: 42, NOTES: 44}, enough=50)


class TotalsTable(_PeopleTable):
    """A row a person."""

    def __init__(self, model: TotalsModel, name: str) -> None:
        super().__init__(model, name, PersonDelegate())
        self._narrow = self._grouped = False
        self._sorted()

    def narrow(self, narrow: bool) -> None:
        super().narrow(narrow)
        self._narrow = narrow
        self.show_groups(self._grouped)
        figures: dict[int, float | str] = {COUNTED: 10, BY_HAND: 10, DAYS: 8, QUESTIONS: 8}
        if narrow:
            self.fit(figures, WHO)
        else:
            self.fit({GROUP: 20, **figures}, WHO, {GROUP: 44}, enough=40)

    def show_groups(self, grouped: bool) -> None:
        """Whether anybody is in a group at all."""
        self._grouped = grouped
        self.setColumnHidden(GROUP, self._narrow or not grouped)
