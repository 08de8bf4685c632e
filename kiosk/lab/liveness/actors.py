"""Who may stand before the camera while a challenge asks for turns, made up in numbers.

Each answers, frame by frame, to what the screen showed with the frame before: a photo, a clip, an
attacker who switches between clips by hand, a person. In all but the turns they are as good as can
be: the face is the right one, never lost, and the network is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Points
from kiosk.domain.liveness.prompt import Ask
from kiosk.lab.liveness.paper import Held, printed, seen
from kiosk.vision.liveness.turn import turn

Floats = NDArray[np.float64]
Random = np.random.Generator

SIDES = {Ask.LEFT: 1.0, Ask.RIGHT: -1.0}
"""The turn's sign; whoever is asked for neither looks straight ahead."""
NOISE = (0.003, 0.015)
"""Of a measured turn, one standard deviation: 0.002 to 0.005 on the clips of media, which are good
ones."""


class Actor(Protocol):
    """Times in seconds from the first frame, which rise. None: no face is found."""

    def turn(self, time: float, ask: Ask) -> float | None: ...


class Photo:
    """A photo in two hands: held, moved about, bent, or all of it in answer to the arrow."""

    KINDS = ("held", "moved", "bent", "bent at the arrow")

    def __init__(self, landmarks: Points, kind: str, random: Random) -> None:
        self._points = printed(landmarks, random.uniform(45, 90))
        self._kind = kind
        self._random = random
        self._noise = random.uniform(0.005, 0.02)
        move, bend = kind != "held", kind.startswith("bent")
        hands = 1.0 if move else 0.06  # a tremor
        wide = hands * np.array([0.7, 0.5, 0.3, 80, 60, 120])  # yaw pitch roll right down away
        self._sway = [_Sway(random, size) for size in wide]
        self._away = random.uniform(250, 650)
        self._bow = _Sway(random, 1 / random.uniform(35, 120) if bend else 0.0)
        self._axis = random.normal(0, 0.4)
        self._late = _Late(random, (0.25, 0.6))
        self._best = random.choice([-1.0, 1.0])  # a bow, or a hollow held the other way
        self._reach = random.uniform(0.6, 1.0) * self._farthest()
        self._quick = random.uniform(0.15, 0.5)
        self._aside = 0.0
        self._time = 0.0

    def turn(self, time: float, ask: Ask) -> float | None:
        yaw, pitch, roll, right, down, away = (sway.at(time) for sway in self._sway)
        bend = self._bow.at(time)
        if self._kind == "bent at the arrow":
            goal = SIDES.get(self._late.see(time, ask), 0.0)
            step = min(1.0, (time - self._time) / self._quick)
            self._aside += (goal - self._aside) * step
            yaw = 0.3 * yaw - self._aside * self._reach * self._best
            bend = self._best * self._bow.size * abs(self._aside) + 0.3 * bend
        self._time = time
        place = (right, down, max(150.0, self._away + away))
        points = seen(self._points, Held(bend, self._axis, yaw, pitch, roll, place))
        if points is None:
            return None
        size = float(np.hypot(*(points[1] - points[0])))
        points = points + self._random.normal(0, self._noise * size, points.shape)
        try:
            return turn(points.astype(np.float32))
        except BadImage:
            return None

    def _farthest(self) -> float:
        """Radians by which it may be held aslant before no face is found on it."""
        bend, place = self._best * self._bow.size, (0.0, 0.0, self._away)
        angles = np.linspace(0, 1.2, 25)
        lost = [seen(self._points, Held(bend, yaw=a, place=place)) is None for a in angles]
        return float(angles[max(0, lost.index(True) - 2)]) if True in lost else 1.2


class Clip:
    """A recording that plays on, whatever is asked: from anywhere in it, slower or faster, a part
    of it in a loop, mirrored or not. ``times`` (n,) rise from 0, ``turns`` (n,)."""

    def __init__(
        self, times: Floats, turns: Floats, random: Random, *, as_it_is: bool = False
    ) -> None:
        """``as_it_is``: whole and at its own pace, from anywhere in it."""
        self._times, self._turns = times, turns * random.choice([-1.0, 1.0])
        self._random = random
        self._noise = random.uniform(*NOISE)
        self._rate = 1.0 if as_it_is else random.uniform(0.5, 2.0)
        whole = float(times[-1])
        self._from, length = 0.0, whole
        if not as_it_is and whole > 3:
            length = random.uniform(3, whole)
            self._from = random.uniform(0, whole - length)
        self._length = length
        self._begin = random.uniform(0, length)

    def turn(self, time: float, ask: Ask) -> float | None:
        at = self._from + (self._begin + time * self._rate) % self._length
        return float(np.interp(at, self._times, self._turns)) + self._random.normal(0, self._noise)


