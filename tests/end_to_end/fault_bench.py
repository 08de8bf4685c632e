"""A kiosk of real parts (pipeline, engine, camera's checks, an encrypted database file with its
chain) around which everything can fail, and go back to what it was.

Pictures come without end, so that nothing has to be timed: people come and go until what a test
waits for has happened.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import event

from kiosk.devices.live_camera import device_camera
from kiosk.domain.chain import Head
from kiosk.domain.decision import Outcome
from kiosk.domain.errors import StorageError
from kiosk.domain.frame import Face, Frame, Image
from kiosk.domain.records import EventFilter
from kiosk.services.decide.engine import Engine, View
from kiosk.services.decide.pipeline import Pipeline
from kiosk.services.decide.verify import Announcement
from kiosk.services.faults import Discreet, Faults
from kiosk.storage import SqlStorage, cipher, open_storage
from kiosk.storage.chain import Seal
from kiosk.vision.manifest import read_checked
from tests.databases import ring
from tests.devices.fakes import HandClock
from tests.fakes import Sitter, Studio, WallClock, vector
from tests.services.conftest import Kiosk

PEOPLE = 3
PATIENCE = 30.0
"""Seconds of real time after which a test gives up: far more than anything here takes."""
KEY = b"\x5a" * 32
MODEL = b"the numbers of a network"
PAGE = 4096


class Stopped(BaseException):
    """What ends a thread whatever is written to keep it."""


class Sensor:
    """A ``Capture``: what the camera gives is what its bench says."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._picture: Any = None

    def isOpened(self) -> bool:
        return self._bench.camera != "gone"

    def grab(self) -> bool:
        bench = self._bench
        if bench.camera == "well":
            # As much as the engine takes, so that it sees each picture.
            time.sleep(0.0002)
            self._picture = next(bench.pictures)
            return True
        bench.camera_clock.sleep(0.5)
        if bench.camera == "hangs":
            bench.hangs.append("camera")
            bench.released.wait(PATIENCE)
        if bench.camera == "thread ends":
            raise Stopped
        if bench.camera == "frozen" and self._picture is None:
            self._picture = next(bench.pictures)
        return bench.camera in ("frozen", "garbage")

    def retrieve(self) -> tuple[bool, Any]:
        if self._bench.camera == "garbage":
            return False, None
        return self._picture is not None, self._picture

    def get(self, prop: int, /) -> float:
        return 30.0

    def set(self, prop: int, value: float, /) -> bool:
        return True

    def release(self) -> None: ...


class Brittle(Studio):
    """A detector that fails as its bench says."""

    bench: Bench

    def detect(self, image: Image) -> tuple[Face, ...]:
        match self.bench.recognition:
            case "fails":
                raise RuntimeError("the interpreter failed")
            case "no memory":
                raise MemoryError
            case "thread ends":
                raise Stopped
            case "hangs":
                self.bench.hangs.append("recognition")
                self.bench.released.wait(PATIENCE)
        return super().detect(image)


class Screen:
    """What the page hears; one that is gone raises, as a widget does that was deleted."""

    def __init__(self) -> None:
        self.gone = False
        self.views: list[View] = []
        self.cameras: list[str | None] = []

    def on_frame(self, frame: Frame) -> None:
        self._must_be_there()

    def on_view(self, view: View) -> None:
        self._must_be_there()
        self.views.append(view)

    def on_camera(self, problem: str | None) -> None:
        self._must_be_there()
        self.cameras.append(problem)

    def _must_be_there(self) -> None:
        if self.gone:
            raise RuntimeError("Internal C++ object already deleted.")


