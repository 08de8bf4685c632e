"""PINs: hashed with Argon2id, tries limited, lock-outs that survive a restart."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.language import _, counted
from kiosk.domain.names import folded
from kiosk.domain.people import Person
from kiosk.domain.pin import checked
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
        self._nobody = _NOBODY if hasher is None else hasher.hash(secrets.token_hex())

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
        with self._storage.transaction():
            stored = str(self._storage.settings.load().get(_ADMIN_HASH, ""))
            left = self._count(_ADMIN)
        if not self._matches(stored or None, pin):
            self._refuse(_ADMIN, left)
        self._forget(_ADMIN)

    def check_person(self, who: str, pin: str) -> Person:
        """The person who this staff number or name and this PIN belong to.

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
            typed = _typed(who, known=person is not None)
            # By what was typed: that a number and a name are the same person's would tell that
            # there is one. Whoever tries both ways has five tries all the same, in silence.
            own = f"person {person.id if person else 0}"
            left = self._count(typed)
            may = self._count_in_silence(own)
        if not self._matches(stored if may else None, pin) or person is None:
            self._refuse(typed, left)
        self._forget(own, *(_typed(name, known=True) for name in (who, *_names(person))))
        return person

    def _count(self, key: str) -> int:
        """Count a try before it is checked, so that none goes uncounted however many are made at
        once; how many are left. In the caller's transaction.

        Raises:
            LockedOut: there are none.
        """
        state = self._storage.settings.load()
        self._refuse_while_locked(str(state.get(_until(key), "")))
        tries = int(state.get(_tries(key), 0)) + 1
        if tries < TRIES:
            self._storage.settings.save({_tries(key): tries})
        else:
            until = (self._now() + WAIT).isoformat()
            self._storage.settings.save({_tries(key): 0, _until(key): until})
        return TRIES - tries

    def _count_in_silence(self, key: str) -> bool:
        """Whether this key has a try left; written alike for everybody: it takes as long."""
        try:
            return self._count(key) >= 0
        except LockedOut:
            return False

    def _forget(self, *keys: str) -> None:
        """The right PIN: the tries before it no longer count."""
        with self._storage.transaction():
            state = self._storage.settings.load()
            known = [key for key in keys if state.get(_tries(key)) or state.get(_until(key))]
            if known:
                self._storage.settings.save(
                    {_tries(key): 0 for key in known} | {_until(key): "" for key in known}
                )

    def _refuse(self, key: str, left: int) -> NoReturn:
        if left <= 0:
            self._refuse_while_locked(str(self._storage.settings.load().get(_until(key), "")))
            raise WrongPin(_("That PIN is not right."))
        raise WrongPin(
            counted(
                "That PIN is not right. {count} try left.",
                "That PIN is not right. {count} tries left.",
                left,
            )
        )

    def _refuse_while_locked(self, until: str) -> None:
        if not until:
            return
        left = (datetime.fromisoformat(until) - self._now()).total_seconds()
        # A clock set back must not lock anybody out for longer than the wait itself.
        if 0 < left <= WAIT.total_seconds():
            raise LockedOut(
                _("Too many wrong PINs: please wait {seconds} s.").format(seconds=f"{left:.0f}"),
                left,
            )

    def _matches(self, stored: str | None, pin: str) -> bool:
        try:
            self._hasher.verify(stored or self._nobody, pin)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def _tries(key: str) -> str:
    return f"pin_tries {key}"


def _until(key: str) -> str:
    return f"pin_locked {key}"


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
