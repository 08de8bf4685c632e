"""A sheet of the attendance page: an event that the kiosk missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QDateTime, Qt, QTime, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QDateTimeEdit, QLineEdit

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, Chips, label
from kiosk.ui.admin.widgets.fields import Field, moment_edit
from kiosk.ui.admin.widgets.formats import moment, qdate
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
            return site.admin.corrections.add(site.actor, person_id, direction, at, note)

        def done(event: ClockEvent) -> None:
            text = _("{name}: {direction} at {time} is added.")
            self.added.emit(
                text.format(name=isolated(name), direction=direction, time=moment(event.at))
            )
            self.dismiss()

        def failed(error: BaseException) -> None:
            self.at_field.set_error(sentence(error))

        self._context.worker.submit(add, done, failed, owner=self)


def _moment(edit: QDateTimeEdit) -> datetime:
    day, time = edit.date(), edit.time()
    return datetime(day.year(), day.month(), day.day(), time.hour(), time.minute()).astimezone()