class Switcher:
    """Somebody with a clip of looking straight ahead and one of a turn to each side, who plays the
    right one as soon as the arrow is seen: 0.25 to 0.6 s later, now and then the wrong one."""

    WRONG = 0.03

    def __init__(self, turning: Sequence[Floats], rate: float, random: Random) -> None:
        """``turning``: a turn from straight to straight, ``rate`` values a second, one to be
        chosen; above nothing."""
        self._turning = turning[int(random.integers(len(turning)))]
        self._rate = rate * random.uniform(0.8, 1.5)
        self._random = random
        self._noise = random.uniform(*NOISE)
        self._late = _Late(random, (0.25, 0.6))
        self._shown = Ask.STRAIGHT
        self._since, self._side = 0.0, 0.0

    def turn(self, time: float, ask: Ask) -> float | None:
        told = self._late.see(time, ask)
        if told is not self._shown:
            self._shown = told
            side = SIDES.get(told, 0.0)
            if side:  # a turn that plays goes on to its end, which is straight
                wrong = self._random.random() < self.WRONG
                self._since, self._side = time, -side if wrong else side
        at = (time - self._since) * self._rate
        told_turn = self._side * float(np.interp(at, np.arange(len(self._turning)), self._turning))
        return told_turn + self._random.normal(0, self._noise)


class Person:
    """Somebody who does as asked: quick or slow to begin, quick or slow to turn, a little or far,
    swinging over on the way back, now and then the wrong way first."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._noise = random.uniform(*NOISE)
        usual = random.uniform(0.4, 0.9)
        self._late = _Late(random, (0.3, 1.2), usual, 0.12)
        self._speed = random.uniform(0.4, 1.5)
        self._most = float(np.clip(random.normal(0.44, 0.06), 0.25, 0.6))
        self._far = min(self._most, random.uniform(0.34, 0.5))
        self._over = random.uniform(0, 0.2)
        self._own = random.normal(0, 0.03)  # where straight ahead is
        self._place = self._pace = self._goal = self._time = 0.0
        self._shown = Ask.STRAIGHT
        self._mends: float | None = None

    def turn(self, time: float, ask: Ask) -> float | None:
        told = self._late.see(time, ask)
        if told is not self._shown:
            back = SIDES.get(self._shown, 0.0)
            self._shown = told
            side = SIDES.get(told, 0.0)
            self._goal = side * self._far if side else -back * self._over * self._far
            self._mends = time + 0.6 if not side else None
            if side and self._random.random() < 0.03:  # the mirror confuses
                self._goal, self._mends = -self._goal, time + self._random.uniform(0.2, 0.5)
        if self._mends is not None and time >= self._mends:
            self._goal = SIDES.get(told, 0.0) * self._far
            self._mends = None
        self._move(time - self._time)
        self._time = time
        return self._own + self._place + self._random.normal(0, self._noise)

    def _move(self, seconds: float) -> None:
        while seconds > 0:
            step = min(seconds, 0.02)
            wanted = float(np.clip(6 * (self._goal - self._place), -self._speed, self._speed))
            self._pace += (wanted - self._pace) * min(1.0, step / 0.08)
            self._place += self._pace * step
            seconds -= step


class _Late:
    """What somebody knows of the screen: as it was some time ago. ``limits`` in seconds; ``usual``
    and ``spread`` of one person, without them anything between."""

    def __init__(
        self, random: Random, limits: tuple[float, float], usual: float = 0.0, spread: float = 0.0
    ) -> None:
        self._random, self._limits = random, limits
        self._usual, self._spread = usual, spread
        self._last = self._known = Ask.STRAIGHT
        self._coming: list[tuple[float, Ask]] = []

    def see(self, time: float, ask: Ask) -> Ask:
        if ask is not self._last:
            self._last = ask
            self._coming.append((time + self._delay(), ask))
        while self._coming and self._coming[0][0] <= time:
            self._known = self._coming.pop(0)[1]
        return self._known

    def _delay(self) -> float:
        if not self._usual:
            return float(self._random.uniform(*self._limits))
        delay = self._random.normal(self._usual, self._spread)
        if self._random.random() < 0.03:  # looked elsewhere
            delay += self._random.uniform(0.2, 0.8)
        return float(np.clip(delay, *self._limits))


class _Sway:
    """A smooth to and fro of about ``size``, as hands and bodies do it."""

    def __init__(self, random: Random, size: float) -> None:
        self.size = size
        self._rates = 2 * np.pi * random.uniform(0.1, 1.5, 3)
        self._phases = random.uniform(0, 2 * np.pi, 3)
        weights = random.uniform(0, 1, 3)
        self._weights = weights / weights.sum()

    def at(self, time: float) -> float:
        return float(self.size * (self._weights * np.sin(self._rates * time + self._phases)).sum())
