"""One request: what is asked, the day as it stands, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from kiosk.domain.attendance import DIRECTIONS, ClockEvent, Direction
from kiosk.domain.audit import Action
from kiosk.domain.errors import NotFound
from kiosk.domain.hours import DayRow
from kiosk.domain.hours.periods import Period
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.domain.rights import needs_another, who_else
from kiosk.services.admin.corrections import LONGEST_REASON
from kiosk.services.attendance.ledger import Ledger
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.words import author, event_text, sums
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, card, label
from kiosk.ui.admin.widgets.fields import Field
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import local_clock, long_day, moment
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the event that it is about, as it is now."""

    request: CorrectionRequest
    event: ClockEvent | None = None


@dataclass(frozen=True, slots=True)
class DayNow:
    """The day that a request is about, as it stands, and the closed period that holds it."""

    row: DayRow | None
    period: Period | None


def read_asked(site: Site, requests: Iterable[CorrectionRequest]) -> tuple[Asked, ...]:
    """For the worker."""
    return tuple(Asked(one, _event(site, one)) for one in requests)


def read_day(site: Site, asked: Asked) -> DayNow:
    """For the worker."""
    request, attendance = asked.request, site.attendance()
    at = request.moment or (asked.event.at if asked.event else request.asked_at)
    day = attendance.today(at)
    rows = attendance.days(day, day, {request.person_id}, empty=True)
    period = Ledger(site.records, attendance).period_of(day)
    return DayNow(next(iter(rows), None), period)


def request_text(asked: Asked) -> str:
    """What somebody asks for, in one line."""
    request, event = asked.request, asked.event
    what = _at(request.direction, request.moment)
    if request.replaces is None:
        return _("Add: {what}").format(what=what)
    was = _at(event.direction, event.at) if event else _("an entry that is gone")
    if request.moment is None:
        return _("Strike out: {what}").format(what=was)
    return _("{what} instead of: {was}").format(what=what, was=was)


def answer_text(request: CorrectionRequest) -> str:
    """Whether it is open, approved or refused, and why."""
    answer = request.answer
    if answer is None:
        return _("Open")
    said = _("Approved") if answer.approved else _("Refused")
    return f"{said}: {answer.why}" if answer.why else said


class RequestSheet(Sheet):
    """``changed`` brings the news."""

    changed = Signal(str)

    def __init__(self, context: PageContext, asked: Asked) -> None:
        request = asked.request
        super().__init__(request.name, width=56)
        self._context = context
        self._request = request
        asked_at = _("Asked {moment}").format(moment=moment(request.asked_at))
        self.body.addWidget(label(request_text(asked), "heading", wrap=True))
        self.body.addWidget(label(_("Why: {why}").format(why=request.why), wrap=True))
        self.body.addWidget(label(asked_at, "muted", wrap=True))
        self.day_head = label("", "label", wrap=True)
        self.day = label("", wrap=True)
        self.closed_note = label("", "warn", wrap=True)
        self.closed_note.hide()
        self.own = label("", "muted", wrap=True)
        self.own.hide()
        self.body.addWidget(card(self.day_head, self.day, gap=1))
        self.body.addWidget(self.closed_note)
        self.body.addWidget(self.own)
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason_field = Field(
            _("Answer"), self.reason, _("The person reads it. A refusal needs one.")
        )
        self.approve = Button(_("Approve"), self._approve, kind="primary", icon="check")
        self.refuse = Button(_("Refuse"), self._refuse, kind="danger", icon="x")
        may = context.may(Action.APPROVE_CORRECTION, request.person_id)
        if request.answer is None and may:
            self.body.addWidget(self.reason_field)
            self.buttons.insertWidget(0, self.refuse)
            self.buttons.addWidget(self.approve)
            self.first = self.approve
        elif request.answer is not None:
            answer = request.answer
            said = _("{answer}\n{who}, {moment}").format(
                answer=answer_text(request), who=author(answer.by), moment=moment(answer.at)
            )
            self.body.addWidget(label(said, "label", wrap=True))
        self.reason.textChanged.connect(lambda _: self.reason_field.set_error(""))
        site = context.site
        context.worker.submit(
            lambda: read_day(site, asked), self._show_day, self._failed, owner=self
        )

    def _show_day(self, now: DayNow) -> None:
        row = now.row
        if row is None:
            self.day_head.setText(_("Nothing was recorded on this day"))
            self.day.setText(_("The person is deleted, disabled or not valid on it."))
        else:
            self.day_head.setText(_("{day}, as it stands").format(day=long_day(row.day)))
            self.day.setText("\n".join(_lines(row)))
        if self._request.answer is not None:
            return
        actor, whom = self._context.actor, self._request.person_id
        if needs_another(actor, Action.APPROVE_CORRECTION, whom):
            self.own.setText(who_else(row.group if row else ""))
            self.own.show()
        elif now.period is not None:
            text = _(
                "{since} to {until} is closed: what you approve is carried into the next period."
            )
            since, until = day_text(now.period.since), day_text(now.period.until)
            self.closed_note.setText(text.format(since=since, until=until))
            self.closed_note.show()

    def _approve(self) -> None:
        actor = self._context.actor
        requests, request, why = (
            self._context.site.admin.requests,
            self._request,
            self.reason.text(),
        )
        news = _("{name}: done as asked.").format(name=isolated(request.name))
        self._answer(lambda: requests.approve(actor, request, why), news)

    def _refuse(self) -> None:
        actor = self._context.actor
        requests, request, why = (
            self._context.site.admin.requests,
            self._request,
            self.reason.text(),
        )
        news = _("{name}: refused.").format(name=isolated(request.name))
        self._answer(lambda: requests.refuse(actor, request, why), news)

    def _answer(self, op: Callable[[], Any], news: str) -> None:
        for button in (self.approve, self.refuse):
            button.setEnabled(False)

        def done(_result: object) -> None:
            self.changed.emit(news)
            self.dismiss()

        self._context.worker.submit(op, done, self._failed, owner=self)

    def _failed(self, error: BaseException) -> None:
        for button in (self.approve, self.refuse):
            button.setEnabled(True)
        self.reason_field.set_error(sentence(error))


def _event(site: Site, request: CorrectionRequest) -> ClockEvent | None:
    if request.replaces is None:
        return None
    try:
        return site.records.clock_events.get(request.replaces)
    except NotFound:
        return None


def _at(direction: Direction, at: datetime | None) -> str:
    said = _(DIRECTIONS[direction])
    if at is None:
        return said
    local = at.astimezone()
    return f"{said} {day_text(local.date())}  {local_clock(local)}"


def _lines(row: DayRow) -> list[str]:
    lines = [event_text(event) for event in row.events] or [_("Nothing was recorded.")]
    if row.events or row.planned is not None:
        lines.append(sums(row))
    if row.absence is not None:
        lines.append(_("Absent: {kind}").format(kind=row.absence.kind))
    return lines
