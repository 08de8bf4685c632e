"""That somebody agrees to have their face compared, and that they do so no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.audit import Action, Actor
from kiosk.domain.consent import Agreed, Consent, Wording, clean_how, wording
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.admin.backups import kept_in_backups
from kiosk.services.admin.trail import Trail


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did: the person as they are now, how many photos were deleted, and how
    long backups still hold them, in a sentence."""

    person: Person
    photos: int
    backups: str

    @property
    def sentence(self) -> str:
        """What was done and what is to be done."""
        parts = [
            _("{name} has withdrawn. {photos} deleted.").format(
                name=isolated(self.person.name),
                photos=counted("{count} photo was", "{count} photos were", self.photos),
            )
        ]
        if not self.person.has_pin:
            parts.append(_("They have no PIN: give them one, or they can't come in."))
        parts.append(self.backups)
        return " ".join(parts)


class Consents:
    """Any thread but the screen's; some ms a call. NotFound where a person is gone."""

    def __init__(self, storage: Storage, trail: Trail, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now

    def record(self, actor: Actor, person_id: int, how: str) -> Consent:
        """Somebody agreed to the text in force; ``how``, in words.

        Raises:
            BadInput: ``how`` is empty or too long.
        """
        how = clean_how(how)
        with self._trail.act(actor, Action.RECORD_CONSENT, person_id) as note:
            person = self._storage.people.get(person_id)
            text = wording_in_force(self._storage)
            note.about(person)
            note.details = f"version {text.version}; {how}"
            by = actor.name or actor.kind.value
            return self._storage.consents.add(
                Consent(0, person_id, person.name, text, self._now(), by, how)
            )

    def withdraw(self, actor: Actor, person_id: int) -> Withdrawn:
        """Delete all photos of a person and their crops; the person, their PIN and their hours
        stay. That somebody never agreed is no reason to keep them."""
        with self._trail.act(actor, Action.WITHDRAW_CONSENT, person_id) as note:
            people = self._storage.people
            note.about(people.get(person_id))
            templates = people.templates_of(person_id)
            for template in templates:
                people.delete_template(template.id)
            by = actor.name or actor.kind.value
            for consent in self._storage.consents.of(person_id):
                if consent.stands:
                    self._storage.consents.withdraw(consent.id, self._now(), by)
            note.details = f"photos deleted: {len(templates)}"
            person = people.get(person_id)
        kept = kept_in_backups(Settings.of(self._storage.settings.load()))
        return Withdrawn(person, len(templates), kept)


def wording_in_force(records: Records) -> Wording:
    """The text that people agree to at this site."""
    return wording(Settings.of(records.settings.load()).consent_text)


def has_agreed(records: Records, person_id: int | None) -> bool:
    """Whether somebody agreed to the text in force, and has not withdrawn; nobody new has."""
    if person_id is None:
        return False
    version = wording_in_force(records).version
    return any(
        one.stands and one.wording.version == version for one in records.consents.of(person_id)
    )


def check_consent(records: Records, settings: Settings, person_id: int | None, how: str) -> None:
    """Before a face is looked at.

    Raises:
        BadInput: the site asks for consent first and there is none, or ``how`` is too long.
    """
    if how:
        clean_how(how)
    elif settings.consent == "require" and not has_agreed(records, person_id):
        raise BadInput(
            _(
                "Nobody's face is taken here before they have agreed: show them the text, and say "
                "how they agreed with enrol --consent HOW or, where they are in the list, people "
                "agree NAME."
            )
        )


def agreed(records: Records) -> Agreed:
    """How many of the people who have photos agreed."""
    people = (person.id for person in records.people.find() if person.template_count)
    return Agreed.of(people, records.consents.newest(), wording_in_force(records))
