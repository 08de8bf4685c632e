"""The steps to a correction: which entry, what of it, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.domain.attendance import Direction
from kiosk.domain.language import _
from kiosk.ui.kiosk.hours import words
from kiosk.ui.kiosk.hours.draft import Draft, shown
from kiosk.ui.kiosk.hours.model import DayLine, Writing
from kiosk.ui.kiosk.hours.parts import (
    FIGURE,
    SMALL,
    Measures,
    Row,
    button,
    column,
    row,
    rows_of,
    text,
)
from kiosk.ui.kiosk.touch import TouchButton

ERASE = "erase"
_PAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", ERASE)


class StepPage(QWidget):
    """A step. ``changed`` brings the draft that a touch makes of the one before."""

    changed = Signal(object)

    def __init__(self, draft: Draft, measures: Measures) -> None:
        super().__init__()
        self.draft = draft
        self.measures = measures
        self.box = column(measures.gap)
        self.setLayout(self.box)

    def say(self, sentence: str, more: str = "") -> None:
        """What is asked, and a smaller line."""
        self.box.addWidget(text(self.measures, sentence, bold=True))
        if more:
            muted = self.measures.palette.muted
            self.box.addWidget(text(self.measures, more, SMALL, colour=muted))

    def offer(self, choices: Sequence[tuple[str, Draft]]) -> None:
        """Buttons, each with what it makes of the draft."""
        buttons = []
        for label, draft in choices:
            made = button(self.measures, label)
            made.clicked.connect(partial(self.go, draft))
            buttons.append(made)
        self.box.addLayout(rows_of(self.measures, buttons, self.measures.width))

    def go(self, draft: Draft, checked: bool = False) -> None:
        self.changed.emit(draft)


class EntryStep(StepPage):
    """A day's entries, of which one may be wrong, and what may be missing. ``days`` are all that
    can be gone to, the newest first."""

    def __init__(
        self, draft: Draft, measures: Measures, days: Sequence[DayLine], *, breaks: bool
    ) -> None:
        super().__init__(draft, measures)
        place = next((n for n, line in enumerate(days) if line.day == draft.line.day), 0)
        earlier, later = days[place + 1 : place + 2], days[max(0, place - 1) : place]
        self.earlier = self._stepper("chevron-left", _("Day before"), earlier)
        self.later = self._stepper("chevron-right", _("Day after"), later)
        title = text(measures, draft.line.title, bold=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addLayout(row(measures.gap, self.earlier, title, self.later))
        if draft.line.entries:
            self.say(_("Touch what is wrong, or say what is missing."))
        else:
            self.say(_("Nothing was recorded on this day. Say what is missing."))
        missing = [
            (_("Coming in is missing"), Direction.IN),
            (_("Going out is missing"), Direction.OUT),
        ]
        if breaks:
            missing += [
                (_("A break's beginning is missing"), Direction.BREAK),
                (_("A break's end is missing"), Direction.BACK),
            ]
        self.offer([(label, draft.missing(direction)) for label, direction in missing])
        for entry in draft.line.entries:
            made = Row(measures, f"{entry.text}, {entry.evidence}")
            made.box.addWidget(text(measures, entry.text, tabular=True))
            muted = measures.palette.muted
            made.box.addWidget(text(measures, entry.evidence, SMALL, colour=muted))
            made.clicked.connect(partial(self.go, draft.wrong(entry.event)))
            self.box.addWidget(made)
        self.box.addStretch(1)

    def _stepper(self, icon: str, name: str, to: Sequence[DayLine]) -> TouchButton:
        made = button(self.measures, "", name=name, icon=icon)
        made.setEnabled(bool(to))
        for line in to:
            made.clicked.connect(partial(self.go, Draft(line)))
        return made


class ChangeStep(StepPage):
    """What is wrong with an entry."""

    def __init__(self, draft: Draft, measures: Measures, writing: Writing, *, breaks: bool) -> None:
        super().__init__(draft, measures)
        event = draft.event
        assert event is not None
        self.say(
            _("What is wrong with it?"),
            f"{draft.line.title}: {words.entry(event, writing)}, {words.evidence(event)}",
        )
        ways = [Direction.IN, Direction.OUT]
        if breaks or event.direction in (Direction.BREAK, Direction.BACK):
            ways += [Direction.BREAK, Direction.BACK]
        self.offer(
            [
                (_("It was at another time"), draft.another_time()),
                (_("It should not be there"), draft.take_out()),
                *(
                    (_(words.RATHER[way]), draft.another_way(way))
                    for way in ways
                    if way is not event.direction
                ),
            ]
        )
        self.box.addStretch(1)


class TimeStep(StepPage):
    """A time of day by a pad of figures, or typed; nothing but a time can be."""

    def __init__(self, draft: Draft, measures: Measures, writing: Writing) -> None:
        super().__init__(draft, measures)
        assert draft.direction is not None
        self.say(_(words.WHEN[draft.direction]), self._about(writing))
        unit = measures.unit
        self.time = text(measures, shown(draft.digits), 1.6 * FIGURE, bold=True, tabular=True)
        self.time.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addWidget(self.time)
        when = draft.moment()
        local = when.astimezone() if when is not None else None
        said = words.at(local, writing) if local is not None else ""
        self.day = text(measures, said, SMALL, colour=measures.palette.muted)
        self.day.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addWidget(self.day)
        grid = QGridLayout()
        grid.setSpacing(measures.gap // 2)
        self.keys: dict[str, TouchButton] = {}
        for place, key in enumerate(_PAD):
            if not key:
                continue
            if key == ERASE:
                made = button(measures, "", name=_("Erase"), icon="delete")
            else:
                made = button(measures, key)
            made.setFixedSize(round(2.4 * unit), round(1.2 * unit))
            made.clicked.connect(partial(self._press, key))
            self.keys[key] = made
            grid.addWidget(made, place // 3, place % 3)
        line = row(0)
        line.addStretch(1)
        line.addLayout(grid)
        line.addStretch(1)
        self.box.addLayout(line)
        self.box.addStretch(1)

    def _about(self, writing: Writing) -> str:
        event = self.draft.event or self.draft.belongs_to
        if event is None:
            return self.draft.line.title
        return f"{self.draft.line.title}: {words.entry(event, writing)}"

    def take(self, event: QKeyEvent) -> bool:
        """A key of a keyboard; whether it was for the pad."""
        if event.key() == Qt.Key.Key_Backspace:
            self._press(ERASE)
        elif event.text() and event.text() in "0123456789":
            self._press(event.text())
        else:
            return False
        return True

    def _press(self, key: str, checked: bool = False) -> None:
        self.changed.emit(self.draft.erased() if key == ERASE else self.draft.typed(key))


class ReasonStep(StepPage):
    """Why: ``reason`` brings one of some ready reasons, ``type`` asks for letters to type one."""

    reason = Signal(str)
    type = Signal()

    def __init__(self, draft: Draft, why: str, measures: Measures, writing: Writing) -> None:
        super().__init__(draft, measures)
        self.say(_("Why?"), draft.said(writing))
        buttons = []
        ready = draft.reasons()
        for reason in ready:
            made = button(measures, reason, main=reason == why)
            made.clicked.connect(partial(self._choose, reason))
            buttons.append(made)
        own = why if why and why not in ready else ""
        label = _("Another reason")
        made = button(measures, label, icon="keyboard", main=bool(own))
        made.clicked.connect(lambda: self.type.emit())
        buttons.append(made)
        self.box.addLayout(rows_of(measures, buttons, measures.width))
        if own:
            self.box.addWidget(text(measures, own))
        more = _("Whoever answers reads it. The answer will stand here.")
        self.box.addWidget(text(measures, more, SMALL, colour=measures.palette.muted))
        self.box.addStretch(1)

    def _choose(self, reason: str, checked: bool = False) -> None:
        self.reason.emit(reason)
