"""How many wrong PINs are taken, and how long one waits between them (NIST SP 800-63B-4, 3.2.2)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.domain.errors import LockedOut
from kiosk.domain.language import _
from kiosk.domain.repositories import Storage

FIRST_WAIT = 30.0
"""Seconds; each wait after the first is twice as long."""


@dataclass(frozen=True, slots=True)
class Limit:
    """After each ``in_a_row`` wrong tries there is a wait, at most ``longest`` seconds; after
    ``at_most`` (None: never) nothing is taken any more until the right of it is given back."""

    in_a_row: int
    at_most: int | None
    longest: float

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures since the last success."""
        if not failures or failures % self.in_a_row:
            return 0.0
        return min(self.longest, FIRST_WAIT * 2.0 ** min(30, failures // self.in_a_row - 1))


PIN = Limit(5, 50, 3600.0)
WITH_FACE = Limit(10, 100, 3600.0)
"""For whoever stands there with the very face: nobody else can use these tries up."""
PAD = Limit(10, None, 300.0)
"""Whoever is typed, at one pad: a success ends it."""


class Throttle:
    """Counts of failures, kept in the database; waits by a clock that nobody can set, anew after
    a restart. Inside the caller's transaction, so that none goes uncounted however many are made
    at once."""

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.monotonic) -> None:
        self._storage = storage
        self._clock = clock
        self._ends: dict[str, tuple[int, float]] = {}

    def count(self, key: str, limit: Limit) -> int:
        """Count a try before it is checked; how many are left before the next wait.

        Raises:
            LockedOut: there are none.
        """
        failures = self._failures(key)
        self._refuse(key, failures, limit)
        failures += 1
        self._storage.settings.save({_named(key): failures})
        if failures % limit.in_a_row:
            return limit.in_a_row - failures % limit.in_a_row
        self._wait(key, failures, limit)
        return 0

    def count_in_silence(self, key: str, limit: Limit) -> bool:
        """Whether this key has a try left; written alike for everybody: it takes as long."""
        try:
            return self.count(key, limit) >= 0
        except LockedOut:
            return False

    def refuse(self, key: str, limit: Limit) -> None:
        """Raises LockedOut while no try is taken."""
        self._refuse(key, self._failures(key), limit)

    def forget(self, *keys: str) -> None:
        """A success: the failures before it no longer count."""
        state = self._storage.settings.load()
        known = {_named(key): 0 for key in keys if state.get(_named(key))}
        if known:
            self._storage.settings.save(known)
        for key in keys:
            self._ends.pop(key, None)

    def _failures(self, key: str) -> int:
        return int(self._storage.settings.load().get(_named(key), 0))

    def _refuse(self, key: str, failures: int, limit: Limit) -> None:
        if limit.at_most is not None and failures >= limit.at_most:
            raise LockedOut(_("Too many wrong PINs: this one is switched off."), 0.0)
        left = self._left(key, failures, limit)
        if left > 0:
            seconds = math.ceil(left)
            raise LockedOut(
                _("Too many wrong PINs: please wait {seconds} s.").format(seconds=seconds), left
            )

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


def _named(key: str) -> str:
    return f"pin_tries {key}"
