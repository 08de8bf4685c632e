"""Giving roles, taking them away, and what people with a role sign in by."""

from __future__ import annotations

from collections.abc import Collection

from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.passphrase import checked_secret
from kiosk.domain.people import clean_group
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role, StaffRole, only_departments
from kiosk.services.access.pins import Pins
from kiosk.services.access.staff import Staff
from kiosk.services.admin.trail import Trail


class RolesAdmin:
    """Any thread but the screen's; some ms a call, 0.1 s where a secret is hashed. All methods
    raise NotFound where the person is gone, NotAllowed and StorageError."""

    def __init__(self, storage: Storage, pins: Pins, staff: Staff, trail: Trail) -> None:
        self._storage = storage
        self._pins = pins
        self._staff = staff
        self._trail = trail

    def give(
        self, actor: Actor, person_id: int, role: Role, departments: Collection[str] = ()
    ) -> StaffRole:
        """A role, in the place of the one that the person had; a manager's is for departments.

        Raises:
            BadInput: a manager without a department, or somebody else with one.
        """
        names = tuple(sorted({clean_group(one) for one in departments} - {""}))
        if only_departments(role) and not names:
            raise BadInput(_("Name a department at least: a manager sees the hours of no others."))
        if names and not only_departments(role):
            raise BadInput(_("Departments are for managers: leave them out."))
        with self._trail.act(actor, Action.GIVE_ROLE) as note:
            note.about(self._storage.people.get(person_id))
            note.details = ": ".join(filter(None, (role.value, ", ".join(names))))
            return self._storage.roles.give(person_id, role, names)

    def take(self, actor: Actor, person_id: int) -> None:
        """No role any more, and no secret for one.

        Raises:
            BadInput: there is none.
        """
        with self._trail.act(actor, Action.TAKE_ROLE) as note:
            note.about(self._storage.people.get(person_id))
            note.details = self._role(person_id).role.value
            self._storage.roles.take(person_id)

    def set_secret(self, actor: Actor, person_id: int, secret: str) -> None:
        """A PIN of six digits or more, or a passphrase of 15 letters or more.

        Raises:
            BadInput: it is too short or too easy, or the person has no role.
        """
        person = self._storage.people.get(person_id)
        names = (person.name, person.staff_number or "")
        hashed = self._pins.hashes.of(checked_secret(secret, names))
        with self._trail.act(actor, Action.SET_ROLE_SECRET) as note:
            note.about(person)
            note.details = self._role(person_id).role.value
            self._storage.roles.set_secret_hash(person_id, hashed)
            self._staff.unlock(person)

    def _role(self, person_id: int) -> StaffRole:
        role = self._storage.roles.get(person_id)
        if role is None:
            raise BadInput(_("This person has no role: give one first."))
        return role
