"""The ports: what the services need of cameras, models and storage.

Each docstring names the thread that may call and what a call costs. Implementations live in
``devices``, ``vision`` and ``storage``; each port has one suite in ``tests/contracts``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.decision import Decision, Hint, Mode, Outcome
from kiosk.domain.frame import Face, Frame, Image, Vector
from kiosk.domain.people import Person, Template
from kiosk.domain.settings import SettingValue
from kiosk.domain.threshold import ErrorCurve


class Camera(Protocol):
    """A source of frames. One thread opens, reads and closes it."""

    @property
    def name(self) -> str:
        """For the log and the screen, such as ``Camera 0`` or a file's name; no password."""
        ...

    @property
    def live(self) -> bool:
        """Whether the source goes on by itself; a file or a folder ends, a camera does not."""
        ...

    def open(self) -> None:
        """May take seconds.

        Raises:
            CameraError: it does not answer, is busy or does not exist.
        """
        ...

    def read(self) -> Frame | None:
        """The next frame, as fast as it comes; None at the end of a file. Blocks up to seconds.

        Raises:
            CameraError: unplugged, frozen, black, or the picture can't be decoded.
        """
        ...

    def close(self) -> None:
        """Never raises; may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera that is plugged in: what to set as ``Settings.camera``, and its name for people."""

    source: str
    name: str


class Detector(Protocol):
    """Finds faces. One thread owns it; a call takes 5 to 30 ms on 640x480."""

    def detect(self, image: Image) -> tuple[Face, ...]:
        """All faces of at least the detector's minimum size, the largest first."""
        ...


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What is known of an encoder from the manifest. ``curve`` is its FAR and FRR over the
    threshold, ``licence`` and ``summary`` are for people."""

    encoder_id: str
    dimension: int
    title: str
    summary: str
    licence: str
    curve: ErrorCurve


class Encoder(Protocol):
    """Turns faces into vectors. One thread owns it; a call takes 3 to 130 ms a face."""

    @property
    def info(self) -> EncoderInfo: ...

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        """One L2-normalised float32 vector (dimension,) a face, aligned by its landmarks."""
        ...


@dataclass(frozen=True, slots=True)
class Quality:
    """How usable a face is: 0 to 1, and what to ask of the person where it is not
    (``Hint.NONE`` where it is)."""

    score: float
    hint: Hint


class QualityCheck(Protocol):
    """Judges a face before it is encoded. Any thread; under 1 ms."""

    def assess(self, image: Image, face: Face) -> Quality: ...


class People(Protocol):
    """The enrolled people and their templates. Any thread; each call is one transaction.

    All methods raise StorageError where the database fails, and NotFound where an id is unknown.
    """

    def add(self, name: str, staff_number: str | None = None) -> Person:
        """Raises BadInput for a bad name, AlreadyExists for a taken staff number."""
        ...

    def update(self, person: Person) -> Person:
        """Stores name, staff number and enabled; raises as ``add``."""
        ...

    def delete(self, person_id: int) -> None:
        """With all templates and the PIN; log rows stay and keep the name they were logged with,
        clock events stay."""
        ...

    def get(self, person_id: int) -> Person: ...

    def find(self, text: str = "") -> tuple[Person, ...]:
        """By part of the name (case and accents do not matter) or staff number; by name."""
        ...

    def claim(self, who: str) -> Person | None:
        """The one person with exactly this staff number or, failing that, this name (case does
        not matter, nor do accents where that still leaves one); None where there is none or the
        name is several people's."""
        ...

    def add_template(
        self, person_id: int, vector: Vector, encoder_id: str, quality: float, source: str
    ) -> Template: ...

    def delete_template(self, template_id: int) -> None: ...

    def templates(self, encoder_id: str, *, enabled_only: bool = True) -> tuple[Template, ...]:
        """All templates of one encoder, by default those of enabled people only."""
        ...

    def encoders(self) -> Mapping[str, int]:
        """How many templates of enabled people there are, by encoder id; costs next to nothing."""
        ...

    def templates_of(self, person_id: int) -> tuple[Template, ...]:
        """One person's, of all encoders, oldest first."""
        ...

    def set_pin_hash(self, person_id: int, pin_hash: str | None) -> None: ...

    def pin_hash(self, person_id: int) -> str | None: ...


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which log rows: all that are set must fit. ``since`` and ``until`` are UTC, the second
    exclusive; ``text`` is part of a name."""

    person_id: int | None = None
    outcome: Outcome | None = None
    mode: Mode | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


class Events(Protocol):
    """The access log. Any thread; each call is one transaction; raises StorageError."""

    def append(self, decision: Decision) -> Decision:
        """Commits the row and returns the decision with its ``event_id``. The row keeps the
        person's name as it was."""
        ...

    def query(
        self, wanted: EventFilter, *, limit: int = 200, offset: int = 0
    ) -> tuple[Decision, ...]:
        """Newest first (by the order they were logged, whatever the clock did)."""
        ...

    def count(self, wanted: EventFilter) -> int: ...

    def last_allow(self, person_id: int) -> Decision | None: ...

    def last_at(self) -> datetime | None:
        """The newest row's time, to notice a clock that was set back."""
        ...


class ClockEvents(Protocol):
    """Attendance. Any thread; each call is one transaction; raises StorageError."""

    def add(
        self,
        person_id: int,
        direction: Direction,
        at: datetime,
        *,
        by_hand: bool = False,
        note: str = "",
        event_id: int | None = None,
    ) -> ClockEvent: ...

    def change_direction(self, clock_event_id: int, direction: Direction) -> ClockEvent: ...

    def between(
        self, since: datetime, until: datetime, person_id: int | None = None
    ) -> tuple[ClockEvent, ...]:
        """By time; ``until`` is exclusive."""
        ...


class SettingsStore(Protocol):
    """Settings and small secrets (hashes, lock-outs) by name. Any thread; raises StorageError."""

    def load(self) -> Mapping[str, SettingValue]: ...

    def save(self, values: Mapping[str, SettingValue]) -> None:
        """All in one transaction; other names stay as they are."""
        ...


@dataclass(frozen=True, slots=True)
class StorageReport:
    """A database's health. ``location`` has no password in it; ``size`` is in bytes, None where
    it is not known; ``problems`` are empty where all is well."""

    engine: str
    location: str
    revision: str
    people: int
    templates: int
    events: int
    clock_events: int
    size: int | None
    problems: tuple[str, ...] = ()


class Storage(Protocol):
    """A data folder's database. ``close`` once, at the end."""

    @property
    def people(self) -> People: ...

    @property
    def events(self) -> Events: ...

    @property
    def clock_events(self) -> ClockEvents: ...

    @property
    def settings(self) -> SettingsStore: ...

    def decide(
        self, decision: Decision, direction: Direction | None
    ) -> tuple[Decision, ClockEvent | None]:
        """Log a decision and, with a direction, its clock event, in one transaction: neither
        stands without the other."""
        ...

    def check(self) -> StorageReport:
        """Looks the whole database through: seconds where it is large. Raises StorageError where
        it can't be read at all."""
        ...

    def close(self) -> None: ...
