"""Changing the administrator's PIN, and the code for whoever forgets it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.language import _
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.settings.recovery import RecoverySheet
from kiosk.ui.admin.settings.row import fits
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field
from kiosk.ui.admin.widgets.layouts import FlowLayout, column, row
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.common.work import sentence

_WORDS = "security admin administrator pin change secret password recovery code forgot"


class AdminPin(QWidget):
    """The PIN in force, and twice the new one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.current, self.new, self.again = (_pin_edit() for _ in range(3))
        self.current_field = Field(_("PIN in force"), self.current)
        self.new_field = Field(_("New PIN"), self.new, _("6 to 12 digits."))
        self.again_field = Field(_("New PIN again"), self.again)
        self.button = Button(_("Change the admin PIN"), self.change, icon="key-round")
        self.button.setEnabled(False)
        self.renew_button = Button(_("New recovery code"), self.renew, icon="lock")
        self.note = label("", "ok", wrap=True)
        self.note.hide()
        fields = FlowLayout(4)
        for field in (self.current_field, self.new_field, self.again_field):
            fields.addWidget(field)
        sentence_ = _("Whoever knows it can enrol, delete and read the log.")
        code = _(
            "On paper, for whoever forgets the PIN: it is shown once, works once, and a new one "
            "ends the one before."
        )
        self.setLayout(
            column(
                label(_("Security"), "heading"),
                label(_("Admin PIN"), "label"),
                label(sentence_, "muted", wrap=True),
                fields,
                self.note,
                row(self.button, 1),
                label(_("Recovery code"), "label"),
                label(code, "muted", wrap=True),
                row(self.renew_button, 1),
                gap=3,
                pad=(5, 4),
            )
        )
        for edit in (self.current, self.new, self.again):
            edit.textChanged.connect(self._touched)
            edit.returnPressed.connect(self.change)

    def fits(self, text: str) -> bool:
        """Whether somebody who types this looks for the PIN."""
        return fits(text, _WORDS)

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        for edit in (self.current, self.new, self.again):
            edit.clear()

    def change(self) -> None:
        """Check the old PIN, store the new one."""
        if not self.button.isEnabled():
            return
        if self.new.text() != self.again.text():
            self.again_field.set_error(_("The two are not the same: type the new PIN again."))
            self.again.setFocus()
            return
        site, current, new = self._context.site, self.current.text(), self.new.text()
        self.button.setEnabled(False)

        def change() -> None:
            site.pins.check_admin(current)
            site.admin.settings.set_admin_pin(site.actor, new)

        def done(_nothing: None) -> None:
            for edit in (self.current, self.new, self.again):
                edit.clear()
            self._say(_("The admin PIN is changed."), "ok")

        def failed(error: BaseException) -> None:
            self.button.setEnabled(True)
            about_old = isinstance(error, WrongPin | LockedOut)
            field = self.current_field if about_old else self.new_field
            field.set_error(sentence(error))
            field.control.setFocus()

        self._context.worker.submit(change, done, failed, owner=self)

    def renew(self) -> None:
        """Make a new recovery code and show it."""
        context = self._context
        recovery, actor = context.site.admin.recovery, context.actor

        def done(code: str) -> None:
            context.sheets.open(RecoverySheet(context, code))

        context.worker.submit(
            lambda: recovery.renew(actor),
            done,
            lambda error: self._say(sentence(error), "error"),
            owner=self,
        )

    def _say(self, text: str, role: str) -> None:
        self.note.setText(text)
        mark(self.note, role=role)
        self.note.show()

    def _touched(self) -> None:
        for field in (self.current_field, self.new_field, self.again_field):
            field.set_error("")
        if self.new.text():
            self.note.hide()
        self.button.setEnabled(all(edit.text() for edit in (self.current, self.new, self.again)))


def _pin_edit() -> QLineEdit:
    edit = QLineEdit()
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    edit.setMaxLength(12)
    edit.setMinimumWidth(180)
    return edit
