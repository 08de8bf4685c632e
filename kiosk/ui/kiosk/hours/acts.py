"""What somebody does about their own hours, on the worker; each is done by them and written down as
that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import Actor, ActorKind
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.services.site import Site
from kiosk.ui.kiosk.hours.draft import Draft
from kiosk.ui.kiosk.hours.model import Choice, OwnHours, Question
from kiosk.ui.kiosk.hours.reading import read


@dataclass(frozen=True, slots=True)
class Acts:
    """One person's. Each call takes some ms, returns a sentence that says what was done, and raises
    BadInput or StorageError. ``now`` gives the time in UTC."""

    site: Site
    person_id: int
    name: str
    now: Callable[[], datetime]

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

    def _left(self, moment: datetime) -> None:
        self.site.admin.corrections.add(
            self._me, self.person_id, Direction.OUT, moment, _("said at the kiosk")
        )

    def _check_own(self, person_id: int) -> None:
        if person_id != self.person_id:
            raise BadInput(_("This entry is not yours."))
