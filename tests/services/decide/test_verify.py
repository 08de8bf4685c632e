from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.attendance import Direction, Doubt
from kiosk.domain.decision import Mode, Outcome, Reason, Verdict
from kiosk.domain.errors import StorageError
from kiosk.domain.people import Person
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.attendance import Attendance
from kiosk.services.decide.verify import Circumstances, Verifier
from tests.fakes import MORNING, QUICK_HASHER, WallClock

FACE = Circumstances(Mode.WALK_UP, "Camera 0", "fake", 0.5, 0.001, 1.2)
DENIED = Verdict(Outcome.DENY, Reason.NOT_RECOGNISED, None, 0.3)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


@pytest.fixture
def verifier(storage: Storage, pins: Pins, clock: WallClock) -> Verifier:
    return Verifier(storage, pins, Attendance(storage, 4), repeat_after=60, now=clock)


def allow(person: Person) -> Verdict:
    return Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, person.id, 0.8)


def rows(storage: Storage) -> list[tuple[Outcome, Reason, str | None]]:
    found = storage.events.query(EventFilter())
    return [(row.outcome, row.reason, row.person_name) for row in reversed(found)]


def test_an_allow_is_a_row_and_a_clock_event(
    verifier: Verifier, storage: Storage, ada: Person, clock: WallClock
) -> None:
    told = verifier.conclude(allow(ada), FACE)
    (row,) = storage.events.query(EventFilter())
    assert told.decision == row
    assert (row.at, row.person_id, row.person_name, row.mode) == (
        clock.now, ada.id, "Ada", Mode.WALK_UP,
    )  # fmt: skip
    assert (row.score, row.threshold, row.far, row.encoder_id) == (0.8, 0.5, 0.001, "fake")
    assert (row.camera, row.duration, row.event_id) == ("Camera 0", 1.2, 1)
    assert told.clock_event is not None
    assert told.clock_event.direction is Direction.IN
    assert told.clock_event.event_id == row.event_id


def test_a_deny_is_a_row_only(verifier: Verifier, storage: Storage) -> None:
    told = verifier.conclude(DENIED, FACE)
    assert told.clock_event is None
    assert told.decision.threshold == 0.5
    assert rows(storage) == [(Outcome.DENY, Reason.NOT_RECOGNISED, None)]


def test_without_a_comparison_there_is_no_threshold(verifier: Verifier) -> None:
    verdict = Verdict(Outcome.LOW_QUALITY, Reason.FACE_TOO_DARK)
    decision = verifier.conclude(verdict, FACE).decision
    assert decision.score is decision.threshold is decision.far is None


def test_after_a_failed_drill_a_face_alone_opens_nothing(
    verifier: Verifier, storage: Storage, pins: Pins, ada: Person
) -> None:
    storage.settings.save({"drill_owed": "print"})
    told = verifier.conclude(allow(ada), FACE)
    assert told.clock_event is None
    assert rows(storage) == [(Outcome.DENY, Reason.PIN_NEEDED, "Ada")]
    storage.people.set_pin_hash(ada.id, pins.hashed("2468"))
    assert verifier.pin("17", "2468", "Camera 0").decision.outcome is Outcome.ALLOW
    storage.settings.save({"drill_owed": ""})
    assert verifier.conclude(allow(ada), FACE).decision.outcome is Outcome.ALLOW


def test_a_rehearsal_leaves_nothing_behind(
    verifier: Verifier, storage: Storage, ada: Person
) -> None:
    storage.settings.save({"drill_owed": "print"})
    rehearsal = verifier.rehearsal()
    for _ in range(2):
        told = rehearsal.conclude(allow(ada), FACE)
        assert (told.decision.outcome, told.decision.repeat) == (Outcome.ALLOW, False)
        assert (told.decision.event_id, told.clock_event) == (None, None)
    assert rehearsal.conclude(DENIED, FACE).decision.outcome is Outcome.DENY
    assert rows(storage) == []
    assert not storage.clock_events.between(MORNING - timedelta(1), MORNING + timedelta(1))


