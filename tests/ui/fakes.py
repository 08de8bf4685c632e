"""Stand-ins for the kiosk behind the screen, passed in as arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.frame import Frame, Image
from kiosk.domain.hours import Reading
from kiosk.domain.hours.forgotten import said_time
from kiosk.domain.hours.inside import Present
from kiosk.domain.liveness.drill import Conditions, Drill, Try
from kiosk.domain.people import Person
from kiosk.domain.roles import Role
from kiosk.domain.settings import Settings
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.services.drill import DrillSession
from kiosk.services.site import Site

MORNING = datetime(2026, 11, 24, 7, 42, tzinfo=UTC)


class Clock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class FakeEngine:
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def pause(self, paused: bool) -> None:
        self.asked.append(("pause", paused))

    def attend(self, person_id: int | None, *, by_face: bool = True, sure: bool = True) -> None:
        said = () if person_id is None else (by_face, sure)
        self.asked.append(("attend", person_id, *said))

    def rehearse(self, rehearsing: bool) -> None:
        self.asked.append(("rehearse", rehearsing))

    def step_back(self, *, by_hand: bool) -> None:
        self.asked.append(("step_back", by_hand))

    def stay(self, seconds: float) -> None:
        self.asked.append(("stay", seconds))

    def tap(self) -> None:
        self.asked.append(("tap",))

    def claim(self, person_id: int | None) -> None:
        self.asked.append(("claim", person_id))

    def pin(self, who: str, pin: str) -> None:
        self.asked.append(("pin", who, pin))


class FakePins:
    """An admin PIN; ``failure`` is raised instead of an answer."""

    def __init__(self, admin: str | None = "4711") -> None:
        self.admin = admin
        self.failure: Exception | None = None
        self.known_failure: Exception | None = None

    @property
    def admin_set(self) -> bool:
        if self.known_failure is not None:
            raise self.known_failure
        return self.admin is not None

    def check_admin(self, pin: str) -> None:
        if self.failure is not None:
            raise self.failure
        if pin != self.admin:
            raise WrongPin("That PIN is not right. 4 tries left.")

    def set_admin_pin(self, actor: Actor, pin: str) -> None:
        self.admin = pin


class FakePeople:
    def __init__(self, kiosk: FakeKiosk) -> None:
        self.kiosk = kiosk

    def any_pin(self) -> bool:
        return any(person.has_pin for person in self.kiosk.people)

    def claim(self, who: str) -> Person | None:
        if self.kiosk.people_failure is not None:
            raise self.kiosk.people_failure
        for person in self.kiosk.people:
            if who in (person.name, person.staff_number):
                return person
        return None


class FakeCorrections:
    """Writes down who puts what right, or fails. What replaces an event has an id of its own."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.asked: list[tuple[Any, ...]] = []

    def turn(self, actor: Actor, event: ClockEvent, direction: Direction) -> ClockEvent:
        self._write("turn", actor, direction)
        return replace(event, id=event.id + 100, direction=direction, replaces=event.id)

    def answer(self, actor: Actor, event: ClockEvent, direction: Direction) -> ClockEvent:
        self._write("answer", actor, direction)
        if direction is event.direction:
            return replace(event, answered=True)
        return replace(event, id=event.id + 100, direction=direction, replaces=event.id, doubt=None)

    def add(
        self, actor: Actor, person_id: int, direction: Direction, at: datetime, note: str
    ) -> ClockEvent:
        self._write("add", actor, direction, at, note)
        return ClockEvent(200, person_id, direction, at, Evidence.PERSON, note)

    def _write(self, what: str, actor: Actor, *said: object) -> None:
        if self.failure is not None:
            raise self.failure
        assert actor.kind is ActorKind.PERSON
        self.asked.append((what, *said))


