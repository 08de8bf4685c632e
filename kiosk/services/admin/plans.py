"""Rotas, who works by which, and absences."""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.language import _
from kiosk.domain.people import clean_group
from kiosk.domain.repositories import Storage
from kiosk.services.admin.corrections import needed, reason
from kiosk.services.admin.trail import Note, Trail


class Plans:
    """Any thread but the screen's; some ms a call. StorageError; NotFound: a person is gone."""

    def __init__(self, storage: Storage, trail: Trail) -> None:
        self._storage = storage
        self._trail = trail

    def add_rota(self, actor: Actor, name: str, days: str, grace: timedelta) -> Rota:
        """A rota of shifts with commas between, such as ``08:00-16:30`` five times and ``-`` twice:
        seven are a week from Monday on, any other number is a cycle.

        Raises:
            BadInput: it can't be read.
            AlreadyExists: another one has this name.
        """
        rota = Rota.parse(name, days, grace)
        with self._trail.act(actor, Action.ADD_ROTA) as entry:
            if any(other.name.casefold() == rota.name.casefold() for other in self.rotas()):
                raise AlreadyExists(
                    _("There is a rota {name} already: give this one another name.").format(
                        name=rota.name
                    )
                )
            entry.subject, entry.details = rota.name, days
            return self._storage.hours.add_rota(rota)

    def rotas(self) -> tuple[Rota, ...]:
        return self._storage.hours.rotas()

    def assign(
        self, actor: Actor, person_id: int, rota_id: int | None, since: date, first: int = 0
    ) -> Assignment:
        """From a day on somebody works by a rota (None: by none); ``first`` is the place of that
        day in the cycle, from 0.

        Raises:
            NotFound: there is no such person or rota.
        """
        rota = next((one for one in self.rotas() if one.id == rota_id), None)
        if rota_id is not None and rota is None:
            raise NotFound(_("There is no rota {number}.").format(number=rota_id))
        with self._trail.act(actor, Action.ASSIGN_ROTA, person_id) as entry:
            entry.about(self._storage.people.get(person_id))
            entry.details = f"{rota.name if rota else 'none'} from {since}"
            assignment = Assignment(person_id, since, rota, first)
            self._storage.hours.assign(assignment)
            return assignment

    def add_absence(
        self, actor: Actor, person_id: int, kind: str, since: date, until: date, note: str = ""
    ) -> Absence:
        """Days, both included, on which somebody is not expected.

        Raises:
            BadInput: the last day lies before the first, no kind is given, or some of the days are
                an absence already.
        """
        kind = clean_group(kind)
        if not kind:
            raise BadInput(_("Say what kind of absence it is, such as holiday."))
        if until < since:
            raise BadInput(_("The last day lies before the first."))
        with self._trail.act(actor, Action.ADD_ABSENCE, person_id) as entry:
            entry.about(self._storage.people.get(person_id))
            for other in self._storage.hours.absences(since, until, person_id):
                raise BadInput(
                    _(
                        "{since} to {until} is an absence already: {kind}. Take it back first."
                    ).format(since=other.since, until=other.until, kind=other.kind)
                )
            entry.details = f"{kind}, {since} to {until}; {reason(note)}"
            absence = Absence(0, person_id, kind, since, until, reason(note))
            return self._storage.hours.add_absence(absence)

    def withdraw_absence(self, actor: Actor, absence_id: int, why: str) -> Absence:
        """Take one back, with a reason.

        Raises:
            BadInput: no reason is given.
            NotFound: there is none, or it was taken back already.
        """
        why = needed(why)
        every = self._storage.hours.absences(date.min, date.max)
        whom = {one.person_id for one in every if one.id == absence_id}
        with self._trail.act(actor, Action.WITHDRAW_ABSENCE, *whom) as entry:
            absence = self._storage.hours.withdraw_absence(absence_id)
            self._about(entry, absence.person_id)
            entry.details = f"{absence.kind}, {absence.since} to {absence.until}; {why}"
            return absence

    def _about(self, entry: Note, person_id: int) -> None:
        try:
            entry.about(self._storage.people.get(person_id))
        except NotFound:  # deleted since
            entry.subject = f"person no. {person_id}"
