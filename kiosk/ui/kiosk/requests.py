"""What the page asks of the kiosk; the answers come back as signals on the screen's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.errors import BadInput, LockedOut
from kiosk.services.decide.engine import Engine
from kiosk.services.decide.verify import Announcement
from kiosk.services.site import Site
from kiosk.ui.common.work import Worker, sentence

NOBODY = 0
"""No person's id. Whoever claims a name that is not enrolled is looked at and refused like
anybody else, so that nobody learns by typing who is enrolled."""


class Requests(QObject):
    """``admin_known`` says whether there is an admin PIN yet; ``admitted`` that it was right or
    has been set; ``refused`` why not, and for how many seconds nothing more is taken. ``turned``
    brings an announcement with its clock event changed, ``not_turned`` why it was not. PINs and
    claims are answered by a verdict, as faces are; ``claim_failed`` says why there is none."""

    admin_known = Signal(bool)
    admitted = Signal()
    refused = Signal(str, float)
    turned = Signal(object)
    not_turned = Signal(str)
    claim_failed = Signal(str)
    pins_known = Signal(bool)

    def __init__(self, site: Site, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._site = site
        self._worker = worker

    def pause(self, paused: bool) -> None:
        """While paused nobody is looked at."""

        def command(engine: Engine) -> None:
            engine.pause(paused)

        self._site.submit(command)

    def tap(self) -> None:
        """Somebody wants to be looked at."""

        def command(engine: Engine) -> None:
            engine.tap()

        self._site.submit(command)

    def pin(self, who: str, pin: str) -> None:
        """Somebody's own PIN instead of the face."""
        self._site.submit(lambda engine: engine.pin(who, pin))

    def claim(self, who: str) -> None:
        """Somebody says who they are; the next face must be theirs."""

        def found(person_id: int) -> None:
            def command(engine: Engine) -> None:
                engine.claim(person_id)

            self._site.submit(command)

        def find() -> int:
            person = self._site.records.people.claim(who)
            return NOBODY if person is None else person.id

        self._worker.submit(
            find, found, lambda error: self.claim_failed.emit(self._told(error)), owner=self
        )

    def drop_claim(self) -> None:
        """Take a claim back, and end a verdict that is still held."""

        def command(engine: Engine) -> None:
            engine.claim(None)

        self._site.submit(command)

    def ask_admin(self) -> None:
        """Whether there is an admin PIN; the answer is ``admin_known``."""
        self._worker.submit(
            lambda: self._site.pins.admin_set, self.admin_known.emit, self._refuse, owner=self
        )

    def ask_pins(self) -> None:
        """Whether anybody has a PIN; the answer is ``pins_known``."""
        self._worker.submit(
            self._site.records.people.any_pin, self.pins_known.emit, lambda _: None, owner=self
        )

    def check_admin(self, pin: str) -> None:
        self._admin(lambda: self._site.pins.check_admin(pin))

    def set_admin(self, pin: str) -> None:
        self._admin(lambda: self._site.admin.settings.set_admin_pin(ADMINISTRATOR, pin))

    def turn(self, announcement: Announcement) -> None:
        """Make the in that was just clocked an out, or the reverse."""
        event = announcement.clock_event
        assert event is not None
        visitor = Actor(ActorKind.PERSON, announcement.decision.person_name or "")

        def done(turned: ClockEvent) -> None:
            self.turned.emit(replace(announcement, clock_event=turned))

        self._worker.submit(
            lambda: self._site.admin.corrections.turn(visitor, event),
            done,
            lambda error: self.not_turned.emit(self._told(error)),
            owner=self,
        )

    def _admin(self, op: Callable[[], None]) -> None:
        self._worker.submit(op, lambda _: self.admitted.emit(), self._refuse, owner=self)

    def _told(self, error: BaseException) -> str:
        """What to show of a failure: its words where the person can do something about it; else
        they are the administrator's."""
        if isinstance(error, BadInput):
            return sentence(error)
        self._site.faults.note(sentence(error))
        return ""

    def _refuse(self, error: BaseException) -> None:
        seconds = error.seconds if isinstance(error, LockedOut) else 0.0
        self.refused.emit(self._told(error), seconds)
