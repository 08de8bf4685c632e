"""What is touched at the door, down to the rows that the sheet is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence
from kiosk.domain.audit import ActorKind
from kiosk.domain.decision import Mode, Outcome, Reason, Verdict
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance import Attendance
from kiosk.services.decide.verify import Circumstances, Verifier
from kiosk.storage import open_storage
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.page import KioskPage
from tests.fakes import QUICK_HASHER, WallClock
from tests.ui.fakes import Clock, FakeKiosk, verdict

FACE = Circumstances(Mode.WALK_UP, "Camera 0")
Machine = Callable[[str], None]


@dataclass
class Door:
    """A page over a real database; ``look`` is somebody's look into the camera."""

    page: KioskPage
    bridge: Bridge
    storage: Storage
    verifier: Verifier
    wall: WallClock
    clock: Clock
    ada: Person

    def look(self, after: timedelta = timedelta()) -> None:
        self.wall.forward(after.total_seconds())
        self.later(after.total_seconds())
        allowed = Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, self.ada.id, 0.8)
        told = self.verifier.conclude(allowed, FACE)
        hold = 8.0 if told.doubtful else 10.0 if told.forgotten else 3.0
        self.bridge.on_view(verdict(told, hold))
        QApplication.processEvents()

    def later(self, seconds: float) -> None:
        self.clock.time += seconds
        self.page.refresh()

    def punches(self) -> list[ClockEvent]:
        since = self.wall.now - timedelta(days=9)
        return list(self.storage.clock_events.between(since, self.wall.now + timedelta(1)))


@pytest.fixture
def door(qtbot: QtBot, tmp_path: Path, worker: Worker, clock: Clock) -> Iterator[Door]:
    wall = WallClock()
    storage = open_storage(f"sqlite:///{tmp_path / 'kiosk.db'}", wall)
    pins = Pins(storage, wall, QUICK_HASHER, wall.monotonic)
    attendance = Attendance(storage, 4)
    site = replace(
        FakeKiosk().site(),
        records=storage,
        admin=Administration.of(storage, pins, wall),
        attendance=lambda: attendance,
    )
    bridge = Bridge()
    page = KioskPage(site, bridge, worker, clock=clock, now=wall)
    qtbot.addWidget(page)
    page.show()
    verifier = Verifier(storage, pins, attendance, repeat_after=60, now=wall)
    yield Door(page, bridge, storage, verifier, wall, clock, storage.people.add("Ada Byron", "17"))
    assert worker.close()
    storage.close()


def test_a_look_that_meant_a_going_is_one_by_one_touch(qtbot: QtBot, door: Door) -> None:
    door.look()
    door.look(timedelta(minutes=2))
    assert door.page.words.sentence == "Going already, Ada?"
    _, seen = door.punches()
    assert (seen.direction, seen.doubt, seen.asks) == (Direction.SEEN, Doubt.SHORT, True)
    door.page.offers.buttons[1].click()
    qtbot.waitUntil(lambda: door.page.words.sentence == "Goodbye, Ada")
    came, went = door.punches()
    assert (went.direction, went.at, went.replaces, went.asks) == (
        Direction.OUT, seen.at, seen.id, False,
    )  # fmt: skip
    assert went.evidence is Evidence.FACE
    entry = door.storage.audit.newest()[0]
    assert (entry.actor.kind, entry.actor.name) == (ActorKind.PERSON, "Ada Byron")
    assert went.at - came.at == timedelta(minutes=2)


def test_untouched_the_likely_one_stands_and_stays_flagged(door: Door) -> None:
    door.look()
    door.look(timedelta(minutes=2))
    door.later(8.1)
    assert door.page.words.clock
    assert [event.asks for event in door.punches()] == [False, True]


def test_a_confirmed_answer_is_no_question_any_more(qtbot: QtBot, door: Door) -> None:
    door.look()
    door.look(timedelta(minutes=2))
    door.page.offers.buttons[0].click()
    qtbot.waitUntil(lambda: door.page.words.sentence == "Still here, Ada")
    assert [(event.direction, event.asks) for event in door.punches()] == [
        (Direction.IN, False), (Direction.SEEN, False),
    ]  # fmt: skip


def test_a_second_look_is_no_punch_and_asks_nothing(door: Door) -> None:
    door.look()
    door.look(timedelta(seconds=40))
    assert door.page.words.sentence == "You are already in, Ada"
    assert not door.page.offers.shown
    assert len(door.punches()) == 1


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
def test_a_forgotten_going_is_mended_by_one_touch(
    qtbot: QtBot, door: Door, machine_in: Machine, zone: str
) -> None:
    machine_in(zone)
    door.look()
    door.look(timedelta(hours=23, minutes=40))
    qtbot.waitUntil(lambda: door.page._inquiry.due() is not None)
    door.later(2.1)
    assert door.page.words.sentence == "When did you leave yesterday?"
    door.later(0.5)
    door.page.offers.buttons[0].click()
    qtbot.waitUntil(lambda: door.page.words.sentence == "Thank you, Ada")
    came, went, again = door.punches()
    assert (went.direction, went.evidence, went.note) == (
        Direction.OUT, Evidence.PERSON, "said at the kiosk",
    )  # fmt: skip
    assert went.at - came.at == timedelta(hours=8)
    assert again.direction is Direction.IN
    assert door.page.words.second.startswith(f"You left at {went.at.astimezone():%H:%M}"[:17])
    day = door.verifier._attendance.days(came.local.date(), again.local.date())  # type: ignore[union-attr]
    assert [row.worked for row in day] == [timedelta(hours=8), timedelta()]


def test_a_forgotten_going_is_typed(qtbot: QtBot, door: Door, machine_in: Machine) -> None:
    machine_in("Europe/Berlin")
    door.look()
    door.look(timedelta(days=4))
    qtbot.waitUntil(lambda: door.page._inquiry.due() is not None)
    door.later(2.1)
    assert door.page.words.sentence == "When did you leave on Monday?"
    door.later(0.5)
    door.page.offers.shown[-1].click()
    qtbot.keyClicks(door.page.pad, "0859\r")
    qtbot.waitUntil(lambda: "between 09:00" in door.page.words.second)
    qtbot.keyClicks(door.page.pad, "0030\r")
    qtbot.waitUntil(lambda: door.page.words.sentence == "Thank you, Ada")
    went = door.punches()[1]
    assert went.at == datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "past midnight, by the wall's clock"


def test_without_an_answer_the_day_stays_open_and_the_next_goes_on(door: Door) -> None:
    door.look()
    door.look(timedelta(days=1))
    door.later(11)
    assert door.page.words.clock
    door.look(timedelta(hours=9))
    assert door.page.words.sentence == "Goodbye, Ada"
    assert len(door.punches()) == 3
