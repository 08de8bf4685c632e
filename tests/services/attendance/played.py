"""Plays what happens at a door, step by step, through the kiosk's own path.

A step is a moment by the clock on the wall, and what is done then; nothing more is a look into the
camera by Ada::

    2026-11-16 22:00                  a look
    2026-11-16 22:00 Ben              somebody else looks
    2026-11-16 22:00 pin              with the PIN
    2026-11-16 22:00 stays            still before the camera, as in a chat
    2026-11-16 22:00 door2            at another kiosk on the same database
    2026-11-16 22:00 says out         a look, and what was asked is answered
    2026-11-17 22:00 left 06:00       a look, and when she left is answered
    2026-11-16 23:00 adds out 17:00   an operator adds what is missing
    2026-11-16 23:00 strikes 08:00    an operator strikes out what was recorded then
    2026-11-16 23:00 moves 08:00 09:00, 2026-11-16 23:00 turns 08:00
    2026-11-16 23:00 deletes          an operator deletes her
    2026-11-16 23:00 zone Asia/Tokyo  the machine is set to another zone

``02:30*`` is the second half past two of a night on which the clock is put back; a time with a day
before it (``2026-11-15T17:00``) is of another day.
"""

from __future__ import annotations

import os
import time as clock_of_this_machine
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Final

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.decision import Mode, Outcome, Reason, Verdict
from kiosk.domain.hours.days import DayRow, Flagged
from kiosk.domain.hours.shifts import Assignment, Rota
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance import Attendance
from kiosk.services.decide.verify import Announcement, Circumstances, Verifier
from kiosk.storage import open_storage
from tests.fakes import QUICK_HASHER, WallClock, vector

ASKED: Final = frozenset(
    {
        Flagged.OPEN_END,
        Flagged.ASSUMED_END,
        Flagged.UNANSWERED,
        Flagged.CLOCK,
        Flagged.LONG,
        Flagged.MISSING,
        Flagged.BRIEF,
        Flagged.SHORT_BREAK,
    }
)
"""What asks whoever signs the sheet to look at a day."""
PLAIN: Final = {"break_rule": "off", "rest": 0}
"""Said of nearly every day otherwise."""


@dataclass(frozen=True)
class Scenario:
    """``truth`` is how long Ada really worked, by day; ``sheet`` what her sheet says."""

    name: str
    steps: tuple[str, ...]
    truth: Mapping[str, str]
    sheet: tuple[str, ...]
    zone: str = "Europe/Berlin"
    settings: Mapping[str, str | int] = field(default_factory=dict)
    rota: str = ""

    def __str__(self) -> str:
        return self.name.replace(" ", "-").replace(",", "")


@dataclass(frozen=True)
class Played:
    """What came of it: the sheet's rows, and what was asked at the door, by step."""

    rows: tuple[DayRow, ...]
    asked: tuple[str, ...]

    @property
    def sheet(self) -> tuple[str, ...]:
        return tuple(said(row) for row in self.rows)

    def wrong_in_silence(self, truth: Mapping[str, str]) -> list[str]:
        """The days that say something else than the truth, and not that they may be wrong."""
        told = {row.day.isoformat(): row for row in self.rows}
        found = []
        for day in sorted(told.keys() | truth.keys()):
            row, real = told.get(day), _duration(truth.get(day, "0:00"))
            counted = row.counted if row else timedelta()
            asks = row is not None and any(flag.what in ASKED for flag in row.flags)
            if counted != real and not asks:
                found.append(day)
        return found


def said(row: DayRow) -> str:
    """``2026-11-16 8:00 open_end``: a day, its hours that count, and what is said of it."""
    minutes = row.counted // timedelta(minutes=1)
    flags = " ".join(flag.what.value for flag in row.flags)
    return f"{row.day} {minutes // 60}:{minutes % 60:02} {flags}".rstrip()


def play(scenario: Scenario) -> Played:
    """In a database of its own, with this machine in the scenario's zone."""
    with _machine_in(scenario.zone):
        clock = WallClock(_moment(scenario.steps[0][:16], None))
        storage = open_storage("sqlite://", clock)
        try:
            return _Stage(scenario, storage, clock).play()
        finally:
            storage.close()


