"""PINs: hashed with Argon2id, tries limited, lock-outs that survive a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.domain.errors import BadInput, LockedOut, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage

TRIES = 5
WAIT = timedelta(seconds=30)
_ADMIN = "admin"
_ADMIN_HASH = "admin_pin_hash"


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Pins:
    """The administrator's PIN and people's own. Any thread but the screen's: a check takes
    about 0.1 s by design (argon2's own defaults, RFC 9106's second choice)."""

    def __init__(
        self,
        storage: Storage,
        now: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._storage = storage
        self._now = now
        self._hasher = hasher or PasswordHasher()

    @property
    def admin_set(self) -> bool:
        """False until the first start has asked for one: there is no default PIN."""
        return bool(self._storage.settings.load().get(_ADMIN_HASH))

    def hashed(self, pin: str) -> str:
        """The PIN's hash, to be stored. Raises BadInput for a PIN that is not 4 to 12 digits or
        too easy."""
        return self._hasher.hash(checked(pin))

    def store_admin(self, hashed: str | None) -> None:
        """Store the administrator's PIN, or forget it (None)."""
        self._storage.settings.save({_ADMIN_HASH: hashed or ""})

    def check_admin(self, pin: str) -> None:
        """Raises WrongPin, or LockedOut after five wrong ones."""
        stored = str(self._storage.settings.load().get(_ADMIN_HASH, ""))
        self._check(_ADMIN, stored or None, pin)

    def check_person(self, who: str, pin: str) -> Person:
        """The person who this staff number or name and this PIN belong to.

        Somebody unknown, disabled or without a PIN gets the same answer after the same time as
        a wrong PIN, so that nobody learns who is enrolled.

        Raises:
            WrongPin: they don't belong together.
            LockedOut: five wrong tries; the next is taken 30 s later.
        """
        person = self._storage.people.claim(who)
        stored = self._storage.people.pin_hash(person.id) if person and person.enabled else None
        self._check(f"person {person.id}" if person else _nobody(who), stored, pin)
        if person is None:
            raise WrongPin(_WRONG)
        return person

    def _check(self, key: str, stored: str | None, pin: str) -> None:
        count_key, until_key = f"pin_tries {key}", f"pin_locked {key}"
        state = self._storage.settings.load()
        self._refuse_while_locked(str(state.get(until_key, "")))
        if self._matches(stored, pin):
            if state.get(count_key):
                self._storage.settings.save({count_key: 0, until_key: ""})
            return
        tries = int(state.get(count_key, 0)) + 1
        if tries < TRIES:
            self._storage.settings.save({count_key: tries})
            left = TRIES - tries
            raise WrongPin(f"{_WRONG} {left} {'tries' if left > 1 else 'try'} left.")
        until = self._now() + WAIT
        self._storage.settings.save({count_key: 0, until_key: until.isoformat()})
        self._refuse_while_locked(until.isoformat())

    def _refuse_while_locked(self, until: str) -> None:
        if not until:
            return
        left = (datetime.fromisoformat(until) - self._now()).total_seconds()
        # A clock set back must not lock anybody out for longer than the wait itself.
        if 0 < left <= WAIT.total_seconds():
            raise LockedOut(f"Too many wrong PINs: please wait {left:.0f} s.", left)

    def _matches(self, stored: str | None, pin: str) -> bool:
        try:
            self._hasher.verify(stored or _NOBODY, pin)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def checked(pin: str) -> str:
    """The PIN, if it is 4 to 12 digits, not all the same and no plain row such as 1234.

    Raises:
        BadInput: it is not.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise BadInput("A PIN has 4 to 12 digits.")
    steps = {ord(b) - ord(a) for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise BadInput(f"{pin} is the first PIN that anybody tries: choose another.")
    return pin


def _nobody(who: str) -> str:
    """Where the tries of somebody unknown are counted: by name, as if there were such a person,
    in one of 1,000 places, so that typing names does not fill the database."""
    digest = hashlib.sha256(" ".join(who.split()).casefold().encode("utf-8", "replace")).digest()
    return f"nobody {int.from_bytes(digest[:8]) % 1000}"


_WRONG = "That PIN is not right."
# The hash of a random PIN that nobody knows: checking it costs the same as checking a real one.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGtub3dzIG1l$"
    "0Qk6Jm1zOVsZcRXoGyqBzPbWfI9RlBbqW2mGkWbXv1M"
)
