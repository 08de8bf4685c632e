"""Administrative acts: it is checked who may, and each is written down in the transaction that
does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.domain.errors import NotAllowed, NotFound
from kiosk.domain.language import _
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.rights import (
    FOUR_EYES,
    allowed,
    departments_of,
    needs_another,
    refusal,
    role_of,
    who_else,
)
from kiosk.domain.roles import Role
from kiosk.services.access.staff import still_in

_BOUND = FOUR_EYES | {Action.ASK_CORRECTION}
"""What a manager does to people of their own departments only."""


class Trail:
    """Any thread. ``now`` gives the time in UTC."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now

    @contextmanager
    def act(self, actor: Actor, action: Action, *whom: int) -> Iterator[Note]:
        """Do something as one transaction: neither the change nor its entry stands without the
        other. What the entry should say is set on the note. ``whom`` are the people (by id) whom
        it concerns; a manager does nothing without them.

        Raises:
            NotAllowed: the actor has no right to it; that is written down, and nothing is done.
        """
        note = Note()
        with self._written_if_refused(actor, action, whom), self._storage.transaction():
            self._check(actor, action, whom)
            yield note
            self._storage.audit.append(
                AuditEntry(self._now(), actor, action, note.subject, note.details)
            )

    def demand(self, actor: Actor, action: Action, *whom: int) -> None:
        """Refuse, as ``act`` does, before something begins that is no transaction.

        Raises:
            NotAllowed: the actor has no right to it; that is written down.
        """
        with self._written_if_refused(actor, action, whom):
            self._check(actor, action, whom)

    @contextmanager
    def _written_if_refused(
        self, actor: Actor, action: Action, whom: tuple[int, ...]
    ) -> Iterator[None]:
        try:
            yield
        except NotAllowed:
            with self._storage.transaction():
                about = f"no. {', '.join(map(str, whom))}" if whom else ""
                self._storage.audit.append(
                    AuditEntry(self._now(), actor, Action.REFUSED, about, action.value)
                )
            raise

    def _check(self, actor: Actor, action: Action, whom: tuple[int, ...]) -> None:
        if actor.kind in (ActorKind.PERSON, ActorKind.PROGRAM):
            return  # their own acts, at the door
        if not allowed(actor, action):
            raise NotAllowed(refusal(actor, action))
        if not still_in(self._storage, actor, self._now()):
            raise NotAllowed(_("Your role was changed or taken away: sign in again."))
        if needs_another(actor, action, *whom):
            assert actor.person_id is not None
            raise NotAllowed(who_else(self._storage.people.get(actor.person_id).group))
        departments = departments_of(actor)
        if departments is not None and action in _BOUND:
            self._check_departments(departments, whom)
        if role_of(actor) is Role.ENROLLER and any(map(self._storage.roles.get, whom)):
            raise NotAllowed(_("Only an administrator changes somebody who has a role."))

    def _check_departments(self, departments: tuple[str, ...], whom: tuple[int, ...]) -> None:
        theirs = ", ".join(departments)
        for person_id in whom:
            try:
                person = self._storage.people.get(person_id)
            except NotFound:
                raise NotAllowed(
                    _("Only an administrator changes this: the person was deleted.")
                ) from None
            if person.group not in departments:
                raise NotAllowed(
                    _("{name} is in no department of yours ({departments}).").format(
                        name=person.name, departments=theirs
                    )
                )
        if not whom:
            raise NotAllowed(
                _("Only an administrator does this: it concerns more than your departments.")
            )


class Note:
    """What an entry says of an act: whom it concerned, and what changed."""

    subject = ""
    details = ""

    def about(self, person: Person) -> None:
        """The act concerned this person: as called now, with what stays when the name changes."""
        number = f", {person.staff_number}" if person.staff_number else ""
        self.subject = f"{person.name} (no. {person.id}{number})"
