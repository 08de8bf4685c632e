"""PINs: hashed with Argon2id, tries limited, lock-outs that survive a restart."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.language import _, counted
from kiosk.domain.names import folded
from kiosk.domain.people import Person
from kiosk.domain.pin import LEAST, checked
from kiosk.domain.records import AuditFilter
from kiosk.domain.repositories import Storage
from kiosk.services.access.throttle import PAD, PIN, WITH_FACE, Limit, Throttle

_ADMIN = "admin"
_PAD = "pad"
_SET_OR_RESET = frozenset({Action.SET_ADMIN_PIN, Action.RESET_ADMIN_PIN})
SOMEBODY = Actor(ActorKind.PERSON)
"""Whoever stands at the door."""
_ADMIN_HASH = "admin_pin_hash"


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Pins:
    """The administrator's PIN and people's own. Any thread but the screen's: a check takes
    about 0.1 s by design (argon2's own defaults, RFC 9106's second choice). ``now`` gives the time
    in UTC, ``clock`` seconds that nobody can set back."""

    def __init__(
        self,
        storage: Storage,
        now: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._storage = storage
        self._throttle = Throttle(storage, clock)
        self._now = now
        self._hasher = hasher or PasswordHasher()
        self._nobody = _NOBODY if hasher is None else hasher.hash(secrets.token_hex())

    @property
    def admin_set(self) -> bool:
        """False until the first start has asked for one, and after ``reset-pin``: there is no
        default PIN. Where one was set and its row is gone, whoever comes next does not choose
        another."""
        if self._storage.settings.load().get(_ADMIN_HASH):
            return True
        newest = self._storage.audit.newest(1, AuditFilter(actions=_SET_OR_RESET))
        return bool(newest) and newest[0].action is Action.SET_ADMIN_PIN

    def hashed(self, pin: str, least: int = LEAST) -> str:
        """The PIN's hash, to be stored. Raises BadInput for a PIN that is not ``least`` to 12
        digits or too easy."""
        return self._hasher.hash(checked(pin, least))

    def store_admin(self, hashed: str | None) -> None:
        """Store the administrator's PIN, or forget it (None); wrong tries before count no more."""
        self._storage.settings.save({_ADMIN_HASH: hashed or ""})
        self._throttle.forget(_ADMIN)

    def unlock(self, person: Person) -> None:
        """A person has a new PIN, or none any more: wrong tries before count no more."""
        names = [_typed(name, known=True) for name in _names(person)]
        keys = (f"person {person.id}", *names)
        self._throttle.forget(*keys, *(f"{key} seen" for key in keys))

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
            stored = str(self._storage.settings.load().get(_ADMIN_HASH, ""))
            left = self._throttle.count(_ADMIN, PIN)
        if not stored and self.admin_set:
            raise WrongPin(
                _(
                    "The administrator's PIN is gone from the database: somebody took it out. "
                    "Whoever owns this machine sets a new one with the command reset-pin."
                )
            )
        if not self._matches(stored or None, pin):
            with self._storage.transaction():
                wrong = AuditEntry(self._now(), SOMEBODY, Action.WRONG_ADMIN_PIN)
                self._storage.audit.append(wrong)
            self._refuse(_ADMIN, left, PIN)
        self._forget(_ADMIN)

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
        with self._storage.transaction():
            person = self._storage.people.claim(who)
            stored = self._storage.people.pin_hash(person.id) if person and person.enabled else None
            seen = person is not None and person.id == shown
            limit, with_face = (WITH_FACE, " seen") if seen else (PIN, "")
            if not seen:
                self._throttle.count(_PAD, PAD)
            typed = _typed(who, known=person is not None) + with_face
            # By what was typed: that a number and a name are the same person's would tell that
            # there is one. Whoever tries both ways has five tries all the same, in silence.
            own = f"person {person.id if person else 0}{with_face}"
            left = self._throttle.count(typed, limit)
            may = self._throttle.count_in_silence(own, limit)
        if not self._matches(stored if may else None, pin) or person is None:
            self._refuse(typed, left, limit)
        names = (_typed(name, known=True) for name in (who, *_names(person)))
        self._forget(_PAD, own, *(name + with_face for name in names))
        return person

    def _forget(self, *keys: str) -> None:
        with self._storage.transaction():
            self._throttle.forget(*keys)

    def _refuse(self, key: str, left: int, limit: Limit) -> NoReturn:
        if left <= 0:
            self._throttle.refuse(key, limit)
            raise WrongPin(_("That PIN is not right."))
        raise WrongPin(
            counted(
                "That PIN is not right. {count} try left.",
                "That PIN is not right. {count} tries left.",
                left,
            )
        )

    def _matches(self, stored: str | None, pin: str) -> bool:
        try:
            self._hasher.verify(stored or self._nobody, pin)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def _names(person: Person) -> tuple[str, ...]:
    return (person.name, person.staff_number) if person.staff_number else (person.name,)


def _typed(who: str, *, known: bool) -> str:
    """Where the tries of what was typed are counted: in a place of its own where that is somebody
    here, else in one of 1,000, so that typing names does not fill the database."""
    digest = hashlib.sha256(folded(who).encode()).digest()
    return f"typed {digest[:12].hex()}" if known else f"typed {int.from_bytes(digest[:8]) % 1000}"


# The hash of a random PIN that nobody knows: checking it costs the same as checking a real one.
# With another hasher than the usual one it is made with that.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGtub3dzIG1l$"
    "0Qk6Jm1zOVsZcRXoGyqBzPbWfI9RlBbqW2mGkWbXv1M"
)
