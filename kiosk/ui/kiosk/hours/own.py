"""What the kiosk keeps of whoever stands there, and that they agree no more."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.language import _, counted, marked
from kiosk.domain.retention import until_deleted
from kiosk.services.privacy.own_data import NOT_HERE, OwnData, Section, Value, shown, told
from kiosk.services.privacy.proof import Missing
from kiosk.ui.kiosk.hours.parts import SMALL, Card, Measures, button, column, rows_of, text

NEWEST: Final = 8
"""Rows of each kind that are shown; the rest is in the copy."""
_LEFT_OUT: Final = frozenset({"text"})
"""Columns that are too long for a line."""
_TITLED: Final = frozenset({"version"})
"""Columns whose values say nothing by themselves."""
WHY_NOT: Final = {
    Missing.FACE: marked(
        "You came with your PIN. For this your face is needed, too: close this, look into the "
        "camera, and open it again."
    ),
    Missing.OWN_PIN: marked(
        "For this your face and a PIN are needed, and you have no PIN. Whoever looks after the "
        "kiosk gives you one, or all of it as a file."
    ),
}


class Shows(StrEnum):
    """Which part of the page is open."""

    HOURS = "hours"
    DATA = "data"
    WITHDRAW = "withdraw"


class OwnPage(QWidget):
    """All of it at a glance, the newest of each kind. ``withdraw`` and ``copy`` were touched;
    ``copies``: whether there is a place to put one."""

    withdraw = Signal()
    copy = Signal()

    def __init__(self, data: OwnData, measures: Measures, *, copies: bool) -> None:
        super().__init__()
        self._measures = measures
        box = column(measures.gap)
        self.setLayout(box)
        muted = measures.palette.muted
        box.addWidget(self._face(data))
        if copies:
            take = button(measures, _("Take a copy"))
            take.clicked.connect(lambda: self.copy.emit())
            box.addLayout(rows_of(measures, [take], measures.width))
        else:
            hand = _("Whoever looks after the kiosk gives you all of it as a file.")
            box.addWidget(text(measures, hand, SMALL, colour=muted))
        for section in shown(data.sections):
            if section.key != "photos":
                box.addWidget(self._card(section))
        box.addWidget(text(measures, _(NOT_HERE), SMALL, colour=muted))
        box.addStretch(1)

    def _face(self, data: OwnData) -> Card:
        measures = self._measures
        count = data.person.template_count
        card = Card(measures, measures.palette.accent)
        title, more = _("No face of yours is stored."), _("You come in with your PIN.")
        if count:
            title = _("Your face is stored, as numbers: {photos}.").format(
                photos=counted("{count} photo", "{count} photos", count)
            )
            more = agreed(data)
        card.setAccessibleName(f"{title} {more}")
        card.box.addWidget(text(measures, title, bold=True))
        card.box.addWidget(text(measures, more, SMALL))
        if count:
            made = button(measures, _("I don't want that any more"))
            made.clicked.connect(lambda: self.withdraw.emit())
            card.box.addLayout(rows_of(measures, [made], measures.width - measures.unit))
        return card

    def _card(self, section: Section) -> Card:
        measures, muted = self._measures, self._measures.palette.muted
        card = Card(measures)
        lines = lines_of(section)
        more = len(section.rows) - NEWEST if section.key != "retention" else 0
        title = section.title
        if section.key not in ("card", "retention"):
            title += f": {len(section.rows):,}"
        card.setAccessibleName("\n".join((title, *lines)))
        card.box.addWidget(text(measures, title, bold=True))
        card.box.addWidget(text(measures, "\n".join(lines), SMALL, tabular=True))
        if more > 0:
            rest = counted("and {count} more, older", "and {count} more, older", more)
            card.box.addWidget(text(measures, rest, SMALL, colour=muted))
        if section.note:
            card.box.addWidget(text(measures, section.note, SMALL, colour=muted))
        return card


class WithdrawPage(QWidget):
    """What withdrawing does, before it is done."""

    def __init__(self, data: OwnData, measures: Measures) -> None:
        super().__init__()
        box = column(measures.gap)
        self.setLayout(box)
        photos = counted("{count} photo", "{count} photos", data.person.template_count)
        says = (
            _("Deleted at once: {photos} of your face, and the numbers made of them.").format(
                photos=photos
            ),
            _("Backups hold them until they are replaced by newer ones."),
            _("Your name, your hours and the log stay, as long as they are kept of everybody."),
            _("You come in with your PIN, at the same door, with the same hours. Nobody asks why.")
            if data.person.has_pin
            else _("You have no PIN yet: ask for one, or you can't come in."),
        )
        for number, sentence in enumerate(says):
            box.addWidget(text(measures, sentence, bold=not number))
        box.addStretch(1)


def agreed(data: OwnData) -> str:
    """When somebody agreed, to what."""
    section = data.section("consents")
    keys = [key for key, _title in section.columns]
    for row in section.rows:
        one = dict(zip(keys, row, strict=True))
        if one["withdrawn"] is None:
            return _("You agreed on {time}, {how}, to version {version} of the text.").format(
                time=told(one["given"]), how=_(str(one["how"])), version=one["version"]
            )
    return _("It is not on record that you agreed.")


def lines_of(section: Section) -> tuple[str, ...]:
    """A line a row, the newest ones; of the card a line a value."""
    titles = [title for _key, title in section.columns]
    if section.key == "card":
        (values,) = section.rows
        return tuple(
            f"{title}: {told(value)}"
            for title, value in zip(titles, values, strict=True)
            if value not in (None, "")
        )
    if section.key == "retention":
        return tuple(_ending(row) for row in section.rows if row[1])
    keys = [key for key, _title in section.columns]
    return tuple("  ·  ".join(_parts(keys, titles, row)) for row in section.rows[:NEWEST])


def _parts(keys: Sequence[str], titles: Sequence[str], row: Sequence[Value]) -> list[str]:
    parts = []
    for key, title, value in zip(keys, titles, row, strict=True):
        if key in _LEFT_OUT or value is None or value is False or value == "":
            continue
        if value is True:
            parts.append(title)
        elif isinstance(value, float | int) or key in _TITLED:
            parts.append(f"{title} {told(value)}")
        else:
            parts.append(told(value))
    return parts


def _ending(row: Sequence[Value]) -> str:
    kind, rows, _oldest, days, ends = row
    if not days:
        until = until_deleted(int(str(rows)))
    else:
        until = counted("for {count} day", "for {count} days", int(str(days)))
        if ends is not None:
            until += ", " + _("the oldest until {day}").format(day=told(ends))
    return f"{kind} ({rows}): {until}"
