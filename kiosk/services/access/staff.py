"""Who signs in with a role, and who has one now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind, AuditEntry
from kiosk.domain.errors import NotFound, WrongPin
from kiosk.domain.language import _
from kiosk.domain.passphrase import normal
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role, StaffRole
from kiosk.services.access.claimed import Claimed, Found
from kiosk.services.access.pins import SOMEBODY, Pins, utc_now

_KIND = "role "


class Staff:
    """Any thread but the screen's: signing in takes about 0.1 s. ``now`` gives the time in UTC;
    tries are counted apart from those at the door, but in the same way."""

    def __init__(self, storage: Storage, pins: Pins, now: Callable[[], datetime] = utc_now) -> None:
        self._storage = storage
        self._pins = pins
        self._now = now
        self._claimed = Claimed(storage, pins.throttle, pins.hashes, _KIND)

    def anybody(self) -> bool:
        """Whether somebody can sign in by a name."""
        return any(one.has_secret for one in self._storage.roles.all())

    def administrator(self) -> bool:
        """Whether an administrator can sign in by a name."""
        roles = self._storage.roles.all()
        able = (one for one in roles if one.has_secret and one.role is Role.ADMINISTRATOR)
        return any(self._current(self._storage.people.get(one.person_id)) for one in able)

    def sign_in(self, who: str, secret: str, kind: ActorKind = ActorKind.STAFF) -> Actor:
        """Who acts from now on. Without a name it is the administrator's PIN that is asked for.

        Somebody unknown, disabled, expired or without a role gets the same answer after the same
        time and number of tries as a wrong PIN. Each wrong one is a row of the audit trail, and so
        is who signed in.

        Raises:
            WrongPin: they don't belong together.
            LockedOut: too many wrong tries.
        """
        if not who.strip():
            self._pins.check_admin(secret)
            return ADMINISTRATOR
        secret = normal(secret)
        person, stored = self._claimed.check(
            who, secret, lambda: self._found(who), wrong=self._note_wrong
        )
        anew = self._pins.hashes.anew(stored, secret)
        with self._storage.transaction():
            role = self._current(person)
            if role is None:
                raise WrongPin(_("That PIN is not right."))
            if anew and self._storage.roles.secret_hash(person.id) == stored:
                self._storage.roles.set_secret_hash(person.id, anew)
            actor = Actor(kind, person.name, role.role, role.departments, person.id)
            self._write(actor, Action.SIGN_IN, None)
        return actor

    def unlock(self, person: Person) -> None:
        """A new secret: it has a row of tries at once."""
        self._claimed.unlock(person)

    def drop(self, person_id: int) -> None:
        """A person is deleted: of their tries nothing stays."""
        self._claimed.drop(person_id)

    def _found(self, who: str) -> Found:
        person = self._storage.people.claim(who)
        if person is None or self._current(person) is None:
            return person, None
        return person, self._storage.roles.secret_hash(person.id)

    def _current(self, person: Person) -> StaffRole | None:
        return current_role(self._storage, person, self._now())

    def _note_wrong(self, person: Person | None) -> None:
        with self._storage.transaction():
            self._write(SOMEBODY, Action.WRONG_STAFF_PIN, person)

    def _write(self, actor: Actor, action: Action, person: Person | None) -> None:
        subject = "" if person is None else f"{person.name} (no. {person.id})"
        self._storage.audit.append(AuditEntry(self._now(), actor, action, subject))


def current_role(storage: Storage, person: Person, now: datetime) -> StaffRole | None:
    """The role of somebody who may be here today (by this machine's clock); else None."""
    if not person.enabled or not person.valid(now.astimezone().date()):
        return None
    return storage.roles.get(person.id)


def still_in(storage: Storage, actor: Actor, now: datetime) -> bool:
    """Whether somebody who signed in has the same role still."""
    if actor.person_id is None:
        return actor.role is None
    try:
        role = current_role(storage, storage.people.get(actor.person_id), now)
    except NotFound:
        return False
    return role is not None and (role.role, role.departments) == (actor.role, actor.departments)
