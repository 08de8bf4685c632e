"""A real database in memory, and a kiosk of real parts around a studio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.frame import Frame, Image
from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Person
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.attendance import Attendance
from kiosk.services.decide.analyse import Analyser, Look, Recogniser
from kiosk.services.decide.engine import Engine
from kiosk.services.decide.liveness import Liveness
from kiosk.services.decide.scene import Scene as PlaceOfCamera
from kiosk.services.decide.verify import Announcement, Verifier
from kiosk.storage import open_storage
from tests.fakes import ENCODER, QUICK_HASHER, SCALE, Studio, WallClock, vector


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def storage(clock: WallClock) -> Iterator[Storage]:
    opened = open_storage("sqlite://", clock)
    yield opened
    opened.close()


@pytest.fixture
def database(tmp_path: Path, clock: WallClock) -> Iterator[Storage]:
    """A storage on a file, for tests with threads of their own."""
    opened = open_storage(f"sqlite:///{tmp_path / 'kiosk.db'}", clock)
    yield opened
    opened.close()


@pytest.fixture
def pins(storage: Storage, clock: WallClock) -> Pins:
    return Pins(storage, clock, QUICK_HASHER, clock.monotonic)


Enrol = Callable[..., Person]


@pytest.fixture
def enrol(storage: Storage) -> Enrol:
    """Enrols somebody under the next axis: person number n looks like ``vector(n)``."""

    def enrol(name: str, staff_number: str | None = None) -> Person:
        person = storage.people.add(name, staff_number)
        storage.people.add_template(person.id, vector(person.id), "fake", 0.9, "camera")
        return person

    return enrol


@dataclass
class Kiosk:
    """An engine, and what was told outside."""

    storage: Storage
    clock: WallClock
    settings: Settings = field(default_factory=Settings)
    announced: list[Announcement] = field(default_factory=list)
    rows_when_told: list[int] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    studio: Studio = field(default_factory=Studio)
    place: PlaceOfCamera | None = None
    time: float = 0.0
    seen: int = 0

    def engine(self, liveness: Liveness | None = None, **changes: Any) -> Engine:
        """Without ``liveness`` whoever is recognised is let in."""
        self.settings = self.settings.changed(**changes)
        pins = Pins(self.storage, self.clock, QUICK_HASHER, self.clock.monotonic)
        attendance = (
            Attendance(self.storage, self.settings.day_starts) if self.settings.attendance else None
        )
        return Engine(
            self.settings,
            ENCODER,
            Recogniser(
                Analyser(
                    self.studio,
                    self.studio,
                    self.studio,
                    min_face=self.settings.min_face,
                    scene=self.place,
                    liveness=None if liveness is None else self.studio,
                ),
                Gallery.of((), SCALE),
            ),
            Verifier(
                self.storage,
                pins,
                attendance,
                repeat_after=self.settings.repeat_after,
                now=self.clock,
            ),
            lambda: Gallery.of(self.storage.people.templates("fake"), SCALE),
            "Camera 0",
            liveness=liveness,
            stamp=lambda: self.storage.people.revision(),
            announce=self._hear,
            observe=lambda _, look: self.looks.append(look),
        )

    def _hear(self, told: Announcement) -> None:
        self.announced.append(told)
        self.rows_when_told.append(self.storage.events.count(EventFilter()))

    def frame(self, image: Image, after: float = 0.125) -> Frame:
        """The next frame, so many seconds after the last."""
        self.time += after
        self.clock.forward(after)
        self.seen += 1
        return Frame(image, self.seen, self.time)


@pytest.fixture
def kiosk(storage: Storage, clock: WallClock) -> Kiosk:
    return Kiosk(storage, clock)