class FakeAttendance:
    """Offers two moments of the day before; ``here`` are in."""

    def __init__(self, kiosk: FakeKiosk) -> None:
        self.kiosk = kiosk

    def left(self, came: ClockEvent, until: datetime) -> tuple[datetime, ...]:
        self._read()
        day = came.at.replace(hour=0, minute=0, second=0)
        return tuple(day + timedelta(hours=hour) for hour in (17, 16.5, 18.75))

    def said_left(self, came: ClockEvent, text: str, until: datetime) -> datetime:
        return said_time(came, text, min(until, came.at + timedelta(hours=16)))

    def inside(self, now: datetime) -> tuple[Present, ...]:
        self._read()
        return self.kiosk.here

    def _read(self) -> None:
        if self.kiosk.attendance_failure is not None:
            raise self.kiosk.attendance_failure


@dataclass
class FakeRecords:
    people: FakePeople


CODE, NEXT_CODE = "7K3Q9-ABCDE-FGHJK-MNPQR-STVWX", "NEXT0-00000-00000-00000-00000"


@dataclass
class FakeStaff:
    """``known`` are names with what each signs in by, and as whom."""

    pins: FakePins
    known: dict[str, tuple[str, Actor]] = field(default_factory=dict)

    def anybody(self) -> bool:
        return bool(self.known)

    def administrator(self) -> bool:
        return any(actor.role is Role.ADMINISTRATOR for _, actor in self.known.values())

    def sign_in(self, who: str, secret: str) -> Actor:
        if not who:
            self.pins.check_admin(secret)
            return ADMINISTRATOR
        right, actor = self.known.get(who, ("", ADMINISTRATOR))
        if secret != right:
            raise WrongPin("That PIN is not right. 4 tries left.")
        return actor


@dataclass
class FakeRecovery:
    pins: FakePins

    def set_first_pin(self, actor: Actor, pin: str) -> str:
        self.pins.admin = pin
        return CODE

    def check(self, code: str) -> None:
        if code != CODE.replace("-", ""):
            raise WrongPin("This is not the recovery code: look at the print once more.")

    def recover(self, code: str, pin: str) -> str:
        self.check(code)
        self.pins.admin = pin
        return NEXT_CODE


@dataclass
class FakeAdministration:
    corrections: FakeCorrections
    settings: FakePins
    staff: FakeStaff
    recovery: FakeRecovery


@dataclass
class FakeKiosk:
    """What a page needs of the kiosk. Commands run at once on ``engine``."""

    settings: Settings = field(default_factory=Settings)
    engine: FakeEngine = field(default_factory=FakeEngine)
    pins: FakePins = field(default_factory=FakePins)
    corrections: FakeCorrections = field(default_factory=FakeCorrections)
    people_failure: Exception | None = None
    attendance_failure: Exception | None = None
    here: tuple[Present, ...] = ()
    shown: list[str] = field(default_factory=list)
    staff: dict[str, tuple[str, Actor]] = field(default_factory=dict)
    demo: bool = False
    people: tuple[Person, ...] = (Person(7, "Mia Chen", "101", True, MORNING, has_pin=True),)

    def site(self) -> Site:
        def submit(command: Callable[[Any], Any]) -> None:
            command(self.engine)

        unused = cast(Any, None)
        return Site(
            demo=self.demo,
            records=cast(Any, FakeRecords(FakePeople(self))),
            admin=cast(
                Any,
                FakeAdministration(
                    self.corrections,
                    self.pins,
                    FakeStaff(self.pins, self.staff),
                    FakeRecovery(self.pins),
                ),
            ),
            pins=cast(Any, self.pins),
            data_dir=Path(),
            settings=lambda: self.settings,
            attendance=lambda: cast(Any, FakeAttendance(self)),
            apply=unused,
            submit=submit,
            encoder=unused,
            open_enrolment=unused,
            load_image=unused,
            cameras=unused,
            encoders=unused,
            doctor=unused,
            show_demo=lambda: self.shown.append("demo"),
            licences=unused,
        )


class FakeDrillSession:
    """Keeps the tries in memory; ``failure`` is raised instead."""

    def __init__(self) -> None:
        self.drill = Drill(
            MORNING, ADMINISTRATOR, Conditions("Camera 0", "fake", "passive", 0.001, "1")
        )
        self.failure: Exception | None = None

    def add(self, one: Try) -> Drill:
        if self.failure is not None:
            raise self.failure
        self.drill = replace(self.drill, tries=(*self.drill.tries, one))
        return self.drill

    def end(self) -> Drill:
        self.drill = replace(self.drill, done=True)
        return self.drill


