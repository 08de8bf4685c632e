"""Who is in: surely, perhaps, and of whom nothing is known; read anew every minute."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.audit import Action
from kiosk.domain.hours.inside import Inside
from kiosk.domain.language import _, counted, marked
from kiosk.domain.people import Person
from kiosk.domain.roles import Sight
from kiosk.services.private_files import write_private
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.day_events import open_day
from kiosk.ui.admin.attendance.everybody_out import EverybodyOut, read_people
from kiosk.ui.admin.attendance.inside_model import GROUP, HOW, SINCE, WHO, InsideModel, Row, row_of
from kiosk.ui.admin.attendance.news import announce
from kiosk.ui.admin.attendance.people_filter import ROW, PeopleFilter
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.people.group_filter import GroupFilter
from kiosk.ui.admin.widgets.cells import PersonDelegate
from kiosk.ui.admin.widgets.controls import Button, Chips, Empty, label
from kiosk.ui.admin.widgets.fields import Search
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import clock
from kiosk.ui.admin.widgets.layouts import FlowLayout
from kiosk.ui.admin.widgets.tables import Table

MINUTE = 60_000
"""Milliseconds after which it is read anew."""

_CHIPS = (
    ("", marked("All")),
    (Inside.SURELY.value, marked("Surely in")),
    (Inside.PERHAPS.value, marked("Perhaps")),
    (Inside.UNKNOWN.value, marked("Unknown")),
)


def read_inside(site: Site, now: datetime) -> tuple[Row, ...]:
    """For the worker; ``now`` is in UTC."""
    attendance = site.attendance()
    return tuple(row_of(one, now, attendance.rules) for one in attendance.inside(now))


class InsideView(View):
    """Chips with how many there are of each, and a list to print."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._rows: tuple[Row, ...] = ()
        self._narrow = False
        self._at = datetime.now(UTC)
        self.chips = Chips([(key, _(text)) for key, text in _CHIPS], _("How sure"))
        self.query = Search(_("Search by name"))
        self.groups = GroupFilter()
        self.count = label("", "muted", wrap=True)
        self.model = InsideModel()
        self.table = Table(_("Who is in"))
        self._proxy = PeopleFilter(self)
        self._proxy.setSourceModel(self.model)
        self.table.setModel(self._proxy)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(HOW, Qt.SortOrder.AscendingOrder)
        self._people = PersonDelegate(self.table)
        self.table.setItemDelegateForColumn(WHO, self._people)
        self.nobody = Empty(
            "users",
            _("Nobody is in"),
            _("Whoever comes in at the kiosk stands here until they go."),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.nobody)
        self.out_button = Button(
            _("Everybody out"),
            self._everybody_out,
            icon="log-out",
            allowed=self.context.may(Action.ADD_CLOCK_EVENT),
        )
        self.print_button = Button(_("Print or save the list"), self._choose, icon="download")
        self.tools = (self.out_button, self.print_button)
        self.query.setMinimumWidth(240)
        flow = FlowLayout(2)
        for part in (self.chips, self.query, self.groups):
            flow.addWidget(part)
        self.body.addLayout(flow)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.count)
        self._timer = QTimer(self, interval=MINUTE)
        self._timer.timeout.connect(self.refresh)
        self.chips.changed.connect(lambda _: self._filter())
        self.query.textChanged.connect(lambda _: self._filter())
        self.groups.changed.connect(self._filter)
        self.table.opened.connect(self._open)

    def refresh(self) -> None:
        site, now = self.context.site, datetime.now(UTC)

        def show(rows: tuple[Row, ...]) -> None:
            self._rows, self._at = rows, now
            self.groups.show_groups(row.group for row in rows)
            self._filter()

        self.ask(lambda: read_inside(site, now), show)

    def search(self) -> None:
        self.query.setFocus()
        self.query.selectAll()

    def back(self) -> bool:
        if self.query.text() or self.groups.chosen is not None or self.chips.chosen:
            self.query.clear()
            self.groups.choose(None)
            self.chips.choose("")
            return True
        return False

    def narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._people.two_lines = narrow
        self.table.set_lines(2.8 if narrow else 2.3)
        self.table.setColumnHidden(HOW, narrow)
        self._show_groups()
        widths: dict[int, float | str] = {GROUP: 18, SINCE: 19, HOW: 27}
        most = {} if narrow else {GROUP: 44}
        self.table.fit({SINCE: 20} if narrow else widths, WHO, most, enough=40)

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def write(self, path: Path) -> None:
        """Write the list of everybody as PDF."""
        from kiosk.ui.common.inside_page import inside_pdf

        present, at = [row.present for row in self._rows], self._at.astimezone()
        self.ask(
            lambda: write_private(path, inside_pdf(present, at)),
            lambda _none: self.banner.say(_("Saved as {path}.").format(path=path), good=True),
        )

    def _filter(self) -> None:
        chosen = self.chips.chosen
        for key, text in _CHIPS:
            count = sum(not key or row.present.inside.value == key for row in self._rows)
            self.chips.set_text(key, f"{_(text)}  {count:,}")
        self.model.show([r for r in self._rows if chosen in ("", r.present.inside.value)])
        self._proxy.narrow_to(self.query.text(), self.groups.chosen)
        anybody = bool(self._rows)
        self.stack.setCurrentWidget(self.table if anybody else self.nobody)
        for part in (self.chips, self.query, self.out_button):
            part.setEnabled(anybody)
        self.count.setVisible(anybody)
        self._show_groups()
        people = counted("{count} person", "{count} people", self._proxy.rowCount())
        self.count.setText(_("{people}, at {time}").format(people=people, time=clock(self._at)))

    def _show_groups(self) -> None:
        self.groups.setVisible(self.groups.any)
        self.table.setColumnHidden(GROUP, self._narrow or not self.groups.any)

    def _open(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if isinstance(row, Row) and self.context.sees(Sight.HOURS):
            event = row.present.event
            day = self.context.site.attendance().today(event.at)
            open_day(self, (event.person_id, event.person_name), day)

    def _choose(self) -> None:
        name = _("who is in {time:%Y-%m-%d %H.%M}").format(time=self._at.astimezone())
        choose_save(self, _("Save the list as PDF"), f"{name}.pdf", self.write, "pdf")

    def _everybody_out(self) -> None:
        site, present = self.context.site, [row.present for row in self._rows]

        def show(people: tuple[Person, ...]) -> None:
            sheet = EverybodyOut(self.context, people, present)
            sheet.changed.connect(partial(announce, self))
            self.context.sheets.open(sheet)

        self.ask(lambda: read_people(site, present), show)
