"""A correction on its way from a touch to a request; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.language import _, marked
from kiosk.ui.kiosk.hours import words
from kiosk.ui.kiosk.hours.model import DayLine, Question, Writing

FORGOT = {
    Direction.IN: marked("I forgot to clock in"),
    Direction.OUT: marked("I forgot to clock out"),
    Direction.BREAK: marked("I forgot to clock my break"),
    Direction.BACK: marked("I forgot to clock my break"),
    Direction.SEEN: marked("I only passed by"),
}
MISSED = (
    marked("I was at a customer"),
    marked("I worked somewhere else"),
    marked("The kiosk did not know me"),
    marked("The kiosk was not working"),
)
WRONG = (
    marked("I only passed by"),
    marked("I touched the wrong button"),
    marked("The kiosk got it wrong"),
    marked("It was not me"),
)


class Step(StrEnum):
    """What is asked of the person now."""

    ENTRY = "entry"
    """Which entry of the day is wrong, or what is missing."""
    CHANGE = "change"
    """What is wrong with an entry."""
    TIME = "time"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Draft:
    """``event`` is the entry that is wrong, None where one is missing; ``direction`` what it should
    say, None until that is known; ``taken_out`` that it should not be there. ``belongs_to`` is the
    coming or going that a missing one belongs to. ``digits`` are those of the time (HHMM) as far as
    typed; ``needs_time`` is False where the entry's own stays."""

    line: DayLine
    event: ClockEvent | None = None
    direction: Direction | None = None
    taken_out: bool = False
    belongs_to: ClockEvent | None = None
    needs_time: bool = True
    digits: str = ""
    timed: bool = False
    """The time is done with."""
    questioned: bool = False
    """It began with a question, not with a day."""

    @classmethod
    def answering(cls, question: Question) -> Draft:
        """Somebody says a time of their own to a question about a missing end."""
        return cls(
            question.line,
            direction=question.missing,
            belongs_to=question.event,
            questioned=True,
        )

    def missing(self, direction: Direction) -> Draft:
        """An entry is missing on this day."""
        entries = (entry.event for entry in self.line.entries)
        events = [event for event in entries if event.direction is not Direction.SEEN]
        near = None
        if direction is Direction.IN:
            near = events[0] if events and events[0].direction is Direction.OUT else None
        elif events and events[-1].direction is not Direction.OUT:
            comings = [event for event in events if event.direction is Direction.IN]
            near = comings[-1] if comings else None
        return replace(self, direction=direction, belongs_to=near)

    def wrong(self, event: ClockEvent) -> Draft:
        """This entry is wrong."""
        return replace(self, event=event)

    def another_time(self) -> Draft:
        """The entry is right but for its time."""
        assert self.event is not None
        return replace(self, direction=self.event.direction)

    def another_way(self, direction: Direction) -> Draft:
        """The entry is right but for what it says."""
        return replace(self, direction=direction, needs_time=False)

    def take_out(self) -> Draft:
        """The entry should not be there."""
        return replace(self, taken_out=True)

    @property
    def step(self) -> Step:
        if self.taken_out:
            return Step.REASON
        if self.direction is None:
            return Step.ENTRY if self.event is None else Step.CHANGE
        return Step.TIME if self.needs_time and not self.timed else Step.REASON

    @property
    def says_when(self) -> bool:
        """Whether the time alone answers a question: when somebody left who forgot to say so."""
        return self.questioned and self.direction is Direction.OUT

    @property
    def ready(self) -> bool:
        """Whether a whole time was typed."""
        return len(self.digits) == 4

    def typed(self, digit: str) -> Draft:
        """One more digit; what makes no time of day is left out."""
        return replace(self, digits=typed(self.digits, digit))

    def at_time(self) -> Draft:
        """The time is as it was typed."""
        return replace(self, timed=True)

    def erased(self) -> Draft:
        return replace(self, digits=self.digits[:-1])

    def back(self) -> Draft | None:
        """The step before, None before the first."""
        match self.step:
            case Step.ENTRY:
                return None
            case Step.CHANGE:
                return Draft(self.line)
            case Step.REASON if self.timed:
                return replace(self, timed=False)
            case Step.REASON:
                return replace(self, direction=None, taken_out=False, needs_time=True)
            case _ if self.questioned:
                return None
            case _:
                return replace(self, direction=None, belongs_to=None, digits="")

    def moment(self) -> datetime | None:
        """When it was (with zone, this machine's): near the entry that is wrong, after the coming
        or before the going that it belongs to, or else within the working day. None where the entry
        is to be taken out, or no time was typed."""
        if self.taken_out:
            return None
        if not self.needs_time:
            return self.event.at if self.event is not None else None
        if not self.ready:
            return None
        at = time(int(self.digits[:2]), int(self.digits[2:]))
        days = (self.line.day + timedelta(days=n) for n in (-1, 0, 1, 2))
        around = [datetime.combine(day, at).astimezone() for day in days]
        if self.event is not None:
            event = self.event
            return min(around, key=lambda moment: abs(moment - event.at))
        near = self.belongs_to
        if near is not None and near.direction is Direction.OUT:
            return next(moment for moment in reversed(around) if moment < near.at)
        if near is not None:
            return next(moment for moment in around if moment > near.at)
        return next(moment for moment in around if moment >= self.line.begin)

    def reasons(self) -> tuple[str, ...]:
        """Ready ones, the likely one first."""
        if self.event is not None:
            return tuple(_(why) for why in WRONG)
        assert self.direction is not None
        return tuple(_(why) for why in (FORGOT[self.direction], *MISSED))

    def said(self, writing: Writing) -> str:
        """What will be asked for."""
        direction = self.direction
        if direction is None:
            direction = self.event.direction if self.event is not None else Direction.IN
        return words.wish(direction, self.moment(), self.event, writing)


def typed(digits: str, digit: str) -> str:
    """Digits of a time of day with one more; a whole time is begun anew."""
    if len(digits) == 4:
        digits = ""
    if len(digit) != 1 or digit not in "0123456789":
        return digits
    if not digits and digit > "2":
        return f"0{digit}"  # 7:30 is half past seven
    if (digits == "2" and digit > "3") or (len(digits) == 2 and digit > "5"):
        return digits
    return digits + digit


def shown(digits: str) -> str:
    """A time as far as it is typed: ``17:0_``."""
    padded = digits.ljust(4, "_")
    return f"{padded[:2]}:{padded[2:]}"
