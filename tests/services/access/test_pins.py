from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete

from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.errors import BadInput, LockedOut, NotFound, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.pin import LEAST_ADMIN
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role
from kiosk.services.access import pins as module
from kiosk.services.access.pins import Pins, checked, utc_now
from kiosk.services.admin.administration import Administration
from kiosk.storage import SqlStorage, open_storage
from kiosk.storage.tables import roles, settings
from tests.fakes import QUICK_HASHER, WallClock

OWNER = Actor(ActorKind.SYSTEM_USER, "root")


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
    clock.set(7200)
    with pytest.raises(LockedOut, match="wait 1 s"):
        pins.check_admin("4711")
    restarted = Pins(storage, clock, QUICK_HASHER, clock.monotonic)
    with pytest.raises(LockedOut, match="wait 30 s"):
        restarted.check_admin("4711")
    clock.forward(30)
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


@pytest.mark.parametrize("by", [-3600, 3600, 86400])
def test_a_clock_that_is_moved_lifts_nothing_and_locks_nobody_out_for_longer(
    pins: Pins, ada: Person, clock: WallClock, by: float
) -> None:
    wrong(pins, "17", 5)
    clock.set(by)
    with pytest.raises(LockedOut):
        pins.check_person("17", "2580")
    clock.forward(30)
    assert pins.check_person("17", "2580").id == ada.id


def use_up(pins: Pins, clock: WallClock) -> float:
    """All wrong tries that a row of right ones between them allows; how long is waited then."""
    for _ in range(100):
        for _ in range(4):
            try:
                pins.check_admin("137913")
            except LockedOut as locked:
                return locked.seconds
            except WrongPin:
                pass
        pins.check_admin("471108")
    raise AssertionError("nothing ends it")


def test_right_pins_between_wrong_ones_do_not_forgive_for_ever(
    pins: Pins, storage: Storage, clock: WallClock
) -> None:
    pins.store_admin(pins.hashed("471108"))
    assert use_up(pins, clock) == 7200
    with pytest.raises(LockedOut):
        pins.check_admin("471108")
    clock.set(-30 * 86400)
    clock.forward(7199)
    restarted = Pins(storage, clock, QUICK_HASHER, clock.monotonic)
    with pytest.raises(LockedOut, match="wait 120 min"):
        restarted.check_admin("471108")  # a clock that is set back wears nothing off
    clock.set(30 * 86400)
    clock.forward(1)
    for _ in range(20):
        restarted.check_admin("471108")


def test_a_new_pin_has_five_tries_whatever_was_tried_before(pins: Pins, clock: WallClock) -> None:
    pins.store_admin(pins.hashed("471108"))
    use_up(pins, clock)
    pins.store_admin(pins.hashed("805471"))
    for _ in range(4):
        with pytest.raises(WrongPin):
            pins.check_admin("137913")
    pins.check_admin("805471")


def guess(pins: Pins, clock: WallClock, who: str, shown: int | None = None) -> float:
    """Wrong PINs until none is taken any more, waiting as one is told; in how many seconds."""
    began = clock.monotonic()
    for _ in range(500):
        try:
            pins.check_person(who, "1379", shown)
        except WrongPin:
            continue
        except LockedOut as locked:
            if not locked.seconds:
                return clock.monotonic() - began
            clock.forward(locked.seconds)
    raise AssertionError("nothing ends it")


def counted(storage: Storage, key: str) -> object:
    return storage.settings.load().get(f"pin_tries {key}")


def test_waits_grow_and_after_fifty_a_pin_is_switched_off(
    pins: Pins, ada: Person, clock: WallClock, storage: Storage
) -> None:
    assert guess(pins, clock, "17") > 2 * 3600, "each wait is twice as long, up to an hour"
    assert counted(storage, f"person {ada.id}") == 50
    clock.forward(300)  # the pad's own wait
    with pytest.raises(LockedOut, match="switched off") as caught:
        pins.check_person("17", "2580")
    assert caught.value.seconds == 0
    with pytest.raises(WrongPin):
        pins.check_person("Ada", "2580")  # nor by the name
    storage.people.set_pin_hash(ada.id, pins.hashed("8642"))
    pins.unlock(ada)
    assert pins.check_person("Ada", "8642").id == ada.id


