"""Forms of a day's sheet: which way an event was, when, and why it is put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QLineEdit, QWidget

from kiosk.domain.attendance import DIRECTIONS, Direction
from kiosk.domain.language import _
from kiosk.services.admin.corrections import LONGEST_REASON
from kiosk.ui.admin.widgets.controls import Button, Chips, label
from kiosk.ui.admin.widgets.fields import Field, moment_edit
from kiosk.ui.admin.widgets.formats import local_clock
from kiosk.ui.admin.widgets.layouts import FlowLayout, column, row


def shown(at: datetime) -> QDateTime:
    """A moment by the clock on the wall, for a field."""
    return QDateTime(at.year, at.month, at.day, at.hour, at.minute, at.second)


def typed(edit: QDateTimeEdit, beside: datetime | None = None) -> datetime:
    """The moment that a field shows, to the minute, by this machine's clock; or by the one that
    ``beside`` was read from, where that showed another time."""
    day, time = edit.date(), edit.time()
    local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())
    if beside is None or beside.astimezone().utcoffset() == beside.utcoffset():
        return local.astimezone()
    return local.replace(tzinfo=beside.tzinfo)


class ReasonForm(QWidget):
    """Asks for a reason, under whatever else is put into ``fields``."""

    saved = Signal()
    cancelled = Signal()

    def __init__(
        self,
        title: str,
        word: str,
        *,
        reason: str = "",
        more: Sequence[QWidget] = (),
        cancel: bool = True,
    ) -> None:
        """``word`` is on the button, ``more`` are further ones; without ``cancel`` the form is
        there for good."""
        super().__init__()
        self.fields = column(gap=2)
        self.reason = QLineEdit(reason)
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setPlaceholderText(_("Such as: the wrong person, an hour too early"))
        help = _("Whoever reads the sheet sees it beside the event.")
        self.reason_field = Field(_("Why"), self.reason, help)
        self.save = Button(word, self.saved.emit, kind="primary")
        self.save.setAccessibleName(f"{word}: {title}")
        buttons = row(self.save, *more, gap=2)
        buttons.addStretch(1)
        if cancel:
            buttons.addWidget(Button(_("Cancel"), self.cancelled.emit, kind="quiet"))
        named = label(title, "label", wrap=True)
        self.setLayout(column(named, self.fields, self.reason_field, buttons, gap=2))
        self.reason.textChanged.connect(lambda _: self.reason_field.set_error(""))
        self.reason.returnPressed.connect(self.saved)

    @property
    def why(self) -> str:
        return self.reason.text()

    def fail(self, text: str) -> None:
        """Say what is wrong."""
        self.reason_field.set_error(text)


class EventForm(ReasonForm):
    """With several ``directions`` one is chosen, the first at first; ``offered`` are likely moments
    (with zone), a touch each."""

    def __init__(
        self,
        title: str,
        directions: Sequence[Direction],
        at: datetime,
        *,
        reason: str = "",
        offered: Sequence[datetime] = (),
        more: Sequence[QWidget] = (),
        cancel: bool = True,
    ) -> None:
        super().__init__(title, _("Save"), reason=reason, more=more, cancel=cancel)
        self._at = at
        self._directions = tuple(directions)
        chips = [(direction.value, _(DIRECTIONS[direction])) for direction in directions]
        self.chips = Chips(chips, _("What it was")) if len(chips) > 1 else None
        self.at = moment_edit(shown(at))
        self.at.setAccessibleName(_("Date and time"))
        if self.chips is not None:
            self.fields.addWidget(self.chips)
        times = FlowLayout(2)
        times.addWidget(self.at)
        if len(offered) > 1:
            for moment in offered:
                times.addWidget(Button(local_clock(moment), partial(self.offer, moment)))
        self.fields.addLayout(times)

    @property
    def direction(self) -> Direction:
        if self.chips is None:
            return self._directions[0]
        return Direction(self.chips.chosen)

    @property
    def moment(self) -> datetime:
        """With zone; to the second where nobody has touched it."""
        untouched = self.at.dateTime() == shown(self._at)
        return self._at if untouched else typed(self.at, self._at)

    def offer(self, moment: datetime) -> None:
        """Put a likely moment into the field."""
        self.at.setDateTime(shown(moment))


class AwayForm(ReasonForm):
    """From when to when somebody was away in the midst of their work; moments with zone."""

    def __init__(self, left: datetime, back: datetime) -> None:
        super().__init__(_("Was away in the midst of the work"), _("Save"))
        self._beside = left
        self.left_edit = moment_edit(shown(left))
        self.back_edit = moment_edit(shown(back))
        fields = (Field(_("Went out"), self.left_edit), Field(_("Came back in"), self.back_edit))
        self.fields.addLayout(row(*fields, 1, gap=4))

    @property
    def left(self) -> datetime:
        return typed(self.left_edit, self._beside)

    @property
    def back(self) -> datetime:
        return typed(self.back_edit, self._beside)
