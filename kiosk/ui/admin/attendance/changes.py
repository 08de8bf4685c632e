"""What was put right, by whom and why: the audit trail, to be filtered."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QStackedWidget

from kiosk.domain.audit import ACTIONS, Action, Actor, AuditEntry
from kiosk.domain.language import _, counted, marked
from kiosk.domain.records import AuditFilter, AuditRecords
from kiosk.ui.admin.attendance.changes_model import (
    DETAILS,
    TIME,
    WHAT,
    WHO,
    WHOM,
    ChangesModel,
    author_text,
)
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.log.filters import TYPING
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.widgets.acts import in_words
from kiosk.ui.admin.widgets.cells import CellDelegate
from kiosk.ui.admin.widgets.controls import Button, Chips, Empty, label
from kiosk.ui.admin.widgets.fields import Search, date_edit
from kiosk.ui.admin.widgets.formats import longest_moment, moment, pydate
from kiosk.ui.admin.widgets.layouts import FlowLayout
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.admin.widgets.tables import Table

LIMIT = 1000
"""Of the newest acts that fit, how many are shown; `kiosk audit list` has all."""

OF_HOURS = frozenset(
    (
        *(Action.ADD_CLOCK_EVENT, Action.TURN_CLOCK_EVENT, Action.STRIKE_CLOCK_EVENT),
        *(Action.PUT_BACK_CLOCK_EVENT, Action.MOVE_CLOCK_EVENT, Action.ANSWER_CLOCK_EVENT),
        *(Action.UNDO_CLOCK_EVENT, Action.IMPORT_CLOCK_EVENTS, Action.ADD_ROTA),
        *(Action.ASSIGN_ROTA, Action.ADD_ABSENCE, Action.WITHDRAW_ABSENCE, Action.CLOSE_PERIOD),
        *(Action.ASK_CORRECTION, Action.APPROVE_CORRECTION, Action.REFUSE_CORRECTION),
    )
)
"""What concerns people's hours."""
_WHEN = (
    ("any", marked("Any time")),
    ("today", marked("Today")),
    ("week", marked("7 days")),
    ("month", marked("31 days")),
    ("day", marked("One day")),
)
_LASTS = {"today": 1, "week": 7, "month": 31}

_ALL = (AuditFilter(actions=OF_HOURS), AuditFilter())
"""Where nobody chose anything: as it opens, and everything."""


