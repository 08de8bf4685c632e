"""Somebody says who they are and types a secret: so often, and no answer tells who is here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from kiosk.domain.errors import WrongPin
from kiosk.domain.language import _, counted
from kiosk.domain.names import folded
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.hashes import Hashes
from kiosk.services.access.throttle import PAD, PIN, WITH_FACE, Limit, Throttle

SEEN: Final = " seen"
"""What the keys end in that are counted where the face was seen."""
Found = tuple[Person | None, str | None]
"""Who is meant, and the hash of their secret where they have one that may be used."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Tries for one kind of secret, counted apart from those for another: ``kind`` begins the
    names of its counts."""

    storage: Storage
    throttle: Throttle
    hashes: Hashes
    kind: str = ""

    def check(
        self,
        who: str,
        secret: str,
        find: Callable[[], Found],
        shown: int | None = None,
        wrong: Callable[[Person | None], None] = lambda person: None,
    ) -> tuple[Person, str]:
        """The person and the hash that matched; ``find`` is called inside the transaction that
        counts. ``shown`` is whose face was recognised just before; ``wrong`` hears of whom a wrong
        secret was typed, once it is counted.

        Raises:
            WrongPin: they don't belong together.
            LockedOut: there were too many tries.
        """
        with self.storage.transaction():
            person, stored = find()
            seen = person is not None and person.id == shown
            limit, with_face = (WITH_FACE, SEEN) if seen else (PIN, "")
            if not seen:
                self.throttle.count(self._pad, PAD)
            typed = self._typed(who, person) + with_face
            # By what was typed: that a number and a name are the same person's would tell that
            # there is one. Whoever tries both ways has five tries all the same, in silence.
            own = self._own(person.id if person else 0) + with_face
            left = self.throttle.count(typed, limit)
            may = self.throttle.count_in_silence(own, limit)
        if not self.hashes.match(stored if may else None, secret) or person is None:
            wrong(person)
            self.refuse(typed, left, limit)
        assert stored is not None
        with self.storage.transaction():
            self.throttle.forget(self._pad, *(key + with_face for key in self._keys(person.id)))
        return person, stored

    def refuse(self, key: str, left: int, limit: Limit) -> NoReturn:
        """A wrong one: raises WrongPin, or LockedOut where it was the last."""
        if left <= 0:
            self.throttle.refuse(key, limit)
            raise WrongPin(_("That PIN is not right."))
        raise WrongPin(
            counted(
                "That PIN is not right. {count} try left.",
                "That PIN is not right. {count} tries left.",
                left,
            )
        )

    def unlock(self, person: Person) -> None:
        """A person has a new secret, or none any more: it has a row of tries at once."""
        keys = self._keys(person.id)
        self.throttle.renew(PIN, *keys)
        self.throttle.renew(WITH_FACE, *(key + SEEN for key in keys))

    def drop(self, person_id: int) -> None:
        """A person is deleted: no count stays."""
        keys = self._keys(person_id)
        self.throttle.drop(*keys, *(key + SEEN for key in keys))

    @property
    def _pad(self) -> str:
        return f"{self.kind}pad"

    def _typed(self, who: str, person: Person | None) -> str:
        """Where the tries of what was typed are counted: of somebody here by the way in which they
        were named, else in one of 1,000 places, so that typing names does not fill the database."""
        if person is not None:
            return self._by(person.id, folded(who) == folded(person.staff_number or ""))
        place = int.from_bytes(hashlib.sha256(folded(who).encode()).digest()[:8]) % 1000
        return f"{self.kind}typed {place}"

    def _keys(self, person_id: int) -> tuple[str, str, str]:
        """All that is counted of a person: no name is in them."""
        named, numbered = (self._by(person_id, number) for number in (False, True))
        return self._own(person_id), named, numbered

    def _own(self, person_id: int) -> str:
        return f"{self.kind}person {person_id}"

    def _by(self, person_id: int, number: bool) -> str:
        return f"{self._own(person_id)} by {'number' if number else 'name'}"
