"""The filters above the log: who, what came of it, when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QDateTime, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.decision import Outcome
from kiosk.domain.language import _, marked
from kiosk.domain.records import EventFilter
from kiosk.ui.admin.widgets.controls import Chips
from kiosk.ui.admin.widgets.fields import Field, Search, moment_edit
from kiosk.ui.admin.widgets.layouts import boxed, column, row
from kiosk.ui.admin.widgets.words import OUTCOMES

TYPING = 250
"""Milliseconds without a key after which a search begins."""

_CHIPS = OUTCOMES | {Outcome.SUSPECTED_ATTACK: marked("Suspected attacks")}
_WHEN = (
    ("any", marked("Any time")),
    ("today", marked("Today")),
    ("yesterday", marked("Yesterday")),
    ("week", marked("7 days")),
    ("custom", marked("From … to")),
)


class LogFilters(QWidget):
    """``changed`` says that ``wanted`` gives another answer."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = Search(_("Search by person"))
        self.outcome = Chips(
            (("", _("All")), *((outcome.value, _(word)) for outcome, word in _CHIPS.items())),
            "Outcome",
        )
        self.when = Chips([(key, _(text)) for key, text in _WHEN], "When")
        self.since = moment_edit()
        self.until = moment_edit()
        self._custom = boxed(
            row(Field(_("From"), self.since), Field(_("To"), self.until), 1, gap=3)
        )
        self._custom.hide()
        self._timer = QTimer(self, singleShot=True, interval=TYPING)
        self._timer.timeout.connect(self.changed)
        self.setLayout(column(self.text, self.outcome, self.when, self._custom, gap=2))
        self.text.textChanged.connect(lambda: self._timer.start())
        self.outcome.changed.connect(lambda _: self.changed.emit())
        self.when.changed.connect(self._when)
        self.since.dateTimeChanged.connect(lambda _: self._timer.start())
        self.until.dateTimeChanged.connect(lambda _: self._timer.start())
        self.set_range(*_day(date.today()))

    def wanted(self) -> EventFilter:
        """What is chosen, as the log understands it."""
        since, until = self.range()
        outcome = self.outcome.chosen
        return EventFilter(
            outcome=Outcome(outcome) if outcome else None,
            since=None if since is None else since.astimezone(UTC),
            until=None if until is None else until.astimezone(UTC),
            text=self.text.text().strip(),
        )

    def range(self) -> tuple[datetime | None, datetime | None]:
        """The time chosen, local; None where it is open."""
        chosen, today = self.when.chosen, date.today()
        if chosen == "any":
            return None, None
        if chosen == "today":
            return _day(today)
        if chosen == "yesterday":
            return _day(today - timedelta(days=1))
        if chosen == "week":
            return _day(today - timedelta(days=6))[0], _day(today)[1]
        return _local(self.since.dateTime()), _local(self.until.dateTime())

    def set_range(self, since: datetime, until: datetime) -> None:
        """Fill the fields of the free range; times are local."""
        for edit, at in ((self.since, since), (self.until, until)):
            edit.blockSignals(True)
            edit.setDateTime(QDateTime(at.year, at.month, at.day, at.hour, at.minute, at.second))
            edit.blockSignals(False)

    def choose_range(self, since: datetime, until: datetime) -> None:
        """Show a free range, as if it had been typed."""
        self.set_range(since, until)
        self.when.choose("custom")

    @property
    def empty(self) -> bool:
        """Whether everything is wanted."""
        return self.wanted() == EventFilter()

    def clear(self) -> None:
        """Want everything again."""
        self.text.clear()
        self.outcome.choose("")
        self.when.choose("any")

    def _when(self, chosen: str) -> None:
        if chosen != "custom":
            since, until = self.range()
            if since is not None and until is not None:
                # Whoever then chooses a free range begins where they are.
                self.set_range(since, until)
        self._custom.setVisible(chosen == "custom")
        self.changed.emit()


def _day(which: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(which, time())
    return begin.astimezone(), datetime.combine(which + timedelta(days=1), time()).astimezone()


def _local(at: QDateTime) -> datetime:
    day, clock = at.date(), at.time()
    return datetime(
        day.year(), day.month(), day.day(), clock.hour(), clock.minute(), clock.second()
    ).astimezone()