def test_who_was_disabled_a_moment_ago_is_refused_by_name(
    verifier: Verifier, storage: Storage, ada: Person
) -> None:
    storage.people.update(replace(ada, enabled=False))
    told = verifier.conclude(allow(ada), FACE)
    assert told.clock_event is None
    assert rows(storage) == [(Outcome.DENY, Reason.PERSON_DISABLED, "Ada")]


def test_who_was_deleted_a_moment_ago_is_a_stranger(
    verifier: Verifier, storage: Storage, ada: Person
) -> None:
    storage.people.delete(ada.id)
    told = verifier.conclude(allow(ada), FACE)
    assert told.decision.person_id is None
    assert rows(storage) == [(Outcome.DENY, Reason.NOT_RECOGNISED, None)]


def test_the_same_person_again_is_a_row_and_no_clock_event(
    verifier: Verifier, storage: Storage, ada: Person, clock: WallClock
) -> None:
    first = verifier.conclude(allow(ada), FACE)
    clock.forward(59)
    again = verifier.conclude(allow(ada), FACE)
    assert again.decision.repeat
    assert storage.events.query(EventFilter())[0] == again.decision, "marked in the log as well"
    assert again.clock_event == first.clock_event, "it still stands and may be turned"
    assert len(rows(storage)) == 2
    assert storage.check().clock_events == 1
    assert again.reading is None, "nothing is asked"
    clock.forward(8 * 3600)
    later = verifier.conclude(allow(ada), FACE)
    assert not later.decision.repeat
    assert later.clock_event is not None
    assert later.clock_event.direction is Direction.OUT
    assert not later.doubtful


def test_a_look_soon_after_coming_is_asked_about_and_clocks_nobody_out(
    verifier: Verifier, storage: Storage, ada: Person, clock: WallClock
) -> None:
    first = verifier.conclude(allow(ada), FACE)
    clock.forward(61)
    soon = verifier.conclude(allow(ada), FACE)
    assert soon.clock_event is not None
    assert soon.clock_event.direction is Direction.SEEN, "it stands at once, and until they answer"
    assert (soon.clock_event.doubt, soon.doubtful) == (Doubt.SHORT, True)
    assert soon.reading is not None
    assert soon.reading.since == first.clock_event
    clock.forward(10)
    again = verifier.conclude(allow(ada), FACE)
    assert (again.clock_event, again.doubtful) == (first.clock_event, False)


def test_who_forgot_to_clock_out_is_asked_when_they_left(
    verifier: Verifier, ada: Person, clock: WallClock
) -> None:
    first = verifier.conclude(allow(ada), FACE)
    clock.forward(24 * 3600)
    told = verifier.conclude(allow(ada), FACE)
    assert told.clock_event is not None
    assert told.clock_event.direction is Direction.IN
    assert (told.forgotten, told.doubtful) == (first.clock_event, False)


def test_a_repeat_does_not_make_the_window_longer(
    verifier: Verifier, ada: Person, clock: WallClock
) -> None:
    verifier.conclude(allow(ada), FACE)
    clock.forward(40)
    verifier.conclude(allow(ada), FACE)
    clock.forward(20)
    assert not verifier.conclude(allow(ada), FACE).decision.repeat


def test_two_people_in_a_row_are_no_repeat(
    verifier: Verifier, ada: Person, enrol: Callable[..., Person]
) -> None:
    ben = enrol("Ben")
    told = [verifier.conclude(allow(person), FACE).decision for person in (ada, ben, ada)]
    assert [decision.repeat for decision in told] == [False, False, True]


def test_a_clock_set_back_makes_no_repeat_of_a_new_visit(
    verifier: Verifier, storage: Storage, ada: Person, clock: WallClock
) -> None:
    verifier.conclude(allow(ada), FACE)
    clock.forward(-3600)
    assert not verifier.conclude(allow(ada), FACE).decision.repeat
    assert len(rows(storage)) == 2


