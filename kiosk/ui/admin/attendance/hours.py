"""Hours: a sheet a day for everybody, or a range of days for one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QModelIndex
from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.domain.audit import Action
from kiosk.domain.language import _, marked
from kiosk.domain.people import Person
from kiosk.services.access.pins import utc_now
from kiosk.services.attendance.sheets import Sheets
from kiosk.services.private_files import write_private
from kiosk.ui.admin.attendance.day_events import open_day
from kiosk.ui.admin.attendance.hours_tables import DayTable, TotalsTable
from kiosk.ui.admin.attendance.model import WHO, DayModel, Line
from kiosk.ui.admin.attendance.people_filter import ROW
from kiosk.ui.admin.attendance.reading import day_in_words, days_in_words, days_of, read_lines
from kiosk.ui.admin.attendance.totals import Total, TotalsModel, read_totals
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.people.group_filter import GroupFilter
from kiosk.ui.admin.widgets.cells import CellDelegate, PersonDelegate
from kiosk.ui.admin.widgets.controls import Button, Chips, Empty, label
from kiosk.ui.admin.widgets.fields import Search, date_edit
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import pydate
from kiosk.ui.admin.widgets.labels import ElidedLabel
from kiosk.ui.admin.widgets.layouts import FlowLayout, row
from kiosk.ui.admin.widgets.tables import Table
from kiosk.ui.admin.widgets.tasks import Task, TaskBar
from kiosk.ui.admin.widgets.words import hours
from kiosk.ui.common.sheet_files import sheet_file

if TYPE_CHECKING:
    from kiosk.ui.admin.attendance.export_sheet import Order

_SPANS = (("day", marked("Day")), ("week", marked("Week")), ("month", marked("Month")))


class HoursView(View):
    """A stepper, filters, the tables, and what to do about a missing event."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._person: tuple[int, str] | None = None
        self._question = 0
        self.date = date_edit(_("Day"), date.today())
        self.span = Chips([(key, _(text)) for key, text in _SPANS], _("Range"))
        self.query = Search(_("Search by name"))
        self.groups = GroupFilter()
        self.everybody = Button(_("Everybody"), lambda: self.show_person(None), icon="arrow-left")
        self.who = ElidedLabel("", "heading")
        self.count = label("", "muted", wrap=True)
        self.task = TaskBar()
        self.model = DayModel()
        self.totals = TotalsModel()
        self.own_model = DayModel(by_day=True)
        self.table = DayTable(self.model, _("Day sheet"), PersonDelegate())
        self.own_table = DayTable(self.own_model, _("Days of one person"), CellDelegate())
        self.totals_table = TotalsTable(self.totals, _("Hours of everybody"))
        self.nobody = Empty(
            "calendar-clock",
            _("Nobody to show yet"),
            _("Enrol somebody: each time the kiosk lets a person in, the time appears here."),
        )
        self.stack = QStackedWidget()
        for table in (self.table, self.totals_table, self.own_table):
            table.opened.connect(self._open)
            self.stack.addWidget(table)
        self.stack.addWidget(self.nobody)
        may = self.context.may
        self.add_button = Button(
            _("Add missing event"),
            lambda: self._add(),
            icon="plus",
            allowed=may(Action.ADD_CLOCK_EVENT),
        )
        self.export_button = Button(
            _("Export"), self._export, icon="download", allowed=may(Action.EXPORT)
        )
        self.tools = (self.add_button, self.export_button)
        self._build()
        self.date.dateChanged.connect(lambda _: self.refresh())
        self.span.changed.connect(lambda _: self.refresh())
        self.query.textChanged.connect(lambda _: self._filter())
        self.groups.changed.connect(self._filter)

    @property
    def day(self) -> date:
        return pydate(self.date.date())

    @property
    def days(self) -> list[date]:
        """The days shown."""
        return days_of(self.span.chosen, self.day)

    def refresh(self) -> None:
        self._apply_theme()
        self._question += 1
        question, site, days = self._question, self.context.site, self.days
        person = self._person

        def shown(show: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda found: show(found) if question == self._question else None

        if person is not None:
            self.ask(lambda: read_lines(site, days, person[0]), shown(self._show_own))
        elif len(days) == 1:
            self.ask(lambda: read_lines(site, days, None), shown(self._show_day))
        else:
            self.ask(lambda: read_totals(site, days[0], days[-1]), shown(self._show_totals))

    def search(self) -> None:
        if self._person is not None:
            self.show_person(None)
        self.query.setFocus()
        self.query.selectAll()

    def back(self) -> bool:
        if self._person is not None:
            self.show_person(None)
            return True
        if self.query.text() or self.groups.chosen is not None:
            self.query.clear()
            self.groups.choose(None)
            return True
        return False

    def narrow(self, narrow: bool) -> None:
        for table in (self.table, self.own_table, self.totals_table):
            table.narrow(narrow)

    def show_person(self, person: tuple[int, str] | None) -> None:
        """One person's days (id and name), or everybody's again."""
        self._person = person
        if person is not None and self.span.chosen == "day":
            self.span.choose("week")
        else:
            self.refresh()

    def export(self, order: Order) -> None:
        """Write a file, telling how far it is; Cancel leaves what was there."""
        site = self.context.site

        def op(task: Task) -> str:
            def watch(done: int, total: int) -> None:
                task.stop_if_cancelled()
                task.progress(done, total)

            people = None if order.person_id is None else (order.person_id,)
            sheets = Sheets(site.records, site.attendance())
            found = sheets.of(order.since, order.until, people, order.group, watch)
            content, told = sheet_file(
                found,
                order.form,
                order.profile,
                utc_now(),
                watch,
                site.records.chain_head(),
            )
            task.stop_if_cancelled()
            write_private(order.path, content)
            return told

        def done(told: str) -> None:
            text = _("{what} written to {path}.").format(what=told, path=order.path)
            self.banner.say(text, good=True)

        self.task.run(_("Exporting hours"), self.context.models, op, done, self.fail)

    def step(self, by: int) -> None:
        """To the day, week or month before (-1) or after (1)."""
        if self.span.chosen == "month":
            self.date.setDate(self.date.date().addMonths(by))
        else:
            self.date.setDate(self.date.date().addDays(by * len(self.days)))

    def _build(self) -> None:
        before = Button(_("Earlier"), lambda: self.step(-1), icon="chevron-left", words=False)
        after = Button(_("Later"), lambda: self.step(1), icon="chevron-right", words=False)
        today = Button(_("Today"), lambda: self.date.setDate(QDate.currentDate()))
        stepper = QWidget()
        stepper.setLayout(row(before, self.date, after, today, gap=2))
        flow = FlowLayout(2)
        self.query.setMinimumWidth(180)
        self.groups.setMinimumContentsLength(10)
        for part in (stepper, self.span, self.query, self.groups):
            flow.addWidget(part)
        self.groups.hide()
        alone = row(self.everybody, self.who, gap=3)
        alone.setStretch(1, 1)
        self.body.addWidget(self.task)
        self.body.addLayout(alone)
        self.body.addLayout(flow)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.count)

    def _apply_theme(self) -> None:
        """Show what belongs to everybody, or to one person."""
        alone = self._person is not None
        self.everybody.setVisible(alone)
        self.who.setVisible(alone)
        self.query.setVisible(not alone)
        self.groups.setVisible(not alone and self.groups.any)
        if self._person is not None:
            self.who.setText(self._person[1])

    def _show_own(self, lines: tuple[Line, ...]) -> None:
        self.own_model.show(lines)
        self.stack.setCurrentWidget(self.own_table)
        worked, days = hours(self.own_model.total().total_seconds()), self.days
        self.count.setText(
            _("{since} to {until}: {hours} hours").format(
                since=day_text(days[0]), until=day_text(days[-1]), hours=worked
            )
        )

    def _show_day(self, lines: tuple[Line, ...]) -> None:
        self.model.show(lines)
        self._filled(lines, self.table)

    def _show_totals(self, totals: tuple[Total, ...]) -> None:
        self.totals.show(totals)
        self._filled(totals, self.totals_table)

    def _filled(self, rows: Sequence[Line | Total], table: Table) -> None:
        """Everybody is shown."""
        self.groups.show_groups(row.group for row in rows)
        self.groups.setVisible(self.groups.any)
        self.totals_table.show_groups(self.groups.any)
        self.stack.setCurrentWidget(table if rows else self.nobody)
        for part in (self.count, self.add_button, self.export_button):
            part.setEnabled(bool(rows))
        self.count.setVisible(bool(rows))
        self._filter()

    def _filter(self) -> None:
        for table in (self.table, self.totals_table):
            table.shown.narrow_to(self.query.text(), self.groups.chosen)
        self._count()

    def _count(self) -> None:
        """In words what the rows shown come to."""
        table = self.table if len(self.days) == 1 else self.totals_table
        proxy = table.model()
        rows = [proxy.index(place, WHO).data(ROW) for place in range(proxy.rowCount())]
        if table is self.table:
            self.count.setText(day_in_words(self.day, rows))
        else:
            self.count.setText(days_in_words(self.days, rows))

    def _open(self, index: QModelIndex) -> None:
        found = index.data(ROW)
        if isinstance(found, Total):
            self.show_person((found.person_id, found.name))
        elif isinstance(found, Line):
            self._show_events(found)

    def _show_events(self, line: Line) -> None:
        row = line.row
        alone = self._person is not None
        open_day(self, (row.person_id, row.name), row.day, alone=alone)

    def _add(self, day: date | None = None) -> None:
        from kiosk.ui.admin.attendance.add_event import AddEvent

        site = self.context.site

        def show(people: tuple[Person, ...]) -> None:
            chosen = self._person[0] if self._person else None
            sheet = AddEvent(self.context, people, chosen, day or self.day)
            sheet.added.connect(self._added)
            self.context.sheets.open(sheet)

        self.ask(lambda: site.records.people.find(), show)

    def _added(self, news: str) -> None:
        self.banner.say(news, good=True)
        self.refresh()

    def _export(self) -> None:
        from kiosk.ui.admin.attendance.export_sheet import ExportHours

        days = self.days
        sheet = ExportHours(self.context, days[0], days[-1], self._person, self.groups.chosen or "")
        sheet.chosen.connect(self.export)
        self.context.sheets.open(sheet)
