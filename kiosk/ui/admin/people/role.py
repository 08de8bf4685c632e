"""The role of a person, and what they sign in by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from kiosk.domain.audit import Action
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.domain.roles import TOLD, Role, StaffRole, named, only_departments
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Banner, Button, label
from kiosk.ui.admin.widgets.fields import Field
from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, column, emptied, rescale, row
from kiosk.ui.common.work import sentence


class PersonRole(QWidget):
    """Shows itself and what was stored; ``banner`` is where news stand, ``changed`` says that
    something was written. For whoever may not give roles it is a sentence."""

    changed = Signal()

    def __init__(self, context: PageContext, person: Person, banner: Banner) -> None:
        super().__init__()
        self._context = context
        self._person = person
        self._banner = banner
        self._stored: StaffRole | None = None
        may = context.may(Action.GIVE_ROLE)
        self.told = label("", "muted", wrap=True)
        self.role = QComboBox()
        self.role.addItem(_("None: comes and goes"), None)
        for role in Role:
            self.role.addItem(named(role), role)
        self.role_field = Field(_("May do in the panel"), self.role)
        self.departments: dict[str, QCheckBox] = {}
        self._flow = FlowLayout(5)
        self.of_field = Field(_("Whose hours"), boxed(self._flow))
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret_field = Field(
            _("PIN or passphrase for the panel"),
            self.secret,
            _("6 digits or more, or 15 letters or more: small ones, where it is typed by touch."),
        )
        self.give_button = Button(_("Set role"), self._give)
        self.secret_button = Button(_("Set it"), self._set_secret)
        self._form = boxed(
            column(
                self.role_field,
                self.of_field,
                boxed(row(self.give_button, 1)),
                self.secret_field,
                boxed(row(self.secret_button, 1)),
                gap=2,
            )
        )
        if not may:
            self._form.hide()
        self.setLayout(column(label(_("Role"), "heading"), self.told, self._form, gap=2))
        for part in (self.of_field, self.secret_field, self.secret_button):
            part.hide()
        self.role.currentIndexChanged.connect(lambda _: self._touched())
        self.secret.textChanged.connect(lambda _: self._touched())
        self._touched()

    @property
    def chosen(self) -> Role | None:
        """What stands in the list."""
        found = self.role.currentData()
        return None if found is None else Role(found)

    def show_role(self, stored: StaffRole | None, groups: Sequence[str]) -> None:
        """What is stored; ``groups`` are those of the site."""
        self._stored = stored
        self.role.setCurrentIndex(self.role.findData(stored.role) if stored else 0)
        theirs = stored.departments if stored else ()
        emptied(self._flow)
        self.departments = {}
        for group in sorted({*groups, *theirs}):
            box = QCheckBox(group)
            box.setAccessibleName(_("Sees the hours of {group}").format(group=group))
            box.setChecked(group in theirs)
            box.toggled.connect(lambda _: self._touched())
            self.departments[group] = box
            self._flow.addWidget(box)
        self._touched()
        rescale(self, self._context.sheets.scale)

    def _touched(self) -> None:
        self.role_field.set_error("")
        self.of_field.set_error("")
        self.secret_field.set_error("")
        stored, chosen = self._stored, self.chosen
        self.of_field.setVisible(chosen is not None and only_departments(chosen))
        same = (stored and (stored.role, stored.departments)) == (chosen and (chosen, self._ticked))
        self.give_button.setEnabled(not same)
        for part in (self.secret_field, self.secret_button):
            part.setVisible(stored is not None)
        self.secret_button.setEnabled(bool(self.secret.text()))
        self.told.setText(self._words(stored))
        self.role_field.set_help(_(TOLD[chosen]) if chosen else "")

    @property
    def _ticked(self) -> tuple[str, ...]:
        if self.chosen is None or not only_departments(self.chosen):
            return ()
        return tuple(sorted(name for name, box in self.departments.items() if box.isChecked()))

    def _words(self, stored: StaffRole | None) -> str:
        if stored is None:
            return _("None: comes and goes, and may do nothing in the panel.")
        whose = f": {', '.join(stored.departments)}" if stored.departments else ""
        able = _("Signs in by name or number.") if stored.has_secret else _("No PIN for it yet.")
        return f"{named(stored.role)}{whose}. {able}"

    def _give(self) -> None:
        roles, actor = self._context.site.admin.roles, self._context.actor
        person_id, chosen, names = self._person.id, self.chosen, self._ticked

        def give() -> None:
            if chosen is None:
                roles.take(actor, person_id)
            else:
                roles.give(actor, person_id, chosen, names)

        text = _("The role is set.") if chosen else _("The role is taken away.")
        field = self.of_field if chosen and only_departments(chosen) else self.role_field
        self._do(give, text, field)

    def _set_secret(self) -> None:
        roles, actor = self._context.site.admin.roles, self._context.actor
        person_id, secret = self._person.id, self.secret.text()
        self._do(
            lambda: roles.set_secret(actor, person_id, secret),
            _("From now on they sign in by it."),
            self.secret_field,
        )

    def _do(self, op: Callable[[], Any], text: str, field: Field) -> None:
        def done(_none: object) -> None:
            self.secret.clear()
            self._banner.say(text, good=True)
            self.changed.emit()

        self._context.worker.submit(
            op, done, lambda error: field.set_error(sentence(error)), owner=self
        )
