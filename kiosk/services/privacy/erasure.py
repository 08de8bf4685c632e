"""Deleting and erasing people, with a receipt of what went and of what makes the rest stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.domain.audit import Action, Actor
from kiosk.domain.language import _, counted
from kiosk.domain.people import Person
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.access.staff import Staff
from kiosk.services.admin.backups import kept_in_backups
from kiosk.services.admin.trail import Trail
from kiosk.services.privacy.own_data import EVER
from kiosk.services.privacy.retention import Retention


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was deleted of whom, when (UTC). ``looks`` are log rows; ``punches`` stay, at least up
    to ``until`` after the last; ``erased``: the name is gone from the log, too."""

    person: Person
    at: datetime
    photos: int
    looks: int
    punches: int
    until: date | None
    erased: bool
    backups: str
    """How long backups still hold it, in a sentence."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What went and what stays, a sentence each."""
        went = _("Deleted: the name and number on the card, the PIN, {photos}.").format(
            photos=counted("{count} photo", "{count} photos", self.photos)
        )
        looks = counted("{count} log entry", "{count} log entries", self.looks)
        log = (
            _("Erased: the name in {looks} and in what was done in administration.")
            if self.erased
            else _("Stays: {looks} with the name, until they are old enough to go.")
        ).format(looks=looks)
        lines = [went, log] if self.looks or self.erased else [went]
        if self.punches:
            stay = _("Stays: {punches}, with the name. The law asks to keep hours until {day}.")
            punches = counted("{count} clock event", "{count} clock events", self.punches)
            lines.append(stay.format(punches=punches, day=self.until))
        return (*lines, self.backups)

    @property
    def text(self) -> tuple[str, ...]:
        """All of it, to be handed over."""
        local = self.at.astimezone()
        title = _("Receipt: the data of {name} (no. {number}) were deleted on {time}.").format(
            name=self.person.name, number=self.person.id, time=f"{local:%Y-%m-%d %H:%M}"
        )
        return (title, *self.lines)


class Erasures:
    """Any thread but the screen's; NotFound where the person is gone; StorageError."""

    def __init__(
        self,
        storage: Storage,
        pins: Pins,
        staff: Staff,
        trail: Trail,
        retention: Retention,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._pins = pins
        self._staff = staff
        self._trail = trail
        self._retention = retention
        self._now = now

    def delete(self, actor: Actor, person_id: int) -> Receipt:
        """Delete a person with all photos and the PIN; log and hours stay, with the name."""
        with self._trail.act(actor, Action.DELETE_PERSON, person_id) as note:
            receipt = self._receipt(person_id, erased=False)
            self._delete(actor, person_id)
            note.about(receipt.person)
            note.details = f"photos: {receipt.photos}"
        return receipt

    def erase(self, actor: Actor, person_id: int) -> Receipt:
        """Delete a person, and take their name from log, requests and audit trail. Hours stay as
        long as the law asks. What is not done when the program ends meanwhile, the daily job does.
        """
        with self._trail.act(actor, Action.ERASE_PERSON, person_id) as note:
            receipt = self._receipt(person_id, erased=True)
            self._delete(actor, person_id)
            name = receipt.person.name
            others = self._storage.people.find(name)
            self._storage.retention.erase_acts(
                person_id, name, unique=all(other.name != name for other in others)
            )
            # Nothing else: of it follows what the daily job looks for.
            note.subject = f"no. {person_id}"
            note.details = f"photos: {receipt.photos}; log rows: {receipt.looks}"
        self._retention.of_erased()
        return receipt

    def _delete(self, actor: Actor, person_id: int) -> None:
        for consent in self._storage.consents.of(person_id):
            if consent.stands:
                by = actor.name or actor.kind.value
                self._storage.consents.withdraw(consent.id, self._now(), by)
        self._storage.people.delete(person_id)
        self._pins.drop(person_id)
        self._staff.drop(person_id)

    def _receipt(self, person_id: int, *, erased: bool) -> Receipt:
        person = self._storage.people.get(person_id)
        now = self._now()
        settings = Settings.of(self._storage.settings.load())
        floor = settings.hours_by_law
        punches = self._storage.clock_events.between(
            EVER, now + timedelta(days=1), person_id, struck=True
        )
        until = (punches[-1].local + timedelta(days=floor)).date() if punches else None
        looks = self._storage.events.count(EventFilter(person_id=person_id))
        photos = person.template_count
        kept = kept_in_backups(settings)
        return Receipt(person, now, photos, looks, len(punches), until, erased, kept)
