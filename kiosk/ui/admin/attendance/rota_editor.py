"""A new rota: a week with a field a day, or a cycle of any number of days that turns."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSpinBox, QWidget

from kiosk.domain.errors import AlreadyExists, BadInput
from kiosk.domain.hours.shifts import Rota, Shift
from kiosk.domain.language import _, marked
from kiosk.ui.admin.attendance.rota_words import WEEK, days_text, weekday
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, Chips, label
from kiosk.ui.admin.widgets.fields import Field, roomy
from kiosk.ui.admin.widgets.layouts import emptied, rescale, spaced
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence

OFFICE = "08:00-16:30"
_TURNING = ("06:00-14:00", "06:00-14:00", "14:00-22:00", "14:00-22:00", "-", "-")
_KINDS = (("week", marked("A week, from Monday on")), ("cycle", marked("Days that turn")))
MOST_GRACE = 120
MOST_DAYS = 16 * WEEK
"""A field each; longer cycles are rare, and the command line takes them."""


class RotaEditor(Sheet):
    """``added`` brings the rota."""

    added = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(_("New rota"), width=58)
        self._context = context
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Such as: Early shift"))
        self.first = self.name
        self.name_field = Field(_("Name"), self.name)
        self.kind = Chips([(key, _(text)) for key, text in _KINDS], _("Kind of rota"))
        self.count = roomy(QSpinBox())
        self.count.setRange(1, MOST_DAYS)
        self.count.setValue(len(_TURNING))
        self.count_field = Field(_("Days until it begins anew"), self.count)
        self.days: list[QLineEdit] = []
        self._grid = QGridLayout()
        spaced(self._grid, 2)
        self._grid.setColumnStretch(1, 1)
        self._fields = QWidget()
        self._fields.setLayout(self._grid)
        self.told = label("", "label", wrap=True)
        self.wrong = label("", "error", wrap=True)
        self.grace = roomy(QSpinBox())
        self.grace.setRange(0, MOST_GRACE)
        self.grace.setValue(5)
        self.grace.setSuffix(f" {_('minutes')}")
        self.grace_field = Field(
            _("Grace"), self.grace, _("Whoever comes later, or goes earlier, by more is marked.")
        )
        hint = _(
            "Write a shift as 08:00-16:30, and - for a day off. A shift that ends at or before its "
            "start ends on the next day: 22:00-06:00."
        )
        for part in (
            *(self.name_field, self.kind, self.count_field, label(hint, "muted", wrap=True)),
            *(self._fields, self.told, self.wrong, self.grace_field),
        ):
            self.body.addWidget(part)
        self.wrong.hide()
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.save = Button(_("Add rota"), self._save, kind="primary")
        self.buttons.addWidget(self.save)
        self.name.textChanged.connect(lambda _: self.name_field.set_error(""))
        self.kind.changed.connect(lambda _: self._build(self._usual()))
        self.count.valueChanged.connect(lambda _: self._build([edit.text() for edit in self.days]))
        self._build(self._usual())

    @property
    def weekly(self) -> bool:
        return self.kind.chosen == "week"

    @property
    def text(self) -> str:
        """The days as a rota takes them."""
        return ",".join(edit.text().strip() or "-" for edit in self.days)

    def _usual(self) -> list[str]:
        return [OFFICE] * 5 + ["-"] * 2 if self.weekly else list(_TURNING)

    def _build(self, texts: list[str]) -> None:
        """A field a day; what was typed already stays where it stood."""
        emptied(self._grid)
        self.count_field.setVisible(not self.weekly)
        count = WEEK if self.weekly else self.count.value()
        self.days = []
        for place in range(count):
            name = weekday(place, short=False)
            if not self.weekly:
                name = _("Day {number}").format(number=place + 1)
            edit = QLineEdit(texts[place] if place < len(texts) else "-")
            edit.setAccessibleName(name)
            edit.textChanged.connect(lambda _: self._tell())
            title = label(name)
            title.setBuddy(edit)
            self._grid.addWidget(title, place, 0)
            self._grid.addWidget(edit, place, 1)
            self.days.append(edit)
        rescale(self, self._context.sheets.scale)
        self._tell()

    def _tell(self) -> None:
        """In words what it comes to, or what is wrong with the first day that can't be read."""
        wrong, shifts = "", []
        for edit in self.days:
            try:
                shifts.append(Shift.parse(edit.text()))
            except BadInput as error:
                wrong = wrong or str(error)
                edit.setProperty("invalid", "true")
            else:
                edit.setProperty("invalid", "false")
            edit.style().unpolish(edit)
            edit.style().polish(edit)
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        self.told.setText("" if wrong else days_text(shifts))
        self.told.setVisible(bool(self.told.text()))

    def _save(self) -> None:
        actor = self._context.actor
        plans, name, days = self._context.site.admin.plans, self.name.text(), self.text
        grace = timedelta(minutes=self.grace.value())

        def done(rota: Rota) -> None:
            self.added.emit(rota)
            self.dismiss()

        def failed(error: BaseException) -> None:
            if isinstance(error, AlreadyExists) or not name.strip():
                self.name_field.set_error(sentence(error))
                self.name.setFocus()
            else:
                self.wrong.setText(sentence(error))
                self.wrong.show()

        self._context.worker.submit(
            lambda: plans.add_rota(actor, name, days, grace), done, failed, owner=self
        )
