"""Absences and rotas: who is away in a month, and by which rotas people work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.audit import Action
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.language import _, counted
from kiosk.domain.people import Person
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.absences import AddAbsence, TakeBack, days_of_absence
from kiosk.ui.admin.attendance.assign_rota import AssignRota
from kiosk.ui.admin.attendance.list_table import ListTable
from kiosk.ui.admin.attendance.rota_editor import RotaEditor
from kiosk.ui.admin.attendance.rota_words import days_text
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.page import Page
from kiosk.ui.admin.widgets.controls import Button, Empty, label
from kiosk.ui.admin.widgets.formats import qdate
from kiosk.ui.admin.widgets.layouts import row

WHO, DAYS, KIND, NOTE = range(4)
ROTA, PEOPLE, GRACE, PLAN = range(4)


@dataclass(frozen=True, slots=True)
class Plans:
    """What the view shows; ``names`` are those of people who are still enrolled."""

    absences: tuple[Absence, ...]
    rotas: tuple[Rota, ...]
    working: Counter[int]
    """How many people work by a rota today, by its id."""
    names: dict[int, str]

    def name(self, person_id: int) -> str:
        return self.names.get(person_id) or _("no. {number}").format(number=person_id)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's month."""
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return first, after - timedelta(days=1)


def read_plans(site: Site, month: date) -> Plans:
    """For the worker."""
    hours = site.records.hours
    today = site.attendance().today(datetime.now(UTC))
    people = site.records.people.find()
    newest: dict[int, Assignment] = {}
    for assignment in hours.assignments():
        if assignment.since <= today:
            newest[assignment.person_id] = assignment
    working = Counter(
        newest[person.id].rota.id  # type: ignore[union-attr]
        for person in people
        if person.id in newest and newest[person.id].rota is not None
    )
    names = {person.id: person.name for person in people}
    return Plans(hours.absences(*month_of(month)), hours.rotas(), working, names)


