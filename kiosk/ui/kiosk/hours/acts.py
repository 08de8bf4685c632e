"""What somebody does about their own hours, on the worker; each is done by them and written down as
that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import Actor, ActorKind
from kiosk.domain.decision import Decision
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.services.privacy.own_data import OwnData, own_data
from kiosk.services.privacy.proof import Missing, missing
from kiosk.services.private_files import write_private
from kiosk.services.site import Site
from kiosk.ui.kiosk.hours.draft import Draft
from kiosk.ui.kiosk.hours.model import Choice, OwnHours, Question
from kiosk.ui.kiosk.hours.reading import read


@dataclass(frozen=True, slots=True)
class Acts:
    """One person's. Each call takes some ms, returns a sentence that says what was done, and raises
    BadInput or StorageError. ``now`` gives the time in UTC."""

    site: Site
    decision: Decision
    """What let them in just now."""
    now: Callable[[], datetime]

    @property
    def person_id(self) -> int:
        person_id = self.decision.person_id
        assert person_id is not None
        return person_id

    @property
    def name(self) -> str:
        return self.decision.person_name or ""

    @property
    def has_hours(self) -> bool:
        """Whether the site keeps hours at all."""
        return self.site.settings().attendance

    @property
    def _me(self) -> Actor:
        return Actor(ActorKind.PERSON, self.name)

    def read(self) -> OwnHours:
        """All that is shown."""
        site = self.site
        return read(site.records, site.attendance(), self.person_id, self.name, self.now())

    def answer(self, question: Question, choice: Choice) -> str:
        """Answer a question by what was offered."""
        self._check_own(question.event.person_id)
        if choice.moment is None:
            self.site.admin.corrections.answer(self._me, question.event, choice.direction)
        else:
            self._left(choice.moment)
        return _("Thank you. That counts now.")

    def say_when(self, draft: Draft) -> str:
        """Say by a typed time when one left who forgot to clock out."""
        came = draft.belongs_to
        assert came is not None
        self._check_own(came.person_id)
        self._left(self.site.attendance().said_left(came, draft.digits, self.now()))
        return _("Thank you. That counts now.")

    def ask(self, draft: Draft, why: str) -> str:
        """Ask for a correction."""
        event, moment = draft.event, draft.moment()
        direction = draft.direction or (event.direction if event is not None else Direction.IN)
        self.site.admin.requests.ask(
            self._me,
            self.person_id,
            direction,
            moment.astimezone(UTC) if moment is not None else None,
            why,
            event.id if event is not None else None,
        )
        return _("You have asked for it. The answer will stand here.")

    def missing(self) -> Missing:
        """What they must give before they are shown all that is kept of them."""
        return missing(self.decision, self.site.records.people.get(self.person_id))

    def own_data(self, pin: str | None) -> OwnData:
        """All that is kept of them; that they were shown it is written down. ``pin`` is theirs,
        where it was missing. Raises WrongPin and LockedOut, too."""
        if pin is not None:
            self.site.pins.check_own(self.person_id, pin)
        elif self.missing() is not Missing.NOTHING:
            raise BadInput(_("For this your face and your PIN are needed."))
        return self.site.admin.own_data.hand_out(self._me, self.person_id)

    def copy(self, data: OwnData) -> str:
        """Write it into the folder that the site has named, on paper and for programs."""
        from kiosk.ui.common.own_data_pages import own_data_pdf

        folder = Path(self.site.settings().copies_folder).expanduser()
        if not folder.is_dir():
            raise BadInput(
                _("There is no place for a copy: is the stick plugged in? Then try again.")
            )
        name = f"own-data-{self.person_id}-{data.at.astimezone():%Y-%m-%d}"
        write_private(folder / f"{name}.json", data.json)
        write_private(folder / f"{name}.pdf", own_data_pdf(data))
        return _("The copy is written: {name}.pdf, and the same for programs.").format(name=name)

    def withdraw(self) -> tuple[OwnData, str]:
        """They agree no more: all photos of their face are deleted. What is kept then, and a
        sentence."""
        done = self.site.admin.consents.withdraw(self._me, self.person_id)
        photos = counted("{count} photo is deleted", "{count} photos are deleted", done.photos)
        told = _("{photos}, and your face is known no more. Use your PIN from now on.")
        if not done.person.has_pin:
            told = _("{photos}, and your face is known no more. Ask for a PIN: you have none.")
        left = own_data(self.site.records, self.person_id, self.now())
        return left, told.format(photos=photos)

    def _left(self, moment: datetime) -> None:
        self.site.admin.corrections.add(
            self._me, self.person_id, Direction.OUT, moment, _("said at the kiosk")
        )

    def _check_own(self, person_id: int) -> None:
        if person_id != self.person_id:
            raise BadInput(_("This entry is not yours."))
