"""The administrator's PIN is forgotten: the printed code, once."""

from __future__ import annotations

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import BadInput, LockedOut, NotAllowed, WrongPin
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.recovery import Recovery, recovery_warning
from tests.fakes import WallClock
from tests.services.admin.test_roles import signed

WRONG = "00000-00000-00000-00000-00000"


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


@pytest.fixture
def recovery(admin: Administration) -> Recovery:
    return admin.recovery


def test_the_first_pin_comes_with_a_code(recovery: Recovery, pins: Pins, storage: Storage) -> None:
    code = recovery.set_first_pin(ADMINISTRATOR, "805471")
    pins.check_admin("805471")
    assert code.replace("-", "") not in str(dict(storage.settings.load())).replace("-", "")
    with pytest.raises(WrongPin, match="meanwhile"):
        recovery.set_first_pin(ADMINISTRATOR, "936114")


def test_a_code_that_nobody_has_on_paper_is_warned_of(
    recovery: Recovery, admin: Administration, pins: Pins, storage: Storage
) -> None:
    assert recovery_warning(storage) is None, "nothing to come back to yet"
    admin.settings.set_admin_pin(ADMINISTRATOR, "805471")  # as before there were codes
    assert "There is no recovery code" in str(recovery_warning(storage))
    code = recovery.renew(ADMINISTRATOR)
    assert "Nobody has said" in str(recovery_warning(storage))
    recovery.note_kept("00000-00000-00000-00000-00000")
    assert recovery_warning(storage), "the one before, on another screen"
    recovery.note_kept(code)
    assert recovery_warning(storage) == ""
    recovery.recover(code, "936114")
    assert "Nobody has said" in str(recovery_warning(storage)), "the next one was only shown"
    admin.settings.reset_admin_pin(ADMINISTRATOR)
    assert recovery_warning(storage) is None


def test_the_code_sets_a_new_pin_once(
    recovery: Recovery, pins: Pins, admin: Administration
) -> None:
    code = recovery.set_first_pin(ADMINISTRATOR, "805471")
    after = recovery.recover(code.lower().replace("-", " "), "936114")
    assert after != code
    pins.check_admin("936114")
    with pytest.raises(WrongPin):
        pins.check_admin("805471")
    with pytest.raises(WrongPin, match="not the recovery code"):
        recovery.recover(code, "471108")
    recovery.recover(after, "471108")
    assert [entry.action for entry in admin.records.audit.newest(3)] == [
        Action.RECOVER,
        Action.WRONG_ADMIN_PIN,
        Action.WRONG_ADMIN_PIN,
    ]
    assert pins.admin_set


def test_it_opens_where_the_pin_was_switched_off(
    recovery: Recovery, pins: Pins, clock: WallClock
) -> None:
    code = recovery.set_first_pin(ADMINISTRATOR, "805471")
    for _ in range(50):
        with pytest.raises((WrongPin, LockedOut)):
            pins.check_admin("000001")
        clock.forward(3600)
    with pytest.raises(LockedOut, match="switched off"):
        pins.check_admin("805471")
    recovery.recover(code, "936114")
    pins.check_admin("936114")


def test_codes_can_not_be_tried_fast(
    recovery: Recovery, clock: WallClock, admin: Administration
) -> None:
    code = recovery.set_first_pin(ADMINISTRATOR, "805471")
    for _ in range(5):
        with pytest.raises(WrongPin):
            recovery.recover(WRONG, "936114")
    with pytest.raises(LockedOut, match="30 s"):
        recovery.recover(code, "936114")
    clock.forward(31)
    recovery.recover(code, "936114")
    assert len(admin.records.audit.newest()) == 1 + 5 + 1


def test_a_bad_pin_does_not_use_the_code_up(recovery: Recovery) -> None:
    code = recovery.set_first_pin(ADMINISTRATOR, "805471")
    with pytest.raises(BadInput, match="digits"):
        recovery.recover(code, "12")
    recovery.recover(code, "936114")


def test_a_new_code_takes_the_place_of_the_one_before(
    recovery: Recovery, admin: Administration
) -> None:
    before = recovery.set_first_pin(ADMINISTRATOR, "805471")
    recovery.renew(ADMINISTRATOR)
    with pytest.raises(WrongPin):
        recovery.check(before)
    with pytest.raises(NotAllowed):
        recovery.renew(signed(admin, "auditor"))


def test_where_there_is_no_code_none_opens(recovery: Recovery, pins: Pins) -> None:
    pins.store_admin(pins.hashed("805471"))
    with pytest.raises(WrongPin):
        recovery.recover("", "936114")