class Noted(Faults):
    """All that the administrator can read, not only the newest."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        self.texts.append(text)
        super().note(text)


@dataclass(frozen=True, slots=True)
class Told:
    """A decision that was announced, and whether its row could be read by another at that time."""

    row: int | None
    outcome: Outcome
    readable: bool


class Bench:
    """One door. What is wrong is set from outside; ``start`` and ``end`` are what whoever watches
    the screen does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.camera = "well"
        self.recognition = "well"
        self.pragmas: tuple[str, ...] = ()
        self.clock = WallClock()
        self.camera_clock = HandClock()
        self.screen = Screen()
        self.faults = Noted(self.clock)
        self.told: list[Told] = []
        self.heads: list[Head] = []
        self.hangs: list[str] = []
        self.released = threading.Event()
        self.storage: SqlStorage | None = None
        self._pipeline: Pipeline | None = None
        self._lock: Any = None
        self._studio = Brittle()
        self._studio.bench = self
        self._faces = [self._studio.picture(Sitter(vector(who + 1))) for who in range(PEOPLE)]
        self._nobody = self._studio.picture()
        self.pictures = self._come_and_go()
        (folder / "devices").mkdir(parents=True)
        (folder / "devices" / "video0").touch()
        self.model.write_bytes(MODEL)

    @property
    def path(self) -> Path:
        return self.folder / "kiosk.db"

    @property
    def model(self) -> Path:
        return self.folder / "model.tflite"

    def enrol(self) -> None:
        """Somebody is known here."""
        with closing(self.opened()) as storage:
            for who in range(PEOPLE):
                person = storage.people.add(f"Person {who}")
                storage.people.add_template(person.id, vector(who + 1), "fake", 0.9, "camera")

    def start(self) -> None:
        """As at a start of the program; a database that can't be opened ends it with a sentence."""
        try:
            if self.storage is None:
                self.storage = self.opened()
        except StorageError as error:
            self.faults.note(str(error))
            return
        self.released = threading.Event()
        self.hangs = []
        kiosk = self._kiosk(self.storage)

        def build() -> Engine:
            digest = hashlib.sha256(MODEL).hexdigest()
            read_checked(self.model, digest, len(MODEL))
            if self.recognition == "no memory":
                raise MemoryError
            return kiosk.engine()

        self._pipeline = Pipeline(
            lambda: device_camera(
                0,
                open_capture=lambda _: Sensor(self),
                clock=self.camera_clock,
                devices=self.folder / "devices",
            ),
            build,
            Discreet(self.screen, self.faults),
            first_retry=0.001,
            last_retry=0.002,
        )
        self._pipeline.start()

    def stop(self, *, storage: bool = True) -> None:
        """Stop all threads; one that hangs is left to end by itself."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            self.released.set()
            assert pipeline.stop(PATIENCE)
        if storage and self.storage is not None:
            self.storage.close()
            self.storage = None

    def reload(self) -> None:
        """Models are read again, as after a change of the settings."""
        self.stop(storage=False)
        self.start()

    def cut_power(self, folder: Path) -> None:
        """Go on with what lay on the disk at this instant."""
        folder.mkdir()
        with self.nobody_writes():  # nor is anything told that came after the instant
            for name in ("kiosk.db", "kiosk.db-wal"):
                with suppress(FileNotFoundError):
                    shutil.copy(self.folder / name, folder / name)
            self.stop()
        shutil.copytree(self.folder / "devices", folder / "devices")
        if self.model.exists():
            shutil.copy(self.model, folder / "model.tflite")
        locked = self._lock is not None
        self.unlock()
        self.folder = folder
        if locked:
            self.lock()
        self.start()

    @property
    def must_start_anew(self) -> bool:
        """What whoever watches the screen would see sooner or later."""
        if self._pipeline is None:
            return True
        return self._pipeline.vitals().ended or bool(self.hangs)

    @property
    def allowed(self) -> int:
        return sum(told.outcome is Outcome.ALLOW for told in list(self.told))

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Real threads are at work: look until it is so."""
        give_up = time.monotonic() + PATIENCE
        while not true():
            last = self.screen.views[-1] if self.screen.views else None
            assert time.monotonic() < give_up, (
                f"{what}: it never came. {last}, {self.screen.cameras[-3:]}, {self.faults.last}"
            )
            time.sleep(0.001)

    def missing_rows(self) -> list[Told]:
        """Announced decisions of which the database knows nothing, or something else."""
        assert self.storage is not None
        rows = {
            row.event_id: row.outcome
            for row in self.storage.events.query(EventFilter(), limit=100_000)
        }
        return [told for told in self.told if rows.get(told.row) is not told.outcome]

    def altered(self) -> Sequence[object]:
        """What the chain says of the record, up to the newest entry that was told outside."""
        assert self.storage is not None
        return self.storage.check_chain(self.heads[-1]).found

    @contextmanager
    def nobody_writes(self) -> Iterator[None]:
        """The database stays as it is, by another fault or by us."""
        wait = 0 if self._lock is not None else PATIENCE
        with closing(cipher.connect(self.path, ring().newest, timeout=wait)) as other:
            with suppress(*cipher.ERRORS):  # none that anybody could write to
                other.execute("BEGIN IMMEDIATE")
            yield

    def lock(self) -> None:
        """Another program has the database, and has it again after a power cut."""
        self._lock = cipher.connect(self.path, ring().newest, timeout=30)
        with suppress(*cipher.ERRORS):  # none that anybody could lock
            self._lock.execute("BEGIN IMMEDIATE")

    def unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def set_pragmas(self, *pragmas: str) -> None:
        """What each connection is told first, from the next one on."""
        self.pragmas = pragmas
        if self.storage is not None:
            self.storage.database.engine.dispose()

    @contextmanager
    def another(self, mode: str = "mode=rw") -> Iterator[Any]:
        """Another program at the database."""
        with closing(
            cipher.connect(self.path, ring().newest, mode, check_same_thread=False)
        ) as opened:
            yield opened

    def opened(self) -> SqlStorage:
        """The database, as at a start. Raises StorageError."""
        seal = Seal(KEY, lambda head, holds: self.heads.append(head))
        url = f"sqlite:///{self.path}?timeout=0.01"
        storage = open_storage(url, self.clock, seal, ring())

        @event.listens_for(storage.database.engine, "checkout")
        def _limit(connection: Any, *_: object) -> None:
            for pragma in self.pragmas:
                connection.execute(pragma)

        return storage

    def _kiosk(self, storage: SqlStorage) -> Kiosk:
        made = Kiosk(storage, self.clock, studio=self._studio)
        made._hear = self._hear  # type: ignore[method-assign]
        return made

    def _hear(self, told: Announcement) -> None:
        decision = told.decision
        with self.another("mode=ro") as other:
            rows = other.execute(
                "SELECT count(*) FROM events WHERE id = ? AND outcome = ?",
                (decision.event_id, decision.outcome.value),
            ).fetchone()[0]
        self.told.append(Told(decision.event_id, decision.outcome, rows == 1))

    def _come_and_go(self) -> Iterator[Image]:
        noise = np.random.default_rng(19)
        while True:
            for face in self._faces:
                for picture, after in [(face, 0.125)] * 6 + [(self._nobody, 3.0)] * 6:
                    self.clock.forward(after)
                    self.camera_clock.sleep(after)
                    given = picture[..., ::-1].copy()
                    # No two pictures of a sensor are the same.
                    given[1] = noise.integers(60, 200, given[1].shape, np.uint8)
                    yield given
