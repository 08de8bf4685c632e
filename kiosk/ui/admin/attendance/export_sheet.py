"""Which hours to export: as what, whose, of which days, in which form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox

from kiosk.domain.audit import Action
from kiosk.domain.language import _, marked
from kiosk.domain.names import isolated
from kiosk.services.attendance.profiles import DAYS, Profile
from kiosk.services.attendance.sheets import month
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, Chips, label
from kiosk.ui.admin.widgets.fields import Field, date_edit
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import pydate, qdate
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.sheet_files import ENDINGS, WITH_PROFILE, Form

_FORMS = (
    (Form.PDF, marked("To be signed (PDF)")),
    (Form.XLSX, marked("Excel")),
    (Form.CSV, marked("CSV")),
    (Form.ICAL, marked("Calendar")),
)
_TOLD = {
    Form.PDF: marked("A page a person: each day, the sum, what it rests on, room to sign."),
    Form.XLSX: marked("With real days and hours, to calculate with."),
    Form.CSV: marked("For payroll offices and other programs."),
    Form.ICAL: marked("Shifts worked and absences, to be opened in a calendar."),
}

_LONGEST_CHIP = 60


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written where; without ``person_id`` of everybody, with a ``group`` of the
    people in it."""

    path: Path
    form: Form
    since: date
    until: date
    profile: Profile
    person_id: int | None = None
    group: str = ""


class ExportHours(Sheet):
    """``chosen`` brings the order. ``person`` (id and name) and ``group`` are what is shown."""

    chosen = Signal(object)

    def __init__(
        self,
        context: PageContext,
        since: date,
        until: date,
        person: tuple[int, str] | None = None,
        group: str = "",
    ) -> None:
        super().__init__(_("Export hours"), width=58)
        self._context = context
        self._person = person
        self._group = group
        self._profiles: tuple[Profile, ...] = (DAYS,)
        self.form = Chips([(form.value, _(text)) for form, text in _FORMS], _("As"))
        self.told = label("", "muted", wrap=True)
        whom = [("all", _("Everybody"))]
        if group:
            whom.insert(0, ("group", isolated(group)))
        if person is not None:
            whom.insert(0, ("person", isolated(_shortened(person[1]))))
        self.whom = Chips(whom, _("Of"))
        self.quick = Chips(
            (
                ("shown", _("Days shown")),
                ("last", _("Last month")),
                ("this", _("This month")),
            ),
            _("Days"),
        )
        self._shown = since, until
        self.since = date_edit(_("From"), since)
        self.until = date_edit(_("To and including"), until)
        self.until_field = Field(_("To and including"), self.until)
        days = row(Field(_("From"), self.since), self.until_field, gap=4)
        self.profile = QComboBox()
        self.profile.setMinimumContentsLength(18)
        self.profile_field = Field(
            _("Columns"), self.profile, _("Payroll offices differ: keep columns of your own.")
        )
        self.edit = Button(
            _("Change the columns"),
            self._edit,
            icon="sliders-horizontal",
            allowed=context.may(Action.CHANGE_SETTINGS),
        )
        for part in (self.form, self.told, self.whom, self.quick):
            self.body.addWidget(part)
        self.whom.setVisible(len(whom) > 1)
        self.body.addLayout(days)
        self.body.addWidget(self.profile_field)
        self.body.addLayout(row(self.edit, 1))
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(Button(_("Choose a file"), self._choose, kind="primary"))
        self.form.changed.connect(lambda _: self._apply())
        self.quick.changed.connect(self._quick)
        for edit in (self.since, self.until):
            edit.dateChanged.connect(lambda _: self.until_field.set_error(""))
        self._fill(DAYS.name)
        self._apply()
        self.reload()

    @property
    def days(self) -> tuple[date, date]:
        return pydate(self.since.date()), pydate(self.until.date())

    def reload(self, choose: str = "") -> None:
        """Read the profiles anew, and choose one by its name."""
        profiles = self._context.site.admin.profiles

        def show(found: tuple[Profile, ...]) -> None:
            self._profiles = found
            self._fill(choose or self.profile.currentText())

        self._context.worker.submit(profiles.all, show, owner=self)

    def export_to(self, path: Path) -> None:
        """Hand the order over."""
        since, until = self.days
        whom = self.whom.chosen
        order = Order(
            path,
            Form(self.form.chosen),
            since,
            until,
            self._profile(),
            self._person[0] if self._person is not None and whom == "person" else None,
            self._group if whom == "group" else "",
        )
        self.dismiss()
        self.chosen.emit(order)

    def _profile(self) -> Profile:
        return self._profiles[max(0, self.profile.currentIndex())]

    def _fill(self, name: str) -> None:
        with QSignalBlocker(self.profile):
            self.profile.clear()
            self.profile.addItems([_(one.name) for one in self._profiles])
            self.profile.setCurrentIndex(max(0, self.profile.findText(_(name))))

    def _apply(self) -> None:
        form = Form(self.form.chosen)
        self.told.setText(_(_TOLD[form]))
        self.profile_field.setVisible(form in WITH_PROFILE)
        self.edit.setVisible(form in WITH_PROFILE)

    def _quick(self, which: str) -> None:
        today = date.today()
        before = today.replace(day=1) - timedelta(days=1)
        since, until = {
            "shown": self._shown,
            "last": month(f"{before:%Y-%m}"),
            "this": (today.replace(day=1), today),
        }[which]
        self.since.setDate(qdate(since))
        self.until.setDate(qdate(until))

    def _edit(self) -> None:
        from kiosk.ui.admin.attendance.profile_editor import ProfileEditor

        sheet = ProfileEditor(self._context, self._profile(), self._own())
        sheet.changed.connect(self.reload)
        self._context.sheets.open(sheet)

    def _own(self) -> Sequence[Profile]:
        from kiosk.services.attendance.profiles import BUILT_IN

        return [one for one in self._profiles if one not in BUILT_IN]

    def _choose(self) -> None:
        since, until = self.days
        if until < since:
            self.until_field.set_error(_("The last day lies before the first."))
            return
        ending = ENDINGS[Form(self.form.chosen)]
        name = _("hours {since} to {until}").format(since=since, until=until)
        choose_save(self, _("Export hours"), f"{name}.{ending}", self.export_to, ending)


def _shortened(name: str) -> str:
    """As long as a chip may be."""
    return name if len(name) <= _LONGEST_CHIP else f"{name[: _LONGEST_CHIP - 1]}…"
