"""Hours: a sheet a day for everybody, or a range of days for one person."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QDate, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.language import _, marked
from kiosk.domain.people import Person
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.day_bar import AxisHeader, DayBarDelegate
from kiosk.ui.admin.attendance.model import BAR, FIRST, HOURS, LAST, SORT, WHO, DayModel, Line
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.widgets.cells import PersonDelegate
from kiosk.ui.admin.widgets.controls import Button, Chips, Empty, label
from kiosk.ui.admin.widgets.fields import Search, date_edit
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import long_day, pydate
from kiosk.ui.admin.widgets.layouts import FlowLayout, row
from kiosk.ui.admin.widgets.tables import Table
from kiosk.ui.admin.widgets.tasks import Task, TaskBar, write_whole
from kiosk.ui.admin.widgets.words import counted, hours

_SPANS = (("day", marked("Day")), ("week", marked("Week")), ("month", marked("Month")))


def days_of(span: str, day: date) -> list[date]:
    """The days of the span that a day lies in."""
    if span == "week":
        monday = day - timedelta(days=day.weekday())
        return [monday + timedelta(days=n) for n in range(7)]
    if span == "month":
        last = calendar.monthrange(day.year, day.month)[1]
        return [day.replace(day=n) for n in range(1, last + 1)]
    return [day]


def read_lines(site: Site, days: Sequence[date], person_id: int | None) -> tuple[Line, ...]:
    """The sheets of some days, of everybody or of one person; for the worker."""
    attendance = site.attendance()
    now = datetime.now(UTC)
    return tuple(
        Line(found, attendance.span(day)[0].replace(tzinfo=None), attendance.awaited(found, now))
        for day in days
        for found in attendance.sheet(day)
        if person_id is None or found.person_id == person_id
    )


class HoursView(View):
    """A stepper, the table, and what to do about a missing event."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._person: tuple[int, str] | None = None
        self._question = 0
        self.date = date_edit(_("Day"), date.today())
        self.span = Chips([(key, _(text)) for key, text in _SPANS], _("Range"))
        self.query = Search(_("Search by name"))
        self.everybody = Button(_("Everybody"), lambda: self.show_person(None), icon="arrow-left")
        self.who = label("", "heading")
        self.count = label("", "muted")
        self.task = TaskBar()
        self.model = DayModel()
        self.own_model = DayModel(by_day=True)
        self.table = self._make_table(self.model, _("Day sheet"))
        self.own_table = self._make_table(self.own_model, _("Days of one person"))
        self.nobody = Empty(
            "calendar-clock",
            _("Nobody to show yet"),
            _("Enrol somebody: each time the kiosk lets a person in, the time appears here."),
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.own_table, self.nobody):
            self.stack.addWidget(part)
        self.add_button = Button(_("Add missing event"), lambda: self._add(), icon="plus")
        self.export_button = Button(_("Export as CSV"), self._export, icon="download")
        self.tools = (self.add_button, self.export_button)
        self._build()
        self.date.dateChanged.connect(lambda _: self.refresh())
        self.span.changed.connect(lambda _: self.refresh())
        self.query.textChanged.connect(self._filter)

    @property
    def day(self) -> date:
        return pydate(self.date.date())

    @property
    def days(self) -> list[date]:
        """The days shown: one for everybody, a range for one person."""
        return days_of(self.span.chosen, self.day) if self._person else [self.day]

    def refresh(self) -> None:
        self._apply_theme()
        self._question += 1
        question, site, days = self._question, self.context.site, self.days
        person_id = self._person[0] if self._person else None

        def show(lines: tuple[Line, ...]) -> None:
            if question == self._question:
                self._show(lines)

        self.ask(lambda: read_lines(site, days, person_id), show)

    def search(self) -> None:
        if self._person is not None:
            self.show_person(None)
        self.query.setFocus()
        self.query.selectAll()

    def back(self) -> bool:
        if self._person is not None:
            self.show_person(None)
            return True
        if self.query.text():
            self.query.clear()
            return True
        return False

    def narrow(self, narrow: bool) -> None:
        # Names grow on a large screen, and leave the bars the most of it.
        most = {} if narrow else {WHO: 42}
        for table in (self.table, self.own_table):
            table.fit(
                {WHO: 19 if narrow else 26, FIRST: 9, LAST: 9, HOURS: 8}, BAR, most, enough=60
            )

    def show_person(self, person: tuple[int, str] | None) -> None:
        """One person's days (id and name), or everybody's day again."""
        self._person = person
        if person is not None and self.span.chosen == "day":
            self.span.choose("week")
        else:
            self.refresh()

    def export_to(self, path: Path, since: date, until: date) -> None:
        """Write the sheets from one day to another, both included, as CSV."""
        days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        site = self.context.site

        def op(task: Task) -> int:
            def write(out: TextIO) -> int:
                return site.attendance().export(_watched(days, task), out)

            return write_whole(path, write)

        def done(count: int) -> None:
            self.banner.say(f"{counted(count, 'row')} written to {path}.", good=True)

        self.task.run(_("Exporting the sheets"), self.context.models, op, done, self.fail)

    def step(self, by: int) -> None:
        """To the day, week or month before (-1) or after (1)."""
        span = self.span.chosen if self._person else "day"
        if span == "month":
            self.date.setDate(self.date.date().addMonths(by))
        else:
            self.date.setDate(self.date.date().addDays(by * (7 if span == "week" else 1)))

    def _build(self) -> None:
        before = Button(_("Earlier"), lambda: self.step(-1), icon="chevron-left", words=False)
        after = Button(_("Later"), lambda: self.step(1), icon="chevron-right", words=False)
        today = Button(_("Today"), lambda: self.date.setDate(QDate.currentDate()))
        stepper = QWidget()
        stepper.setLayout(row(before, self.date, after, today, gap=2))
        flow = FlowLayout(2)
        self.query.setMinimumWidth(280)
        for part in (stepper, self.span, self.query):
            flow.addWidget(part)
        self.body.addWidget(self.task)
        self.body.addLayout(row(self.everybody, self.who, 1, gap=3))
        self.body.addLayout(flow)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.count)

    def _make_table(self, model: DayModel, name: str) -> Table:
        table = Table(name)
        proxy = QSortFilterProxyModel(self)
        proxy.setSourceModel(model)
        proxy.setSortRole(SORT)
        proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        proxy.setFilterKeyColumn(WHO)
        table.setModel(proxy)
        table.setHorizontalHeader(AxisHeader(model, table))
        table.setSortingEnabled(True)
        table.sortByColumn(WHO, Qt.SortOrder.AscendingOrder)
        if model is self.model:
            table.setItemDelegateForColumn(WHO, PersonDelegate(self))
        table.setItemDelegateForColumn(BAR, DayBarDelegate(table, model))
        table.opened.connect(self._open)
        return table

    def _apply_theme(self) -> None:
        """Show what belongs to everybody's day, or to one person's days."""
        alone = self._person is not None
        self.everybody.setVisible(alone)
        self.who.setVisible(alone)
        self.span.setVisible(alone)
        self.query.setVisible(not alone)
        if self._person is not None:
            self.who.setText(self._person[1])

    def _show(self, lines: tuple[Line, ...]) -> None:
        if self._person is not None:
            self.own_model.show(lines)
            self.stack.setCurrentWidget(self.own_table)
            worked = hours(self.own_model.total().total_seconds())
            days = self.days
            self.count.setText(f"{day_text(days[0])} to {day_text(days[-1])}: {worked} hours")
            return
        self.model.show(lines)
        self.stack.setCurrentWidget(self.table if lines else self.nobody)
        here = sum(bool(line.row.events) for line in lines)
        ends = sum(line.open_end for line in lines)
        working = sum(line.at_work for line in lines)
        text = f"{long_day(self.day)}: {here:,} of {counted(len(lines), 'person', 'people')} came"
        if working:
            text += ", " + _("{count} at work now").format(count=working)
        self.count.setText(f"{text}, {counted(ends, 'open end')}" if ends else text)
        self.count.setVisible(bool(lines))
        self.add_button.setEnabled(bool(lines))
        self.export_button.setEnabled(bool(lines))

    def _filter(self, text: str) -> None:
        proxy = self.table.model()
        assert isinstance(proxy, QSortFilterProxyModel)
        proxy.setFilterFixedString(text.strip())

    def _open(self, index: QModelIndex) -> None:
        line = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(line, Line):
            return
        if self._person is None:
            self.show_person((line.row.person_id, line.row.name))
        else:
            self._show_events(line)

    def _show_events(self, line: Line) -> None:
        from kiosk.ui.admin.attendance.day_events import DayEvents

        site = self.context.site

        def show(struck: tuple[ClockEvent, ...]) -> None:
            sheet = DayEvents(self.context, line.row, struck)
            sheet.changed.connect(self._added)
            sheet.missing.connect(lambda: self._add(line.row.day))
            self.context.sheets.open(sheet)

        self.ask(lambda: site.attendance().struck(line.row), show)

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
        from kiosk.ui.admin.attendance.add_event import ExportDays

        days = self.days
        sheet = ExportDays(days[0], days[-1])
        sheet.chosen.connect(self.export_to)
        self.context.sheets.open(sheet)


def _watched(days: Sequence[date], task: Task) -> Iterator[date]:
    """The days, telling how many of them are done."""
    for done, day in enumerate(days):
        task.stop_if_cancelled()
        yield day
        task.progress(done + 1, len(days))
