"""Each fault by itself and with each other: nobody is let in without a row that is on disk and
chained, no row is lost, somebody is told what to do, and nobody has to come for it to go on."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk.services.decide.engine import Phase
from tests.end_to_end.fault_bench import MODEL, PAGE, Bench

Act = Callable[[Bench], None]


@dataclass
class Fault:
    """``says`` is a part of what the administrator reads of it; empty where nothing is amiss for
    whoever stands at the door, None where the watcher starts the kiosk anew instead."""

    says: str | None
    begin: Act
    end: Act
    kept: dict[str, Any] = field(default_factory=dict)


def camera(state: str) -> tuple[Act, Act]:
    def begin(bench: Bench) -> None:
        if state == "gone":
            (bench.folder / "devices" / "video0").unlink(missing_ok=True)
        bench.camera = state

    def end(bench: Bench) -> None:
        (bench.folder / "devices" / "video0").touch()
        bench.camera = "well"
        bench.released.set()

    return begin, end


def recognition(state: str) -> tuple[Act, Act]:
    def begin(bench: Bench) -> None:
        bench.recognition = state

    def end(bench: Bench) -> None:
        bench.recognition = "well"
        bench.released.set()

    return begin, end


def model(content: bytes | None) -> tuple[Act, Act]:
    def begin(bench: Bench) -> None:
        if content is None:
            bench.model.unlink(missing_ok=True)
        else:
            bench.model.write_bytes(content)
        bench.reload()

    return begin, lambda bench: void(bench.model.write_bytes(MODEL))


def database(*pragmas: str) -> tuple[Act, Act]:
    return lambda bench: bench.set_pragmas(*pragmas), lambda bench: bench.set_pragmas()


def void(_: object) -> None: ...


class Damage:
    """The disk gives other bytes than were written, and comes to its senses again."""

    SPOILT = b"\xa5" * PAGE

    def begin(self, bench: Bench) -> None:
        with bench.nobody_writes():  # what came in between, this test would lose
            self._was = bench.path.read_bytes()
            with bench.path.open("r+b") as file:
                file.write(self.SPOILT * (len(self._was) // PAGE))
        if bench.storage is not None:
            # What SQLite still has in memory is not what it is about.
            bench.storage.database.engine.dispose()

    def end(self, bench: Bench) -> None:
        with bench.path.open("r+b") as file:
            # The first page last: nobody can write before it is there.
            for place in reversed(range(0, len(self._was), PAGE)):
                file.seek(place)
                if file.read(PAGE) == self.SPOILT:
                    file.seek(place)
                    file.write(self._was[place : place + PAGE])


def clock(by: float) -> tuple[Act, Act]:
    return lambda bench: bench.clock.set(by), lambda bench: bench.clock.set(-by)


def kill(bench: Bench) -> None:
    bench.cut_power(bench.folder.with_name(bench.folder.name + "-"))


def screen(bench: Bench) -> None:
    bench.screen.gone = True


def screen_is_back(bench: Bench) -> None:
    bench.screen.gone = False


def faults() -> dict[str, Fault]:
    damage = Damage()
    day = 86_400.0
    return {
        "camera lost": Fault("no camera at", *camera("gone")),
        "camera frozen": Fault("the very same picture", *camera("frozen")),
        "camera gives garbage": Fault("gives no picture|stopped sending", *camera("garbage")),
        "camera's driver hangs": Fault(None, *camera("hangs")),
        "camera's thread dies": Fault(None, *camera("thread ends")),
        "model gone": Fault("model", *model(None)),
        "model altered": Fault("model", *model(MODEL[::-1])),
        "recognition fails": Fault("That went wrong", *recognition("fails")),
        "recognition hangs": Fault(None, *recognition("hangs")),
        "recognition's thread dies": Fault(None, *recognition("thread ends")),
        "out of memory": Fault("That went wrong|could not start", *recognition("no memory")),
        "database locked": Fault("locked by another program", Bench.lock, Bench.unlock),
        "disk full": Fault("disk is full", *database("PRAGMA max_page_count = 1")),
        "database read-only": Fault("read-only", *database("PRAGMA query_only = ON")),
        "database corrupt": Fault("damaged", damage.begin, damage.end),
        "clock a day back": Fault("", *clock(-day)),
        "clock a year on": Fault("", *clock(365 * day)),
        "window gone": Fault(None, screen, screen_is_back),
        "killed": Fault("", kill, void),
    }


NAMES = tuple(faults())
EVERY_ORDER = bool(os.environ.get("KIOSK_TEST_EVERY_ORDER"))
"""Each pair twice, the other one first."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL + 1):
        yield


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "door")
    made.enrol()
    made.start()
    yield made
    made.stop()


def let_somebody_in(bench: Bench, about: str) -> None:
    before = bench.allowed

    def let_in() -> bool:
        if bench.must_start_anew:
            bench.stop()
            bench.start()
        return bench.allowed > before

    bench.until(let_in, about)


def noticed(bench: Bench, both: list[Fault], texts: int) -> bool:
    """Whether the administrator can read what to do, or the watcher starts the kiosk anew."""
    said = bench.faults.texts[texts:]
    words = [fault.says for fault in both if fault.says]
    if any(fault.says is None for fault in both) and bench.must_start_anew:
        return True
    return any(re.search(word, text) for word in words for text in said)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("first", NAMES)
def test_a_fault_and_each_other(bench: Bench, first: str) -> None:
    let_somebody_in(bench, "nothing is amiss yet")
    for second in NAMES if EVERY_ORDER else NAMES[NAMES.index(first) :]:
        about = f"{first}, then {second}"
        both = [faults()[name] for name in dict.fromkeys((first, second))]
        texts = len(bench.faults.texts)
        for fault in both:
            fault.begin(bench)
        if all(fault.says == "" for fault in both):
            let_somebody_in(bench, f"{about}: nobody at the door need know")
        else:
            bench.until(lambda: noticed(bench, both, texts), f"{about}: it is noticed")  # noqa: B023
        for fault in reversed(both):
            fault.end(bench)
        let_somebody_in(bench, f"{about}: it goes on by itself")

    bench.stop()
    bench.storage = bench.opened()
    assert bench.missing_rows() == []
    assert bench.altered() == ()
    assert all(told.readable for told in bench.told)
    rows = {told.row for told in bench.told}
    for view in bench.screen.views:
        told = view.announcement
        assert told is None or told.decision.event_id in rows, "shown and not announced"
        assert view.phase is not Phase.FAULT or view.message == "", "the door hears no more of it"
    for problem in bench.screen.cameras:
        assert problem is None or not set(problem) & set("/\\"), "no path is shown"
