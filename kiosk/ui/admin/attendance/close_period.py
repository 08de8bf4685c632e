"""Closing a period: the next one is proposed, what is unsettled is shown with a way to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import Signal

from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.language import _, counted
from kiosk.services.admin.periods import Unsettled
from kiosk.services.attendance.ledger import Ledger, totals
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.period_sheet import carried_text, days_of_period, signed
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field, date_edit
from kiosk.ui.admin.widgets.formats import pydate
from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence

SHOWN = 5
"""Days carried on that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing some days would freeze, and what nobody has said of them yet."""

    unsettled: Unsettled
    lines: tuple[PeriodLine, ...]
    over: bool

    @property
    def carried(self) -> Sequence[PeriodLine]:
        return [line for line in self.lines if line.carried]


def read_closing(site: Site, since: date, until: date) -> Closing:
    """For the worker."""
    attendance = site.attendance()
    lines = Ledger(site.records, attendance).lines(since, until)
    over = until < attendance.today(datetime.now(UTC))
    return Closing(site.admin.periods.unsettled(since, until), lines, over)


class ClosePeriod(Sheet):
    """``changed`` brings the news; ``wanted`` asks for a view of the page, and a day in it."""

    changed = Signal(str)
    wanted = Signal(str, object)

    def __init__(self, context: PageContext, since: date, until: date) -> None:
        super().__init__(_("Close a period"), width=58)
        self._context = context
        self._question = 0
        self._closing: Closing | None = None
        self.since = date_edit(_("First day"), since)
        self.until = date_edit(_("Last day"), until)
        self.until_field = Field(_("Last day"), self.until)
        dates = row(Field(_("First day"), self.since), self.until_field, gap=4)
        for place in (0, 1):
            dates.setStretch(place, 1)
        hint = _(
            "From then on these days stand as they are. What is put right in them later is carried "
            "into the next period, with the reason."
        )
        self.sums = label("", "label", wrap=True)
        self.unsettled = label("", "warn", wrap=True)
        self.to_day = Button(_("Show the first such day"), self._to_day, icon="calendar-clock")
        self.to_requests = Button(_("Show the requests"), self._to_requests, icon="scroll-text")
        ways = FlowLayout()
        ways.addWidget(self.to_day)
        ways.addWidget(self.to_requests)
        self.ways = boxed(ways)
        self.carried = label("", wrap=True)
        self.wrong = label("", "error", wrap=True)
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.body.addLayout(dates)
        for part in (self.sums, self.carried, self.unsettled, self.ways, self.wrong):
            self.body.addWidget(part)
            part.hide()
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.close_it = Button(_("Close period"), self._close, kind="primary")
        self.buttons.addWidget(self.close_it)
        for edit in (self.since, self.until):
            edit.dateChanged.connect(lambda _: self._look())
        self._look()

    @property
    def days(self) -> tuple[date, date]:
        return pydate(self.since.date()), pydate(self.until.date())

    def _look(self) -> None:
        """See what closing the days chosen would come to."""
        self._question += 1
        question, site, (since, until) = self._question, self._context.site, self.days
        self._closing = None
        self.close_it.setEnabled(False)
        self.wrong.hide()
        self.until_field.set_error("")
        if until < since:
            self._show(Closing(Unsettled(), (), over=False))
            self.until_field.set_error(_("The last day lies before the first."))
            return

        def show(closing: Closing) -> None:
            if question == self._question:
                self._show(closing)

        self._context.worker.submit(
            lambda: read_closing(site, since, until), show, self._failed, owner=self
        )

    def _show(self, closing: Closing) -> None:
        self._closing = closing
        people = totals(closing.lines)
        total = sum(people.values(), timedelta())
        self.sums.setText(
            _("{people}, {hours} hours").format(
                people=counted("{count} person", "{count} people", len(people)), hours=signed(total)
            )
        )
        self.sums.show()
        lacking = closing.unsettled
        self.unsettled.setText(_("{what} in these days.").format(what=lacking))
        self.unsettled.setVisible(bool(lacking))
        self.ways.setVisible(bool(lacking))
        self.to_day.setVisible(lacking.first is not None)
        self.to_requests.setVisible(bool(lacking.requests))
        self.carried.setText("\n".join(_told(closing.carried)))
        self.carried.setVisible(bool(closing.carried))
        words = _("Close anyway") if lacking else _("Close period")
        self.close_it.setText(words)
        self.close_it.setAccessibleName(words)
        self.close_it.setEnabled(closing.over)
        if not closing.over:
            self.until_field.set_error(_("It is not over yet: close a period that lies behind."))

    def _close(self) -> None:
        actor = self._context.actor
        periods, (since, until) = self._context.site.admin.periods, self.days
        too = self._closing is not None and bool(self._closing.unsettled)
        self.close_it.setEnabled(False)

        def done(period: Period) -> None:
            text = _("{days} is closed.").format(days=days_of_period(period))
            self.changed.emit(text)
            self.dismiss()

        self._context.worker.submit(
            lambda: periods.close(actor, since, until, unsettled_too=too),
            done,
            self._failed,
            owner=self,
        )

    def _failed(self, error: BaseException) -> None:
        self.wrong.setText(sentence(error))
        self.wrong.show()
        self.close_it.setEnabled(self._closing is not None and self._closing.over)

    def _to_day(self) -> None:
        assert self._closing is not None
        self.dismiss()
        self.wanted.emit("hours", self._closing.unsettled.first)

    def _to_requests(self) -> None:
        self.dismiss()
        self.wanted.emit("requests", None)


def _told(carried: Sequence[PeriodLine]) -> list[str]:
    if not carried:
        return []
    lines = [_("Carried from earlier periods:"), *map(carried_text, carried[:SHOWN])]
    if len(carried) > SHOWN:
        lines.append(_("and {count} more").format(count=len(carried) - SHOWN))
    return lines
