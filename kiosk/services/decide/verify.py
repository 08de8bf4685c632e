"""From a verdict to a committed decision that may be announced."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.clock import clock_problem
from kiosk.domain.decision import Decision, Mode, Outcome, Reason, Verdict
from kiosk.domain.errors import LockedOut, NotFound, WrongPin
from kiosk.domain.hours import Reading
from kiosk.domain.hours.looks import from_panel
from kiosk.domain.liveness.drill import owed
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.attendance import Attendance

log = logging.getLogger(__name__)

CLOCKS_DIFFER = 60.0
"""Seconds by which the clocks of two kiosks on one database may differ."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision is logged with. ``duration`` is in seconds. ``stayed``: the person was seen
    before the camera until a moment ago, so that this is the visit that is logged already;
    ``from_panel``: whoever it is has just left the admin panel."""

    mode: Mode
    camera: str
    encoder_id: str | None = None
    threshold: float | None = None
    far: float | None = None
    duration: float | None = None
    stayed: bool = False
    from_panel: bool = False
    liveness: Proof | None = None
    liveness_score: float | None = None
    liveness_version: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A decision that is in the log. With an ALLOW in attendance mode, ``clock_event`` is the
    event it made, or for a repeat (a row of its own, too) the one that already stands; ``reading``
    says what else the look may have meant. ``wait`` is how many seconds a lock-out still lasts."""

    decision: Decision
    clock_event: ClockEvent | None = None
    wait: float = 0.0
    reading: Reading | None = None

    @property
    def doubtful(self) -> bool:
        """Whether the person is asked what the look meant, and has not said so yet."""
        event = self.clock_event
        return self.reading is not None and event is not None and event.asks

    @property
    def forgotten(self) -> ClockEvent | None:
        """The coming of which the person is asked when they left."""
        return self.reading.forgotten if self.reading is not None else None


