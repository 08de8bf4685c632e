"""One person's day: what was recorded, what it rests on, and how to put it right. Nothing is ever
taken out: what was struck out stays, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QTimer, Signal

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import Action
from kiosk.domain.hours import Span
from kiosk.domain.language import _
from kiosk.domain.rights import needs_another, who_else
from kiosk.services.admin.corrections import UNDONE
from kiosk.ui.admin.attendance.day_details import DayDetails, read_day
from kiosk.ui.admin.attendance.event_form import AwayForm, EventForm, ReasonForm
from kiosk.ui.admin.attendance.event_line import EventLine
from kiosk.ui.admin.attendance.news import Done, announce, take_back, tell
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.attendance.words import event_text, sums
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Banner, Button, label
from kiosk.ui.admin.widgets.formats import local_clock, long_day
from kiosk.ui.admin.widgets.layouts import boxed, column, emptied, rescale
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence

EVERY = (Direction.IN, Direction.OUT, Direction.BREAK, Direction.BACK, Direction.SEEN)
"""What an event may be."""


def open_day(view: View, person: tuple[int, str], day: date, *, alone: bool = False) -> None:
    """Open the sheet of somebody's day (id and name) over a view; ``alone``: it is this person's
    days that are shown behind."""
    context = view.context

    def show(details: DayDetails | None) -> None:
        if details is None:
            view.refresh()
            return
        sheet = DayEvents(context, details, alone=alone)
        sheet.changed.connect(partial(announce, view))
        sheet.person.connect(partial(view.person_wanted.emit, person))
        context.sheets.open(sheet)

    view.ask(lambda: read_day(context.site, person[0], day), show)


class DayEvents(Sheet):
    """``changed`` brings a ``Done``; ``person`` asks for all days of the person."""

    changed = Signal(object)
    person = Signal()

    def __init__(self, context: PageContext, details: DayDetails, *, alone: bool = False) -> None:
        """``alone``: it is this person's days that are shown behind."""
        row = details.line.row
        title = _("{day}: {name}").format(day=long_day(row.day), name=row.name)
        super().__init__(title, width=64)
        self._context = context
        self._acts = context.site.admin.corrections
        self._may_change = context.may(Action.ADD_CLOCK_EVENT, row.person_id)
        self.own = label(who_else(row.group), "muted", wrap=True)
        if not needs_another(context.actor, Action.ADD_CLOCK_EVENT, row.person_id):
            self.own.hide()
        self.banner = Banner()
        self.notes = label("", "warn", wrap=True)
        self.sums = label("", "muted", wrap=True)
        self._events = column(gap=4)
        self.recorded: list[EventLine] = []
        self.mends: list[EventForm] = []
        self.form: ReasonForm | None = None
        for part in (self.banner, self.own, self.notes, boxed(self._events), self.sums):
            self.body.addWidget(part)
        self.all_days = Button(_("All days"), self._all_days, icon="calendar-clock")
        self.all_days.setVisible(not alone)
        self.away_button = Button(_("Was away"), self.open_away, allowed=self._may_change)
        self.add_button = Button(
            _("Add missing event"), self.open_add, icon="plus", allowed=self._may_change
        )
        for button in (self.all_days, self.away_button, self.add_button):
            self.buttons.addWidget(button)
        self._show(details)

    def open_change(self, event: ClockEvent) -> None:
        """Turn it, put it at another time, or strike it out."""
        out = Button(_("Strike out"), kind="danger", icon="trash-2")
        others = [direction for direction in EVERY if direction is not event.direction]
        title = _("Change: {event}").format(event=event_text(event))
        form = EventForm(title, (event.direction, *others), event.local, more=(out,))
        form.saved.connect(lambda: self._change(event, form))
        out.clicked.connect(lambda: self._strike(event, form, out=True))
        self._open(form, event)

    def open_put_back(self, event: ClockEvent) -> None:
        """Have it count again."""
        form = ReasonForm(_("Put back: {event}").format(event=event_text(event)), _("Put back"))
        form.saved.connect(lambda: self._strike(event, form, out=False))
        self._open(form, event)

    def open_add(self) -> None:
        """Enter what the kiosk missed."""
        line = self._details.line
        at = (
            line.row.events[-1].local
            if line.row.events
            else line.begin.astimezone() + timedelta(hours=4)
        )
        form = EventForm(_("Add what the kiosk missed"), EVERY, at)
        form.saved.connect(lambda: self._add(form))
        self._open(form)

    def open_away(self) -> None:
        """Take some time out of a span of work."""
        span = self._whole[-1]
        assert span.came is not None
        middle = span.came.local + (span.there or timedelta(hours=2)) / 2
        half = timedelta(minutes=30)
        form = AwayForm(middle - half, middle + half)
        form.saved.connect(lambda: self._split(form))
        self._open(form)

    @property
    def _whole(self) -> list[Span]:
        return [span for span in self._details.line.row.spans if span.came is not None]

    def _show(self, details: DayDetails | None) -> None:
        if details is None:  # of somebody disabled nothing is left
            self.dismiss()
            return
        self._details = details
        emptied(self._events)
        self.form, self.recorded, self.mends = None, [], []
        notes = details.line.notes
        self.notes.setText("; ".join(notes))
        self.notes.setVisible(bool(notes))
        # What is missing comes first: it is why most people look.
        for span in details.forgotten if self._may_change else ():
            self._events.addWidget(self._mend(span))
        for event in details.events:
            self._events.addWidget(self._line(event))
        if not details.events:
            nothing = _("Nothing was recorded, which is no absence.")
            self._events.addWidget(label(nothing, "muted", wrap=True))
        self.sums.setText(sums(details.line.row))
        self.sums.setVisible(bool(details.line.row.spans))
        self.away_button.setVisible(bool(self._whole))
        rescale(self, self._context.sheets.scale)

    def _line(self, event: ClockEvent) -> EventLine:
        details = self._details
        said, instead = details.strikes.get(event.id, ()), details.replaced_by.get(event.id)
        line = EventLine(event, said, instead, breaks=details.breaks, may_change=self._may_change)
        line.change.connect(partial(self.open_change, event))
        line.put_back.connect(partial(self.open_put_back, event))
        line.answered.connect(partial(self._answer, event))
        self.recorded.append(line)
        return line

    def _mend(self, span: Span) -> EventForm:
        """When somebody left who never clocked out: the likely time is there already."""
        came = span.came
        assert came is not None
        times = self._details.left.get(came.id, ())
        title = _("Came in {time} and never clocked out. Went out at").format(
            time=local_clock(came.local)
        )
        form = EventForm(
            title,
            (Direction.OUT,),
            times[0] if times else came.local + timedelta(minutes=1),
            reason=_("Forgot to clock out"),
            offered=times,
            cancel=False,
        )
        form.saved.connect(lambda: self._add(form))
        self.mends.append(form)
        return form

    def _open(self, form: ReasonForm, event: ClockEvent | None = None) -> None:
        """Under the event that it is about, else at the end; one at a time."""
        self._close_form()
        self.form = form
        form.cancelled.connect(self._close_form)
        of = [line for line in self.recorded if line.clocked is event]
        place = self._events.indexOf(of[0]) + 1 if of else self._events.count()
        self._events.insertWidget(place, form)
        rescale(self, self._context.sheets.scale)
        form.reason.setFocus()
        # Once it has its place.
        QTimer.singleShot(0, form, lambda: self._area.ensureWidgetVisible(form, 0, 24))

    def _close_form(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        self.form = None

    def _add(self, form: EventForm) -> None:
        actor = self._context.actor
        person, direction, at, why = self._person, form.direction, form.moment, form.why
        self._do(
            lambda: (self._acts.add(actor, person, direction, at, why),),
            _("{event} is added."),
            form.fail,
        )

    def _change(self, event: ClockEvent, form: EventForm) -> None:
        direction, at, why = form.direction, form.moment, form.why
        turned, moved = direction is not event.direction, at != event.local
        acts, actor = self._acts, self._context.actor

        def change() -> tuple[ClockEvent, ...]:
            made: list[ClockEvent] = []
            if turned:
                made.append(acts.turn(actor, event, direction, why))
            if moved:
                made.append(acts.move(actor, made[-1] if made else event, at, why))
            return tuple(reversed(made))

        if not why.strip():
            form.fail(_("Say why: it stands beside the event for whoever reads the sheet."))
        elif not turned and not moved:
            form.fail(_("Nothing is changed yet: choose what it was, or another time."))
        else:
            self._do(change, _("Now it is: {event}."), form.fail)

    def _split(self, form: AwayForm) -> None:
        left, back, why, spans = form.left, form.back, form.why, self._whole
        acts, actor = self._acts, self._context.actor

        def split() -> tuple[ClockEvent, ...]:
            around = [span for span in spans if span.came is not None and span.came.at < left]
            return acts.split(actor, (around or spans)[-1], left, back, why)

        self._do(split, _("{event} and what follows it is added."), form.fail)

    def _answer(self, event: ClockEvent, direction: Direction) -> None:
        actor = self._context.actor
        self._do(
            lambda: (self._acts.answer(actor, event, direction),),
            _("Answered: {event}."),
            self.banner.say,
        )

    def _strike(self, event: ClockEvent, form: ReasonForm, *, out: bool) -> None:
        why, acts, actor = form.why, self._acts, self._context.actor

        def undo() -> object:
            return acts.strike(actor, event, UNDONE, out=not out)

        def done(changed: ClockEvent) -> None:
            text = _("{event} is struck out.") if out else _("{event} counts again.")
            self._news(Done(text.format(event=event_text(changed)), undo))

        self._context.worker.submit(
            lambda: acts.strike(actor, event, why, out=out),
            done,
            lambda error: form.fail(sentence(error)),
            owner=self,
        )

    def _do(
        self,
        act: Callable[[], tuple[ClockEvent, ...]],
        text: str,
        fail: Callable[[str], object],
    ) -> None:
        """What is made of it can be taken back, the newest first; ``text`` names the first."""
        acts, actor = self._acts, self._context.actor

        def done(made: tuple[ClockEvent, ...]) -> None:
            said = text.format(event=event_text(made[0]))
            self._news(Done(said, lambda: acts.undo(actor, *made)))

        self._context.worker.submit(act, done, lambda error: fail(sentence(error)), owner=self)

    def _news(self, done: Done) -> None:
        worker = self._context.worker
        tell(
            self.banner,
            done,
            lambda done: take_back(done, worker, self, self._news, self._failed),
        )
        self.changed.emit(done)
        row, site = self._details.line.row, self._context.site
        worker.submit(
            lambda: read_day(site, row.person_id, row.day), self._show, self._failed, owner=self
        )

    def _failed(self, error: BaseException) -> None:
        self.banner.say(sentence(error))

    @property
    def _person(self) -> int:
        return self._details.line.row.person_id

    def _all_days(self) -> None:
        self.dismiss()
        self.person.emit()
