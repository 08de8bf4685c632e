"""By which rota a person works, and their absences, on the person's sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.domain.audit import Action
from kiosk.domain.hours.shifts import Absence, Assignment
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.absences import AddAbsence, TakeBack, days_of_absence
from kiosk.ui.admin.attendance.assign_rota import AssignRota
from kiosk.ui.admin.attendance.rota_words import works_by
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Banner, Button, label
from kiosk.ui.admin.widgets.layouts import boxed, column, emptied, rescale, row

LOOKED_BACK = timedelta(days=365)
"""How old absences are shown."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known of a person's days, and which day it is."""

    today: date
    assignments: tuple[Assignment, ...]
    absences: tuple[Absence, ...]


def read_planned(site: Site, person_id: int) -> Planned:
    """For the worker; absences the newest first."""
    hours, today = site.records.hours, site.attendance().today(datetime.now(UTC))
    found = hours.absences(today - LOOKED_BACK, date.max, person_id)
    return Planned(today, hours.assignments(person_id), found[::-1])


class PersonPlans(QWidget):
    """Reads itself; ``banner`` is where news stand. ``changed`` says that something was written."""

    changed = Signal()

    def __init__(self, context: PageContext, person: Person, banner: Banner) -> None:
        super().__init__()
        self._context = context
        self._person = person
        self._banner = banner
        self.rota = label("", "muted", wrap=True)
        may = context.may
        self.assign_button = Button(
            _("Another rota"),
            self._assign,
            icon="calendar-clock",
            allowed=may(Action.ASSIGN_ROTA),
        )
        self.add_button = Button(
            _("Add absence"), self._add, icon="plus", allowed=may(Action.ADD_ABSENCE)
        )
        self.nothing = label(_("No absence in the last year, nor later."), "muted", wrap=True)
        self.take_buttons: list[Button] = []
        self._lines: QVBoxLayout = column(gap=1)
        self.setLayout(
            column(
                row(label(_("Rota"), "heading"), 1, self.assign_button),
                self.rota,
                row(label(_("Absences"), "heading"), 1, self.add_button),
                self.nothing,
                boxed(self._lines),
                gap=2,
            )
        )
        self.read()

    def read(self) -> None:
        """Read everything anew."""
        site, person_id = self._context.site, self._person.id
        self._context.worker.submit(
            lambda: read_planned(site, person_id),
            self._show,
            lambda error: None,  # the sheet says what is wrong
            owner=self,
        )

    def _show(self, planned: Planned) -> None:
        self.rota.setText(works_by(planned.assignments, planned.today))
        self.nothing.setVisible(not planned.absences)
        emptied(self._lines)
        self.take_buttons = []
        for absence in planned.absences:
            note = f"  ·  {absence.note}" if absence.note else ""
            what = f"{days_of_absence(absence)}  ·  {absence.kind}{note}"
            button = Button(
                _("Take back"),
                partial(self._take_back, absence),
                kind="quiet",
                allowed=self._context.may(Action.WITHDRAW_ABSENCE),
            )
            button.setAccessibleName(_("Take back: {what}").format(what=what))
            self.take_buttons.append(button)
            over = absence.until < planned.today
            line = row(label(what, "muted" if over else "", wrap=True), button, gap=2)
            line.setStretch(0, 1)
            self._lines.addWidget(boxed(line))
        rescale(self, self._context.sheets.scale)

    def _assign(self) -> None:
        self._open(AssignRota(self._context, [self._person]))

    def _add(self) -> None:
        self._open(AddAbsence(self._context, [self._person]))

    def _take_back(self, absence: Absence) -> None:
        self._open(TakeBack(self._context, absence, self._person.name))

    def _open(self, sheet: AssignRota | AddAbsence | TakeBack) -> None:
        sheet.changed.connect(self._written)
        self._context.sheets.open(sheet)

    def _written(self, news: str) -> None:
        self._banner.say(news, good=True)
        self.changed.emit()
        self.read()
