"""Attendance: chips to choose a view of it, and the view."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.domain.language import _, marked
from kiosk.ui.admin.attendance.hours import HoursView
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.attendance.views import VIEWS
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.widgets.controls import Button, Chips
from kiosk.ui.admin.widgets.layouts import rescale


class AttendancePage(Page):
    """Each view is built when it is first chosen."""

    title = marked("Attendance")

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._entries = {entry.key: entry for entry in VIEWS if context.sees(entry.sight)}
        self._views: dict[str, View] = {}
        self._narrow = False
        chips = [(key, _(entry.title)) for key, entry in self._entries.items()]
        self.chips = Chips(chips, _("View"))
        if len(chips) < 2:
            self.chips.hide()
        self.stack = QStackedWidget()
        self.body.addWidget(self.chips)
        self.body.addWidget(self.stack, 1)
        self.chips.changed.connect(self._chosen)
        self._show(self.chips.chosen)

    @property
    def view(self) -> View:
        """The one shown."""
        return self._views[self.chips.chosen]

    def open(self, key: str) -> View:
        """Show a view, as its chip does."""
        self.chips.choose(key)
        return self.view

    def refresh(self) -> None:
        self.view.refresh()
        if "requests" not in self._entries:
            return
        hours = self.context.site.records.hours
        self.ask(lambda: len(hours.requests(open_only=True)), self._tell_open)

    def search(self) -> None:
        self.view.search()

    def back(self) -> bool:
        return self.view.back()

    def narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        for view in self._views.values():
            view.narrow(narrow)

    def show_person(self, person: tuple[int, str]) -> None:
        """All days of somebody (id and name)."""
        view = self.open("hours")
        assert isinstance(view, HoursView)
        view.show_person(person)

    def _chosen(self, key: str) -> None:
        self.banner.hide()
        self._show(key)
        self.refresh()

    def _show(self, key: str) -> None:
        view = self._views.get(key) or self._make(key)
        self.stack.setCurrentWidget(view)
        for other in self._views.values():
            for tool in other.tools:
                tool.setVisible(other is view)

    def _make(self, key: str) -> View:
        view = self._views[key] = self._entries[key].make(self)
        view.person_wanted.connect(self.show_person)
        self.stack.addWidget(view)
        # Tab comes by them in the order of reading: before the chips.
        before: QWidget = self.banner.findChildren(Button)[-1]
        for tool in view.tools:
            self.head.addWidget(tool)
            self.setTabOrder(before, tool)
            before = tool
        rescale(self, self.context.sheets.scale)
        view.narrow(self._narrow)
        return view

    def _tell_open(self, count: int) -> None:
        """How many requests wait, on their chip."""
        title = _(self._entries["requests"].title)
        self.chips.set_text("requests", f"{title}  {count:,}" if count else title)
