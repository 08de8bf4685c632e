"""Administrative acts, each written down in the transaction that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from kiosk.domain.audit import Action, Actor, AuditEntry
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage


class Trail:
    """Any thread. ``now`` gives the time in UTC."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now

    @contextmanager
    def act(self, actor: Actor, action: Action) -> Iterator[Note]:
        """Do something as one transaction: neither the change nor its entry stands without the
        other. What the entry should say is set on the note. Rights will be checked here."""
        note = Note()
        with self._storage.transaction():
            yield note
            self._storage.audit.append(
                AuditEntry(self._now(), actor, action, note.subject, note.details)
            )


class Note:
    """What an entry says of an act: whom it concerned, and what changed."""

    subject = ""
    details = ""

    def about(self, person: Person) -> None:
        """The act concerned this person: as called now, with what stays when the name changes."""
        number = f", {person.staff_number}" if person.staff_number else ""
        self.subject = f"{person.name} (no. {person.id}{number})"
