"""Putting the attendance right by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from kiosk.domain.attendance import ClockEvent, Direction, Strike
from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail

LONGEST_REASON: Final = 500
"""Letters that are kept of a reason."""


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
        """Add an event that the kiosk missed, marked as added by hand.

        Raises:
            BadInput: ``at`` lies in the future.
            NotFound: there is no such person.
        """
        if at > self._now():
            raise BadInput(
                _("{what:%d %B %Y %H:%M} has not come yet: enter a time that has passed.").format(
                    what=at.astimezone(self._zone)
                )
            )
        with self._trail.act(actor, Action.ADD_CLOCK_EVENT) as entry:
            entry.subject = self._storage.people.get(person_id).name
            entry.details = f"{direction} at {at.isoformat(timespec='minutes')}; {note.strip()}"
            return self._storage.clock_events.add(
                person_id, direction, at, by_hand=True, note=note.strip()
            )

    def turn(self, actor: Actor, event: ClockEvent) -> ClockEvent:
        """Make an in an out or the reverse: the one touch while the verdict shows."""
        with self._trail.act(actor, Action.TURN_CLOCK_EVENT) as entry:
            turned = self._storage.clock_events.change_direction(event.id, event.direction.other)
            entry.subject = f"person no. {event.person_id}"
            entry.details = f"{event.at.isoformat(timespec='seconds')}: now {turned.direction}"
        return turned

    def strike(self, actor: Actor, event: ClockEvent, why: str, *, out: bool = True) -> ClockEvent:
        """Strike an event out, or put it back: it stays on record, with by whom and why.

        Raises:
            BadInput: no reason is given.
            NotFound: there is no such event.
        """
        why = " ".join(why.split())[:LONGEST_REASON]
        if not why:
            raise BadInput(_("Say why: it stands beside the event for whoever reads the sheet."))
        action = Action.STRIKE_CLOCK_EVENT if out else Action.PUT_BACK_CLOCK_EVENT
        with self._trail.act(actor, action) as entry:
            strike = Strike(self._now(), actor.name or actor.kind.value, why)
            changed = self._storage.clock_events.strike(event.id, strike, out=out)
            entry.subject = event.person_name or f"person no. {event.person_id}"
            entry.details = f"{event.direction} at {event.at.isoformat(timespec='minutes')}; {why}"
        return changed
