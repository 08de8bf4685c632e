"""The log: what the kiosk decided, newest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.audit import Action
from kiosk.domain.chain import ChainReport
from kiosk.domain.chain_words import said
from kiosk.domain.errors import NotFound
from kiosk.domain.language import _, marked
from kiosk.domain.records import EventFilter, PeopleRecords
from kiosk.services.admin import access_log
from kiosk.ui.admin.log.event_sheet import event_sheet
from kiosk.ui.admin.log.filters import LogFilters
from kiosk.ui.admin.log.histogram import Bars, Histogram, count_hours
from kiosk.ui.admin.log.model import (
    CAMERA,
    MODE,
    OUTCOME,
    PERSON,
    REASON,
    SCORE,
    TIME,
    LogModel,
)
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.widgets.cells import (
    CellDelegate,
    OutcomeDelegate,
    PersonDelegate,
    ScoreDelegate,
)
from kiosk.ui.admin.widgets.controls import Button, Empty, label
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import longest_day, longest_moment
from kiosk.ui.admin.widgets.tables import Table
from kiosk.ui.admin.widgets.tasks import Counted, Task, TaskBar, write_whole
from kiosk.ui.admin.widgets.words import MODES, counted

MOST_SAID = 3
"""Of what was altered; the command line says all."""


class LogPage(Page):
    """Filters, the day's hours, and the table."""

    title = marked("Log")

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.filters = LogFilters()
        self.histogram = Histogram()
        records = context.site.records
        self.model = LogModel(records.events, self.ask, records.people.staff_numbers)
        self.table = Table(_("Log"))
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(TIME, Qt.SortOrder.DescendingOrder)
        self._folding = {
            TIME: CellDelegate(self),
            OUTCOME: OutcomeDelegate(self),
            REASON: CellDelegate(self),
        }
        for column, delegate in self._folding.items():
            self.table.setItemDelegateForColumn(column, delegate)
        self.table.setItemDelegateForColumn(PERSON, PersonDelegate(self, two_lines=True))
        self.table.setItemDelegateForColumn(SCORE, ScoreDelegate(self))
        self.task = TaskBar()
        self.count = label("", "muted")
        self.export_button = Button(
            _("Export as CSV"),
            self._choose_file,
            icon="download",
            allowed=context.may(Action.EXPORT),
        )
        self.check_button = Button(_("Was it altered?"), self.check_record, icon="lock")
        self.nothing = Empty(
            "scroll-text",
            _("Nothing has been logged yet"),
            _("Every decision of the kiosk appears here. Enrol somebody, then stand before it."),
        )
        self.no_match = Empty(
            "search",
            _("No event fits"),
            _("Choose another time or outcome, or search for another name."),
            Button(_("Show everything"), self.filters.clear, icon="x"),
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.nothing, self.no_match):
            self.stack.addWidget(part)
        self.head.addWidget(self.count)
        self.head.addWidget(Button(_("Read anew"), self.refresh, icon="refresh-cw", words=False))
        self.head.addWidget(self.check_button)
        self.head.addWidget(self.export_button)
        for shown in (self.task, self.filters, self.histogram, self.stack):
            self.body.addWidget(shown)
        self.body.setStretchFactor(self.stack, 1)
        self.filters.changed.connect(self.refresh)
        self.histogram.chosen.connect(self._narrow_to)
        self.model.counted.connect(self._counted)
        self.model.failed.connect(self.fail)
        self.table.opened.connect(self._open)

    def refresh(self) -> None:
        wanted = self.filters.wanted()
        self.model.ask(wanted)
        since, until = self.filters.range()
        if since is None or until is None or until - since > timedelta(hours=25):
            self.histogram.show_bars(())
            return
        events, text = self.context.site.records.events, wanted.text

        def show(bars: Bars) -> None:
            if self.filters.wanted() == wanted:
                self.histogram.show_bars(bars)

        self.ask(lambda: count_hours(events, since, until, text), show)

    def search(self) -> None:
        self.filters.text.setFocus()
        self.filters.text.selectAll()

    def back(self) -> bool:
        if self.task.running:
            self.task.cancel()
            return True
        if not self.filters.empty:
            self.filters.clear()
            return True
        return False

    def narrow(self, narrow: bool) -> None:
        for column in (SCORE, MODE, CAMERA):
            self.table.setColumnHidden(column, narrow)
        # Held upright there is no room beside: what is hidden stands in a second line.
        for delegate in self._folding.values():
            delegate.two_lines = narrow
        self.table.set_lines(2.8 if narrow else 2.3)
        widths: dict[int, float | str] = {OUTCOME: 15.5}
        if narrow:
            widths |= {TIME: longest_day(), PERSON: 15}
            self.table.fit(widths, REASON, {PERSON: 40})
            return
        widths |= {TIME: longest_moment(), PERSON: 18, SCORE: 10}
        widths |= {MODE: max(map(_, MODES.values()), key=len), CAMERA: 12}
        # Why is read more often than at which camera; the event itself has all.
        most, first_to_go = {PERSON: 40, CAMERA: 26}, (CAMERA, MODE)
        self.table.fit(widths, REASON, most, first_to_go=first_to_go)

    def show_person(self, name: str) -> None:
        """Show one person's events, of any time."""
        self.filters.clear()
        self.filters.text.setText(name)

    def check_record(self) -> None:
        """Read the whole record through, and say whether it stands as it was written."""
        site = self.context.site

        def done(report: ChainReport) -> None:
            self.check_button.setEnabled(True)
            if report.found:
                told = [said(one) for one in report.found[:MOST_SAID]]
                self.banner.say(" ".join([_("The record was altered."), *told]))
                return
            entries = counted(report.entries, "entry", "entries")
            self.banner.say(
                _("Log, attendance and audit trail stand as they were written: {entries}.").format(
                    entries=entries
                ),
                good=True,
            )

        def failed(error: BaseException) -> None:
            self.check_button.setEnabled(True)
            self.fail(error)

        self.check_button.setEnabled(False)
        self.task.run(
            _("Reading the record"),
            self.context.models,
            lambda _: site.check_record(),
            done,
            failed,
        )

    def export_to(self, path: Path) -> None:
        """Write the rows that the filters let through as CSV."""
        wanted, total = self.filters.wanted(), self.model.rowCount()
        events = self.context.site.records.events

        def op(task: Task) -> int:
            def write(out: TextIO) -> int:
                return access_log.export(events, wanted, Counted(out, task, total + 1))

            return write_whole(path, write)

        def done(count: int) -> None:
            self.export_button.setEnabled(True)
            self.banner.say(f"{counted(count, 'row')} written to {path}.", good=True)

        def failed(error: BaseException) -> None:
            self.export_button.setEnabled(True)
            self.fail(error)

        self.export_button.setEnabled(False)
        self.task.run(_("Exporting the log"), self.context.models, op, done, failed)

    def _choose_file(self) -> None:
        choose_save(self, _("Export the log"), f"log-{datetime.now():%Y-%m-%d}.csv", self.export_to)

    def _counted(self, count: int) -> None:
        self.count.setText(counted(count, "event"))
        self.export_button.setEnabled(count > 0 and not self.task.running)
        if count:
            self.stack.setCurrentWidget(self.table)
        else:
            everything = self.model.wanted == EventFilter()
            self.stack.setCurrentWidget(self.nothing if everything else self.no_match)

    def _narrow_to(self, since: datetime, until: datetime) -> None:
        self.filters.choose_range(since, until)

    def _open(self, index: QModelIndex) -> None:
        decision = self.model.decision(index.row())
        if decision is None:
            return
        people = self.context.site.records.people

        def show(number: str) -> None:
            self.context.sheets.open(event_sheet(decision, self.show_person, number))

        self.ask(lambda: _staff_number(people, decision.person_id), show)


def _staff_number(people: PeopleRecords, person_id: int | None) -> str:
    """Nothing for nobody, for somebody without a number, and for whoever was deleted since."""
    if person_id is None:
        return ""
    try:
        return people.get(person_id).staff_number or ""
    except NotFound:
        return ""
