"""How many wrong PINs are taken, and how long one waits between them (NIST SP 800-63B-4, 3.2.2)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.errors import IN_SECONDS, LockedOut
from kiosk.domain.language import _
from kiosk.domain.repositories import Storage

FIRST_WAIT = 30.0
"""Seconds; each wait after the first is twice as long."""
WEARS_OFF = 7200.0
"""Seconds until one wrong try less is held against a key, whoever signs in between: a success ends
the row, and whoever signs in often would give a guesser forty tries each time."""


@dataclass(frozen=True, slots=True)
class Limit:
    """After each ``in_a_row`` wrong tries there is a wait, at most ``longest`` seconds; after
    ``at_most`` (None: never) nothing is taken any more until the right of it is given back. Nor
    are more than ``at_most`` taken that have not worn off, in a row or not."""

    in_a_row: int
    at_most: int | None
    longest: float

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures since the last success."""
        if not failures or failures % self.in_a_row:
            return 0.0
        return min(self.longest, FIRST_WAIT * 2.0 ** min(30, failures // self.in_a_row - 1))

    def wait_of(self, held: float) -> float:
        """Seconds until one more is taken, where so many wrong ones have not worn off."""
        return 0.0 if self.at_most is None else math.ceil((held + 1 - self.at_most) * WEARS_OFF)


PIN = Limit(5, 50, 3600.0)
WITH_FACE = Limit(10, 100, 3600.0)
"""For whoever stands there with the very face: nobody else can use these tries up."""
PAD = Limit(10, None, 300.0)
"""Whoever is typed, at one pad: a success ends it."""


class Throttle:
    """Counts of failures, kept in the database; waits by a clock that nobody can set, anew after
    a restart. Inside the caller's transaction, so that none goes uncounted however many are made
    at once. ``now`` gives the time in UTC: by it wrong tries wear off over days, through restarts;
    a clock that is set back wears nothing off."""

    def __init__(
        self, storage: Storage, now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._storage = storage
        self._now = now
        self._clock = clock
        self._ends: dict[str, tuple[int, float]] = {}

    def count(self, key: str, limit: Limit) -> int:
        """Count a try before it is checked; how many are left before the next wait.

        Raises:
            LockedOut: there are none.
        """
        known = self._known(key)
        self._refuse(key, known, limit)
        failures, held = known.failures + 1, known.held + 1
        self._save(key, _Known(failures, held if limit.at_most is not None else 0.0))
        if not failures % limit.in_a_row:
            self._wait(key, failures, limit)
            return 0
        left = limit.in_a_row - failures % limit.in_a_row
        return left if limit.at_most is None else min(left, int(limit.at_most - held))

    def count_in_silence(self, key: str, limit: Limit) -> bool:
        """Whether this key has a try left; written alike for everybody: it takes as long."""
        try:
            return self.count(key, limit) >= 0
        except LockedOut:
            return False

    def refuse(self, key: str, limit: Limit) -> None:
        """Raises LockedOut while no try is taken."""
        self._refuse(key, self._known(key), limit)

    def forget(self, *keys: str) -> None:
        """A success: the failures before it no longer count as a row, and it was none itself."""
        for key in keys:
            self._lower(key, lambda held: max(0.0, held - 1))

    def renew(self, limit: Limit, *keys: str) -> None:
        """Another secret: it has a row of tries at once, but no more than that anew."""
        most = 0 if limit.at_most is None else limit.at_most - limit.in_a_row
        for key in keys:
            self._lower(key, lambda held: min(most, held))

    def drop(self, *keys: str) -> None:
        """Nothing is kept of these any more: whoever they were of is gone."""
        self._storage.settings.remove([name for key in keys for name in _names(key)])
        for key in keys:
            self._ends.pop(key, None)

    def _lower(self, key: str, lowered: Callable[[float], float]) -> None:
        self._ends.pop(key, None)
        known = self._known(key)
        if known != _NONE:
            self._save(key, _Known(0, lowered(known.held)))

    def _known(self, key: str) -> _Known:
        state = self._storage.settings.load()
        failures, held, at = (float(state.get(name, 0)) for name in _names(key))
        passed = max(0.0, self._now().timestamp() - at)
        return _Known(int(failures), max(0.0, held - passed / WEARS_OFF))

    def _save(self, key: str, known: _Known) -> None:
        values = (known.failures, known.held, self._now().timestamp())
        self._storage.settings.save(dict(zip(_names(key), values, strict=True)))

    def _refuse(self, key: str, known: _Known, limit: Limit) -> None:
        if limit.at_most is not None and known.failures >= limit.at_most:
            raise LockedOut(_("Too many wrong PINs: this one is switched off."), 0.0)
        left = max(self._left(key, known.failures, limit), limit.wait_of(known.held))
        if left > 0:
            told = (
                _("Too many wrong PINs: please wait {minutes} min.").format(
                    minutes=math.ceil(left / 60)
                )
                if left > IN_SECONDS
                else _("Too many wrong PINs: please wait {seconds} s.").format(
                    seconds=math.ceil(left)
                )
            )
            raise LockedOut(told, left)

    def _left(self, key: str, failures: int, limit: Limit) -> float:
        if not limit.wait(failures):
            return 0.0
        known, end = self._ends.get(key, (0, 0.0))
        if known != failures:  # counted before a restart, or by another kiosk
            end = self._wait(key, failures, limit)
        return end - self._clock()

    def _wait(self, key: str, failures: int, limit: Limit) -> float:
        end = self._clock() + limit.wait(failures)
        self._ends[key] = failures, end
        return end


@dataclass(frozen=True, slots=True)
class _Known:
    """Wrong tries in a row, and how many have not worn off."""

    failures: int
    held: float


_NONE = _Known(0, 0.0)


def _names(key: str) -> tuple[str, str, str]:
    """Under which names: in a row, held, and of when that is (seconds since 1970)."""
    return f"pin_tries {key}", f"pin_held {key}", f"pin_held_at {key}"
