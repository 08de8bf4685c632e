"""Several kiosks on one database decide on one person, or check one person's PIN, at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.domain.decision import Mode, Outcome, Reason, Verdict
from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.records import EventFilter
from kiosk.services.access.pins import Pins
from kiosk.services.access.throttle import PIN
from kiosk.services.attendance import Attendance
from kiosk.services.decide.verify import Circumstances, Verifier
from kiosk.storage import SqlStorage, database_url, open_storage
from tests.contracts.test_storage import SERVER, on_server
from tests.fakes import QUICK_HASHER, WallClock

FACE = Circumstances(Mode.WALK_UP, "Camera 0", "fake", 0.5, 0.001, 1.2)
KIOSKS = 8


@pytest.fixture(params=["file", *(["server"] if SERVER else [])])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield database_url(tmp_path / "data")
    else:
        yield from on_server()


@pytest.fixture
def kiosks(address: str) -> Iterator[list[SqlStorage]]:
    opened = [open_storage(address) for _ in range(KIOSKS)]
    yield opened
    for storage in opened:
        storage.close()


def test_one_person_at_several_kiosks_is_greeted_and_clocked_once(
    kiosks: list[SqlStorage],
) -> None:
    clock = WallClock()
    verifiers = [
        Verifier(
            storage,
            Pins(storage, clock, QUICK_HASHER),
            Attendance(storage, 4),
            repeat_after=60,
            now=clock,
        )
        for storage in kiosks
    ]
    for number in range(5):
        person = kiosks[0].people.add(f"Person {number}")
        verdict = Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, person.id, 0.8)
        at_once = threading.Barrier(KIOSKS)

        def look(
            verifier: Verifier, verdict: Verdict = verdict, at_once: threading.Barrier = at_once
        ) -> bool:
            at_once.wait(10)
            return verifier.conclude(verdict, FACE).decision.repeat

        with ThreadPoolExecutor(KIOSKS) as pool:
            greeted = Counter(pool.map(look, verifiers))
        assert greeted == {False: 1, True: KIOSKS - 1}
        rows = kiosks[0].events.query(EventFilter(person_id=person.id))
        assert Counter(row.repeat for row in rows) == greeted
        since, until = Attendance(kiosks[0], 4).span(clock.now.date())
        assert len(kiosks[0].clock_events.between(since, until, person.id)) == 1


def test_one_person_at_two_processes_is_greeted_and_clocked_once(address: str) -> None:
    program = """if True:
        import sys
        from datetime import UTC, datetime
        from kiosk.domain.decision import Mode, Outcome, Reason, Verdict
        from kiosk.services.access.pins import Pins
        from kiosk.services.attendance import Attendance
        from kiosk.services.decide.verify import Circumstances, Verifier
        from kiosk.storage import open_storage
        storage = open_storage(sys.argv[1])
        now = lambda: datetime.now(UTC)
        verifier = Verifier(storage, Pins(storage), Attendance(storage, 4), repeat_after=60,
                            now=now)
        print("ready", flush=True)
        sys.stdin.readline()
        for person in range(1, 21):
            verifier.conclude(Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, person, 0.8),
                              Circumstances(Mode.WALK_UP, "Camera"))
        storage.close()
    """
    storage = open_storage(address)
    for number in range(20):
        storage.people.add(f"Person {number}")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    rows = storage.events.query(EventFilter())
    assert Counter(row.repeat for row in rows) == {False: 20, True: 20}
    assert storage.check().clock_events == 20
    storage.close()


class Slow:
    """A hasher that lets nobody through before all who may try have come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all_here = threading.Event()
        self.checked = 0

    def hash(self, pin: str) -> str:
        return QUICK_HASHER.hash(pin)

    def verify(self, stored: str, pin: str) -> bool:
        with self._lock:
            self.checked += 1
            if self.checked == PIN.in_a_row:
                self._all_here.set()
        self._all_here.wait(10)
        return QUICK_HASHER.verify(stored, pin)


@pytest.mark.parametrize("who", ["Ada", "Nobody at all"])
def test_wrong_pins_typed_at_once_all_count(kiosks: list[SqlStorage], who: str) -> None:
    clock = WallClock()
    person = kiosks[0].people.add("Ada")
    kiosks[0].people.set_pin_hash(person.id, QUICK_HASHER.hash("2580"))
    slow = Slow()

    def guess(number: int) -> str:
        try:
            Pins(kiosks[number % KIOSKS], clock, slow).check_person(who, "1379")
        except LockedOut:
            return "locked"
        except WrongPin:
            return "wrong"
        return "in"

    with ThreadPoolExecutor(16) as pool:
        said = Counter(pool.map(guess, range(16)))
    assert said == {"wrong": PIN.in_a_row - 1, "locked": 16 - PIN.in_a_row + 1}
    assert slow.checked == PIN.in_a_row, "who is locked out learns nothing of the PIN"
    clock.forward(29)
    assert guess(0) == "locked"