class PlansView(View):
    """A month's absences over the rotas; a click takes an absence back, or assigns a rota."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.month = date.today().replace(day=1)
        self.month_name = label("", "heading")
        earlier = Button(_("The month before"), self._earlier, icon="chevron-left", words=False)
        later = Button(_("The month after"), self._later, icon="chevron-right", words=False)
        self.count = label("", "muted")
        may = self.context.may
        self.add_button = Button(
            _("Add absence"), self._add_absence, icon="plus", allowed=may(Action.ADD_ABSENCE)
        )
        self.rota_button = Button(
            _("New rota"), self._add_rota, icon="plus", allowed=may(Action.ADD_ROTA)
        )
        self.assign_button = Button(
            _("Assign a rota"),
            lambda: self._assign(None),
            icon="users",
            allowed=may(Action.ASSIGN_ROTA),
        )
        self.absences = ListTable(
            _("Absences"), (_("Person"), _("Days"), _("Kind"), _("Note")), main=WHO
        )
        self.rotas = ListTable(
            _("Rotas"), (_("Rota"), _("People"), _("Grace"), _("Days")), main=ROTA
        )
        self.nobody = Empty("calendar-clock", _("Nobody is away in this month"))
        self.no_rota = Empty(
            "calendar-clock",
            _("There is no rota yet"),
            _("With one the sheets say who is late, leaves early or is missing."),
        )
        self.absence_stack, self.rota_stack = QStackedWidget(), QStackedWidget()
        for stack, parts in (
            (self.absence_stack, (self.absences, self.nobody)),
            (self.rota_stack, (self.rotas, self.no_rota)),
        ):
            for part in parts:
                stack.addWidget(part)
        self.body.addLayout(
            row(earlier, self.month_name, later, self.count, 1, self.add_button, gap=2)
        )
        self.body.addWidget(self.absence_stack, 3)
        self.body.addLayout(
            row(label(_("Rotas"), "heading"), 1, self.assign_button, self.rota_button, gap=2)
        )
        self.body.addWidget(self.rota_stack, 2)
        self._plans: Plans | None = None
        if may(Action.WITHDRAW_ABSENCE):
            self.absences.chosen.connect(self._take_back)
        if may(Action.ASSIGN_ROTA):
            self.rotas.chosen.connect(self._assign)

    def refresh(self) -> None:
        locale = QLocale.system()
        self.month_name.setText(locale.toString(qdate(self.month), "MMMM yyyy"))
        site, month = self.context.site, self.month

        def show(plans: Plans) -> None:
            if month == self.month:
                self._show(plans)

        self.ask(lambda: read_plans(site, month), show)

    def back(self) -> bool:
        today = date.today().replace(day=1)
        if self.month == today:
            return False
        self._go(today)
        return True

    def narrow(self, narrow: bool) -> None:
        for table in (self.absences, self.rotas):
            table.fold(narrow)
        days = days_of_absence(Absence(0, 0, "", date(2026, 12, 30), date(2026, 12, 31)))
        widths: dict[int, float | str] = {DAYS: days, KIND: 14}
        if not narrow:
            widths[NOTE] = 20
        self.absences.fit(widths, WHO, {} if narrow else {NOTE: 120}, enough=44)
        if narrow:
            self.rotas.fit({PEOPLE: 12, GRACE: 9}, ROTA)
        else:
            self.rotas.fit({ROTA: 30, PEOPLE: 12, GRACE: 9}, PLAN, {ROTA: 60}, enough=56)

    def _show(self, plans: Plans) -> None:
        self._plans = plans
        self.absences.show_rows(
            (one, (plans.name(one.person_id), days_of_absence(one), one.kind, one.note))
            for one in plans.absences
        )
        self.rotas.show_rows(
            (
                one,
                (
                    one.name,
                    counted("{count} person", "{count} people", plans.working[one.id]),
                    _("{minutes} min").format(minutes=one.grace // timedelta(minutes=1)),
                    days_text(one.days),
                ),
            )
            for one in plans.rotas
        )
        away = plans.absences
        self.count.setText(
            counted("{count} absence", "{count} absences", len(away)) if away else ""
        )
        self.absence_stack.setCurrentWidget(self.absences if away else self.nobody)
        self.rota_stack.setCurrentWidget(self.rotas if plans.rotas else self.no_rota)
        self.assign_button.setEnabled(bool(plans.rotas) and bool(plans.names))
        self.add_button.setEnabled(bool(plans.names))

    def _earlier(self) -> None:
        self._go((self.month - timedelta(days=1)).replace(day=1))

    def _later(self) -> None:
        self._go(month_of(self.month)[1] + timedelta(days=1))

    def _go(self, month: date) -> None:
        self.month = month
        self.refresh()

    def _add_absence(self) -> None:
        today = date.today()
        day = today if month_of(today)[0] == self.month else self.month
        self._with_people(lambda people: AddAbsence(self.context, people, day))

    def _assign(self, rota: Rota | None) -> None:
        self._with_people(lambda people: AssignRota(self.context, people, rota))

    def _with_people(self, make: Callable[[Sequence[Person]], AddAbsence | AssignRota]) -> None:
        def show(people: tuple[Person, ...]) -> None:
            sheet = make(people)
            sheet.changed.connect(self._written)
            self.context.sheets.open(sheet)

        self.ask(lambda: self.context.site.records.people.find(), show)

    def _take_back(self, absence: Absence) -> None:
        name = self._plans.name(absence.person_id) if self._plans else ""
        sheet = TakeBack(self.context, absence, name)
        sheet.changed.connect(self._written)
        self.context.sheets.open(sheet)

    def _add_rota(self) -> None:
        sheet = RotaEditor(self.context)

        def added(rota: Rota) -> None:
            text = _("{rota} is added: assign it to people.").format(rota=rota.name)
            self._written(text)

        sheet.added.connect(added)
        self.context.sheets.open(sheet)

    def _written(self, news: str) -> None:
        self.banner.say(news, good=True)
        self.refresh()
