"""Whether a kiosk that runs for long grows: memory, open files, threads.

``python -m tests.end_to_end.soak frames 1000000`` sends so many frames through the pipeline and a
real database, with people who cost nothing to recognise; now and then the camera is lost and the
models are loaded anew. ``python -m tests.end_to_end.soak minutes 30`` runs the whole program on a
screen of its own, before a network camera that plays the demo's clip again and again. Both print a
line at each twentieth of the way; with a file as third word they append it there, too.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kiosk.app import DEMO, Options, opened_storage
from kiosk.building import enrol_demo_people
from kiosk.domain.errors import CameraError
from kiosk.domain.frame import Frame, Image
from kiosk.domain.records import EventFilter
from kiosk.domain.settings import Settings
from kiosk.services.decide.engine import Engine, View
from kiosk.services.decide.pipeline import Pipeline
from tests.end_to_end.screen_faults import Watched, screen
from tests.fakes import Sitter, WallClock, vector
from tests.services.conftest import Kiosk

SAMPLES = 20
MAX_GROWTH_MB = 8.0
"""Megabytes that the resident memory may rise after the first quarter, which warms up: a picture
of the camera is one, so a leak of one in a hundred thousand frames would show."""
PEOPLE = 5
VISIT_EVERY = 200
"""Frames from one person to the next."""
LOST_EVERY = 20_000
"""Frames after which the camera is lost for a moment."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at one moment. ``at`` is in frames or in minutes, memory in megabytes."""

    at: float
    memory_mb: float
    files: int
    threads: int
    decisions: int


def look_at(pid: int, at: float, decisions: int) -> Sample:
    """From Linux's /proc."""
    process = Path(f"/proc/{pid}")
    said = dict(
        line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line
    )
    return Sample(
        at,
        round(int(said["VmRSS"].split()[0]) / 1024, 1),
        len(list((process / "fd").iterdir())),
        int(said["Threads"]),
        decisions,
    )


