"""Sheets of the attendance page: an event that the kiosk missed, and which days to export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QDateTime, Qt, QTime, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QDateTimeEdit, QLineEdit

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, Chips, label
from kiosk.ui.admin.widgets.fields import Field, date_edit, moment_edit
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import moment, pydate, qdate
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


class AddEvent(Sheet):
    """Adds one clock event by hand; ``added`` brings the news."""

    added = Signal(str)

    def __init__(
        self, context: PageContext, people: Sequence[Person], person_id: int | None, day: date
    ) -> None:
        super().__init__(_("Add missing event"), width=50)
        self._context = context
        self.person = QComboBox()
        self.first = self.person
        self.person.setEditable(True)
        self.person.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.person.setMinimumContentsLength(12)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.person.setSizeAdjustPolicy(adjust)
        for person in people:
            number = f"  ({person.staff_number})" if person.staff_number else ""
            self.person.addItem(f"{person.name}{number}", person.id)
        completer = QCompleter(self.person.model(), self.person)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.person.setCompleter(completer)
        self.person.setCurrentIndex(self.person.findData(person_id))
        self.direction = Chips((("in", _("Came in")), ("out", _("Went out"))), "Direction")
        self.at = moment_edit(QDateTime(qdate(day), QTime(8, 0)))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Such as: forgot to clock out"))
        self.person_field = Field(_("Person"), self.person)
        self.at_field = Field(_("Date and time"), self.at)
        note = Field(_("Note"), self.reason, _("Whoever reads the sheet sees it beside the event."))
        self.save = Button(_("Add event"), self._save, kind="primary")
        for part in (self.person_field, self.direction, self.at_field, note):
            self.body.addWidget(part)
        self.body.addWidget(label(_("The event is marked as added by hand."), "muted"))
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(self.save)
        self.person.editTextChanged.connect(lambda _: self.person_field.set_error(""))
        self.at.dateTimeChanged.connect(lambda _: self.at_field.set_error(""))

    def _save(self) -> None:
        place = self.person.findText(self.person.currentText(), Qt.MatchFlag.MatchExactly)
        if place < 0:
            self.person_field.set_error(_("Choose one of the people enrolled."))
            self.person.setFocus()
            return
        person_id, name = int(self.person.itemData(place)), self.person.itemText(place)
        site, direction = self._context.site, Direction(self.direction.chosen)
        note, at = self.reason.text(), _moment(self.at)

        def add() -> ClockEvent:
            return site.admin.corrections.add(ADMINISTRATOR, person_id, direction, at, note)

        def done(event: ClockEvent) -> None:
            text = _("{name}: {direction} at {time} is added.")
            self.added.emit(
                text.format(name=isolated(name), direction=direction, time=moment(event.at))
            )
            self.dismiss()

        def failed(error: BaseException) -> None:
            self.at_field.set_error(sentence(error))

        self._context.worker.submit(add, done, failed, owner=self)


class ExportDays(Sheet):
    """Which days to export; ``chosen`` brings the file and the first and the last day."""

    chosen = Signal(object, object, object)

    def __init__(self, since: date, until: date) -> None:
        super().__init__(_("Export day sheets"), width=46)
        self.since = date_edit(_("From"), since)
        self.until = date_edit(_("To and including"), until)
        self.since_field = Field(_("From"), self.since)
        self.until_field = Field(_("To and including"), self.until)
        self.body.addLayout(row(self.since_field, self.until_field, gap=4))
        text = _(
            "One row a person and day: first in, last out, hours. People without events are left "
            "out."
        )
        self.body.addWidget(label(text, "muted", wrap=True))
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(Button(_("Choose a file"), self._choose, kind="primary"))
        for edit in (self.since, self.until):
            edit.dateChanged.connect(lambda _: self.until_field.set_error(""))

    def export_to(self, path: Path) -> None:
        """Hand the file and the days over."""
        since, until = pydate(self.since.date()), pydate(self.until.date())
        self.dismiss()
        self.chosen.emit(path, since, until)

    def _choose(self) -> None:
        since, until = pydate(self.since.date()), pydate(self.until.date())
        if until < since:
            self.until_field.set_error(_("The last day lies before the first."))
            return
        choose_save(self, _("Export day sheets"), f"attendance-{since}-{until}.csv", self.export_to)


def _moment(edit: QDateTimeEdit) -> datetime:
    day, time = edit.date(), edit.time()
    return datetime(day.year(), day.month(), day.day(), time.hour(), time.minute()).astimezone()
