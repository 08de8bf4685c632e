"""Who types what on the page, what is on its way, and when nobody may be looked at meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from kiosk.domain.decision import Outcome
from kiosk.services.decide.engine import Phase, View
from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.entry import Entry, Purpose, Step
from kiosk.ui.kiosk.entry_pad import EntryPad
from kiosk.ui.kiosk.requests import Requests
from kiosk.ui.kiosk.wording import asking, moment, wait_of
from kiosk.ui.kiosk.words import Words

_TO_THE_PANEL = (Purpose.ADMIN, Purpose.NEW_ADMIN, Purpose.STAFF, Purpose.RECOVER)
PATIENCE = 5.0
"""Seconds after which an answer is no longer waited for."""


class Conversation(QObject):
    """Leads through the pad's entries. ``changed`` whenever the page has something else to say,
    ``left`` when somebody gave up, ``admitted`` with who signed in (an ``Actor``) and a new
    recovery code where there is one, ``failed`` with a sentence that belongs to no entry, ``timed``
    with the time of day at which somebody says to have left."""

    timed = Signal(str)
    changed = Signal()
    left = Signal()
    admitted = Signal(object, str)
    failed = Signal(str)

    def __init__(
        self,
        pad: EntryPad,
        requests: Requests,
        texts: Texts,
        clock: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pad = pad
        self._requests = requests
        self._texts = texts
        self._clock = clock
        self._open = False
        self._docked = False
        self._suspended = False
        self._paused = False
        self._problem = ""
        self._locked_until = 0.0
        self._waiting_until = 0.0
        self._waits_for_face = False
        pad.changed.connect(self._typed)
        pad.submitted.connect(self._submit)
        pad.cancelled.connect(self._cancelled)
        pad.forgot.connect(lambda: self.open(Purpose.RECOVER))
        requests.admin_known.connect(self._begin_admin)
        requests.admitted.connect(self._admit)
        requests.code_right.connect(self._choose_anew)
        requests.refused.connect(self._refuse)
        requests.claim_failed.connect(self._lose_claim)
        requests.left_said.connect(self._time_taken)

    @property
    def is_open(self) -> bool:
        """Whether the pad is shown."""
        return self._open

    @property
    def is_busy(self) -> bool:
        """Whether somebody types, waits for the answer, or is in the panel."""
        return self._open or self.is_waiting() or self._suspended

    @property
    def is_docked(self) -> bool:
        """Whether it is shown because typing comes first here."""
        return self._open and self._docked

    @property
    def suspended(self) -> bool:
        return self._suspended

    def is_waiting(self) -> bool:
        """Whether what was typed has no answer yet."""
        return self._clock() < self._waiting_until

    def open(self, purpose: Purpose, *, docked: bool = False) -> None:
        """Begin an entry; nobody is looked at meanwhile, unless looking waits for it anyway."""
        self._open, self._docked = True, docked
        self._problem, self._locked_until, self._waiting_until = "", 0.0, 0.0
        self._pad.open(Entry.begin(purpose))
        self._apply_pause()
        self.changed.emit()

    def close(self) -> None:
        """Put the pad away."""
        if self._open:
            self._open = self._docked = False
            self._pad.close_pad()
            self._apply_pause()
            self.changed.emit()

    def suspend(self, suspended: bool) -> None:
        """Somebody is in the admin panel, or back from it."""
        self._suspended = suspended
        if suspended:
            self._open = self._docked = False
            self._pad.close_pad()
        self._apply_pause()

    def hear(self, view: View) -> bool:
        """A view came; whether the page should take it for what it says."""
        if self._paused and view.phase in (Phase.LOOKING, Phase.TAP_FIRST, Phase.TYPE_FIRST):
            # An engine that was built anew does not know that it is paused.
            self._requests.pause(True)
        if view.phase is Phase.LOOKING and self._waits_for_face:
            self._waiting_until = 0.0
        if view.phase is Phase.FAULT:
            self._waiting_until = 0.0
        if view.phase is not Phase.VERDICT or view.announcement is None:
            return True
        outcome = view.announcement.decision.outcome
        awaited = self.is_waiting()
        self._waiting_until = 0.0
        if self._suspended:
            return False
        if outcome is Outcome.AMBIGUOUS:
            self.open(Purpose.CLAIM)
        elif self._open and not awaited and outcome is not Outcome.ALLOW:
            # Decided just before the pad opened: whoever types has seen to it.
            return False
        else:
            self.close()
        return True

    def words(self, said_already: bool) -> Words | None:
        """What to say of the entry; None where it has nothing to say. ``said_already``: the page
        itself asks for what is being typed."""
        if self.is_waiting():
            return moment(self._texts)
        if not self._open:
            return None
        entry = self._pad.entry
        locked = self._locked_until - self._clock()
        if locked > 0:
            return asking(entry, self._texts, wait_of(locked, self._texts))
        if self._locked_until:
            self._locked_until, self._problem = 0.0, ""
            self._pad.set_locked(False)
        if said_already and not entry.text and not self._problem:
            return None
        return asking(entry, self._texts, self._problem)

    def due(self) -> float | None:
        """In how many seconds the words change by themselves."""
        now = self._clock()
        locked, waiting = self._locked_until - now, self._waiting_until - now
        if locked > 0:
            return locked % 1.0 or 1.0
        return waiting if waiting > 0 else None

    def _typed(self) -> None:
        if self._pad.entry.text:
            self._problem = ""
        self.changed.emit()

    def _submit(self, entry: Entry) -> None:
        match entry.purpose:
            case Purpose.PIN:
                self._wait(for_face=False)
                self._requests.pin(entry.who, entry.text)
                self.close()
            case Purpose.CLAIM:
                self._wait(for_face=True)
                self.close()
                self._requests.claim(entry.who)
            case Purpose.LEFT:
                self._pad.set_locked(True)
                self.timed.emit(entry.text)
            case Purpose.ADMIN | Purpose.STAFF:
                self._pad.set_locked(True)
                self._requests.sign_in(entry.who, entry.text)
            case Purpose.RECOVER:
                self._pad.set_locked(True)
                if entry.step is Step.CODE:
                    self._requests.check_code(entry.who)
                else:
                    self._requests.recover(entry.who, entry.text)
            case Purpose.NEW_ADMIN:
                self._pad.set_locked(True)
                self._requests.set_admin(entry.text)
        self.changed.emit()

    def _wait(self, *, for_face: bool) -> None:
        self._waiting_until = self._clock() + PATIENCE
        self._waits_for_face = for_face

    def _cancelled(self) -> None:
        if self._docked:
            self._problem = ""
            self._pad.again(Entry.begin(Purpose.CLAIM))
        else:
            self.close()
            self.left.emit()

    def _begin_admin(self, known: bool, staff: bool) -> None:
        if not known:
            self.open(Purpose.NEW_ADMIN)
        else:
            self.open(Purpose.STAFF if staff else Purpose.ADMIN)

    def _admit(self, actor: object, code: str) -> None:
        if not self._open or self._pad.entry.purpose not in _TO_THE_PANEL:
            return  # whoever typed the PIN gave up, or walked away, before it was checked
        self.close()
        self.admitted.emit(actor, code)

    def _choose_anew(self, code: str) -> None:
        """The recovery code was right: now a new PIN."""
        if self._open and self._pad.entry.purpose is Purpose.RECOVER:
            self._problem = ""
            self._pad.again(Entry(Purpose.RECOVER, Step.PIN, who=code))
            self.changed.emit()

    def _time_taken(self) -> None:
        if self._open and self._pad.entry.purpose is Purpose.LEFT:
            self.close()

    def _refuse(self, why: str, seconds: float) -> None:
        if not self._open:
            self.failed.emit(why)
            return
        self._problem = why or self._texts.fault
        self._pad.again(Entry.begin(self._pad.entry.purpose))
        if seconds > 0:
            self._locked_until = self._clock() + seconds
            self._pad.set_locked(True)
        self.changed.emit()

    def _lose_claim(self, why: str) -> None:
        self._waiting_until = 0.0
        self.failed.emit(why)

    def _apply_pause(self) -> None:
        wanted = self._suspended or (self._open and not self._docked)
        if wanted != self._paused:
            self._paused = wanted
            self._requests.pause(wanted)