def test_without_attendance_nobody_is_clocked(
    storage: Storage, pins: Pins, ada: Person, clock: WallClock
) -> None:
    verifier = Verifier(storage, pins, None, repeat_after=60, now=clock)
    assert verifier.conclude(allow(ada), FACE).clock_event is None
    repeat = verifier.conclude(allow(ada), FACE)
    assert repeat.decision.repeat
    assert repeat.clock_event is None


def test_a_pin_lets_in_and_is_logged_as_such(
    verifier: Verifier, pins: Pins, storage: Storage, ada: Person
) -> None:
    storage.people.set_pin_hash(ada.id, pins.hashed("2580"))
    told = verifier.pin("17", "2580", "Camera 0")
    assert (told.decision.mode, told.decision.reason) == (Mode.PIN, Reason.PIN_MATCHED)
    assert told.decision.person_name == "Ada"
    assert told.decision.score is told.decision.encoder_id is None
    assert told.clock_event is not None


def test_wrong_pins_are_logged_and_then_locked_out(
    verifier: Verifier, pins: Pins, storage: Storage, ada: Person
) -> None:
    storage.people.set_pin_hash(ada.id, pins.hashed("2580"))
    waits = [verifier.pin("17", "1379", "Camera 0").wait for _ in range(6)]
    assert waits == [0, 0, 0, 0, 30, 30]
    reasons = [reason for _, reason, _ in rows(storage)]
    assert reasons == 4 * [Reason.WRONG_PIN] + 2 * [Reason.LOCKED_OUT]
    assert verifier.pin("17", "2580", "Camera 0").decision.outcome is Outcome.DENY


class DeletesOnCheck(Pins):
    """Somebody is deleted while their PIN is being checked."""

    def check_person(self, who: str, pin: str, shown: int | None = None) -> Person:
        person = self._storage.people.claim(who)
        assert person is not None
        self._storage.people.delete(person.id)
        return self._storage.people.get(person.id)


def test_who_is_deleted_while_typing_is_refused(
    storage: Storage, ada: Person, clock: WallClock
) -> None:
    verifier = Verifier(
        storage, DeletesOnCheck(storage, clock, QUICK_HASHER), None, repeat_after=60, now=clock
    )
    assert verifier.pin("17", "2580", "Camera 0").decision.reason is Reason.WRONG_PIN


class FullDisk:
    """A storage that can be read and not written."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def decide(self, *_: object) -> Any:
        raise StorageError("The disk is full.")


@pytest.mark.parametrize("repeat", [False, True])
def test_what_cannot_be_logged_is_not_told(
    storage: Storage, pins: Pins, ada: Person, clock: WallClock, repeat: bool
) -> None:
    full: Any = FullDisk(storage)
    verifier = Verifier(full, pins, Attendance(full, 4), repeat_after=0, now=clock)
    with pytest.raises(StorageError, match="full"):
        verifier.conclude(allow(ada) if repeat else DENIED, FACE)
    assert rows(storage) == []
    assert not Attendance(storage, 4).spans(MORNING.date(), MORNING.date())


def test_rows_of_a_clock_that_cannot_be_right_are_marked(
    verifier: Verifier,
    storage: Storage,
    ada: Person,
    clock: WallClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    right = clock.now
    moments = [
        (right, False),
        (right.replace(year=2000), True),
        (right.replace(year=2000) + timedelta(seconds=5), True),
        (right.replace(year=2031), True),
        (right + timedelta(hours=1), False),
    ]
    for moment, suspect in moments:
        clock.now = moment
        for verdict in (DENIED, allow(ada)):
            assert verifier.conclude(verdict, FACE).decision.clock_suspect is suspect
    rows = storage.events.query(EventFilter(clock_suspect=True))
    assert len(rows) == 6
    assert storage.events.last_at() == right + timedelta(hours=1)
    clocked = storage.clock_events.between(right.replace(year=1999), right.replace(year=2032))
    assert {event.at.year: event.clock_suspect for event in clocked} == {
        2000: True, 2026: False, 2031: True,
    }  # fmt: skip
    assert [record.levelname for record in caplog.records] == ["WARNING"], "told once"
