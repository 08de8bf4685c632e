"""Entering an absence, of one person or of many, and taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from kiosk.domain.hours.shifts import Absence
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import GROUP_LIMIT, Person
from kiosk.services.admin.corrections import LONGEST_REASON
from kiosk.ui.admin.attendance.people_picker import PeoplePicker
from kiosk.ui.admin.attendance.several import Several, for_each
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field, date_edit
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import pydate
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


def days_of_absence(absence: Absence) -> str:
    """``1 March``, or ``1 March to 5 March``, as the system writes days."""
    if absence.since == absence.until:
        return day_text(absence.since)
    return _("{since} to {until}").format(
        since=day_text(absence.since), until=day_text(absence.until)
    )


class AddAbsence(Sheet):
    """``people`` are those to choose from; one alone is chosen already. ``changed`` brings the
    news."""

    changed = Signal(str)

    def __init__(
        self, context: PageContext, people: Sequence[Person], day: date | None = None
    ) -> None:
        alone = people[0] if len(people) == 1 else None
        title = _("Enter an absence")
        if alone is not None:
            title = _("{name}: an absence").format(name=alone.name)
        super().__init__(title, width=54)
        self._context = context
        self._people = tuple(people)
        self.kind = QComboBox()
        self.first = self.kind
        kinds = [one.strip() for one in context.site.settings().absence_kinds.split(",")]
        kinds = [kind for kind in kinds if kind]
        self.kind.addItems(kinds)
        self.kind.setEditable(not kinds)
        edit = self.kind.lineEdit()
        if edit is not None:
            edit.setMaxLength(GROUP_LIMIT)
        begin = day or date.today()
        self.since = date_edit(_("First day"), begin)
        self.until = date_edit(_("Last day"), begin)
        self.note = QLineEdit()
        self.note.setMaxLength(LONGEST_REASON)
        self.note.setPlaceholderText(_("May stay empty"))
        self.kind_field = Field(_("Kind"), self.kind)
        self.until_field = Field(_("Last day"), self.until)
        dates = row(Field(_("First day"), self.since), self.until_field, gap=4)
        for place in (0, 1):
            dates.setStretch(place, 1)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.body.addWidget(self.kind_field)
        self.body.addLayout(dates)
        self.body.addWidget(Field(_("Note"), self.note))
        self.picker = None if alone else PeoplePicker(people)
        if self.picker is not None:
            self.body.addWidget(self.picker)
            self.picker.changed.connect(self._touched)
        self.body.addWidget(self.wrong)
        self.save = Button(_("Enter absence"), self._save, kind="primary")
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(self.save)
        self.since.dateChanged.connect(self._follow)
        self.until.dateChanged.connect(lambda _: self._touched())
        self.kind.editTextChanged.connect(lambda _: self._touched())
        self._touched()

    def _follow(self) -> None:
        """The last day is never before the first while the first is chosen."""
        if self.until.date() < self.since.date():
            self.until.setDate(self.since.date())
        self._touched()

    def _touched(self) -> None:
        self.wrong.hide()
        self.until_field.set_error("")
        self.kind_field.set_error("")
        self.save.setEnabled(self.picker is None or bool(self.picker.chosen))

    def _save(self) -> None:
        plans, actor = self._context.site.admin.plans, self._context.actor
        kind, note = self.kind.currentText(), self.note.text()
        since, until = pydate(self.since.date()), pydate(self.until.date())
        people = self.picker.chosen if self.picker else self._people
        if not kind.strip():
            self.kind_field.set_error(_("Say what kind of absence it is, such as holiday."))
            return
        if until < since:
            self.until_field.set_error(_("The last day lies before the first."))
            return

        def add() -> Several:
            return for_each(
                people,
                lambda person: plans.add_absence(actor, person.id, kind, since, until, note),
            )

        self._context.worker.submit(add, self._done, self._failed, owner=self)

    def _done(self, result: Several) -> None:
        if result.done:
            self.changed.emit(self._news(result.done))
        if not result.refused:
            self.dismiss()
            return
        if self.picker is not None:
            self.picker.choose([person.id for person, _why in result.refused])
        self._say(result.why)

    def _failed(self, error: BaseException) -> None:
        self._say(sentence(error))

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.show()

    def _news(self, done: Sequence[Person]) -> str:
        kind = self.kind.currentText()
        if len(done) == 1:
            text = _("{name}: {kind} is entered.")
            return text.format(name=isolated(done[0].name), kind=kind)
        return counted(
            "{kind} is entered for {count} person.",
            "{kind} is entered for {count} people.",
            len(done),
            kind=kind,
        )


class TakeBack(Sheet):
    """Asks why an absence is taken back; ``changed`` brings the news."""

    changed = Signal(str)

    def __init__(self, context: PageContext, absence: Absence, name: str) -> None:
        super().__init__(_("Take back an absence"), width=50)
        self._context = context
        self._absence = absence
        self._name = name
        what = f"{absence.kind}, {days_of_absence(absence)}"
        text = _("{name}: {what}").format(name=isolated(name), what=what)
        self.body.addWidget(label(text, "label", wrap=True))
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setPlaceholderText(_("Such as: came to work after all"))
        self.first = self.reason
        self.reason_field = Field(_("Why"), self.reason, _("It is kept in the audit trail."))
        self.body.addWidget(self.reason_field)
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.take = Button(_("Take back"), self._take, kind="danger")
        self.buttons.addWidget(self.take)
        self.reason.textChanged.connect(lambda _: self.reason_field.set_error(""))
        self.reason.returnPressed.connect(self._take)

    def _take(self) -> None:
        plans, actor = self._context.site.admin.plans, self._context.actor
        why, absence = self.reason.text(), self._absence

        def done(_gone: Absence) -> None:
            text = _("{name}: {kind} is taken back.")
            self.changed.emit(text.format(name=isolated(self._name), kind=absence.kind))
            self.dismiss()

        def failed(error: BaseException) -> None:
            self.reason_field.set_error(sentence(error))
            self.reason.setFocus()

        self._context.worker.submit(
            lambda: plans.withdraw_absence(actor, absence.id, why),
            done,
            failed,
            owner=self,
        )
