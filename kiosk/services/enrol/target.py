"""Whom an enrolment is for: somebody new, or somebody who is enrolled."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import AlreadyExists, BadInput
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.domain.people import Template, clean_name, clean_staff_number
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.records import PeopleRecords, Records


@dataclass(frozen=True, slots=True)
class Target:
    """Whom photos are for: somebody new, or with ``person_id`` somebody enrolled. ``names``: the
    person was enrolled by number alone, and now the name is known."""

    name: str
    staff_number: str | None = None
    person_id: int | None = None
    names: bool = False


def stored_for(people: PeopleRecords, target: Target, encoder: EncoderInfo) -> tuple[Template, ...]:
    """The templates of this encoder that the person has; none of somebody new."""
    if target.person_id is None:
        return ()
    templates = people.templates_of(target.person_id)
    return tuple(t for t in templates if t.encoder_id == encoder.encoder_id)


class NameTaken(BadInput):
    """Somebody of this name is enrolled and nothing tells the two apart."""


def check_target(records: Records, name: str, staff_number: str | None) -> Target:
    """Somebody new, as typed at the panel, cleaned.

    Raises:
        BadInput: the name or the number can't be used.
        AlreadyExists: the number is somebody's.
        NameTaken: the name is somebody's, and there is no number to tell them apart.
    """
    target = Target(clean_name(name), clean_staff_number(staff_number))
    for person in records.people.find(target.staff_number or target.name):
        if target.staff_number and person.staff_number == target.staff_number:
            raise AlreadyExists(
                _("{name} has this number: give another, or none.").format(
                    name=isolated(person.name)
                )
            )
        if not target.staff_number and person.name.casefold() == target.name.casefold():
            raise NameTaken(
                _(
                    "{name} is enrolled already: open that card to add photos, or give a staff "
                    "number to tell the two apart."
                ).format(name=isolated(person.name))
            )
    return target


def find_target(records: Records, name: str, staff_number: str | None) -> Target:
    """Somebody new, or the one who is meant, by a cleaned name and number.

    Raises:
        AlreadyExists: the number is that of somebody with another name.
        NameTaken: several people have the name.
    """
    people = records.people
    if staff_number is not None:
        found = people.claim(staff_number)
        if found is None or (found.staff_number or "").casefold() != staff_number.casefold():
            return Target(name, staff_number)
        if found.name == found.staff_number and name != staff_number:
            return Target(name, found.staff_number, found.id, names=True)
        # A number without a name beside it is whoever has it.
        if found.name != name and name != staff_number:
            raise AlreadyExists(
                _(
                    "The staff number {number} is that of {other}, not of {name}: correct the "
                    "number, or the name in the panel."
                ).format(number=staff_number, other=isolated(found.name), name=isolated(name))
            )
        return Target(found.name, found.staff_number, found.id)
    same = [person for person in people.find(name) if person.name == name]
    if len(same) > 1:
        raise NameTaken(
            _("Several people are called {name}: give the staff number.").format(
                name=isolated(name)
            )
        )
    if same:
        return Target(same[0].name, same[0].staff_number, same[0].id)
    return Target(name, None)