class Verifier:
    """Logs, and only then answers. One thread; each call is one transaction (some ms).
    ``recording``: what is looked at is played from a file; each row says so."""

    def __init__(
        self,
        storage: Storage,
        pins: Pins,
        attendance: Attendance | None,
        *,
        repeat_after: float,
        now: Callable[[], datetime],
        recording: bool = False,
    ) -> None:
        self._storage = storage
        self._pins = pins
        self._attendance = attendance
        self._repeat_after = repeat_after
        self._now = now
        self._recording = recording
        self._clock_wrong = False

    def rehearsal(self) -> Verifier:
        """One for a drill: it decides as this one does, and leaves nothing behind."""
        return _Rehearsal(self._storage, self._pins, None, repeat_after=0, now=self._now)

    def conclude(self, verdict: Verdict, circumstances: Circumstances) -> Announcement:
        """Commit a verdict on a face.

        Raises:
            StorageError: it can't be logged, so nobody may hear of it.
        """
        decision = Decision(
            at=self._now(),
            outcome=verdict.outcome,
            reason=verdict.reason,
            mode=circumstances.mode,
            score=verdict.score,
            threshold=None if verdict.score is None else circumstances.threshold,
            far=None if verdict.score is None else circumstances.far,
            encoder_id=circumstances.encoder_id,
            camera=circumstances.camera,
            duration=circumstances.duration,
            liveness=circumstances.liveness,
            liveness_score=circumstances.liveness_score,
            liveness_version=circumstances.liveness_version,
        )
        if verdict.person_id is None:
            return self._commit(decision)
        if verdict.outcome is not Outcome.ALLOW:
            # Whose face was shown is for the log; that the person is gone meanwhile, too.
            return self._commit(replace(decision, person_id=verdict.person_id))
        return self._let_in(decision, verdict.person_id, circumstances)

    def pin(self, who: str, pin: str, camera: str, shown: int | None = None) -> Announcement:
        """Check a person's own PIN and commit the answer; takes about 0.1 s. ``shown`` is whose
        face was recognised just before: that person's PIN makes sure of it.

        Raises:
            StorageError: it can't be logged.
        """
        decision = Decision(
            at=self._now(),
            outcome=Outcome.DENY,
            reason=Reason.WRONG_PIN,
            mode=Mode.PIN,
            camera=camera,
        )
        try:
            person = self._pins.check_person(who, pin, shown)
        except LockedOut as locked:
            refused = self._commit(replace(decision, reason=Reason.LOCKED_OUT))
            return replace(refused, wait=locked.seconds)
        except (WrongPin, NotFound):  # NotFound: deleted while the PIN was being checked.
            return self._commit(decision)
        allowed = replace(
            decision,
            outcome=Outcome.ALLOW,
            reason=Reason.PIN_MATCHED,
            liveness=Proof.PIN if person.id == shown else None,
        )
        return self._let_in(allowed, person.id, Circumstances(Mode.PIN, camera))

    def _let_in(
        self, decision: Decision, person_id: int, circumstances: Circumstances
    ) -> Announcement:
        # One transaction: another kiosk may be deciding on the same person at this moment, and who
        # was disabled or deleted a moment ago may still be in the gallery in memory.
        with self._storage.transaction():
            # Asked in here, so that the later of two has the later time.
            decision = replace(decision, at=self._now())
            try:
                person = self._storage.people.get(person_id)
            except NotFound:
                return self._commit(
                    replace(decision, outcome=Outcome.DENY, reason=Reason.NOT_RECOGNISED)
                )
            named = replace(decision, person_id=person.id, person_name=person.name)
            if not person.enabled:
                return self._commit(
                    replace(named, outcome=Outcome.DENY, reason=Reason.PERSON_DISABLED)
                )
            if not person.valid(decision.at.astimezone().date()):
                return self._commit(
                    replace(named, outcome=Outcome.DENY, reason=Reason.OUTSIDE_DATES)
                )
            if decision.mode is not Mode.PIN and not self._face_alone():
                return self._commit(replace(named, outcome=Outcome.DENY, reason=Reason.PIN_NEEDED))
            if circumstances.stayed or self._is_repeat(named):
                return self._again(replace(named, repeat=True))
            return self._clocked(named, from_the_panel=circumstances.from_panel)

    def _face_alone(self) -> bool:
        """Whether a face opens by itself: not from a failed drill to one that passes."""
        return not owed(self._storage.settings.load())

    def _is_repeat(self, decision: Decision) -> bool:
        last = self._storage.events.last_allow(decision.person_id or 0)
        if last is None:
            return False
        # A clock that was set back makes the age negative: that is no repeat. But the clocks of
        # two kiosks differ a little.
        age = (decision.at - last.at).total_seconds()
        return -min(CLOCKS_DIFFER, self._repeat_after) < age < self._repeat_after

    def _again(self, decision: Decision) -> Announcement:
        logged, _ = self._log(decision)
        if self._attendance is None or logged.person_id is None:
            return Announcement(logged)
        return Announcement(logged, self._attendance.last(logged.person_id, logged.at))

    def _clocked(self, decision: Decision, *, from_the_panel: bool) -> Announcement:
        if not self._attendance or not decision.person_id:
            return Announcement(*self._log(decision))
        reading = self._attendance.read_look(decision.person_id, decision.at)
        if from_the_panel:
            reading = from_panel(reading)
        logged, event = self._log(decision, reading.likely, reading.doubt)
        return Announcement(logged, event, reading=reading)

    def _commit(self, decision: Decision) -> Announcement:
        return Announcement(self._log(decision)[0])

    def _log(
        self, decision: Decision, direction: Direction | None = None, doubt: Doubt | None = None
    ) -> tuple[Decision, ClockEvent | None]:
        problem = clock_problem(decision.at, self._storage.events.last_at())
        if problem and not self._clock_wrong:
            log.warning("%s Rows are marked until then.", problem)
        self._clock_wrong = bool(problem)
        decision = replace(decision, clock_suspect=bool(problem), recording=self._recording)
        return self._storage.decide(decision, direction, doubt)


class _Rehearsal(Verifier):
    """Nothing is logged, nobody clocked; and a drill could never be passed while a face alone
    opens nothing."""

    def _face_alone(self) -> bool:
        return True

    def _log(
        self, decision: Decision, direction: Direction | None = None, doubt: Doubt | None = None
    ) -> tuple[Decision, ClockEvent | None]:
        return decision, None
