"""A person's days, punches, questions and requests in words; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.hours import DayRow, Flag, Flagged, Span
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.hours.spans import Break
from kiosk.domain.language import _, marked
from kiosk.ui.kiosk.hours.model import Answered, Asked, Note, Writing

DONE = {
    Direction.IN: marked("Came in"),
    Direction.OUT: marked("Went out"),
    Direction.BREAK: marked("Break began"),
    Direction.BACK: marked("Break ended"),
    Direction.SEEN: marked("Was seen"),
}
EVIDENCE = {
    Evidence.FACE: marked("by face"),
    Evidence.PIN: marked("by PIN"),
    Evidence.PERSON: marked("as you said"),
    Evidence.HAND: marked("entered by hand"),
    Evidence.IMPORT: marked("from another system"),
    Evidence.RECORDING: marked("from a recording"),
}
MEANT = {
    Direction.IN: marked("I came in"),
    Direction.OUT: marked("I left"),
    Direction.BREAK: marked("I began a break"),
    Direction.BACK: marked("I was back from a break"),
}
RATHER = {
    Direction.IN: marked("I came in then"),
    Direction.OUT: marked("I went out then"),
    Direction.BREAK: marked("I began a break then"),
    Direction.BACK: marked("I ended a break then"),
}
WHEN = {
    Direction.IN: marked("When did you come in?"),
    Direction.OUT: marked("When did you leave?"),
    Direction.BREAK: marked("When did your break begin?"),
    Direction.BACK: marked("When did your break end?"),
    Direction.SEEN: marked("When was it?"),
}
FLAGS = {
    Flagged.OPEN_END: marked("one end is missing"),
    Flagged.ASSUMED_END: marked("you did not clock out: the end of your shift counts"),
    Flagged.UNANSWERED: marked("a question is open"),
    Flagged.CLOCK: marked("the kiosk's clock was in doubt"),
    Flagged.LONG: marked("unusually long: {time}"),
    Flagged.BRIEF: marked("you went minutes after you came"),
    Flagged.SHORT_BREAK: marked("the breaks are too short by {time}"),
    Flagged.DEDUCTED: marked("{time} taken off for a break"),
    Flagged.SHORT_REST: marked("the rest before it was too short by {time}"),
    Flagged.LATE: marked("late by {time}"),
    Flagged.EARLY: marked("left early by {time}"),
    Flagged.MISSING: marked("nothing was recorded"),
    Flagged.DAY_OFF: marked("your rota has no shift on this day"),
    Flagged.AWAY: marked("you were to be away"),
}
UNKNOWN = "?"


def hours(time: timedelta) -> str:
    """Hours and minutes, ``163:05``; seconds are dropped."""
    minutes = time // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02d}"


def times(spans: Sequence[Span], writing: Writing, *, runs: bool) -> str:
    """The spans of a day; ``runs``: the person is there yet since the last one's beginning."""
    shown = [span for span in spans if span.came is not None or span.went is not None]
    parts = []
    for span in shown:
        if runs and span is shown[-1] and span.came is not None:
            parts.append(_("since {time}").format(time=writing.clock(span.came.local)))
        else:
            parts.append(_span(span, writing))
    return ", ".join(parts)


def notes(row: DayRow, writing: Writing, *, runs: bool) -> tuple[Note, ...]:
    """What else is to be said of a day, what should be looked at first."""
    ends = sum(span.open and span.assumed is None for span in row.spans)
    found = [
        Note(_flag(flag), warns=flag.what is not Flagged.DEDUCTED)
        for flag in row.flags
        if not (flag.what is Flagged.OPEN_END and runs and ends == 1)
    ]
    if row.absence is not None:
        found.append(Note(row.absence.kind))
    if row.holiday:
        found.append(Note(row.holiday))
    for span in row.spans:
        found += [Note(_break(pause, span, writing)) for pause in span.breaks]
    if row.counted_by_hand:
        by_hand = _("{time} of it not by face or PIN").format(time=hours(row.counted_by_hand))
        found.append(Note(by_hand))
    return tuple(found)


def entry(event: ClockEvent, writing: Writing) -> str:
    """What and when, ``Came in 07:42``."""
    return _("{what} {time}").format(what=_(DONE[event.direction]), time=writing.clock(event.local))


def evidence(event: ClockEvent) -> str:
    """What it rests on, and the note beside it."""
    return ": ".join(filter(None, (_(EVIDENCE[event.evidence]), event.note)))


def at(moment: datetime, writing: Writing, day: date | None = None) -> str:
    """A time of day by the wall's clock, with its day where that is not ``day``."""
    if moment.date() == day:
        return writing.clock(moment)
    return _("{day}, {time}").format(day=writing.day(moment.date()), time=writing.clock(moment))


def meant(direction: Direction, options: Sequence[Direction]) -> str:
    """What a look meant, as the person would say it, of all that it may have meant."""
    if direction is not Direction.SEEN:
        return _(MEANT[direction])
    return _("I stayed") if Direction.OUT in options else _("I only passed by")


def asked(request: CorrectionRequest, replaced: ClockEvent | None, writing: Writing) -> Asked:
    """A request of one's own; ``replaced`` is the event that it is about, where there is one."""
    state, answer = Answered.WAITS, _("Waits for an answer")
    if request.answer is not None:
        why = request.answer.why
        if request.answer.approved:
            state = Answered.APPROVED
            answer = _("Approved: {why}").format(why=why) if why else _("Approved")
        else:
            state, answer = Answered.REFUSED, _("Refused: {why}").format(why=why)
    return Asked(
        wish(request.direction, request.moment, replaced, writing), request.why, state, answer
    )


def wish(
    direction: Direction, moment: datetime | None, replaced: ClockEvent | None, writing: Writing
) -> str:
    """What is asked for: something at a moment, in the place of something, or only without it."""
    before = ""
    if replaced is not None:
        before = _("{what} {when}").format(
            what=_(DONE[replaced.direction]), when=at(replaced.local, writing)
        )
    if moment is None:
        return _("Take out: {what}").format(what=before)
    local = moment.astimezone()
    now = _("{what} {when}").format(what=_(DONE[direction]), when=at(local, writing))
    return _("{now} instead of {before}").format(now=now, before=before) if before else now


def _span(span: Span, writing: Writing) -> str:
    came = span.came.local if span.came is not None else None
    went = span.went.local if span.went is not None else span.assumed
    begin = writing.clock(came) if came is not None else UNKNOWN
    if went is None:
        return f"{begin} – {UNKNOWN}"
    text = f"{begin} – {writing.clock(went)}"
    if came is None or went.date() == came.date():
        return text
    if went.date() == came.date() + timedelta(days=1):
        return _("{times} the next day").format(times=text)
    return _("{times} on {day}").format(times=text, day=writing.day(went.date()))


def _break(pause: Break, span: Span, writing: Writing) -> str:
    began = writing.clock(pause.began.local)
    if pause.ended is not None:
        return _("break {begin} – {end}").format(begin=began, end=writing.clock(pause.ended.local))
    return _("break since {begin}").format(begin=began)


def _flag(flag: Flag) -> str:
    return _(FLAGS[flag.what]).format(time=hours(flag.by))
