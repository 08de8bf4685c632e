from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from kiosk.domain.errors import BadInput, LockedOut, NotFound, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access import pins as module
from kiosk.services.access.pins import Pins, checked, utc_now
from kiosk.storage import open_storage
from tests.fakes import QUICK_HASHER, WallClock


@pytest.fixture
def ada(storage: Storage, enrol: Callable[..., Person], pins: Pins) -> Person:
    person = enrol("Ada", "17")
    storage.people.set_pin_hash(person.id, pins.hashed("2580"))
    return person


def wrong(pins: Pins, who: str, times: int = 1) -> list[str]:
    """The sentences after some wrong tries."""
    said = []
    for _ in range(times):
        with pytest.raises((WrongPin, LockedOut)) as caught:
            pins.check_person(who, "1379")
        said.append(str(caught.value))
    return said


def test_there_is_no_administrator_pin_until_one_is_set(pins: Pins, storage: Storage) -> None:
    assert not pins.admin_set
    with pytest.raises(WrongPin):
        pins.check_admin("0000")
    pins.store_admin(pins.hashed("4711"))
    assert pins.admin_set
    pins.check_admin("4711")
    assert "4711" not in str(dict(storage.settings.load()))


def test_five_wrong_tries_wait_thirty_seconds(
    pins: Pins, storage: Storage, clock: WallClock
) -> None:
    pins.store_admin(pins.hashed("4711"))
    for left in ("4 tries", "3 tries", "2 tries", "1 try"):
        with pytest.raises(WrongPin, match=f"not right. {left} left"):
            pins.check_admin("1379")
    with pytest.raises(LockedOut, match="wait 30 s") as caught:
        pins.check_admin("1379")
    assert caught.value.seconds == 30
    clock.forward(29)
    restarted = Pins(storage, clock, QUICK_HASHER)
    with pytest.raises(LockedOut, match="wait 1 s"):
        restarted.check_admin("4711")
    clock.forward(1)
    restarted.check_admin("4711")


def test_after_a_lock_out_there_are_five_tries_again(
    pins: Pins, ada: Person, clock: WallClock
) -> None:
    wrong(pins, "17", 5)
    clock.forward(31)
    assert wrong(pins, "17") == ["That PIN is not right. 4 tries left."]


def test_the_right_pin_forgets_the_wrong_tries(pins: Pins, ada: Person) -> None:
    for _ in range(3):
        wrong(pins, "17", 4)
        assert pins.check_person("Ada", "2580").id == ada.id


def test_a_lock_out_is_one_persons(
    storage: Storage, pins: Pins, ada: Person, enrol: Callable[..., Person]
) -> None:
    ben = enrol("Ben")
    storage.people.set_pin_hash(ben.id, pins.hashed("8642"))
    pins.store_admin(pins.hashed("4711"))
    wrong(pins, "17", 5)
    assert pins.check_person("Ben", "8642").id == ben.id
    pins.check_admin("4711")


def test_a_clock_set_back_locks_nobody_out_for_longer(
    pins: Pins, ada: Person, clock: WallClock
) -> None:
    wrong(pins, "17", 5)
    clock.forward(-3600)
    assert pins.check_person("17", "2580").id == ada.id


def test_nobody_learns_who_is_enrolled(
    pins: Pins, ada: Person, storage: Storage, enrol: Callable[..., Person]
) -> None:
    without = enrol("Without PIN")
    disabled = enrol("Disabled")
    storage.people.set_pin_hash(disabled.id, pins.hashed("2580"))
    storage.people.update(replace(disabled, enabled=False))
    known = wrong(pins, "Ada", 6)
    assert known[-1] == "Too many wrong PINs: please wait 30 s."
    for who in ("Eve", "Eve  Unknown", without.name, disabled.name, "x" * 500, "😀", "'; --"):
        assert wrong(pins, who, 6) == known, who
    assert wrong(pins, "  eVE ") == [known[-1]], "the same name, typed otherwise"


def test_unknown_names_do_not_fill_the_database(pins: Pins, storage: Storage) -> None:
    for number in range(3):
        wrong(pins, f"nobody called {number}" * 50)
    assert all(len(name) < 60 for name in storage.settings.load())


def test_the_right_pin_of_somebody_disabled_is_wrong(
    pins: Pins, ada: Person, storage: Storage
) -> None:
    storage.people.update(replace(storage.people.get(ada.id), enabled=False))
    with pytest.raises(WrongPin):
        pins.check_person("17", "2580")


def test_a_pin_can_be_taken_away(pins: Pins, ada: Person, storage: Storage) -> None:
    storage.people.set_pin_hash(ada.id, None)
    assert not storage.people.get(ada.id).has_pin
    with pytest.raises(WrongPin):
        pins.check_person("17", "2580")
    with pytest.raises(NotFound):
        storage.people.set_pin_hash(99, pins.hashed("2580"))


def test_a_damaged_hash_is_a_wrong_pin(pins: Pins, ada: Person, storage: Storage) -> None:
    storage.people.set_pin_hash(ada.id, "no hash at all")
    with pytest.raises(WrongPin):
        pins.check_person("17", "2580")


def test_checking_nobodys_pin_costs_what_a_real_one_costs() -> None:
    hasher = PasswordHasher()
    nobody, real = (extract_parameters(h) for h in (module._NOBODY, hasher.hash("2580")))
    costs = ("type", "version", "hash_len", "time_cost", "memory_cost", "parallelism")
    assert [getattr(nobody, cost) for cost in costs] == [getattr(real, cost) for cost in costs]
    assert not hasher.check_needs_rehash(module._NOBODY.replace("bm9ib2R5IGtub3dzIG1l", "A" * 22))
    # It is computed in full, and found to be another PIN's: no error in its form cuts it short.
    with pytest.raises(VerifyMismatchError):
        hasher.verify(module._NOBODY, "2580")


@pytest.mark.parametrize("pin", ["1379", "2580", "0007", "122333444455", "1212"])
def test_pins_that_may_be_chosen(pin: str) -> None:
    assert checked(pin) == pin


@pytest.mark.parametrize("pin", ["", "137", "1" * 13, "12a4", "12 4", "١٢٣٥", "²³¹⁴", "-137"])
def test_a_pin_has_4_to_12_digits(pin: str) -> None:
    with pytest.raises(BadInput, match="4 to 12 digits"):
        checked(pin)


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "456789", "999999"])
def test_the_first_guesses_are_refused(pin: str, pins: Pins) -> None:
    with pytest.raises(BadInput, match="choose another"):
        pins.store_admin(pins.hashed(pin))


def test_a_lock_out_survives_the_programs_restart(tmp_path: Path, clock: WallClock) -> None:
    path = tmp_path / "kiosk.db"
    first = open_storage(f"sqlite:///{path}", clock)
    person = first.people.add("Ada")
    pins = Pins(first, clock, QUICK_HASHER)
    first.people.set_pin_hash(person.id, pins.hashed("2580"))
    wrong(pins, "Ada", 5)
    first.close()
    second = open_storage(f"sqlite:///{path}", clock)
    with pytest.raises(LockedOut):
        Pins(second, clock, QUICK_HASHER).check_person("Ada", "2580")
    second.close()


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() is not None
    assert not utc_now().utcoffset()
