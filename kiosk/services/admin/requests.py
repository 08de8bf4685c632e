"""What people ask to be put right, and the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound
from kiosk.domain.hours.requests import Answer, CorrectionRequest
from kiosk.domain.language import _
from kiosk.domain.repositories import Storage
from kiosk.services.admin.corrections import Corrections, needed, reason, stamp
from kiosk.services.admin.trail import Trail


class Requests:
    """Any thread but the screen's; some ms a call; StorageError."""

    def __init__(
        self,
        storage: Storage,
        trail: Trail,
        corrections: Corrections,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._trail = trail
        self._corrections = corrections
        self._now = now

    def ask(
        self,
        actor: Actor,
        person_id: int,
        direction: Direction,
        moment: datetime | None,
        why: str,
        replaces: int | None = None,
    ) -> CorrectionRequest:
        """Ask that an event is added at a moment (UTC), or put in the place of the one that
        ``replaces`` names; without a moment that this one is struck out.

        Raises:
            BadInput: the moment has not come yet, there is no reason, or nothing is asked for.
            AlreadyExists: the same was asked for, and waits for its answer.
            NotFound: the event that it should replace is not this person's.
        """
        why = needed(why)
        if moment is None and replaces is None:
            raise BadInput(_("Say when it was, or which entry is wrong."))
        if moment is not None and moment > self._now():
            raise BadInput(_("This time has not come yet: enter one that has passed."))
        if replaces is not None:
            self._theirs(person_id, replaces)
        with self._trail.act(actor, Action.ASK_CORRECTION, person_id) as entry:
            person = self._storage.people.get(person_id)
            entry.about(person)
            waiting = self._storage.hours.requests(person_id, open_only=True)
            if any(
                (one.direction, one.moment, one.replaces) == (direction, moment, replaces)
                for one in waiting
            ):
                raise AlreadyExists(_("You have asked for this already. It waits for an answer."))
            at = stamp(moment.astimezone()) if moment else "strike out"
            entry.details = f"{direction} {at}; {why}"
            return self._storage.hours.add_request(
                CorrectionRequest(
                    0, person_id, person.name, self._now(), direction, moment, replaces, why
                )
            )

    def approve(self, actor: Actor, request: CorrectionRequest, why: str = "") -> ClockEvent:
        """Do what is asked for, and say so; both or neither.

        Raises:
            BadInput: it was answered already, or can't be done any more.
        """
        with self._trail.act(actor, Action.APPROVE_CORRECTION, request.person_id) as entry:
            entry.subject = request.name
            entry.details = f"{request.direction}; {request.why}"
            self._answer(actor, request, True, why)
            return self._carry_out(actor, request)

    def refuse(self, actor: Actor, request: CorrectionRequest, why: str) -> CorrectionRequest:
        """Say no, and why.

        Raises:
            BadInput: no reason is given, or it was answered already.
        """
        why = needed(why)
        with self._trail.act(actor, Action.REFUSE_CORRECTION, request.person_id) as entry:
            entry.subject, entry.details = request.name, why
            return self._answer(actor, request, False, why)

    def _answer(
        self, actor: Actor, request: CorrectionRequest, approved: bool, why: str
    ) -> CorrectionRequest:
        by = actor.name or actor.kind.value
        answer = Answer(self._now(), by, approved, reason(why))
        return self._storage.hours.answer_request(request.id, answer)

    def _carry_out(self, actor: Actor, request: CorrectionRequest) -> ClockEvent:
        if request.replaces is None:
            assert request.moment is not None
            return self._corrections.add(
                actor, request.person_id, request.direction, request.moment, request.why
            )
        event = self._theirs(request.person_id, request.replaces)
        if request.moment is None:
            if event.struck is not None:
                return event  # somebody did so meanwhile
            return self._corrections.strike(actor, event, request.why)
        if event.direction is not request.direction:
            event = self._corrections.turn(actor, event, request.direction, request.why)
        return self._corrections.move(actor, event, request.moment, request.why)

    def _theirs(self, person_id: int, clock_event_id: int) -> ClockEvent:
        event = self._storage.clock_events.get(clock_event_id)
        if event.person_id != person_id:
            raise NotFound(_("This entry is not yours."))
        return event