def growth(samples: list[Sample]) -> dict[str, float]:
    """From the median of the quarter after warming up to that of the last."""
    few = max(1, len(samples) // 4)
    first, last = samples[len(samples) // 4 :][:few], samples[-few:]

    def middle(name: str, some: list[Sample]) -> float:
        return float(np.median([getattr(sample, name) for sample in some]))

    names = ("memory_mb", "files", "threads")
    return {name: round(middle(name, last) - middle(name, first), 1) for name in names}


def is_level(grown: dict[str, float]) -> bool:
    return grown["memory_mb"] <= MAX_GROWTH_MB and grown["files"] <= 2 and grown["threads"] <= 0


class _Nothing(list[Any]):
    """Keeps nothing of what it is given."""

    def append(self, _: Any) -> None: ...


class Silent:
    """A listener that keeps nothing."""

    def on_frame(self, frame: Frame) -> None: ...
    def on_view(self, view: View) -> None: ...
    def on_camera(self, problem: str | None) -> None: ...


class Passage:
    """A camera before which people come and go; it gives the next frame when the last was taken."""

    name, live = "Camera 0", True

    def __init__(self, kiosk: Kiosk, taken: threading.Semaphore) -> None:
        self._kiosk = kiosk
        self._taken = taken
        self._pictures = self._all()
        self.given = 0

    def open(self) -> None:
        self._taken.release()

    def read(self) -> Frame:
        self._taken.acquire(timeout=1)
        self.given += 1
        if self.given % LOST_EVERY == 0:
            raise CameraError("The camera was unplugged.")
        return self._kiosk.frame(next(self._pictures))

    def close(self) -> None: ...

    def _all(self) -> Iterator[Image]:
        nobody = self._kiosk.studio.picture()
        faces = [self._kiosk.studio.picture(Sitter(vector(who + 1))) for who in range(PEOPLE)]
        for face in cycle(faces):
            for number in range(VISIT_EVERY):
                yield face if number < 6 else nobody


def frames(count: int, folder: Path, say: Callable[[Sample], None]) -> None:
    """Send so many frames through; each is looked at."""
    with opened_storage(Options(data_dir=folder)) as storage:
        for who in range(PEOPLE):
            person = storage.people.add(f"Person {who}")
            storage.people.add_template(person.id, vector(who + 1), "fake", 0.9, "camera")
        kiosk = Kiosk(storage, WallClock())
        kiosk.looks, kiosk.announced, kiosk.rows_when_told = _Nothing(), _Nothing(), _Nothing()
        taken = threading.Semaphore(0)
        camera = Passage(kiosk, taken)
        told = [0]

        def hear(_: object) -> None:
            told[0] += 1

        kiosk._hear = hear  # type: ignore[assignment, method-assign]

        def build() -> Engine:
            engine = kiosk.engine()
            step = engine.step

            def counted(frame: Frame) -> View:
                try:
                    return step(frame)
                finally:
                    taken.release()

            engine.step = counted  # type: ignore[method-assign]
            return engine

        def run_until(given: int) -> None:
            pipeline = Pipeline(lambda: camera, build, Silent(), first_retry=0.001, last_retry=0.01)
            pipeline.start()
            while camera.given < given:
                time.sleep(0.05)
            assert pipeline.stop()

        for part in range(1, SAMPLES + 1):  # anew each time, as after a change of the settings
            run_until(count * part // SAMPLES)
            gc.collect()
            say(look_at(os.getpid(), camera.given, told[0]))


class DemoCamera(BaseHTTPRequestHandler):
    """A network camera that plays the demo's clip for ever, with a sensor's noise."""

    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=b")
        self.end_headers()
        noise = np.random.default_rng()
        with suppress(OSError):
            while True:
                clip = cv2.VideoCapture(str(DEMO / "clip.mp4"))
                while (read := clip.read())[0]:
                    picture = read[1]
                    picture[:2] = noise.integers(60, 200, picture[:2].shape, np.uint8)
                    data = cv2.imencode(".jpg", picture)[1].tobytes()
                    head = f"--b\r\nContent-Length: {len(data)}\r\n\r\n".encode()
                    self.wfile.write(head + data + b"\r\n")
                    time.sleep(1 / 15)
                clip.release()

    def log_message(self, *_: object) -> None: ...


def minutes(count: float, folder: Path, say: Callable[[Sample], None]) -> None:
    """Run the program as at a door; all samples must be of one process, started once."""
    options = Options(data_dir=folder)
    with opened_storage(options) as storage:
        # The demo's people are drawn: nobody there can turn a head.
        storage.settings.save({"liveness": "off"})
        enrol_demo_people(storage, Settings())
    server = ThreadingHTTPServer(("127.0.0.1", 0), DemoCamera)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with screen():
        kiosk = Watched(folder, f"http://127.0.0.1:{server.server_address[1]}/video")
        kiosk.start()
        try:
            time.sleep(15)
            child, begun = kiosk.child(), time.monotonic()
            for part in range(1, SAMPLES + 1):
                time.sleep(max(0.0, begun + 60 * count * part / SAMPLES - time.monotonic()))
                with opened_storage(options) as storage:
                    decisions = storage.events.count(EventFilter())
                say(look_at(child, round(count * part / SAMPLES, 2), decisions))
                assert kiosk.child() == child, "it was started anew"
        finally:
            kiosk.stop()
    server.shutdown()


def main() -> None:
    kind, count = sys.argv[1], sys.argv[2]
    written = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    samples: list[Sample] = []

    def say(sample: Sample) -> None:
        samples.append(sample)
        line = json.dumps(asdict(sample))
        print(line, flush=True)  # noqa: T201
        if written is not None:
            with written.open("a") as file:
                file.write(line + "\n")

    with tempfile.TemporaryDirectory() as folder:
        for name, variable in (("record", "KIOSK_KEY_FILE"), ("data", "KIOSK_DATABASE_KEY_FILE")):
            key = Path(folder) / name
            key.write_text("5a" * 32)
            os.environ[variable] = str(key)
        data = Path(folder) / "kiosk"
        if kind == "frames":
            frames(int(count), data, say)
        else:
            minutes(float(count), data, say)
    grown = growth(samples)
    print("level" if is_level(grown) else "GROWS", grown)  # noqa: T201
    sys.exit(0 if is_level(grown) else 1)


if __name__ == "__main__":
    main()
