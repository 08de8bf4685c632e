"""For how long somebody who types wrong PINs under my number keeps me from my right one: the
figures of docs/roles.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from tests.fakes import WallClock

PAGE = Path(__file__).resolve().parents[3] / "docs" / "roles.md"
FOR_EVER = float("inf")


@pytest.fixture
def ada(enrol: Callable[..., Person], storage: Storage, pins: Pins) -> Person:
    person = enrol("Ada", "17")
    storage.people.set_pin_hash(person.id, pins.hashed("2580"))
    return person


def attack(
    pins: Pins, clock: WallClock, who: Callable[[int], str], enough: Callable[[], bool]
) -> None:
    """Wrong PINs as fast as they are taken, until it is enough or none is taken any more."""
    for number in range(1000):
        if enough():
            return
        try:
            pins.check_person(who(number), "1379")
        except WrongPin:
            continue
        except LockedOut as locked:
            # The fifth in a row is told so, too; and then nobody waits who has enough.
            if enough() or not locked.seconds:
                return
            clock.forward(locked.seconds)


def wait(pins: Pins, clock: WallClock, shown: int | None) -> float:
    """Seconds until my right PIN is taken, at once after the last wrong one."""
    began = clock.monotonic()
    while True:
        try:
            pins.check_person("17", "2580", shown)
        except LockedOut as locked:
            if not locked.seconds:
                return FOR_EVER
            clock.forward(locked.seconds)
        else:
            return clock.monotonic() - began


def told() -> list[tuple[int, float, float]]:
    """The rows of the page: wrong PINs before, seconds with a face, seconds without."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text("utf-8").splitlines()]
    found = [row for row in rows if len(row) == 3 and row[0].split()[0].isdigit()]
    return [(int(row[0].split()[0]), _seconds(row[1]), _seconds(row[2])) for row in found]


def _seconds(text: str) -> float:
    return float(text.removesuffix(" s")) if text.endswith(" s") else FOR_EVER


def test_the_page_tells_of_all_waits() -> None:
    assert [tries for tries, _, _ in told()] == list(range(5, 55, 5))


@pytest.mark.parametrize(("tries", "seen", "unseen"), told())
def test_i_wait_for_as_long_as_the_page_says(
    pins: Pins,
    storage: Storage,
    ada: Person,
    clock: WallClock,
    tries: int,
    seen: float,
    unseen: float,
) -> None:
    def enough() -> bool:
        return storage.settings.load().get(f"pin_tries person {ada.id}", 0) == tries

    attack(pins, clock, lambda _: "17", enough)
    assert enough()
    assert wait(pins, clock, ada.id) == seen
    if unseen == FOR_EVER:
        assert wait(pins, clock, None) == FOR_EVER
    else:
        # The success with the face did not forgive the others.
        assert wait(pins, clock, None) == pytest.approx(unseen, abs=1)


def test_whoever_types_other_names_holds_up_nobody_for_more_than_five_minutes(
    pins: Pins, storage: Storage, ada: Person, clock: WallClock
) -> None:
    typed: list[int] = []

    def name(number: int) -> str:
        typed.append(number)
        return f"nobody {number}"

    def pad_waits() -> bool:
        return storage.settings.load().get("pin_tries pad", 0) == 60

    attack(pins, clock, name, pad_waits)
    assert len(typed) >= 60
    assert wait(pins, clock, None) == pytest.approx(300, abs=1)
