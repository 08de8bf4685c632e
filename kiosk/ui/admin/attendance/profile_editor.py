"""A form of file for a payroll office: its columns in their order, and how days and hours look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from kiosk.domain.language import _, marked
from kiosk.services.attendance.profiles import (
    DELIMITERS,
    ENCODINGS,
    FIELDS,
    TITLE_LIMIT,
    Column,
    Dates,
    Lengths,
    Per,
    Profile,
    fields,
)
from kiosk.services.attendance.profiles import (
    Field as Told,
)
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, Chips, label
from kiosk.ui.admin.widgets.fields import Field
from kiosk.ui.admin.widgets.layouts import boxed, column, emptied, rescale, row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence

_LENGTHS = {
    Lengths.CLOCK: marked("7:30"),
    Lengths.EXACT: marked("7:30:00"),
    Lengths.POINT: marked("7.50 hours"),
    Lengths.COMMA: marked("7,50 hours"),
    Lengths.MINUTES: marked("450 minutes"),
    Lengths.SECONDS: marked("27000 seconds"),
}
_Key = TypeVar("_Key", bound=StrEnum | str)


@dataclass(slots=True)
class _Row:
    """A column and where its heading and its fixed text are typed."""

    field: Told
    title: QLineEdit
    text: QLineEdit | None

    @property
    def column(self) -> Column:
        return Column(
            self.field,
            self.title.text().strip(),
            self.text.text().strip() if self.text is not None else "",
        )


class ProfileEditor(Sheet):
    """``changed`` brings the name of the profile that is kept, or nothing where one is removed."""

    changed = Signal(str)

    def __init__(self, context: PageContext, profile: Profile, own: Sequence[Profile]) -> None:
        super().__init__(_("Columns for a payroll office"), width=76)
        self._context = context
        mine = profile in own
        self.name = QLineEdit(profile.name if mine else "")
        self.name.setPlaceholderText(_("Such as: Payroll office"))
        self.first = self.name
        self.name_field = Field(_("Name"), self.name)
        self.per = Chips(
            ((Per.DAY.value, _("A row a person and day")), (Per.PERIOD.value, _("A row a person"))),
            _("Rows"),
        )
        self.lengths = _choice({key: _(text) for key, text in _LENGTHS.items()}, profile.lengths)
        self.dates = _choice({one: one.value for one in Dates}, profile.dates)
        self.delimiter = _choice({k: _(v) for k, v in DELIMITERS.items()}, profile.delimiter)
        self.encoding = _choice({k: _(v) for k, v in ENCODINGS.items()}, profile.encoding)
        self.rows: list[_Row] = []
        self._lines: QVBoxLayout = column(gap=2)
        self.more = QComboBox()
        self.more.setAccessibleName(_("Add a column"))
        self.wrong = label("", "error", wrap=True)
        self.body.addWidget(self.name_field)
        self.body.addWidget(self.per)
        self.body.addLayout(
            row(Field(_("Hours as"), self.lengths), Field(_("Days as"), self.dates), gap=4)
        )
        self.body.addLayout(
            row(
                Field(_("CSV: columns parted by"), self.delimiter),
                Field(_("CSV: letters as"), self.encoding),
                gap=4,
            )
        )
        self.body.addWidget(label(_("Columns, from left to right"), "heading"))
        self.body.addWidget(boxed(self._lines))
        self.body.addWidget(self.more)
        self.body.addWidget(self.wrong)
        if mine:
            remove = Button(
                _("Remove this form"), lambda: self._remove(profile.name), kind="danger"
            )
            self.buttons.insertWidget(0, remove)
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(Button(_("Keep"), self.save, kind="primary"))
        if profile.per is Per.PERIOD:
            self.per.choose(Per.PERIOD.value)
        self.per.changed.connect(lambda _: self._refill())
        self.more.activated.connect(self._add)
        self.name.textChanged.connect(lambda _: self.name_field.set_error(""))
        self._show(profile.columns)
        self._refill()

    @property
    def profile(self) -> Profile:
        """As it is typed."""
        return Profile(
            self.name.text(),
            Per(self.per.chosen),
            tuple(one.column for one in self.rows),
            Lengths(self.lengths.currentData()),
            Dates(self.dates.currentData()),
            self.delimiter.currentData(),
            self.encoding.currentData(),
        )

    def save(self) -> None:
        """Keep it; what is wrong is said on the sheet."""
        actor = self._context.actor
        profiles, profile = self._context.site.admin.profiles, self.profile

        def kept(made: Profile) -> None:
            self.changed.emit(made.name)
            self.dismiss()

        self._context.worker.submit(
            lambda: profiles.save(actor, profile), kept, self._failed, owner=self
        )

    def shift(self, place: int, by: int) -> None:
        """Put a column so many places to the right."""
        columns = [one.column for one in self.rows]
        columns.insert(place + by, columns.pop(place))
        self._show(columns)

    def take_out(self, place: int) -> None:
        columns = [one.column for one in self.rows]
        del columns[place]
        self._show(columns)

    def _remove(self, name: str) -> None:
        actor = self._context.actor
        profiles = self._context.site.admin.profiles

        def removed(_none: None) -> None:
            self.changed.emit("")
            self.dismiss()

        self._context.worker.submit(
            lambda: profiles.remove(actor, name), removed, self._failed, owner=self
        )

    def _failed(self, error: BaseException) -> None:
        if not self.name.text().strip():
            self.name_field.set_error(sentence(error))
            self.name.setFocus()
            return
        self.wrong.setText(sentence(error))

    def _add(self, place: int) -> None:
        field = self.more.itemData(place)
        if field is not None:
            self._show([*(one.column for one in self.rows), Column(Told(field))])
        self.more.setCurrentIndex(0)

    def _refill(self) -> None:
        """What can be added to rows of this kind; columns that they don't have go."""
        known = fields(Per(self.per.chosen))
        self.more.clear()
        self.more.addItem(_("Add a column"), None)
        for one in known:
            self.more.addItem(_(FIELDS[one]), one.value)
        self._show([one.column for one in self.rows if one.field in known])

    def _show(self, columns: Sequence[Column]) -> None:
        emptied(self._lines)
        self.wrong.setText("")
        self.rows = []
        for place, one in enumerate(columns):
            self._lines.addWidget(self._line(place, one, len(columns)))
        rescale(self, self._context.sheets.scale)

    def _line(self, place: int, one: Column, count: int) -> QWidget:
        name = _(FIELDS[one.field])
        told = label(name, wrap=True)
        title = QLineEdit(one.title)
        title.setMaxLength(TITLE_LIMIT)
        title.setPlaceholderText(name)
        title.setAccessibleName(_("Heading of {column}").format(column=name))
        text = None
        if one.field is Told.TEXT:
            text = QLineEdit(one.text)
            text.setMaxLength(TITLE_LIMIT)
            text.setPlaceholderText(_("The text"))
            text.setAccessibleName(_("The text in each row"))
        left = Button(
            _("One to the left: {column}").format(column=name),
            lambda: self.shift(place, -1),
            icon="arrow-left",
            words=False,
        )
        right = Button(
            _("One to the right: {column}").format(column=name),
            lambda: self.shift(place, 1),
            icon="arrow-right",
            words=False,
        )
        out = Button(
            _("Take out: {column}").format(column=name),
            lambda: self.take_out(place),
            icon="x",
            words=False,
        )
        left.setEnabled(place > 0)
        right.setEnabled(place < count - 1)
        self.rows.append(_Row(one.field, title, text))
        parts = [told, title, *([text] if text is not None else []), left, right, out]
        line = row(*parts, gap=2)
        for number in range(len(parts) - 3):
            line.setStretch(number, 1)
        return boxed(line)


def _choice(choices: Mapping[_Key, str], chosen: _Key) -> QComboBox:
    made = QComboBox()
    for key, text in choices.items():
        made.addItem(text, str(key))
    made.setCurrentIndex(made.findData(str(chosen)))
    return made
