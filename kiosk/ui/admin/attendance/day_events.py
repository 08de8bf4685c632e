"""The events of one person's day: to strike out what is wrong, to put it back, to add what is
missing. What was struck out stays, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.hours import DayRow
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.services.admin.corrections import LONGEST_REASON
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field
from kiosk.ui.admin.widgets.formats import local_clock, long_day
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


class DayEvents(Sheet):
    """``changed`` brings the news; ``missing`` asks for an event to be added."""

    changed = Signal(str)
    missing = Signal()

    def __init__(self, context: PageContext, day: DayRow, struck: Sequence[ClockEvent]) -> None:
        super().__init__(_("{day}: {name}").format(day=long_day(day.day), name=day.name), width=58)
        self._context = context
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setPlaceholderText(_("Such as: the wrong person, an hour too early"))
        self.reason_field = Field(
            _("Why"), self.reason, _("Whoever reads the sheet sees it beside the event.")
        )
        self.events: list[tuple[ClockEvent, Button]] = []
        newest = {event.id: event for event in (*day.events, *struck)}
        events = sorted(newest.values(), key=lambda event: event.at)
        for event in events:
            self._add(event)
        if not events:
            self.body.addWidget(label(_("Nothing was recorded, which is no absence."), "muted"))
        else:
            self.body.addWidget(self.reason_field)
            self.first = self.reason
        self.reason.textChanged.connect(lambda _: self.reason_field.set_error(""))
        self.buttons.addWidget(
            Button(_("Add missing event"), self._missing, kind="primary", icon="plus")
        )

    def _add(self, event: ClockEvent) -> None:
        out = event.struck is None
        text = label(event_text(event), "" if out else "muted", wrap=True)
        if not out:
            font = text.font()
            font.setStrikeOut(True)
            text.setFont(font)
        button = Button(
            _("Strike out") if out else _("Put back"),
            lambda: self._change(event),
            icon="trash-2" if out else "rotate-ccw",
        )
        button.setAccessibleName(f"{button.text()}: {event_text(event)}")
        self.events.append((event, button))
        line = row(text, button, gap=3)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        if event.struck is not None:
            why = _("{by}: {why}").format(by=event.struck.by, why=event.struck.why)
            self.body.addWidget(label(why, "muted", wrap=True))

    def _change(self, event: ClockEvent) -> None:
        why, out = self.reason.text(), event.struck is None
        site = self._context.site

        def done(changed: ClockEvent) -> None:
            text = _("{name}: {what} is struck out.") if out else _("{name}: {what} counts again.")
            what = event_text(changed)
            self.changed.emit(text.format(name=isolated(changed.person_name), what=what))
            self.dismiss()

        def failed(error: BaseException) -> None:
            self.reason_field.set_error(sentence(error))
            self.reason.setFocus()

        self._context.worker.submit(
            lambda: site.admin.corrections.strike(ADMINISTRATOR, event, why, out=out),
            done,
            failed,
            owner=self,
        )

    def _missing(self) -> None:
        self.dismiss()
        self.missing.emit()


def event_text(event: ClockEvent) -> str:
    """What and when, and how it came to be."""
    word = _("Came in") if event.direction is Direction.IN else _("Went out")
    text = f"{word} {local_clock(event.local)}"
    if not event.by_hand:
        return text
    return _("{text}, added by hand: {note}").format(text=text, note=event.note or "–")
