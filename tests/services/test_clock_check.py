from __future__ import annotations

from datetime import timedelta

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.repositories import Storage
from kiosk.services.clock_check import LATELY, clock_warning
from tests.fakes import MORNING

DENY = Decision(MORNING, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP)
AHEAD = Decision(
    MORNING.replace(year=2031),
    Outcome.DENY,
    Reason.NOT_RECOGNISED,
    Mode.WALK_UP,
    clock_suspect=True,
)


def test_a_clock_that_fits(storage: Storage) -> None:
    assert clock_warning(storage.events, MORNING) == ""
    storage.events.append(DENY)
    assert clock_warning(storage.events, MORNING + timedelta(days=40)) == ""


def test_a_clock_without_a_battery(storage: Storage) -> None:
    assert "older than this program" in clock_warning(storage.events, MORNING.replace(year=2000))


def test_a_warning_does_not_go_with_the_next_row(storage: Storage) -> None:
    storage.events.append(DENY)
    storage.events.append(AHEAD)
    assert clock_warning(storage.events, AHEAD.at).endswith("it is marked.")
    storage.events.append(DENY)
    storage.events.append(AHEAD)
    said = clock_warning(storage.events, MORNING)
    assert said.startswith("The clock fits again")
    assert "2 rows" in said


def test_a_warning_ends_when_it_was_long_ago(storage: Storage) -> None:
    storage.events.append(AHEAD)
    with storage.transaction():
        for _ in range(LATELY):
            storage.events.append(DENY)
    assert clock_warning(storage.events, MORNING) == ""
