"""Requests: what people ask to be put right, the open ones first."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.language import _, counted
from kiosk.ui.admin.attendance.list_table import ListTable
from kiosk.ui.admin.attendance.request_sheet import (
    Asked,
    RequestSheet,
    answer_text,
    read_asked,
    request_text,
)
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.widgets.controls import Empty, label
from kiosk.ui.admin.widgets.formats import day, longest_day

WHO, WHAT, WHEN, STATE, WHY = range(5)
KEPT = 500
"""Answered ones that are shown, the newest."""


class RequestsView(View):
    """A row a request; a click opens it with the day as it stands."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.count = label("", "muted")
        heads = (_("Person"), _("Asks for"), _("Asked"), _("Answer"), _("Why"))
        self.table = ListTable(_("Requests"), heads, main=WHAT)
        self.nothing = Empty(
            "circle-check",
            _("Nobody asks for anything"),
            _("What people ask to be put right, at the kiosk under My hours, appears here."),
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.nothing):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.count)
        self.table.chosen.connect(self._open)

    def refresh(self) -> None:
        site = self.context.site
        self.ask(lambda: read_asked(site, site.records.hours.requests()[:KEPT]), self._show)

    def narrow(self, narrow: bool) -> None:
        self.table.fold(narrow)
        self.table.setColumnHidden(WHEN, narrow)
        if narrow:
            self.table.fit({WHO: 17, STATE: 14}, WHAT)
        else:
            widths: dict[int, float | str] = {WHO: 17, WHEN: longest_day(), STATE: 11, WHY: 14}
            self.table.fit(widths, WHAT, {WHO: 30, STATE: 30, WHY: 40}, enough=42)

    def _show(self, asked: tuple[Asked, ...]) -> None:
        ordered = sorted(asked, key=lambda one: one.request.answer is not None)
        self.table.show_rows((one, self._cells(one)) for one in ordered)
        waiting = sum(one.request.answer is None for one in asked)
        self.count.setText(counted("{count} open request", "{count} open requests", waiting))
        self.count.setVisible(bool(asked))
        self.stack.setCurrentWidget(self.table if asked else self.nothing)

    def _cells(self, one: Asked) -> list[str]:
        request = one.request
        asked = day(request.asked_at.astimezone().date())
        return [request.name, request_text(one), asked, answer_text(request), request.why]

    def _open(self, one: Asked) -> None:
        sheet = RequestSheet(self.context, one)
        sheet.changed.connect(self._answered)
        self.context.sheets.open(sheet)

    def _answered(self, news: str) -> None:
        self.banner.say(news, good=True)
        self.page.refresh()
