"""PINs: hashed with Argon2id, tries limited, lock-outs that survive a restart."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from argon2 import PasswordHasher

from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.domain.chain import Head
from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.domain.pin import LEAST, checked
from kiosk.domain.records import AuditFilter
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role
from kiosk.services.access.claimed import Claimed, Found
from kiosk.services.access.hashes import Hashes
from kiosk.services.access.throttle import PIN, Throttle

_ADMIN = "admin"
_SET_OR_RESET = frozenset({Action.SET_ADMIN_PIN, Action.RESET_ADMIN_PIN, Action.RECOVER})
_BY_A_ROLE = frozenset({Action.GIVE_ROLE, Action.SET_ROLE_SECRET})
_LESS = frozenset(role.value for role in Role if role is not Role.ADMINISTRATOR)
_ALL = 1_000_000
SOMEBODY = Actor(ActorKind.PERSON)
"""Whoever stands at the door."""
ADMIN_HASH = "admin_pin_hash"


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Pins:
    """The administrator's PIN and people's own. Any thread but the screen's: a check takes
    about 0.1 s by design (argon2's own defaults, RFC 9106's second choice). ``now`` gives the time
    in UTC, ``clock`` seconds that nobody can set back, ``known_head`` the record's newest entry as
    it is kept apart from the database."""

    def __init__(
        self,
        storage: Storage,
        now: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], float] = time.monotonic,
        known_head: Callable[[], Head | None] = lambda: None,
    ) -> None:
        self._storage = storage
        self.throttle = Throttle(storage, now, clock)
        self.hashes = (
            Hashes(PasswordHasher(), _NOBODY)
            if hasher is None
            else Hashes(hasher, hasher.hash(secrets.token_hex()))
        )
        self._own = Claimed(storage, self.throttle, self.hashes)
        self._now = now
        self._known_head = known_head

    @property
    def admin_set(self) -> bool:
        """False until the first start has asked for one, and after ``reset-pin``: there is no
        default PIN. Where one was set and its row is gone, whoever comes next does not choose
        another; nor where an administrator by a role is gone, nor where the rows are gone that say
        so, and the record does not hold together."""
        if self._storage.settings.load().get(ADMIN_HASH):
            return True
        newest = self._storage.audit.newest(1, AuditFilter(actions=_SET_OR_RESET))
        if newest and newest[0].action is not Action.RESET_ADMIN_PIN:
            return True
        # What was altered before somebody reset the PIN does not keep them from a new one.
        reset = (newest[0].id or 0) if newest else 0
        if self._by_a_role_since(reset):
            return True
        found = self._storage.check_chain(self._known_head()).found
        if not newest:
            return bool(found)
        return any(one.table == "audit" and one.row_id >= reset for one in found)

    @property
    def ever_set(self) -> bool:
        """Whether this database knows of anybody who had a PIN to administer it by, or of one
        that was reset."""
        acts = AuditFilter(actions=_SET_OR_RESET | _BY_A_ROLE)
        return bool(
            self._storage.settings.load().get(ADMIN_HASH) or self._storage.audit.newest(1, acts)
        )

    def _by_a_role_since(self, row_id: int) -> bool:
        """Whether somebody may have signed in as administrator by a role: of an act that was
        emptied, as old ones are, it is not known which role it was about."""
        acts = self._storage.audit.newest(_ALL, AuditFilter(actions=_BY_A_ROLE))
        done = {
            act.action
            for act in acts
            if (act.id or 0) > row_id
            and (act.action is Action.SET_ROLE_SECRET or act.details.split(":")[0] not in _LESS)
        }
        return done == _BY_A_ROLE

    def hashed(self, pin: str, least: int = LEAST) -> str:
        """The PIN's hash, to be stored. Raises BadInput for a PIN that is not ``least`` to 12
        digits or too easy."""
        return self.hashes.of(checked(pin, least))

    def store_admin(self, hashed: str | None) -> None:
        """Store the administrator's PIN, or forget it (None); it has a row of tries at once."""
        self._storage.settings.save({ADMIN_HASH: hashed or ""})
        self.throttle.renew(PIN, _ADMIN)

    def unlock(self, person: Person) -> None:
        """A person has a new PIN, or none any more: it has a row of tries at once."""
        self._own.unlock(person)

    def drop(self, person_id: int) -> None:
        """A person is deleted: of their tries nothing stays."""
        self._own.drop(person_id)

    def check_admin(self, pin: str) -> None:
        """Raises WrongPin, or LockedOut after five wrong ones; each of them is a row of the audit
        trail."""
        try:
            self._check_admin(pin)
        except LockedOut as locked:
            if locked.seconds:
                raise
            raise LockedOut(
                _(
                    "Too many wrong PINs: this one is switched off. Whoever owns this machine sets "
                    "a new one with the command reset-pin."
                ),
                0.0,
            ) from None

    def _check_admin(self, pin: str) -> None:
        with self._storage.transaction():
            stored = str(self._storage.settings.load().get(ADMIN_HASH, ""))
            left = self.throttle.count(_ADMIN, PIN)
        if not stored and self.admin_set:
            raise WrongPin(
                _(
                    "The administrator's PIN is gone from the database: somebody took it out. "
                    "Whoever owns this machine sets a new one with the command reset-pin."
                )
            )
        if not self.hashes.match(stored or None, pin):
            with self._storage.transaction():
                wrong = AuditEntry(self._now(), SOMEBODY, Action.WRONG_ADMIN_PIN)
                self._storage.audit.append(wrong)
            self._own.refuse(_ADMIN, left, PIN)
        anew = self.hashes.anew(stored, pin)
        with self._storage.transaction():
            self.throttle.forget(_ADMIN)
            if anew and self._storage.settings.load().get(ADMIN_HASH) == stored:
                self._storage.settings.save({ADMIN_HASH: anew})

    def check_person(self, who: str, pin: str, shown: int | None = None) -> Person:
        """The person who this staff number or name and this PIN belong to. ``shown`` is whose face
        was recognised just before: with it that person has tries of their own, which nobody
        without the face can use up.

        Somebody unknown, disabled or without a PIN, and a name of several people, get the same
        answer after the same time and the same number of tries as a wrong PIN, so that nobody
        learns who is enrolled.

        Raises:
            WrongPin: they don't belong together.
            LockedOut: five wrong tries; the next is taken 30 s later.
        """

        return self._check_person(who, pin, lambda: self._storage.people.claim(who), shown)

    def check_own(self, person_id: int, pin: str) -> Person:
        """The PIN of somebody who was let in just now, by their face.

        Raises:
            NotFound: the person is gone.
            WrongPin, LockedOut: as ``check_person``.
        """
        person = self._storage.people.get(person_id)
        who = person.staff_number or person.name
        return self._check_person(who, pin, lambda: person, person_id)

    def _check_person(
        self, who: str, pin: str, whom: Callable[[], Person | None], shown: int | None
    ) -> Person:
        def find() -> Found:
            person = whom()
            usable = person is not None and person.enabled
            return person, self._storage.people.pin_hash(person.id) if person and usable else None

        person, stored = self._own.check(who, pin, find, shown)
        anew = self.hashes.anew(stored, pin)
        if anew:
            with self._storage.transaction():
                if self._storage.people.pin_hash(person.id) == stored:
                    self._storage.people.set_pin_hash(person.id, anew)
        return person


# The hash of a random PIN that nobody knows: checking it costs the same as checking a real one.
# With another hasher than the usual one it is made with that.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGtub3dzIG1l$"
    "0Qk6Jm1zOVsZcRXoGyqBzPbWfI9RlBbqW2mGkWbXv1M"
)
