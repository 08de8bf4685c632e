"""Changing people, their templates and PINs; who deletes them is ``services.privacy.erasure``."""

from __future__ import annotations

from kiosk.domain.audit import Action, Actor
from kiosk.domain.people import Person, Template
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.trail import Trail


class PeopleAdmin:
    """Any thread but the screen's; some ms a call, 0.1 s where a PIN is hashed.

    All methods raise NotFound where the person or the template is gone, and StorageError.
    """

    def __init__(self, storage: Storage, pins: Pins, trail: Trail) -> None:
        self._storage = storage
        self._pins = pins
        self._trail = trail

    def change(self, actor: Actor, person: Person) -> Person:
        """Store name, staff number, group, dates and whether the person may be let in.

        Raises:
            BadInput: the name or the number can't be used.
            AlreadyExists: the number is somebody else's.
        """
        with self._trail.act(actor, Action.CHANGE_PERSON, person.id) as note:
            before = self._storage.people.get(person.id)
            after = self._storage.people.update(person)
            note.about(before)
            note.details = _changes(before, after)
        return after

    def delete_template(self, actor: Actor, template: Template) -> None:
        with self._trail.act(actor, Action.DELETE_TEMPLATE, template.person_id) as note:
            note.about(self._storage.people.get(template.person_id))
            note.details = template.source
            self._storage.people.delete_template(template.id)

    def restore_template(
        self, actor: Actor, template: Template, crop: bytes | None = None
    ) -> Template:
        """Take a deletion back; the template gets another id. ``crop`` is the one it had."""
        with self._trail.act(actor, Action.ADD_TEMPLATES, template.person_id) as note:
            note.about(self._storage.people.get(template.person_id))
            note.details = template.source
            return self._storage.people.add_template(
                template.person_id,
                template.vector,
                template.encoder_id,
                template.quality,
                template.source,
                crop,
            )

    def set_pin(self, actor: Actor, person_id: int, pin: str | None) -> None:
        """Set or, with None, remove a person's PIN.

        Raises:
            BadInput: the PIN is not 4 to 12 digits or too easy.
        """
        hashed = None if pin is None else self._pins.hashed(pin)
        action = Action.REMOVE_PIN if pin is None else Action.SET_PIN
        with self._trail.act(actor, action, person_id) as note:
            person = self._storage.people.get(person_id)
            note.about(person)
            self._storage.people.set_pin_hash(person_id, hashed)
            self._pins.unlock(person)


def _changes(before: Person, after: Person) -> str:
    pairs = (
        ("name", before.name, after.name),
        ("staff number", before.staff_number, after.staff_number),
        ("may be let in", before.enabled, after.enabled),
        ("group", before.group, after.group),
        ("valid from", before.valid_from, after.valid_from),
        ("valid until", before.valid_until, after.valid_until),
    )
    return "; ".join(f"{what}: {old} -> {new}" for what, old, new in pairs if old != new)