def test_nobody_can_lock_a_face_out(
    pins: Pins, ada: Person, clock: WallClock, storage: Storage
) -> None:
    """Whoever types Ada's number as often as they like leaves her tries alone, at the door where
    her face is seen."""
    guess(pins, clock, "17")
    assert pins.check_person("17", "2580", shown=ada.id).id == ada.id
    guess(pins, clock, "17", shown=ada.id)
    assert counted(storage, f"person {ada.id} seen") == 100


def test_a_pad_counts_whoever_is_typed(pins: Pins, ada: Person, clock: WallClock) -> None:
    for number in range(9):
        with pytest.raises(WrongPin):
            pins.check_person(f"nobody {number}", "1379")
    with pytest.raises((WrongPin, LockedOut)):
        pins.check_person("nobody else", "1379")
    with pytest.raises(LockedOut, match="wait 30 s"):
        pins.check_person("17", "2580")
    clock.forward(30)
    assert pins.check_person("17", "2580").id == ada.id


def test_six_digits_of_the_administrator_outlast_whoever_guesses(
    pins: Pins, storage: Storage, clock: WallClock
) -> None:
    with pytest.raises(BadInput, match="6 to 12 digits"):
        pins.hashed("4711", LEAST_ADMIN)
    pins.store_admin(pins.hashed("471108", LEAST_ADMIN))
    tried = 0
    while True:
        tried += 1
        try:
            pins.check_admin(f"{tried:06}")
        except LockedOut as locked:
            if not locked.seconds:
                told = str(locked)
                break
            clock.forward(locked.seconds)
        except WrongPin:
            pass
    assert "reset-pin" in told
    assert clock.monotonic() > 2 * 3600
    failures = [e for e in storage.audit.newest(100) if e.action is Action.WRONG_ADMIN_PIN]
    assert len(failures) == 50, "each is written down, and there are 50 of a million"
    pins.store_admin(None)
    pins.store_admin(pins.hashed("805471", LEAST_ADMIN))
    pins.check_admin("805471")


def test_long_waits_are_told_in_minutes(pins: Pins, ada: Person, clock: WallClock) -> None:
    told = []
    for wait in (30, 60, 120, 240):
        told.append(wrong(pins, "Ada", 5)[-1].split("please ")[1])
        clock.forward(wait)
        # What the pad counts, whoever is typed, ends with anybody's right PIN.
        pins.store_admin(pins.hashed("471147"))
        pins.check_admin("471147")
    assert told == ["wait 30 s.", "wait 60 s.", "wait 120 s.", "wait 4 min."]


def test_nobody_learns_who_is_enrolled(
    pins: Pins, ada: Person, storage: Storage, enrol: Callable[..., Person]
) -> None:
    ben, without = enrol("Ben"), enrol("Without PIN")
    storage.people.set_pin_hash(ben.id, pins.hashed("8642"))
    disabled = enrol("Disabled")
    storage.people.set_pin_hash(disabled.id, pins.hashed("2580"))
    storage.people.update(replace(disabled, enabled=False))
    known = wrong(pins, "Ada", 6)
    assert known[-1] == "Too many wrong PINs: please wait 30 s."
    for who in ("Eve", "Eve  Unknown", without.name, disabled.name, "x" * 500, "😀", "'; --"):
        assert pins.check_person("Ben", "8642").id == ben.id, "which ends what the pad counts"
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
    pins = Pins(first, clock, QUICK_HASHER, clock.monotonic)
    first.people.set_pin_hash(person.id, pins.hashed("2580"))
    wrong(pins, "Ada", 5)
    first.close()
    second = open_storage(f"sqlite:///{path}", clock)
    with pytest.raises(LockedOut):
        Pins(second, clock, QUICK_HASHER, clock.monotonic).check_person("Ada", "2580")
    second.close()


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() is not None
    assert not utc_now().utcoffset()