class _Stage:
    def __init__(self, scenario: Scenario, storage: Storage, clock: WallClock) -> None:
        self._scenario = scenario
        self._storage = storage
        self._clock = clock
        self._settings = Settings.of({**PLAIN, **scenario.settings})
        self._attendance = Attendance.of(storage, self._settings)
        pins = Pins(storage, clock, QUICK_HASHER)
        self._admin = Administration.of(storage, pins, clock)
        self._doors = [
            Verifier(
                storage,
                pins,
                self._attendance,
                repeat_after=self._settings.repeat_after,
                now=clock,
            )
            for _ in range(2)
        ]
        self._people = {name: self._enrol(name) for name in ("Ada", "Ben")}
        storage.people.set_pin_hash(self._people["Ada"].id, pins.hashed("2580"))
        if scenario.rota:
            rota = storage.hours.add_rota(Rota.parse("Rota", scenario.rota))
            since = clock.now.date() - timedelta(days=7)
            storage.hours.assign(Assignment(self._people["Ada"].id, since, rota))
        self._asked: list[str] = []

    def play(self) -> Played:
        began = self._clock.now
        last = began
        for step in self._scenario.steps:
            self._do(step)
            last = max(last, self._clock.now)
        since, until = began.date() - timedelta(days=3), last.date() + timedelta(days=1)
        if self._scenario.rota:  # of days before and after nothing is to be said
            days = [date.fromisoformat(line.split()[0]) for line in self._scenario.sheet]
            since, until = min(days), max(days)
        rows = self._attendance.days(since, until, {self._people["Ada"].id})
        return Played(rows, tuple(self._asked))

    def _enrol(self, name: str) -> Person:
        person = self._storage.people.add(name, name[0])
        self._storage.people.add_template(person.id, vector(person.id), "fake", 0.9, "camera")
        return person

    def _do(self, step: str) -> None:
        words = step.split()
        self._clock.now = at = _moment(" ".join(words[:2]), None)
        who = self._people["Ada"]
        match words[2:]:
            case ["zone", zone]:
                _set_zone(zone)
            case ["deletes"]:
                self._admin.erasures.delete(ADMINISTRATOR, who.id)
            case ["adds", direction, moment]:
                self._admin.corrections.add(
                    ADMINISTRATOR, who.id, Direction(direction), _moment(moment, at), "forgotten"
                )
            case ["strikes", moment]:
                self._admin.corrections.strike(ADMINISTRATOR, self._of(moment), "not she")
            case ["turns", moment]:
                self._admin.corrections.turn(ADMINISTRATOR, self._of(moment), why="wrong way")
            case ["moves", moment, to]:
                self._admin.corrections.move(
                    ADMINISTRATOR, self._of(moment), _moment(to, at), "wrong time"
                )
            case ["Ben"]:
                self._look(step, self._people["Ben"])
            case ["pin"]:
                self._heard(step, self._doors[0].pin("A", "2580", "Door"))
            case ["stays"]:
                self._look(step, who, stayed=True)
            case ["panel"]:
                self._look(step, who, panel=True)
            case ["door2"]:
                self._look(step, who, door=1)
            case ["says", direction]:
                told = self._look(step, who)
                assert told.clock_event is not None
                assert told.reading is not None
                said = Direction(direction)
                assert said in told.reading.options, "it is one of the buttons"
                self._admin.corrections.answer(_herself(), told.clock_event, said)
            case ["left", moment]:
                told = self._look(step, who)
                assert told.reading is not None
                assert told.reading.forgotten is not None, "she is asked"
                self._admin.corrections.add(
                    _herself(), who.id, Direction.OUT, _moment(moment, at), "said at the door"
                )
            case []:
                self._look(step, who)
            case _:
                raise AssertionError(f"what is {step}?")

    def _look(
        self, step: str, who: Person, *, stayed: bool = False, panel: bool = False, door: int = 0
    ) -> Announcement:
        seen = Circumstances(Mode.WALK_UP, f"Door {door + 1}", stayed=stayed, from_panel=panel)
        verdict = Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, who.id, 0.9)
        return self._heard(step, self._doors[door].conclude(verdict, seen))

    def _heard(self, step: str, told: Announcement) -> Announcement:
        reading = told.reading
        if reading is not None and (reading.doubt or reading.forgotten):
            self._asked.append(step)
        return told

    def _of(self, moment: str) -> ClockEvent:
        at = _moment(moment, self._clock.now)
        (found,) = self._storage.clock_events.between(
            at, at + timedelta(minutes=1), self._people["Ada"].id
        )
        return found


def _herself() -> Actor:
    return Actor(ActorKind.PERSON, "Ada")


def _moment(text: str, near: datetime | None) -> datetime:
    """By the clock on the wall of this machine; in UTC."""
    second, text = text.endswith("*"), text.removesuffix("*")
    if near is not None and "T" not in text:
        local = datetime.combine(near.astimezone().date(), time_of_day.fromisoformat(text))
    else:
        local = datetime.fromisoformat(text)
    return local.replace(fold=int(second)).astimezone(UTC)


def _duration(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


@contextmanager
def _machine_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    try:
        _set_zone(zone)
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        clock_of_this_machine.tzset()


def _set_zone(zone: str) -> None:
    os.environ["TZ"] = zone
    clock_of_this_machine.tzset()