class ChangesView(View):
    """Narrowed by whom it concerned, what was done, when, and by whom."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._question = 0
        self.query = Search(_("Search by person"))
        self.action = _combo(_("What was done"))
        self.action.addItem(_("All about hours"), OF_HOURS)
        self.action.addItem(_("Everything"), frozenset())
        for action in Action:
            self.action.addItem(_(ACTIONS[action]), frozenset((action,)))
        self.actor = _combo(_("Done by"))
        self.actor.addItem(_("By anybody"), None)
        self.when = Chips([(key, _(text)) for key, text in _WHEN], _("When"))
        self.day = date_edit(_("Day"), date.today())
        self.day.hide()
        self.count = label("", "muted", wrap=True)
        self.model = ChangesModel()
        self.table = Table(_("What was changed"))
        self.table.setModel(self.model)
        self._folding = (CellDelegate(self.table), CellDelegate(self.table))
        for column, delegate in zip((TIME, WHAT), self._folding, strict=True):
            self.table.setItemDelegateForColumn(column, delegate)
        self.nothing = Empty(
            "search",
            _("Nothing was changed"),
            _("Choose another time, or everything, or search for another name."),
            Button(_("Show everything"), self.clear, icon="x"),
        )
        self.never = Empty(
            "scroll-text",
            _("Nothing was changed yet"),
            _("What is put right of somebody's hours stands here, with who did it, when and why."),
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.nothing, self.never):
            self.stack.addWidget(part)
        self._build()

    def wanted(self) -> AuditFilter:
        """What is chosen."""
        since, until = self._range()
        return AuditFilter(
            actions=self.action.currentData(),
            actor=self.actor.currentData(),
            since=since,
            until=until,
            text=self.query.text().strip(),
        )

    def refresh(self) -> None:
        self._question += 1
        question, audit, wanted = self._question, self.context.site.records.audit, self.wanted()

        def show(found: tuple[tuple[AuditEntry, ...], tuple[Actor, ...]]) -> None:
            if question == self._question:
                self._show(*found)

        self.ask(lambda: _read(audit, wanted), show)

    def search(self) -> None:
        self.query.setFocus()
        self.query.selectAll()

    def back(self) -> bool:
        if self.wanted() == _ALL[0]:
            return False
        self._choose(OF_HOURS)
        return True

    def clear(self) -> None:
        """Show everything of any time."""
        self._choose(frozenset())

    def narrow(self, narrow: bool) -> None:
        for column in (WHO, WHOM, DETAILS):
            self.table.setColumnHidden(column, narrow)
        for delegate in self._folding:
            delegate.two_lines = narrow
        self.table.set_lines(2.8 if narrow else 2.3)
        if narrow:
            self.table.fit({TIME: longest_moment()}, WHAT)
        else:
            widths: dict[int, float | str] = {TIME: longest_moment(), WHO: 15, WHAT: 22, WHOM: 18}
            self.table.fit(widths, DETAILS, {WHO: 30, WHOM: 40, WHAT: 34}, enough=36)

    def _build(self) -> None:
        flow = FlowLayout(2)
        self.query.setMinimumWidth(240)
        for part in (self.query, self.action, self.actor):
            flow.addWidget(part)
        times = FlowLayout(2)
        times.addWidget(self.when)
        times.addWidget(self.day)
        self.body.addLayout(flow)
        self.body.addLayout(times)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.count)
        self._typing = QTimer(self, singleShot=True, interval=TYPING)
        self._typing.timeout.connect(self.refresh)
        self.query.textChanged.connect(lambda: self._typing.start())
        for combo in (self.action, self.actor):
            combo.currentIndexChanged.connect(lambda _: self.refresh())
        self.when.changed.connect(self._when)
        self.day.dateChanged.connect(lambda _: self.refresh())
        self.table.opened.connect(self._open)

    def _when(self, chosen: str) -> None:
        self.day.setVisible(chosen == "day")
        self.refresh()

    def _choose(self, actions: frozenset[Action]) -> None:
        """Any time and anybody, and these acts."""
        parts = (self.query, self.action, self.actor)
        blockers = [QSignalBlocker(part) for part in parts]
        self.query.clear()
        self.action.setCurrentIndex(0 if actions == OF_HOURS else 1)
        self.actor.setCurrentIndex(0)
        del blockers
        self.when.choose("any")

    def _range(self) -> tuple[datetime | None, datetime | None]:
        chosen, first = self.when.chosen, date.today()
        if chosen == "any":
            return None, None
        last = first
        if chosen == "day":
            first = last = pydate(self.day.date())
        else:
            first -= timedelta(days=_LASTS[chosen] - 1)
        return _midnight(first), _midnight(last + timedelta(days=1))

    def _show(self, entries: tuple[AuditEntry, ...], actors: tuple[Actor, ...]) -> None:
        self._show_actors(actors)
        self.model.show(entries)
        empty = self.never if self.wanted() in _ALL else self.nothing
        self.stack.setCurrentWidget(self.table if entries else empty)
        text = counted("{count} act", "{count} acts", len(entries))
        if len(entries) == LIMIT:
            text = _("The newest {count} acts that fit").format(count=f"{LIMIT:,}")
        self.count.setText(text)
        self.count.setVisible(bool(entries))

    def _show_actors(self, actors: tuple[Actor, ...]) -> None:
        chosen = self.actor.currentData()
        with QSignalBlocker(self.actor):
            while self.actor.count() > 1:
                self.actor.removeItem(1)
            for actor in actors:
                self.actor.addItem(author_text(actor), actor)
            places = [n for n in range(self.actor.count()) if self.actor.itemData(n) == chosen]
            self.actor.setCurrentIndex(places[0] if places else 0)

    def _open(self, index: QModelIndex) -> None:
        entry = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(entry, AuditEntry):
            self.context.sheets.open(change_sheet(entry))


def change_sheet(entry: AuditEntry) -> Sheet:
    """One act, with all that was written of it."""
    told = in_words(entry)
    sheet = Sheet(moment(entry.at), width=52)
    for title, text in (
        (_("Who"), author_text(entry.actor)),
        (_("What"), _(ACTIONS[entry.action])),
        (_("Whom"), told.subject),
        (_("Details"), told.details),
    ):
        if text:
            sheet.body.addWidget(label(title, "term"))
            sheet.body.addWidget(label(text, wrap=True))
    sheet.buttons.addWidget(Button(_("Close"), sheet.dismiss, kind="primary"))
    return sheet


def _read(
    audit: AuditRecords, wanted: AuditFilter
) -> tuple[tuple[AuditEntry, ...], tuple[Actor, ...]]:
    return audit.newest(LIMIT, wanted), audit.actors()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone().astimezone(UTC)


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    combo.setSizeAdjustPolicy(adjust)
    combo.setMinimumContentsLength(18)
    return combo
