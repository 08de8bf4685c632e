"""Putting the attendance right by further rows: nothing that was recorded is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from kiosk.domain.attendance import ClockEvent, Direction, Evidence, Strike
from kiosk.domain.audit import Action, Actor, ActorKind
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound
from kiosk.domain.hours import LONGEST, Span
from kiosk.domain.language import _
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Note, Trail

LONGEST_REASON: Final = 500
"""Letters that are kept of a reason."""
MINUTE: Final = timedelta(minutes=1)
UNDONE: Final = "undone"
"""Why something is taken back at once."""


@dataclass(frozen=True, slots=True)
class Outs:
    """Who was clocked out, and who was not (by their coming), with the reason."""

    done: tuple[ClockEvent, ...]
    left: tuple[tuple[ClockEvent, str], ...]


class Corrections:
    """Any thread but the screen's; some ms a call; StorageError. ``zone`` is the site's (None: the
    machine's)."""

    def __init__(
        self,
        storage: Storage,
        trail: Trail,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now
        self._zone = zone

    def add(
        self, actor: Actor, person_id: int, direction: Direction, at: datetime, note: str
    ) -> ClockEvent:
        """Add an event that the kiosk missed, marked as added by hand, or, where the person adds
        it, as said by them.

        Raises:
            BadInput: ``at`` lies in the future.
            AlreadyExists: the same stands there already.
            NotFound: there is no such person.
        """
        self._check_passed(at)
        with self._trail.act(actor, Action.ADD_CLOCK_EVENT, person_id) as entry:
            entry.subject = self._storage.people.get(person_id).name
            entry.details = f"{direction} at {stamp(at.astimezone(self._zone))}; {reason(note)}"
            self._check_new(person_id, direction, at)
            return self._enter(actor, person_id, direction, at, reason(note))

    def turn(
        self, actor: Actor, event: ClockEvent, direction: Direction | None = None, why: str = ""
    ) -> ClockEvent:
        """Make an in an out or the reverse, or what ``direction`` says: the first stays on record,
        struck out, and another stands in its place.

        Raises:
            BadInput: the event was struck out already.
            NotFound: there is no such event.
        """
        with self._trail.act(actor, Action.TURN_CLOCK_EVENT, event.person_id) as entry:
            turned = self._replace(actor, event, why, direction=direction or event.direction.other)
            _about(entry, event, f"now {turned.direction}", why)
        return turned

    def move(self, actor: Actor, event: ClockEvent, at: datetime, why: str) -> ClockEvent:
        """Put an event at another moment, by a reason.

        Raises:
            BadInput: no reason is given, or ``at`` lies in the future.
            NotFound: there is no such event.
        """
        self._check_passed(at)
        why = needed(why)
        with self._trail.act(actor, Action.MOVE_CLOCK_EVENT, event.person_id) as entry:
            moved = self._replace(actor, event, why, at=at, evidence=Evidence.HAND, note=why)
            _about(entry, event, f"now at {stamp(at.astimezone(self._zone))}", why)
        return moved

    def answer(self, actor: Actor, event: ClockEvent, direction: Direction) -> ClockEvent:
        """Somebody says what a look meant that the kiosk asked about: what was recorded counts, or
        something else stands in its place."""
        with self._trail.act(actor, Action.ANSWER_CLOCK_EVENT, event.person_id) as entry:
            _about(entry, event, f"it was {direction}", "")
            if direction is event.direction:
                return self._storage.clock_events.strike(
                    event.id, self._strike(actor, "confirmed"), out=False
                )
            return self._replace(actor, event, "answered", direction=direction)

    def strike(self, actor: Actor, event: ClockEvent, why: str, *, out: bool = True) -> ClockEvent:
        """Strike an event out, or put it back: it stays on record, with by whom and why.

        Raises:
            BadInput: no reason is given.
            NotFound: there is no such event.
        """
        why = needed(why)
        action = Action.STRIKE_CLOCK_EVENT if out else Action.PUT_BACK_CLOCK_EVENT
        with self._trail.act(actor, action, event.person_id) as entry:
            changed = self._storage.clock_events.strike(event.id, self._strike(actor, why), out=out)
            _about(entry, event, "", why)
        return changed

    def undo(self, actor: Actor, *made: ClockEvent) -> None:
        """Take back what was just added, answered, or put in the place of another, by further
        rows: what is new is struck out, what it replaced counts again, and a question that was
        answered is asked anew.

        Raises:
            BadInput: something of it was changed meanwhile.
            NotFound: there is no such event.
        """
        with self._trail.act(
            actor, Action.UNDO_CLOCK_EVENT, *{event.person_id for event in made}
        ) as entry:
            for event in made:
                self._take_back(actor, event)
                _about(entry, event, "", "")
            entry.details = "; ".join(_told(event) for event in made)

    def split(
        self, actor: Actor, span: Span, left: datetime, back: datetime, why: str
    ) -> tuple[ClockEvent, ClockEvent]:
        """Put a going and a coming inside a span of work, by a reason.

        Raises:
            BadInput: no reason is given, or the times do not lie within the span in this order with
                nothing recorded between them.
        """
        why = needed(why)
        self._check_passed(back)
        came = span.came
        if came is None or not came.at < left < back or (span.end and back >= span.end):
            raise BadInput(
                _("Give a time of going and, after it, of coming back, both within these hours.")
            )
        if any(left <= event.at <= back for event in span.events):
            raise BadInput(
                _("Something is recorded between these times: strike it out first, or move it.")
            )
        with self._trail.act(actor, Action.ADD_CLOCK_EVENT, came.person_id) as entry:
            entry.subject = self._storage.people.get(came.person_id).name
            out, again = (
                self._enter(actor, came.person_id, direction, at, why)
                for direction, at in ((Direction.OUT, left), (Direction.IN, back))
            )
            entry.details = f"{_told(out)}; {_told(again)}; {why}"
        return out, again

    def everybody_out(
        self,
        actor: Actor,
        comings: Iterable[ClockEvent],
        at: datetime,
        why: str,
        longest: timedelta = LONGEST,
    ) -> Outs:
        """Have everybody gone at one moment who came and has not gone since, by one reason; an act
        a person, and what can't be done for one is done for the others. ``longest`` is the longest
        shift.

        Raises:
            BadInput: no reason is given, or ``at`` lies in the future.
        """
        why = needed(why)
        self._check_passed(at)
        done, left = [], []
        for came in comings:
            try:
                self._check_may_go(came, at, longest)
                done.append(self.add(actor, came.person_id, Direction.OUT, at, why))
            except (AlreadyExists, BadInput, NotFound) as error:
                left.append((came, str(error)))
        return Outs(tuple(done), tuple(left))

    def _enter(
        self, actor: Actor, person_id: int, direction: Direction, at: datetime, note: str
    ) -> ClockEvent:
        said = actor.kind is ActorKind.PERSON
        evidence = Evidence.PERSON if said else Evidence.HAND
        return self._storage.clock_events.put(
            ClockEvent(0, person_id, direction, at, evidence, note, by=_author(actor))
        )

    def _check_may_go(self, came: ClockEvent, at: datetime, longest: timedelta) -> None:
        if at <= came.at:
            raise BadInput(_("Came after this time."))
        if at - came.at > longest:
            raise BadInput(_("Came so long before that nobody stays as long."))
        after = self._storage.clock_events.between(came.at, self._now(), came.person_id)
        if any(event.direction is Direction.OUT for event in after):
            raise BadInput(_("Has gone already."))
        if any(event.at >= at for event in after):
            raise BadInput(_("Was seen after this time."))

    def _take_back(self, actor: Actor, made: ClockEvent) -> None:
        events = self._storage.clock_events
        stands = events.get(made.id)
        if stands.struck is not None:
            raise BadInput(_("This event was struck out meanwhile: look at the day once more."))
        first = stands if made.replaces is None else events.get(made.replaces)
        said = len(events.strikes([first.id]).get(first.id, ()))
        undone = self._strike(actor, UNDONE)
        events.strike(made.id, undone, out=True)
        if first.doubt is not None and said == 1:
            # It was this that said what it meant: it is an open question again.
            events.put(replace(first, struck=None, answered=False, replaces=first.id))
        elif made.replaces is not None:
            events.strike(made.replaces, replace(undone, out=False), out=False)

    def _replace(
        self,
        actor: Actor,
        event: ClockEvent,
        why: str,
        *,
        direction: Direction | None = None,
        at: datetime | None = None,
        evidence: Evidence | None = None,
        note: str | None = None,
    ) -> ClockEvent:
        stands = self._storage.clock_events.get(event.id)
        if stands.struck is not None:
            raise BadInput(_("This event was struck out meanwhile: look at the day once more."))
        strike = self._strike(actor, why or "replaced")
        self._storage.clock_events.strike(event.id, strike, out=True)
        return self._storage.clock_events.put(
            replace(
                stands,
                direction=direction or stands.direction,
                at=at or stands.at,
                # Another moment may have another local time.
                utc_offset_minutes=None if at else stands.utc_offset_minutes,
                evidence=evidence or stands.evidence,
                note=stands.note if note is None else note,
                doubt=None,
                answered=False,
                replaces=stands.id,
                by=_author(actor),
            )
        )

    def _strike(self, actor: Actor, why: str) -> Strike:
        return Strike(self._now(), _author(actor), why)

    def _check_passed(self, at: datetime) -> None:
        if at > self._now():
            raise BadInput(
                _("{what:%d %B %Y %H:%M} has not come yet: enter a time that has passed.").format(
                    what=at.astimezone(self._zone)
                )
            )

    def _check_new(self, person_id: int, direction: Direction, at: datetime) -> None:
        minute = at.replace(second=0, microsecond=0)
        around = self._storage.clock_events.between(minute, minute + MINUTE, person_id)
        if any(event.direction is direction for event in around):
            raise AlreadyExists(_("The same stands there already: look at the day once more."))


def stamp(local: datetime) -> str:
    """A moment in the audit trail, by the clock on the wall and with how far that was from UTC."""
    return local.isoformat(sep=" ", timespec="minutes")


def reason(text: str) -> str:
    """A reason as it is kept, with single spaces.

    Raises:
        BadInput: it has more than 500 characters: a part of it would say another thing.
    """
    kept = " ".join(text.split())
    if len(kept) > LONGEST_REASON:
        raise BadInput(
            _("The reason has {count} characters; at most {limit} fit. Shorten it.").format(
                count=len(kept), limit=LONGEST_REASON
            )
        )
    return kept


def needed(text: str) -> str:
    """The same, of one that must be given.

    Raises:
        BadInput: it is empty, or too long.
    """
    why = reason(text)
    if not why:
        raise BadInput(_("Say why: it stands beside the event for whoever reads the sheet."))
    return why


def _author(actor: Actor) -> str:
    return actor.name or actor.kind.value


def _about(entry: Note, event: ClockEvent, what: str, why: str) -> None:
    entry.subject = event.person_name or f"person no. {event.person_id}"
    entry.details = "; ".join(part for part in (_told(event), what, why) if part)


def _told(event: ClockEvent) -> str:
    return f"{event.direction} at {stamp(event.local)}"
