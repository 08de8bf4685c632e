"""By which rota somebody works from a day on: for one person or for many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from kiosk.domain.audit import Action
from kiosk.domain.hours.shifts import Rota
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.ui.admin.attendance.people_picker import PeoplePicker
from kiosk.ui.admin.attendance.rota_words import WEEK, days_text, shift_text
from kiosk.ui.admin.attendance.several import Several, for_each
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field, date_edit
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import pydate
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


class AssignRota(Sheet):
    """``people`` are those to choose from; one alone is chosen already. ``changed`` brings the
    news."""

    changed = Signal(str)

    def __init__(
        self, context: PageContext, people: Sequence[Person], rota: Rota | None = None
    ) -> None:
        alone = people[0] if len(people) == 1 else None
        title = _("Assign a rota")
        if alone is not None:
            title = _("{name}: another rota").format(name=alone.name)
        super().__init__(title, width=54)
        self._context = context
        self._people = tuple(people)
        self._rotas: tuple[Rota, ...] = ()
        self.rota = QComboBox()
        self.first = self.rota
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.rota.setMinimumContentsLength(12)
        self.rota.setSizeAdjustPolicy(adjust)
        self.days = label("", "muted", wrap=True)
        self.since = date_edit(_("From this day on"), date.today())
        self.place = QComboBox()
        self.place.setMinimumContentsLength(12)
        self.place.setSizeAdjustPolicy(adjust)
        self.rota_field = Field(_("Rota"), self.rota)
        self.since_field = Field(
            _("From this day on"), self.since, _("Sheets of the days before stay as they are.")
        )
        self.place_field = Field(_("That day is"), self.place)
        self.picker = None if alone else PeoplePicker(people)
        for part in (self.rota_field, self.days, self.since_field, self.place_field):
            self.body.addWidget(part)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        if self.picker is not None:
            self.body.addWidget(self.picker)
            self.picker.changed.connect(self._touched)
        self.body.addWidget(self.wrong)
        self.save = Button(_("Assign"), self._save, kind="primary")
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(self.save)
        self.rota.currentIndexChanged.connect(lambda _: self._chosen())
        self.since.dateChanged.connect(lambda _: self._touched())
        self.new_button = Button(
            _("New rota"), self._new, icon="plus", allowed=context.may(Action.ADD_ROTA)
        )
        self.buttons.insertWidget(0, self.new_button)
        self._chosen()
        self._read(rota)

    def show_rotas(self, rotas: Sequence[Rota], chosen: Rota | None) -> None:
        """Fill the list."""
        self._rotas = tuple(rotas)
        self.rota.clear()
        for rota in rotas:
            self.rota.addItem(rota.name, rota.id)
        self.rota.addItem(_("No rota"), None)
        place = self.rota.findData(chosen.id) if chosen else 0
        self.rota.setCurrentIndex(max(place, 0))
        self._chosen()

    def _read(self, rota: Rota | None) -> None:
        plans = self._context.site.admin.plans
        self._context.worker.submit(
            plans.rotas, lambda rotas: self.show_rotas(rotas, rota), self._failed, owner=self
        )

    def _new(self) -> None:
        from kiosk.ui.admin.attendance.rota_editor import RotaEditor

        sheet = RotaEditor(self._context)
        sheet.added.connect(self._read)
        self._context.sheets.open(sheet)

    @property
    def chosen(self) -> Rota | None:
        place = self.rota.currentIndex()
        return self._rotas[place] if 0 <= place < len(self._rotas) else None

    def _chosen(self) -> None:
        rota = self.chosen
        self.days.setText(
            days_text(rota.days) if rota else _("Nothing is said of late, early or missing.")
        )
        turns = rota is not None and len(rota.days) != WEEK
        self.place_field.setVisible(turns)
        self.place.clear()
        if rota is not None and turns:
            for number, shift in enumerate(rota.days, 1):
                said = _("Day {number}: {shift}")
                self.place.addItem(said.format(number=number, shift=shift_text(shift)))
        self._touched()

    def _touched(self) -> None:
        self.wrong.hide()
        self.save.setEnabled(self.picker is None or bool(self.picker.chosen))

    def _save(self) -> None:
        actor = self._context.actor
        plans, rota = self._context.site.admin.plans, self.chosen
        since, first = pydate(self.since.date()), max(self.place.currentIndex(), 0)
        people = self.picker.chosen if self.picker else self._people
        rota_id = rota.id if rota else None

        def assign() -> Several:
            return for_each(
                people,
                lambda person: plans.assign(actor, person.id, rota_id, since, first),
            )

        self._context.worker.submit(assign, self._done, self._failed, owner=self)

    def _done(self, result: Several) -> None:
        if result.done:
            self.changed.emit(self._news(result.done))
        if not result.refused:
            self.dismiss()
            return
        if self.picker is not None:
            self.picker.choose([person.id for person, _why in result.refused])
        self.wrong.setText(result.why)
        self.wrong.show()

    def _failed(self, error: BaseException) -> None:
        self.wrong.setText(sentence(error))
        self.wrong.show()

    def _news(self, done: Sequence[Person]) -> str:
        said = {
            "rota": self.chosen.name if self.chosen else _("no rota"),
            "day": day_text(pydate(self.since.date())),
        }
        if len(done) == 1:
            text = _("{name} works by {rota} from {day}.")
            return text.format(name=isolated(done[0].name), **said)
        return counted(
            "{count} person works by {rota} from {day}.",
            "{count} people work by {rota} from {day}.",
            len(done),
            **said,
        )