def drill_session() -> DrillSession:
    return cast(DrillSession, FakeDrillSession())


def locked_out(seconds: float) -> LockedOut:
    return LockedOut(f"Too many wrong PINs: please wait {seconds:.0f} s.", seconds)


def decision(outcome: Outcome, **changes: Any) -> Decision:
    """A decision with sensible defaults."""
    values: dict[str, Any] = {
        "at": MORNING,
        "outcome": outcome,
        "reason": Reason.FACE_MATCHED if outcome is Outcome.ALLOW else Reason.NOT_RECOGNISED,
        "mode": Mode.WALK_UP,
        "event_id": 1,
    }
    return Decision(**(values | changes))


def allow(
    name: str = "Mia Chen", direction: Direction | None = Direction.IN, *, repeat: bool = False
) -> View:
    """The view of an ALLOW, with its clock event unless ``direction`` is None."""
    made = decision(Outcome.ALLOW, person_id=7, person_name=name, repeat=repeat)
    if direction is None or repeat:
        event = None if direction is None else ClockEvent(3, 7, direction, MORNING)
        return verdict(Announcement(made, event), hold=2.0 if repeat else 3.0)
    return read(Reading((direction, Direction.SEEN)), name)


CAME = ClockEvent(2, 7, Direction.IN, MORNING - timedelta(hours=9))
FORGOTTEN = ClockEvent(1, 7, Direction.IN, MORNING.replace(day=23, hour=8, minute=2))
"""A coming of the day before, without a going."""


def read(reading: Reading, name: str = "Mia Chen", hold: float | None = None) -> View:
    """The view of an ALLOW whose look was read so."""
    made = decision(Outcome.ALLOW, person_id=7, person_name=name)
    event = ClockEvent(3, 7, reading.likely, MORNING, doubt=reading.doubt)
    told = Announcement(made, event, reading=reading)
    if hold is None:
        hold = 8.0 if told.doubtful else 10.0 if told.forgotten else 3.0
    return verdict(told, hold)


def deny(**changes: Any) -> View:
    return verdict(Announcement(decision(Outcome.DENY, **changes)))


def verdict(announcement: Announcement, hold: float = 3.0) -> View:
    return View(Phase.VERDICT, announcement=announcement, hold=hold)


def drawn_face(width: int = 640, height: int = 480) -> Image:
    """Somebody before a wall, drawn: RGB."""
    picture = QImage(width, height, QImage.Format.Format_RGB888)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wall = QLinearGradient(0, 0, width, height)
    wall.setColorAt(0, QColor("#b9c6c9"))
    wall.setColorAt(0.6, QColor("#8d9ba3"))
    wall.setColorAt(1, QColor("#5d6a75"))
    painter.fillRect(picture.rect(), wall)
    painter.setPen(Qt.PenStyle.NoPen)
    unit = height / 480
    centre = QPointF(width / 2, 0.42 * height)

    def oval(x: float, y: float, w: float, h: float, colour: str) -> None:
        painter.setBrush(QColor(colour))
        place = QRectF(0, 0, w * unit, h * unit)
        place.moveCenter(centre + QPointF(x * unit, y * unit))
        painter.drawEllipse(place)

    painter.setBrush(QColor("#7a4b2e"))
    painter.drawRect(QRectF(0.82 * width, 0.1 * height, 0.13 * width, 0.8 * height))
    oval(0, 260, 380, 300, "#31506b")
    oval(0, 120, 90, 130, "#c98f6b")
    oval(0, -20, 200, 250, "#3b2a22")
    oval(0, 12, 170, 222, "#dba783")
    for side in (-1, 1):
        oval(38 * side, -10, 34, 18, "#ffffff")
        oval(38 * side, -10, 15, 17, "#2b211c")
        oval(38 * side, -34, 44, 8, "#3b2a22")
    oval(0, 30, 24, 34, "#cc9370")
    oval(0, 72, 62, 18, "#a4524a")
    painter.end()
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(height, picture.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).copy()


def frame(index: int = 0, image: Image | None = None) -> Frame:
    return Frame(drawn_face() if image is None else image, index, index / 30)
