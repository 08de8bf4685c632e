"""For how long six digits stand against somebody who stays at the pad and tries as fast as the
waits allow: the figures of docs/roles.md, played with the kiosk's own counters."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.audit import Action
from kiosk.domain.errors import BadInput, LockedOut, WrongPin
from kiosk.domain.pin import LEAST_ADMIN, checked
from kiosk.domain.records import AuditFilter
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.access.throttle import PIN
from tests.fakes import QUICK_HASHER, WallClock

PAGE = Path(__file__).resolve().parents[3] / "docs" / "roles.md"
DAY = 86400.0
YEAR = 365.25 * DAY
RIGHT = "471108"
WRONG = "805471"
LONG = 1_000_000
_WRONG_ONES = AuditFilter(actions=frozenset({Action.WRONG_ADMIN_PIN}))


def may_be_chosen(pin: str) -> bool:
    try:
        return bool(checked(pin, LEAST_ADMIN))
    except BadInput:
        return False


@pytest.fixture(scope="module")
def choices() -> int:
    """How many PINs of six digits there are to be guessed."""
    return sum(may_be_chosen(f"{number:06}") for number in range(10**LEAST_ADMIN))


class Pad:
    """The administrator's PIN, somebody who guesses it, and an administrator who comes by."""

    def __init__(self, storage: Storage, clock: WallClock, pins: Pins) -> None:
        self._storage, self._clock, self._pins = storage, clock, pins
        self.set_anew()

    def set_anew(self) -> None:
        self._pins.store_admin(self._pins.hashed(RIGHT, LEAST_ADMIN))

    @property
    def guesses(self) -> int:
        """So many wrong ones were compared with the PIN: each is a row of the audit trail."""
        return len(self._storage.audit.newest(LONG, _WRONG_ONES))

    @property
    def one_short(self) -> bool:
        """Whether the next wrong one would switch the PIN off."""
        in_a_row = self._storage.settings.load().get("pin_tries admin", 0)
        return in_a_row == (PIN.at_most or 0) - 1

    def type(self, pin: str) -> float | None:
        """Seconds until the next is taken, None where the PIN is switched off."""
        try:
            self._pins.check_admin(pin)
        except WrongPin:
            return 0.0
        except LockedOut as locked:
            return locked.seconds or None
        return 0.0

    def guess_until_off(self) -> None:
        while (wait := self.type(WRONG)) is not None:
            self._clock.forward(wait)

    def guess_between_sign_ins(self, a_day: int, days: int) -> None:
        """Guess all the time, but stop one short of fifty until the administrator was there and
        ended the row; who waits, too, but is let to the pad first."""
        end = self._clock.monotonic() + days * DAY
        comes = self._clock.monotonic() + DAY / a_day
        free = 0.0
        while (now := self._clock.monotonic()) < end:
            if now >= comes:
                wait = self.type(RIGHT)
                assert wait is not None
                comes = now + (wait or DAY / a_day)
                free = now
            elif now < free or self.one_short:
                self._clock.forward(min(comes, end if self.one_short else free) - now)
            else:
                wait = self.type(WRONG)
                assert wait is not None
                free = now + wait


@pytest.fixture
def pad(database: Storage, clock: WallClock) -> Pad:
    return Pad(database, clock, Pins(database, clock, QUICK_HASHER, clock.monotonic))


def test_nobody_signs_in(pad: Pad, choices: int) -> None:
    pad.guess_until_off()
    assert pad.guesses == 50
    assert f"never: 1 in {choices / pad.guesses:,.0f} it is found" in told("nobody else signs in")


def test_another_pin_is_set_each_time_at_once(pad: Pad, clock: WallClock, choices: int) -> None:
    pad.guess_until_off()
    for _ in range(3):
        began, before = clock.monotonic(), pad.guesses
        pad.set_anew()
        assert not pad.one_short, "a new PIN is no longer switched off"
        pad.guess_until_off()
        guesses, seconds = pad.guesses - before, clock.monotonic() - began
        # Each PIN is another one: the chance is the same each time.
        years = choices / guesses * seconds / YEAR
        assert f"{guesses} in {seconds / 3600:.0f} h | {years:.0f} |" in told("sets another PIN")


@pytest.mark.parametrize("a_day", [1, 8, 24])
def test_the_administrator_signs_in_and_ends_the_row(pad: Pad, choices: int, a_day: int) -> None:
    pad.guess_between_sign_ins(a_day, days=7)
    before = pad.guesses
    pad.guess_between_sign_ins(a_day, days=7)
    rate = (pad.guesses - before) / 7
    # The PIN stays the same: half of all must be tried on average.
    years = choices / 2 / rate / YEAR * DAY
    assert f"{rate:.0f} a day | {years:.0f} |" in told("signs in 1, 8 or 24 times a day")


def told(words: str) -> str:
    """The row of the page that begins so."""
    rows = (row for row in PAGE.read_text("utf-8").splitlines() if row.startswith("|"))
    return next(row for row in rows if words in row.split("|")[1])
