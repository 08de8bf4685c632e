"""One event of a day's sheet: what it was, what it rests on, and what was said of it since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance import DIRECTIONS, ClockEvent, Direction, Doubt, Strike
from kiosk.domain.language import _
from kiosk.ui.admin.attendance.words import author, doubt_text, event_text, rests_on
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.formats import moment
from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, column, row


class EventLine(QWidget):
    """``change`` asks for it to be changed, ``put_back`` that it counts again, ``answered`` brings
    what it was where the kiosk asked."""

    change = Signal()
    put_back = Signal()
    answered = Signal(object)

    def __init__(
        self,
        event: ClockEvent,
        strikes: Sequence[Strike],
        replaced_by: ClockEvent | None,
        *,
        breaks: bool,
        may_change: bool = True,
    ) -> None:
        """``breaks``: people begin breaks here; ``may_change``: whoever looks has a right to."""
        super().__init__()
        self.clocked = event
        self.answers: dict[Direction, Button] = {}
        counts = event.struck is None
        text = label(event_text(event), "label" if counts else "muted", wrap=True)
        if not counts:
            font = text.font()
            font.setStrikeOut(True)
            text.setFont(font)
        if counts:
            self.button = Button(_("Change"), self.change.emit, allowed=may_change)
        else:
            self.button = Button(
                _("Put back"), self.put_back.emit, icon="rotate-ccw", allowed=may_change
            )
        self.button.setAccessibleName(f"{self.button.text().strip()}: {event_text(event)}")
        words = column(text, gap=0)
        for said in (rests_on(event), *history(strikes, replaced_by)):
            words.addWidget(label(said, "muted", wrap=True))
        line = row(gap=3)
        line.addLayout(words, 1)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        lines = column(line, gap=2)
        if counts and event.asks:
            lines.addWidget(label(doubt_text(event), "warn", wrap=True))
            if may_change:
                lines.addWidget(self._question(breaks))
        self.setLayout(lines)

    def _question(self, breaks: bool) -> QWidget:
        """What it may have been, what was recorded first: a touch each."""
        flow = FlowLayout(2)
        for direction in answers(self.clocked, breaks=breaks):
            recorded = direction is self.clocked.direction
            said = partial(self.answered.emit, direction)
            kind = "primary" if recorded else ""
            button = Button(_(DIRECTIONS[direction]), said, kind=kind)
            flow.addWidget(button)
            self.answers[direction] = button
        return boxed(flow)


def answers(event: ClockEvent, *, breaks: bool) -> tuple[Direction, ...]:
    """What a look may have meant, what was recorded first."""
    offered = [event.direction, Direction.IN, Direction.OUT, Direction.SEEN]
    if breaks:
        offered += [Direction.BREAK, Direction.BACK]
    if event.doubt is Doubt.SHORT and event.direction is Direction.SEEN:
        offered.remove(Direction.IN)
    return tuple(dict.fromkeys(offered))


def history(strikes: Iterable[Strike], replaced_by: ClockEvent | None) -> list[str]:
    """A line for all that was said of an event, the oldest first, and what stands in its place."""
    said = []
    for strike in strikes:
        text = (
            _("Struck out {when}, {who}: {why}")
            if strike.out
            else _("Counts since {when}, {who}: {why}")
        )
        said.append(text.format(when=moment(strike.at), who=author(strike.by), why=strike.why))
    if replaced_by is not None:
        said.append(_("In its place: {event}").format(event=event_text(replaced_by)))
    return said
