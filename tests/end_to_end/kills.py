"""Power cuts: a kiosk of real parts is killed at random instants, and what it left behind is
looked at each time. ``python -m tests.end_to_end.kills 1000`` prints the figures; with a file it
appends those of each database there, and goes on from what the file has."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from kiosk.app import Options, opened_storage, record_heads
from kiosk.domain.errors import KioskError
from kiosk.domain.frame import Frame
from kiosk.domain.records import EventFilter
from kiosk.services.decide.pipeline import Pipeline
from kiosk.services.decide.verify import Announcement
from tests.fakes import RecordingListener, Sitter, WallClock, vector
from tests.services.conftest import Kiosk

PEOPLE = 5
ONE_DATABASE = 25
"""Kills that one database sees, so that reading it all through each time stays quick."""
LONGEST = 0.3
"""Seconds after which a kiosk is killed at the latest: of four one from its start on, while it
opens its database, three from its first decision on."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came out of it; all but ``kills``, ``survived`` and ``announced`` should be 0."""

    kills: int
    survived: int
    announced: int
    lost: int
    chains_broken: int
    allowed_without_a_row: int

    def __add__(self, other: Report) -> Report:
        one, two = astuple(self), astuple(other)
        return Report(*(mine + theirs for mine, theirs in zip(one, two, strict=True)))


class Queue:
    """A camera before which people come and go without end, as fast as can be."""

    name, live = "Camera 0", True

    def __init__(self, kiosk: Kiosk) -> None:
        self._frames = self._all(kiosk)

    def open(self) -> None: ...

    def read(self) -> Frame:
        # As much as the engine takes, so that it sees each of them.
        time.sleep(0.0005)
        return next(self._frames)

    def close(self) -> None: ...

    @staticmethod
    def _all(kiosk: Kiosk) -> Iterator[Frame]:
        nobody = kiosk.studio.picture()
        faces = [kiosk.studio.picture(Sitter(vector(who + 1))) for who in range(PEOPLE)]
        while True:
            for face in faces:
                yield from (kiosk.frame(face) for _ in range(6))
                yield from (kiosk.frame(nobody, after=3) for _ in range(6))


def decide_until_killed(folder: Path, told: int) -> None:
    """A kiosk that announces each decision on a pipe; returns never."""
    with opened_storage(Options(data_dir=folder)) as storage:
        clock = WallClock()
        last = storage.events.last_at()
        clock.now = last or clock.now
        kiosk = Kiosk(storage, clock)

        def announce(told_now: Announcement) -> None:
            decision = told_now.decision
            line = {"row": decision.event_id, "outcome": decision.outcome.value}
            os.write(told, json.dumps(line).encode() + b"\n")

        kiosk._hear = announce  # type: ignore[method-assign]
        Pipeline(lambda: Queue(kiosk), kiosk.engine, RecordingListener()).start()
        signal.pause()


def announced(
    reading: int, child: int, seconds: float, *, deciding: bool
) -> list[tuple[int | None, str]]:
    """What a child announced until it was killed after so many seconds; of ``deciding`` ones they
    count from its first decision."""
    if deciding:
        select.select([reading], [], [], 60)
    until, data = time.monotonic() + seconds, b""
    while (left := until - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            piece = os.read(reading, 65536)
            if not piece:
                break
            data += piece
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it ended by itself"
    while piece := os.read(reading, 65536):
        data += piece
    lines = (json.loads(line) for line in data.splitlines() if line.endswith(b"}"))
    return [(line["row"], line["outcome"]) for line in lines]


def cut(kills: int, seed: int, data: Path) -> Report:
    """Kill so many kiosks, one after the other, over one database."""
    instants = random.Random(seed)
    survived = told = lost = broken = unlogged = 0
    options = Options(data_dir=data)
    with opened_storage(options) as storage:
        for who in range(PEOPLE):
            person = storage.people.add(f"Person {who}")
            storage.people.add_template(person.id, vector(who + 1), "fake", 0.9, "camera")
    for number in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                decide_until_killed(data, writing)
            finally:
                os._exit(1)
        os.close(writing)
        heard = announced(reading, child, instants.uniform(0, LONGEST), deciding=number % 4 > 0)
        os.close(reading)
        told += len(heard)
        unlogged += sum(1 for row, outcome in heard if row is None and outcome == "ALLOW")
        try:
            with opened_storage(options) as storage:
                rows = {
                    row.event_id: row.outcome
                    for row in storage.events.query(EventFilter(), limit=1_000_000)
                }
                known = record_heads(options).known()
                broken += bool(storage.check_chain(known).found)
                survived += 1
        except KioskError as error:
            print(f"kill {number} of seed {seed}: {error}", file=sys.stderr)  # noqa: T201
            rows = {}
        lost += sum(1 for row, outcome in heard if rows.get(row) != outcome)
    return Report(kills, survived, told, lost, broken, unlogged)


def cut_all(kills: int, seed: int, written: Path | None = None) -> Report:
    """As many as are asked for, less those that ``written`` already has."""
    all_together = Report(0, 0, 0, 0, 0, 0)
    if written is not None and written.exists():
        for line in written.read_text().splitlines():
            all_together += Report(**json.loads(line))
    while all_together.kills < kills:
        few = min(ONE_DATABASE, kills - all_together.kills)
        with tempfile.TemporaryDirectory() as folder:
            report = cut(few, seed + all_together.kills, Path(folder))
        if written is not None:
            with written.open("a") as file:
                file.write(json.dumps(asdict(report)) + "\n")
        all_together += report
    return all_together


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    written = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        # Of their own: these databases are nobody's.
        for name, variable in (
            ("record", "KIOSK_KEY_FILE"),
            ("database", "KIOSK_DATABASE_KEY_FILE"),
        ):
            key = Path(folder) / f"{name}.key"
            key.write_text("5a" * 32)
            os.environ[variable] = str(key)
        begun = time.monotonic()
        report = cut_all(kills, 19, written)
        print(asdict(report), f"{time.monotonic() - begun:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
