"""My hours, over the page at the door, for whoever was let in just now and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.services.decide.engine import View
from kiosk.services.privacy.own_data import OwnData
from kiosk.services.site import Site
from kiosk.ui.common.palette import Palette
from kiosk.ui.common.texts import Texts
from kiosk.ui.common.theme import current_theme
from kiosk.ui.common.work import Worker, sentence
from kiosk.ui.kiosk.entry import Entry, Purpose
from kiosk.ui.kiosk.entry_pad import EntryPad
from kiosk.ui.kiosk.hours.acts import Acts
from kiosk.ui.kiosk.hours.desk import OwnDesk
from kiosk.ui.kiosk.hours.draft import Draft, Step
from kiosk.ui.kiosk.hours.leaf import Leaf
from kiosk.ui.kiosk.hours.model import Choice, DayLine, OwnHours, Question
from kiosk.ui.kiosk.hours.overview import Overview
from kiosk.ui.kiosk.hours.own import OwnPage, Shows, WithdrawPage
from kiosk.ui.kiosk.hours.parts import Measures, column, text
from kiosk.ui.kiosk.hours.reading import WRITING
from kiosk.ui.kiosk.hours.state import State
from kiosk.ui.kiosk.hours.steps import ChangeStep, EntryStep, ReasonStep, StepPage, TimeStep
from kiosk.ui.kiosk.hours.visit import UNTOUCHED, Visit, may_read
from kiosk.ui.kiosk.offers import SETTLES


class HoursPage(QWidget):
    """Hidden but while somebody reads; ``closed`` when they are done, have left or touched nothing
    for 20 s. Nothing of what it showed stays then. ``clock`` is monotonic, ``now`` in UTC."""

    closed = Signal()

    def __init__(
        self,
        site: Site,
        worker: Worker,
        texts: Texts,
        parent: QWidget,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        untouched: int = UNTOUCHED,
    ) -> None:
        super().__init__(parent)
        self._site = site
        self._worker = worker
        self._texts = texts
        self._clock = clock
        self._now = now
        self._shown: object = None
        self._settled_at = 0.0
        self._palette: Palette = current_theme().palette
        self.visit = Visit(site, clock, untouched, self)
        self.visit.over.connect(self.close_page)
        self.visit.changed.connect(self._build)
        self._desk = OwnDesk(self._run, self._type_pin, self._build, self.visit.by_pin)
        self._state: State | None = None
        self.leaf: Leaf | None = None
        self.pad: EntryPad | None = None
        self.setAccessibleName(_("My hours"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._state is not None

    def may_open(self, view: View) -> bool:
        """Whether the view greets somebody: of everybody let in something is kept."""
        return may_read(view)

    def open(self, view: View) -> None:
        """Show the hours of whoever the view greets."""
        if self.is_open or not self.may_open(view) or not self.visit.begin(view):
            return
        assert view.announcement is not None
        decision = view.announcement.decision
        assert decision.person_id is not None
        self._state = State(Acts(self._site, decision, self._now))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._build()
        if self._state.acts.has_hours:
            self._read(self._state)

    def close_page(self) -> None:
        """Put it away; nothing of it stays."""
        if not self.is_open:
            return
        self._state = self._shown = None
        self.visit.end()
        self._close_pad()
        self._drop()
        self.hide()
        self.closed.emit()

    def hear(self, view: View) -> bool:
        """A view came; whether the page at the door should take it for what it says."""
        return self.visit.hear(view)

    def set_palette(self, palette: Palette) -> None:
        self._palette = palette
        if self.pad is not None:
            self.pad.set_palette(palette)
        self._build()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """None of them is for the page beneath."""
        event.accept()
        state, leaf = self._state, self.leaf
        if self.pad is not None:
            self.pad.keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self._back()
        elif state is not None and leaf is not None and not state.busy:
            self._press(state, leaf, event)

    def _press(self, state: State, leaf: Leaf, event: QKeyEvent) -> None:
        if isinstance(leaf.body, TimeStep) and leaf.body.take(event):
            return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            leaf.press(Qt.Key(event.key()))
            return
        onward = state.onward
        if onward is not None and onward[1]:
            self._onward()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._build()

    def hideEvent(self, event: QHideEvent) -> None:
        self.close_page()  # whatever hid the page at the door: the admin panel, for one

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._palette.window))
        painter.end()

    def _read(self, state: State) -> None:
        def show(own: OwnHours) -> None:
            if state is self._state:
                state.own, state.busy = own, False
                self._build()

        self._worker.submit(state.acts.read, show, partial(self._fail, state), owner=self)

    def _do(self, state: State, act: Callable[[], str]) -> None:
        """Something that is written; all is read anew after it. A second touch does nothing."""
        if state.busy:
            return
        state.busy = True
        if self.leaf is not None:
            self.leaf.rest()

        def done(what: str) -> None:
            if state is self._state:
                state.news, state.draft, state.why, state.scrolled = (what, True), None, "", 0
                self._read(state)

        self._worker.submit(act, done, partial(self._fail, state), owner=self)

    def _run(self, state: State, act: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Something of their own data; nothing is read anew after it."""
        if state.busy:
            return
        state.busy = True
        if self.leaf is not None:
            self.leaf.rest()

        def show(result: Any) -> None:
            if state is self._state:
                state.busy = False
                done(result)

        self._worker.submit(act, show, partial(self._fail, state), owner=self)

    def _fail(self, state: State, error: BaseException) -> None:
        if state is not self._state:
            return
        told = sentence(error)
        if not isinstance(error, BadInput):
            self._site.faults.note(told)
            told = _("That did not work. Please try again, or ask at the desk.")
        state.news, state.busy, state.scrolled = (told, False), False, 0
        self._build()

    def _answer(self, question: Question, choice: Choice) -> None:
        if self._state is not None:
            self._do(self._state, partial(self._state.acts.answer, question, choice))

    def _go(self, draft: Draft | None) -> None:
        """To another step, or (None) back to all hours."""
        state = self._state
        if state is None or state.busy:
            return
        if state.draft is None and self.leaf is not None:
            state.scrolled = self.leaf.scrolled
        if draft is None or draft.step is not Step.REASON:
            state.why = ""
        state.draft, state.news = draft, None
        self._build()

    def _begin(self, line: DayLine) -> None:
        self._go(Draft(line))

    def _begin_today(self) -> None:
        if self._state is not None and self._state.own is not None:
            self._begin(self._state.own.days[0])

    def _say_when(self, question: Question) -> None:
        self._go(Draft.answering(question))

    def _back(self) -> None:
        state = self._state
        if state is None or state.busy:
            return
        if state.shows is Shows.WITHDRAW:
            self._show(Shows.DATA)
        elif state.shows is Shows.DATA and state.acts.has_hours:
            self._show(Shows.HOURS)
        elif state.draft is None:
            self.close_page()
        else:
            self._go(state.draft.back())

    def _show(self, shows: Shows) -> None:
        state = self._state
        if state is not None:
            state.shows, state.news, state.scrolled = shows, None, 0
            self._build()

    def _open_data(self) -> None:
        if self._state is not None:
            self._desk.open(self._state)

    def _onward(self) -> None:
        state = self._state
        if state is not None and state.shows is Shows.WITHDRAW:
            self._desk.withdraw(state)
        if state is None or state.draft is None:
            return
        draft = state.draft
        if draft.step is Step.REASON:
            self._do(state, partial(state.acts.ask, draft, state.why))
        elif draft.says_when:
            self._do(state, partial(state.acts.say_when, draft))
        else:
            self._go(draft.at_time())

    def _choose_reason(self, why: str) -> None:
        if self._state is not None and not self._state.busy:
            self._state.why = why
            self._build()

    def _type_reason(self) -> None:
        self._open_pad(
            Entry.begin(Purpose.REASON), lambda entry: self._choose_reason(entry.who), letters=True
        )

    def _type_pin(self, done: Callable[[str], object]) -> None:
        state = self._state
        if state is not None:
            state.news = (_("Please type your own PIN, once more."), True)
            self._build()
            self._open_pad(Entry.begin(Purpose.OWN_PIN), lambda entry: done(entry.text))

    def _open_pad(
        self, entry: Entry, done: Callable[[Entry], object], *, letters: bool = False
    ) -> None:
        def submitted(entry: Entry) -> None:
            self._close_pad()
            done(entry)

        self._close_pad()
        pad = EntryPad(self, self._texts, untouched=UNTOUCHED)
        self.pad = pad
        pad.set_palette(self._palette)
        pad.submitted.connect(submitted)
        pad.cancelled.connect(self._cancel_pad)
        self._place_pad(pad)
        pad.open(entry, letters=letters)

    def _cancel_pad(self) -> None:
        secret = self.pad is not None and self.pad.entry.purpose is Purpose.OWN_PIN
        self._close_pad()
        if secret and self._state is not None:
            self._state.news = None
            self._build()

    def _close_pad(self) -> None:
        pad, self.pad = self.pad, None
        if pad is not None:
            pad.close_pad()
            pad.deleteLater()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place_pad(self, pad: EntryPad) -> None:
        edge = self.height() // 40
        room = self.height()
        if pad.entry.purpose is Purpose.OWN_PIN and self.leaf is not None:
            room -= self.leaf.head_bottom  # which says what is to be typed
        high = min(room, round(0.9 * self.width())) - 2 * edge
        pad.setGeometry(QRect(edge, self.height() - high - edge, self.width() - 2 * edge, high))
        pad.raise_()

    def _drop(self) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is not None:
            leaf.hide()
            leaf.deleteLater()

    def _build(self) -> None:
        """All of it anew, for what is to be shown now."""
        state = self._state
        if state is None:
            return
        focused = self.leaf.focused if self.leaf is not None else None
        self._drop()
        measures = Measures.of(self._palette, self.width(), self.height())
        if state.leaf != self._shown:
            self._shown, self._settled_at = state.leaf, self._clock() + SETTLES
        leaf = Leaf(self, measures, self._body(state, measures), self._settling)
        self.leaf = leaf
        leaf.set_head(state.title, state.news)
        at_hours = state.shows is Shows.HOURS
        if state.draft is not None or (not at_hours and self._goes_back(state)):
            leaf.add_left(_("Back"), self._back, icon="chevron-left")
        elif at_hours and self.visit.sure:
            if state.own is not None:
                leaf.add_left(_("Ask for a correction"), self._begin_today)
            leaf.add_left(_("My data"), self._open_data)
        onward = state.onward
        close = _("Done") if state.draft is None and onward is None else _("Close")
        leaf.add_right(close, self.close_page, icon="x", main=onward is None)
        if onward is not None:
            label, ready = onward
            leaf.add_right(label, self._onward, main=True, enabled=ready)
        leaf.setGeometry(self.rect())
        leaf.show()
        if state.draft is None and state.scrolled:
            QTimer.singleShot(0, leaf, partial(leaf.scroll_to, state.scrolled))
        if self.pad is not None:
            self._place_pad(self.pad)
        elif focused is not None:
            leaf.focus(focused)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _goes_back(self, state: State) -> bool:
        return state.shows is Shows.WITHDRAW or state.acts.has_hours

    def _settling(self) -> bool:
        return self._clock() < self._settled_at

    def _body(self, state: State, measures: Measures) -> QWidget:
        if not self.visit.sure:
            return _alone(measures, _("Please look into the camera once more."))
        if state.shows is not Shows.HOURS and state.data is not None:
            return self._own(state, state.data, measures)
        if not state.acts.has_hours:
            return _alone(measures, _("All that this kiosk keeps of you, and how to end it."))
        if state.own is None:
            return _alone(measures, "" if state.news else _("One moment"))
        if state.draft is None:
            overview = Overview(state.own, measures)
            overview.answered.connect(self._answer)
            overview.own_time.connect(self._say_when)
            overview.chosen.connect(self._begin)
            return overview
        step = self._step(state, state.draft, state.own, measures)
        step.changed.connect(self._go)
        return step

    def _own(self, state: State, data: OwnData, measures: Measures) -> QWidget:
        if state.shows is Shows.WITHDRAW:
            return WithdrawPage(data, measures)
        copies = bool(self._site.settings().copies_folder)
        page = OwnPage(data, measures, copies=copies)
        page.withdraw.connect(lambda: self._desk.ask_withdraw(state))
        page.copy.connect(lambda: self._desk.copy(state))
        return page

    def _step(self, state: State, draft: Draft, own: OwnHours, measures: Measures) -> StepPage:
        breaks = self._site.attendance().rules.breaks
        match draft.step:
            case Step.ENTRY:
                return EntryStep(draft, measures, own.days, breaks=breaks)
            case Step.CHANGE:
                return ChangeStep(draft, measures, WRITING, breaks=breaks)
            case Step.TIME:
                return TimeStep(draft, measures, WRITING)
            case Step.REASON:
                step = ReasonStep(draft, state.why, measures, WRITING)
                step.reason.connect(self._choose_reason)
                step.type.connect(self._type_reason)
                return step


def _alone(measures: Measures, words: str) -> QWidget:
    page = QWidget()
    page.setLayout(column(0, text(measures, words)))
    return page
