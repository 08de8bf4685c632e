"""The group a person belongs to, and from when until when they belong to the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.people import GROUP_LIMIT, Person, check_dates, clean_group
from kiosk.ui.admin.widgets.controls import Button
from kiosk.ui.admin.widgets.fields import Field, date_edit
from kiosk.ui.admin.widgets.formats import pydate, qdate
from kiosk.ui.admin.widgets.layouts import column, row


class OptionalDay(QWidget):
    """A day or none; ``changed`` says that it is another. ``none`` is the word for none."""

    changed = Signal()

    def __init__(self, name: str, none: str) -> None:
        super().__init__()
        self.choose = Button(none, self._to_today)
        self.choose.setAccessibleName(f"{name}: {none}")
        self.edit = date_edit(name, date.today())
        self.clear = Button(
            _("{name}: {none}").format(name=name, none=none),
            lambda: self.show_day(None),
            kind="quiet",
            icon="x",
            words=False,
        )
        parts = row(self.choose, self.edit, self.clear, gap=1)
        parts.setStretch(1, 1)
        parts.addStretch(1)
        self.setLayout(parts)
        self.edit.dateChanged.connect(lambda _: self.changed.emit())
        self.show_day(None)

    @property
    def day(self) -> date | None:
        return None if self.edit.isHidden() else pydate(self.edit.date())

    def show_day(self, day: date | None) -> None:
        """Put a day, or none, into the field."""
        if day is not None:
            with QSignalBlocker(self.edit):
                self.edit.setDate(qdate(day))
        for part in (self.edit, self.clear):
            part.setVisible(day is not None)
        self.choose.setVisible(day is None)
        self.changed.emit()

    def _to_today(self) -> None:
        self.show_day(date.today())
        self.edit.setFocus()


class Membership(QWidget):
    """``changed`` says that something else stands in a field."""

    changed = Signal()

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.group = QComboBox()
        self.group.setEditable(True)
        self.group.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.group.setMinimumContentsLength(12)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.group.setSizeAdjustPolicy(adjust)
        line = self.group.lineEdit()
        assert line is not None
        line.setMaxLength(GROUP_LIMIT)
        line.setPlaceholderText(_("None"))
        self.group.setEditText(person.group)
        line.setCursorPosition(0)
        self.since = OptionalDay(_("Valid from"), _("Always"))
        self.until = OptionalDay(_("Valid until"), _("Always"))
        self.since.show_day(person.valid_from)
        self.until.show_day(person.valid_until)
        self.group_field = Field(
            _("Group"), self.group, _("A department or a team: choose one, or type a new one.")
        )
        self.since_field = Field(_("Valid from"), self.since)
        self.until_field = Field(_("Valid until"), self.until)
        dates = row(self.since_field, self.until_field, gap=4)
        for place in (0, 1):
            dates.setStretch(place, 1)
        self.setLayout(column(self.group_field, dates, gap=4))
        self.group.editTextChanged.connect(lambda _: self._touched())
        for field in (self.since, self.until):
            field.changed.connect(self._touched)

    def suggest(self, groups: Sequence[str]) -> None:
        """The groups that there are, to choose from."""
        text = self.group.currentText()
        with QSignalBlocker(self.group):
            self.group.clear()
            self.group.addItems(list(groups))
            self.group.setCurrentIndex(-1)
            self.group.setEditText(text)
        line = self.group.lineEdit()
        assert line is not None
        line.setCursorPosition(0)

    def applied(self, person: Person) -> Person:
        """The person with what stands in the fields, not checked yet."""
        return replace(
            person,
            group=" ".join(self.group.currentText().split()),
            valid_from=self.since.day,
            valid_until=self.until.day,
        )

    def check(self) -> bool:
        """Whether it can be stored; what is wrong stands beside its field."""
        checks = (
            (self.group_field, lambda: clean_group(self.group.currentText())),
            (self.until_field, lambda: check_dates(self.since.day, self.until.day)),
        )
        for field, look in checks:
            try:
                look()
            except BadInput as error:
                field.set_error(str(error))
                return False
        return True

    def _touched(self) -> None:
        for field in (self.group_field, self.since_field, self.until_field):
            field.set_error("")
        self.changed.emit()