def test_a_row_that_is_deleted_lets_nobody_choose_a_new_pin(
    pins: Pins, storage: SqlStorage, clock: WallClock
) -> None:
    admin = Administration.of(storage, pins, clock)
    admin.settings.set_admin_pin(ADMINISTRATOR, "471108")
    with storage.database.engine.begin() as connection:
        connection.execute(delete(settings).where(settings.c.name == "admin_pin_hash"))
    assert pins.admin_set
    for pin in ("471108", "000000"):
        with pytest.raises(WrongPin, match="reset-pin"):
            pins.check_admin(pin)
    admin.settings.reset_admin_pin(ADMINISTRATOR)
    assert not pins.admin_set
    admin.settings.set_admin_pin(ADMINISTRATOR, "805471")
    pins.check_admin("805471")


def test_nor_do_all_the_rows_that_say_so(storage: SqlStorage, clock: WallClock) -> None:
    head = storage.chain_head()
    pins = Pins(storage, clock, QUICK_HASHER, clock.monotonic, lambda: head)
    Administration.of(storage, pins, clock).settings.set_admin_pin(ADMINISTRATOR, "471108")
    head = storage.chain_head()
    for tables in (("settings", "audit"), ("settings", "audit", "chain")):
        with storage.database.engine.begin() as connection:
            for table in tables:
                connection.exec_driver_sql(f"DELETE FROM {table}")
        assert pins.admin_set, f"without {tables}"
    Administration.of(storage, pins, clock).settings.reset_admin_pin(ADMINISTRATOR)
    assert not pins.admin_set, "reset-pin is the way on"


def test_nor_does_a_row_that_says_it_was_reset(
    pins: Pins, storage: SqlStorage, clock: WallClock
) -> None:
    admin = Administration.of(storage, pins, clock)
    admin.settings.reset_admin_pin(ADMINISTRATOR)
    assert not pins.admin_set
    admin.settings.set_admin_pin(ADMINISTRATOR, "471108")
    with storage.database.engine.begin() as connection:
        connection.execute(delete(settings).where(settings.c.name == "admin_pin_hash"))
        connection.exec_driver_sql("DELETE FROM audit WHERE action = 'set_admin_pin'")
    assert pins.admin_set, "the row of the one before counts no more"
    with storage.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit (at, actor_kind, actor_name, action, subject, details)"
            " VALUES ('2026-03-02 08:00:00', 'system_user', 'root', 'reset_admin_pin', '', '')"
        )
    assert pins.admin_set, "a row that the kiosk did not write"


def test_nor_does_the_row_of_whoever_administers_by_a_role(
    pins: Pins, storage: SqlStorage, clock: WallClock, ada: Person
) -> None:
    admin = Administration.of(storage, pins, clock)
    bob = storage.people.add("Bob", "18")
    admin.roles.give(OWNER, bob.id, Role.OPERATOR)
    admin.roles.set_secret(OWNER, bob.id, "805471")
    assert not pins.admin_set, "an operator is no administrator"
    admin.roles.give(OWNER, ada.id, Role.ADMINISTRATOR)
    admin.roles.set_secret(OWNER, ada.id, "471108")
    with storage.database.engine.begin() as connection:
        connection.execute(delete(roles))
    assert not admin.staff.administrator()
    assert pins.admin_set
    admin.settings.reset_admin_pin(OWNER)
    assert not pins.admin_set
    admin.roles.give(OWNER, bob.id, Role.MANAGER, ["Night"])
    admin.roles.set_secret(OWNER, bob.id, "805471")
    assert not pins.admin_set
