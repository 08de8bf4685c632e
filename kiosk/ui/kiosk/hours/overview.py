"""A person's hours at a glance: totals, what is open, what was asked for, and each day."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from kiosk.domain.language import _
from kiosk.ui.kiosk.hours.model import Answered, Asked, DayLine, OwnHours, Question, Total
from kiosk.ui.kiosk.hours.parts import (
    FIGURE,
    SMALL,
    Card,
    Measures,
    Row,
    button,
    column,
    row,
    rows_of,
    text,
)


class Overview(QWidget):
    """``answered`` brings a question and its choice, ``own_time`` one that is answered by another
    time, ``chosen`` a day that was touched."""

    answered = Signal(object, object)
    own_time = Signal(object)
    chosen = Signal(object)

    def __init__(self, own: OwnHours, measures: Measures) -> None:
        super().__init__()
        self._measures = measures
        box = column(measures.gap)
        self.setLayout(box)
        box.addLayout(row(measures.gap, *(self._total(total) for total in own.totals)))
        for question in own.questions:
            box.addWidget(self._question(question))
        if own.asked:
            box.addWidget(self._heading(_("What you asked for")))
        for asked in own.asked:
            box.addWidget(self._asked(asked))
        if not own.months:
            nothing = _("Nothing was recorded this month or the month before.")
            box.addWidget(text(measures, nothing, colour=measures.palette.muted))
        for month in own.months:
            box.addLayout(
                row(
                    measures.gap,
                    self._heading(month.title),
                    self._right(self._heading(month.total)),
                )
            )
            for line in month.days:
                box.addWidget(self._day(line))
        box.addStretch(1)

    def _heading(self, words: str) -> QLabel:
        return text(self._measures, words, bold=True, tabular=True)

    def _right(self, label: QLabel) -> QLabel:
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return label

    def _total(self, total: Total) -> Card:
        measures, muted = self._measures, self._measures.palette.muted
        card = Card(measures)
        for label in (
            text(measures, total.title, SMALL, colour=muted),
            text(measures, total.time, FIGURE, bold=True, tabular=True),
        ):
            card.box.addWidget(label)
        if total.note:
            card.box.addWidget(text(measures, total.note, SMALL))
        card.box.addStretch(1)
        card.setAccessibleName(": ".join((total.title, total.time)))
        card.setAccessibleDescription(total.note)
        return card

    def _question(self, question: Question) -> Card:
        measures = self._measures
        card = Card(measures, measures.palette.amber.fill)
        card.setAccessibleName(question.text)
        card.box.addWidget(text(measures, question.text, bold=True))
        buttons = []
        for place, choice in enumerate(question.choices):
            name = f"{question.text} {choice.label}"
            made = button(measures, choice.label, name=name, main=place == 0)
            made.clicked.connect(partial(self._answer, question, choice))
            buttons.append(made)
        if question.missing is not None:
            label = _("Another time") if buttons else _("Say when")
            made = button(measures, label, name=f"{question.text} {label}", main=not buttons)
            made.clicked.connect(partial(self._say_when, question))
            buttons.append(made)
        card.box.addLayout(rows_of(measures, buttons, measures.width - measures.unit))
        return card

    def _asked(self, asked: Asked) -> Card:
        measures, colours = self._measures, self._measures.palette
        tone = {
            Answered.WAITS: colours.warn,
            Answered.APPROVED: colours.ok,
            Answered.REFUSED: colours.bad,
        }[asked.state]
        card = Card(measures, tone)
        card.setAccessibleName(f"{asked.text}. {asked.answer}")
        card.box.addWidget(text(measures, asked.text))
        card.box.addWidget(text(measures, asked.why, SMALL, colour=colours.muted))
        card.box.addWidget(text(measures, asked.answer, SMALL, colour=tone, bold=True))
        return card

    def _day(self, line: DayLine) -> Row:
        measures, colours = self._measures, self._measures.palette
        said = (line.title, line.times, line.total, *(note.text for note in line.notes))
        made = Row(measures, ", ".join(filter(None, said)))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(measures.gap)
        grid.setVerticalSpacing(measures.gap // 4)
        grid.setColumnMinimumWidth(0, round(3.2 * measures.unit))
        grid.setColumnStretch(1, 1)
        grid.addWidget(text(measures, line.title, bold=True), 0, 0)
        grid.addWidget(text(measures, line.times, tabular=True), 0, 1)
        total = text(measures, line.total, bold=True, tabular=True)
        total.setWordWrap(False)
        grid.addWidget(self._right(total), 0, 2)
        warned = [note.text for note in line.notes if note.warns]
        others = [note.text for note in line.notes if not note.warns]
        for number, (notes, tone) in enumerate(((warned, colours.warn), (others, colours.muted))):
            if notes:
                words = "  ·  ".join(notes)
                shown = text(measures, words[:1].upper() + words[1:], SMALL, colour=tone)
                grid.addWidget(shown, number + 1, 1, 1, 2)
        made.box.addLayout(grid)
        made.clicked.connect(partial(self._choose, line))
        return made

    def _answer(self, question: Question, choice: object, checked: bool = False) -> None:
        self.answered.emit(question, choice)

    def _say_when(self, question: Question, checked: bool = False) -> None:
        self.own_time.emit(question)

    def _choose(self, line: DayLine, checked: bool = False) -> None:
        self.chosen.emit(line)
