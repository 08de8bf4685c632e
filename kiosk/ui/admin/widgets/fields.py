"""What is typed and chosen: fields with their errors, searches, days."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from PySide6.QtCore import QDate, QDateTime
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCalendarWidget,
    QDateEdit,
    QDateTimeEdit,
    QLineEdit,
    QWidget,
)

from kiosk.domain.language import _
from kiosk.domain.names import typeable
from kiosk.ui.admin.widgets.controls import label
from kiosk.ui.admin.widgets.formats import clock_format, day_format
from kiosk.ui.admin.widgets.layouts import column
from kiosk.ui.admin.widgets.style import colours, mark
from kiosk.ui.common.icons import icon
from kiosk.ui.common.theme import appearance


class Field(QWidget):
    """A control under its name, with a sentence of help and, in its place, of what is wrong."""

    def __init__(self, title: str, control: QWidget, help: str = "") -> None:
        super().__init__()
        self.control = control
        self._help = help
        name = label(title, "label")
        name.setBuddy(control)
        control.setAccessibleName(title)
        control.setAccessibleDescription(help)
        self._note = label(help, "muted", wrap=True)
        self.setLayout(column(name, control, self._note, gap=1))
        # Not before it has a parent: it would be shown as a window of its own.
        self._note.setVisible(bool(help))

    @property
    def error(self) -> str:
        return self._note.text() if self._note.property("role") == "error" else ""

    def set_help(self, text: str) -> None:
        """Another help, and nothing wrong any more."""
        self._help = text
        self.set_error("")

    @property
    def help(self) -> str:
        return self._help

    def set_error(self, text: str) -> None:
        """Say what is wrong; nothing brings the help back."""
        self._note.setText(text or self._help)
        self._note.setVisible(bool(text or self._help))
        mark(self._note, role="error" if text else "muted")
        mark(self.control, invalid="true" if text else "false")
        self.control.setAccessibleDescription(text or self._help)


def ask_for_number(name: QLineEdit, number: QLineEdit, field: Field) -> None:
    """Beside the staff number say that one is needed while the name can't be typed at the door."""
    usual = field.help

    def look() -> None:
        who, given = name.text().strip(), number.text().strip()
        needed = who and not (typeable(who) or typeable(given))
        field.set_help(_("Give one: this name can't be typed at the door.") if needed else usual)

    for edit in (name, number):
        edit.textChanged.connect(look)
    look()


class Search(QLineEdit):
    """A field to search as one types."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.setPlaceholderText(what)
        self.setAccessibleName(what)
        self._empty = self.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
        self._empty.setText(_("Clear the search"))
        self._empty.setToolTip(_("Clear the search"))
        self._empty.setVisible(False)
        self._empty.triggered.connect(self.clear)
        self.textChanged.connect(lambda text: self._empty.setVisible(bool(text)))
        appearance().changed.connect(self._redraw)
        self._redraw()

    def _redraw(self) -> None:
        self._empty.setIcon(icon("x", colours().text))


_Spin = TypeVar("_Spin", bound=QAbstractSpinBox)


def roomy(spin: _Spin) -> _Spin:
    """Room before the figures, which the style sheet's padding does not reach."""
    edit = spin.lineEdit()
    if edit is not None:
        edit.setTextMargins(8, 0, 0, 0)
    return spin


def date_edit(name: str, day: date) -> QDateEdit:
    """A day, typed or taken from a calendar."""
    edit = _with_calendar(QDateEdit(QDate(day.year, day.month, day.day)))
    edit.setDisplayFormat(day_format())
    edit.setAccessibleName(name)
    return edit


def moment_edit(at: QDateTime | None = None) -> QDateTimeEdit:
    """A day and a time as the locale writes them."""
    edit = _with_calendar(QDateTimeEdit(at or QDateTime.currentDateTime()))
    edit.setDisplayFormat(f"{day_format()}  {clock_format()}")
    return edit


_Dates = TypeVar("_Dates", bound=QDateTimeEdit)


def _with_calendar(edit: _Dates) -> _Dates:
    """A calendar to take a day from, each day large enough for a finger."""
    edit.setCalendarPopup(True)
    calendar = edit.calendarWidget()
    calendar.setMinimumSize(7 * 48, 8 * 46)
    weeks = QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
    calendar.setVerticalHeaderFormat(weeks)
    return roomy(edit)
