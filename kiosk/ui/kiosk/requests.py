"""What the page asks of the kiosk; the answers come back as signals on the screen's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.errors import BadInput, LockedOut
from kiosk.domain.hours.inside import Inside
from kiosk.domain.language import _
from kiosk.services.access.pins import utc_now
from kiosk.services.decide.engine import Engine
from kiosk.services.decide.verify import Announcement
from kiosk.services.site import Site
from kiosk.ui.common.work import Worker, sentence

NOBODY = 0
"""No person's id. Whoever claims a name that is not enrolled is looked at and refused like
anybody else, so that nobody learns by typing who is enrolled."""


class Requests(QObject):
    """``admin_known`` says whether there is an admin PIN yet (or another administrator), and
    whether people sign in by their names; ``admitted`` who signed in, with a new recovery code
    where there is one; ``code_right`` that a recovery code is; ``refused`` why not, or why a time
    was not taken, and for how many seconds nothing more is. ``pins_known`` says whether anybody has
    a PIN, ``inside_known`` how many people are in (None: that can't be read).

    ``meant`` brings an announcement with what its person says that the look was, ``not_meant`` why
    that could not be written; ``left_known`` an announcement with moments at which its person may
    have left who forgot to clock out, ``left_said`` with what they said.

    PINs and claims are answered by a verdict, as faces are; ``claim_failed`` says why there is
    none."""

    admin_known = Signal(bool, bool)
    admitted = Signal(object, str)
    code_right = Signal(str)
    refused = Signal(str, float)
    meant = Signal(object)
    not_meant = Signal(str)
    left_known = Signal(object, object)
    left_said = Signal(object, object)
    inside_known = Signal(object)
    claim_failed = Signal(str)
    pins_known = Signal(bool)

    def __init__(
        self,
        site: Site,
        worker: Worker,
        parent: QObject | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._now = now
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
        """Whether there is an admin PIN, and people with roles; ``admin_known``."""

        def read() -> tuple[bool, bool]:
            staff = self._site.admin.staff
            return self._site.pins.admin_set or staff.administrator(), staff.anybody()

        self._worker.submit(
            read, lambda known: self.admin_known.emit(*known), self._refuse, owner=self
        )

    def ask_pins(self) -> None:
        """Whether anybody has a PIN; the answer is ``pins_known``."""
        self._worker.submit(
            self._site.records.people.any_pin, self.pins_known.emit, lambda _: None, owner=self
        )

    def sign_in(self, who: str, secret: str) -> None:
        """By a name or number and what belongs to it; nobody's name is the administrator's."""
        self._admin(lambda: (self._site.admin.staff.sign_in(who, secret), ""))

    def set_admin(self, pin: str) -> None:
        """The first start: an admin PIN, and with it a recovery code."""
        recovery = self._site.admin.recovery
        self._admin(lambda: (ADMINISTRATOR, recovery.set_first_pin(ADMINISTRATOR, pin)))

    def check_code(self, code: str) -> None:
        """Whether this is the recovery code; ``code_right`` or ``refused``."""
        self._worker.submit(
            lambda: self._site.admin.recovery.check(code),
            lambda _: self.code_right.emit(code),
            self._refuse,
            owner=self,
        )

    def recover(self, code: str, pin: str) -> None:
        """A new admin PIN by the code, and the next code."""
        recovery = self._site.admin.recovery
        self._admin(lambda: (ADMINISTRATOR, recovery.recover(code, pin)))

    def step_back(self, *, by_hand: bool) -> None:
        """The admin panel was closed, by hand or by itself."""

        def command(engine: Engine) -> None:
            engine.step_back(by_hand=by_hand)

        self._site.submit(command)

    def stay(self, seconds: float) -> None:
        """Whoever was told something is told more: nobody is looked at for so long."""

        def command(engine: Engine) -> None:
            engine.stay(seconds)

        self._site.submit(command)

    def mean(self, announcement: Announcement, means: Direction) -> None:
        """The person says what the look meant that was just clocked."""
        event = announcement.clock_event
        assert event is not None
        corrections = self._site.admin.corrections

        def write() -> ClockEvent:
            if event.asks:
                return corrections.answer(_person(announcement), event, means)
            return corrections.turn(_person(announcement), event, means)

        def done(written: ClockEvent) -> None:
            self.meant.emit(replace(announcement, clock_event=written))

        self._worker.submit(
            write, done, lambda error: self.not_meant.emit(self._told(error)), owner=self
        )

    def ask_left(self, announcement: Announcement) -> None:
        """When somebody may have left who forgot to clock out; ``left_known``."""
        came = announcement.forgotten
        assert came is not None
        self._worker.submit(
            lambda: self._site.attendance().left(came, announcement.decision.at),
            lambda moments: self.left_known.emit(announcement, moments),
            self._note,
            owner=self,
        )

    def say_left(self, announcement: Announcement, when: datetime | str) -> None:
        """The person says when they left: a moment (with zone) that was offered, or a time of day
        that was typed; ``left_said`` or ``refused``."""
        came = announcement.forgotten
        assert came is not None

        def write() -> ClockEvent:
            moment = when
            if isinstance(moment, str):
                until = announcement.decision.at
                moment = self._site.attendance().said_left(came, moment, until)
            return self._site.admin.corrections.add(
                _person(announcement),
                came.person_id,
                Direction.OUT,
                moment,
                _("said at the kiosk"),
            )

        self._worker.submit(
            write,
            lambda event: self.left_said.emit(announcement, event),
            self._refuse,
            owner=self,
        )

    def ask_inside(self) -> None:
        """How many people are or may be in; ``inside_known``."""

        def count() -> int:
            found = self._site.attendance().inside(self._now())
            return sum(one.inside is not Inside.UNKNOWN for one in found)

        def failed(error: BaseException) -> None:
            self._note(error)
            self.inside_known.emit(None)

        self._worker.submit(count, self.inside_known.emit, failed, owner=self)

    def _admin(self, op: Callable[[], tuple[Actor, str]]) -> None:
        self._worker.submit(op, lambda told: self.admitted.emit(*told), self._refuse, owner=self)

    def _told(self, error: BaseException) -> str:
        """What to show of a failure: its words where the person can do something about it; else
        they are the administrator's."""
        if isinstance(error, BadInput):
            return sentence(error)
        self._note(error)
        return ""

    def _note(self, error: BaseException) -> None:
        self._site.faults.note(sentence(error))

    def _refuse(self, error: BaseException) -> None:
        seconds = error.seconds if isinstance(error, LockedOut) else 0.0
        self.refused.emit(self._told(error), seconds)


def _person(announcement: Announcement) -> Actor:
    return Actor(ActorKind.PERSON, announcement.decision.person_name or "")
