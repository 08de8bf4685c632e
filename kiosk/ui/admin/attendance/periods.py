"""Periods: what is closed, by whom and when, and what is carried into the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.audit import Action
from kiosk.domain.hours.periods import Period, PeriodLine, proposed
from kiosk.domain.language import _, counted
from kiosk.services.attendance.ledger import Ledger
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.close_period import ClosePeriod
from kiosk.ui.admin.attendance.list_table import ListTable
from kiosk.ui.admin.attendance.period_sheet import PeriodSheet, days_of_period, signed
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.attendance.words import author
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.widgets.controls import Button, Empty, label
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import local_clock, qdate
from kiosk.ui.admin.widgets.layouts import row

DAYS, HOURS, CARRIED, CLOSED, BY, DIGEST = range(6)
SHORT_DIGEST = 12
"""Figures of the digest in the list; the sheet has all."""

_NEVER = datetime(2026, 12, 30, 20, 58, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Closed:
    """A period and its lines."""

    period: Period
    lines: tuple[PeriodLine, ...]

    @property
    def total(self) -> timedelta:
        return sum((line.counted for line in self.lines), timedelta())


@dataclass(frozen=True, slots=True)
class Periods:
    """What the view shows: the newest first; the days to close next, and what changed since in
    those before."""

    closed: tuple[Closed, ...]
    following: tuple[date, date]
    carried: tuple[PeriodLine, ...]


def read_periods(site: Site) -> Periods:
    """For the worker."""
    records, attendance = site.records.hours, site.attendance()
    periods = records.periods()
    following = proposed(periods, attendance.today(datetime.now(UTC)))
    closed = tuple(Closed(one, records.period_lines(one.id)) for one in reversed(periods))
    return Periods(closed, following, Ledger(site.records, attendance).carried(following[0]))


class PeriodsView(View):
    """A row a period; a click opens it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        heads = (
            *(_("Days"), _("Hours"), _("Carried on"), _("Closed"), _("By"), _("Digest (SHA-256)")),
        )
        self.table = ListTable(_("Closed periods"), heads, main=DAYS)
        self.pending = label("", "muted", wrap=True)
        self.pending_button = Button(_("Show what is carried on"), self._show_pending)
        may = self.context.may(Action.CLOSE_PERIOD)
        first = Button(_("Close a period"), self._close, kind="primary", icon="lock", allowed=may)
        self.nothing = Empty(
            "lock",
            _("No period is closed yet"),
            _(
                "A closed period stands as it was signed. What is put right in it later is carried "
                "into the next one, with the reason."
            ),
            first,
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.nothing):
            self.stack.addWidget(part)
        self.close_button = Button(
            _("Close a period"), self._close, kind="primary", icon="lock", allowed=may
        )
        self.tools = (self.close_button,)
        self.body.addWidget(self.stack, 1)
        below = row(self.pending, self.pending_button, gap=3)
        below.setStretch(0, 1)
        self.body.addLayout(below)
        self._periods: Periods | None = None
        self.table.chosen.connect(self._open)

    def refresh(self) -> None:
        site = self.context.site
        self.ask(lambda: read_periods(site), self._show)

    def narrow(self, narrow: bool) -> None:
        self.table.fold(narrow)
        days = days_of_period(Period(0, date(2026, 12, 30), date(2026, 12, 31), _NEVER, ""))
        self.table.setColumnHidden(CARRIED, narrow)  # the sheet has it
        widths: dict[int, float | str] = {DAYS: days, HOURS: 10, CARRIED: 11}
        widths[CLOSED] = _minute(_NEVER)
        if not narrow:
            widths[BY] = 16
        self.table.fit(widths, BY if narrow else DIGEST)

    def _show(self, periods: Periods) -> None:
        self._periods = periods
        self.table.show_rows((one, self._cells(one)) for one in periods.closed)
        some = bool(periods.closed)
        self.stack.setCurrentWidget(self.table if some else self.nothing)
        self.close_button.setEnabled(some)
        total = sum((line.counted for line in periods.carried), timedelta())
        nothing = _("Nothing has changed in closed periods that is not carried on yet.")
        carried = counted(
            "{count} day in a closed period has changed since, by {hours}: the next period "
            "carries it.",
            "{count} days in closed periods have changed since, by {hours}: the next period "
            "carries them.",
            len(periods.carried),
            hours=signed(total),
        )
        self.pending.setText(carried if periods.carried else nothing)
        self.pending.setVisible(some)
        self.pending_button.setVisible(bool(periods.carried))

    def _cells(self, one: Closed) -> list[str]:
        carried = sum(line.carried for line in one.lines)
        return [
            days_of_period(one.period),
            signed(one.total),
            counted("{count} day", "{count} days", carried) if carried else "",
            _minute(one.period.closed_at.astimezone()),
            author(one.period.closed_by),
            one.period.digest[:SHORT_DIGEST],
        ]

    def _open(self, one: Closed) -> None:
        self.context.sheets.open(PeriodSheet(one.period, one.lines))

    def _show_pending(self) -> None:
        if self._periods is not None:
            self.context.sheets.open(PeriodSheet(None, self._periods.carried))

    def _close(self) -> None:
        if self._periods is None:
            return
        sheet = ClosePeriod(self.context, *self._periods.following)
        sheet.changed.connect(self._closed)
        sheet.wanted.connect(self._go)
        self.context.sheets.open(sheet)

    def _closed(self, news: str) -> None:
        self.banner.say(news, good=True)
        self.refresh()

    def _go(self, key: str, day: date | None) -> None:
        """Show what keeps a period from being closed."""
        from kiosk.ui.admin.attendance.hours import HoursView
        from kiosk.ui.admin.attendance.page import AttendancePage

        page = self.page
        assert isinstance(page, AttendancePage)
        view = page.open(key)
        if day is not None and isinstance(view, HoursView):
            view.show_person(None)
            view.date.setDate(qdate(day))


def _minute(local: datetime) -> str:
    return f"{day_text(local.date())}  {local_clock(local)}"
