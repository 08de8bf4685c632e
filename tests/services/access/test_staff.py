"""Signing in with a role."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from argon2 import PasswordHasher

from kiosk.domain.audit import ADMINISTRATOR, Action, ActorKind
from kiosk.domain.errors import LockedOut, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role
from kiosk.services.access.pins import Pins
from kiosk.services.access.staff import Staff
from kiosk.services.admin.administration import Administration
from tests.fakes import QUICK_HASHER, WallClock

PIN = "805471"


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


@pytest.fixture
def mia(admin: Administration, enrol: Callable[..., Person]) -> Person:
    person = enrol("Mia Chen", "17")
    admin.roles.give(ADMINISTRATOR, person.id, Role.MANAGER, ["Night"])
    admin.roles.set_secret(ADMINISTRATOR, person.id, PIN)
    return person


@pytest.fixture
def staff(admin: Administration, mia: Person) -> Staff:
    return admin.staff


@pytest.mark.parametrize("who", ["Mia Chen", "mia chen", " 17 "])
def test_a_name_or_a_number_and_the_pin(staff: Staff, mia: Person, who: str) -> None:
    actor = staff.sign_in(who, PIN)
    assert (actor.kind, actor.name, actor.role) == (ActorKind.STAFF, "Mia Chen", Role.MANAGER)
    assert (actor.departments, actor.person_id) == (("Night",), mia.id)


def test_without_a_name_it_is_the_administrators_pin(staff: Staff, pins: Pins) -> None:
    pins.store_admin(pins.hashed("471108"))
    assert staff.sign_in(" ", "471108") is ADMINISTRATOR
    with pytest.raises(WrongPin):
        staff.sign_in("", PIN)


def test_a_passphrase_is_the_same_on_any_keyboard(
    admin: Administration, staff: Staff, mia: Person
) -> None:
    admin.roles.set_secret(ADMINISTRATOR, mia.id, "trois chèvres grises")
    assert staff.sign_in("17", "trois che\u0300vres grises").role is Role.MANAGER


def test_who_signs_in_and_who_fails_is_written_down(staff: Staff, admin: Administration) -> None:
    for who, pin in (("17", "805472"), ("Nobody", PIN), ("17", PIN)):
        with suppress(WrongPin):
            staff.sign_in(who, pin)
    newest = admin.records.audit.newest(3)
    told = [(entry.action, entry.actor.name, entry.subject) for entry in newest]
    assert told == [
        (Action.SIGN_IN, "Mia Chen", ""),
        (Action.WRONG_STAFF_PIN, "", ""),
        (Action.WRONG_STAFF_PIN, "", "Mia Chen (no. 1)"),
    ]


def sentences(staff: Staff, who: str, times: int) -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises((WrongPin, LockedOut)) as caught:
            staff.sign_in(who, "136914")
        said.append(str(caught.value))
    return said


def test_nobody_learns_who_has_a_role(
    admin: Administration, staff: Staff, enrol: Callable[..., Person], clock: WallClock
) -> None:
    enrol("Without a role", "18")
    gone = enrol("Disabled", "19")
    zoe = enrol("Zoe")
    admin.roles.give(ADMINISTRATOR, zoe.id, Role.AUDITOR)
    admin.roles.set_secret(ADMINISTRATOR, zoe.id, PIN)
    for change in ({"enabled": False}, {"valid_until": date(2026, 3, 1)}):
        person = enrol(str(change), None)
        admin.roles.give(ADMINISTRATOR, person.id, Role.AUDITOR)
        admin.roles.set_secret(ADMINISTRATOR, person.id, PIN)
        admin.people.change(ADMINISTRATOR, replace(person, **change))
        with pytest.raises(WrongPin):
            staff.sign_in(person.name, PIN)
    told = set()
    for who in ("17", "18", "Nobody", gone.name):
        clock.forward(3600)
        staff.sign_in("Zoe", PIN)  # the pad's own count begins anew
        told.add(tuple(sentences(staff, who, 6)))
    assert len(told) == 1
    assert "wait" in next(iter(told))[-1]


def test_fifty_wrong_tries_switch_it_off_until_a_new_one_is_set(
    admin: Administration, staff: Staff, mia: Person, clock: WallClock
) -> None:
    for _ in range(50):
        sentences(staff, "17", 1)
        clock.forward(3600)
    with pytest.raises(LockedOut, match="switched off"):
        staff.sign_in("17", PIN)
    with pytest.raises((LockedOut, WrongPin)):
        staff.sign_in("Mia Chen", PIN)
    admin.roles.set_secret(ADMINISTRATOR, mia.id, "936114")
    assert staff.sign_in("Mia Chen", "936114").name == "Mia Chen"


def test_tries_at_the_door_and_for_a_role_are_counted_apart(
    storage: Storage, staff: Staff, pins: Pins, mia: Person
) -> None:
    storage.people.set_pin_hash(mia.id, pins.hashed("2580"))
    sentences(staff, "17", 6)
    pins.check_person("17", "2580")
    with pytest.raises(LockedOut):
        staff.sign_in("17", PIN)


def test_a_deleted_row_lets_nobody_in(storage: Storage, staff: Staff, mia: Person) -> None:
    storage.roles.set_secret_hash(mia.id, None)
    assert not staff.anybody()
    for pin in ("", PIN):
        with pytest.raises(WrongPin):
            staff.sign_in("17", pin)
    storage.roles.take(mia.id)
    with pytest.raises(WrongPin):
        staff.sign_in("17", PIN)


def test_a_hash_of_weaker_parameters_is_made_anew(
    storage: Storage, admin: Administration, mia: Person, clock: WallClock
) -> None:
    storage.people.set_pin_hash(mia.id, QUICK_HASHER.hash("2580"))
    admin.settings.set_admin_pin(ADMINISTRATOR, "471108")

    def hashes() -> list[str | None]:
        return [
            storage.roles.secret_hash(mia.id),
            storage.people.pin_hash(mia.id),
            str(storage.settings.load()["admin_pin_hash"]),
        ]

    before = hashes()
    stronger = Pins(storage, clock, PasswordHasher(2, 16, 1), clock.monotonic)
    for _ in range(2):
        Administration.of(storage, stronger, clock).staff.sign_in("17", PIN)
        stronger.check_person("17", "2580")
        stronger.check_admin("471108")
        assert all(one and "m=16,t=2" in one for one in hashes())
    assert not set(before) & set(hashes())
    kept = hashes()
    stronger.check_admin("471108")
    assert hashes() == kept
