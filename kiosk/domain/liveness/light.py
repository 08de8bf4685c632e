"""Does a face answer to the light of the screen as skin does?

The screen shows a few slow colours that nobody can know beforehand. Skin that stands before it
answers to each, with a third to a tenth of the light there is; so does paper. The screen of a phone
or a tablet shines by itself and answers with a tenth of that. Where the room is too bright for the
screen nothing can be told, and that is said: how far it reaches is measured first, on somebody who
is there.

How often this is wrong was only simulated.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kiosk.domain.liveness.challenge import Sight
from kiosk.domain.liveness.cues import Cues, Lit
from kiosk.domain.liveness.prompt import Colour

Floats = NDArray[np.float64]

PALETTE: Final[tuple[Colour, ...]] = (
    (255, 190, 90),
    (90, 235, 255),
    (150, 255, 110),
    (225, 130, 255),
)
"""Amber, cyan, green and violet: far apart in colour, near in brightness, none of them more than
four fifths red as light (WCAG 2.3.1)."""
STEPS: Final = 4
STEP: Final = 0.35
"""Seconds a colour is shown for: not three changes a second, so not two flashes."""
LATENCIES: Final = np.arange(0.0, 0.401, 0.02)
"""Seconds from a colour asked for to the frame that shows it."""
SETTLES: Final = 0.4
"""Seconds after the last colour in which frames still come that show it."""
WITHIN: Final = 1800.0
"""Seconds for which an answer says what others' are like; then the room's light may be another."""
KNOWN_BY: Final = 3
"""So many people's answers say how far the light reaches,"""
REMEMBERED: Final = 9
"""the newest of them."""
_FEWEST: Final = 12
_GAP: Final = 0.5  # of the time without the face: the answer can't be told


class Answer(StrEnum):
    """Whether the face answered to the screen's light."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    """The room is too bright for this screen, or the face was not seen well."""


@dataclass(frozen=True, slots=True)
class Response:
    """How strongly a face answers: the screen's light by all other that falls on it, and that
    number's standard error."""

    strength: float
    error: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What counts. ``reach`` is how strongly a live face answers here, as measured; None: not
    measured, then nobody is said not to have answered. Of it ``share`` is asked for, above
    ``sure`` standard errors; below ``least`` a screen reaches nobody."""

    reach: float | None = None
    share: float = 0.4
    sure: float = 4.0
    least: float = 0.04


def draw_code(choose: Callable[[int], int] = secrets.randbelow) -> tuple[Colour, ...]:
    """STEPS colours of PALETTE, no two alike in a row, drawn by ``choose``, which answers with a
    number below the one it is given."""
    code = [choose(len(PALETTE))]
    for _step in range(STEPS - 1):
        code.append((code[-1] + 1 + choose(len(PALETTE) - 1)) % len(PALETTE))
    return tuple(PALETTE[place] for place in code)


def linear(srgb: ArrayLike) -> Floats:
    """sRGB 0 to 255 as light, 0 to 1, of the same shape."""
    value = np.asarray(srgb) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def response(
    times: Sequence[float], lit: Sequence[Lit], code: Sequence[Colour], began: float
) -> Response | None:
    """How a face answered to ``code``, shown from ``began`` on; None where too little was seen.

    Only colour counts, not brightness, which a camera turns up and down and a head that moves
    changes more than any screen does. What the camera does to the colours of all that it sees is
    taken off where the surroundings show it.
    """
    at = np.asarray(times, np.float64) - began
    if len(at) < _FEWEST or np.diff(at, prepend=0.0).max() > _GAP * STEPS * STEP:
        return None
    seen = _chroma(np.array([one.skin for one in lit]))
    if all(one.around is not None for one in lit):
        seen -= _chroma(np.array([one.around for one in lit]))
    lights = np.array([linear(colour) for colour in code])
    asked = _differences(lights)  # (steps, 2): how the colours would tint white light
    best: tuple[float, Response] | None = None
    for latency in LATENCIES:
        shown = np.clip((at - latency) // STEP, 0, len(code) - 1).astype(int)
        misfit, fitted = _fit(asked[shown], seen, at, settled=at >= latency)
        if best is None or misfit < best[0]:
            best = misfit, fitted
    return best[1] if best is not None else None


def judge(found: Response | None, judgement: Judgement) -> Answer:
    """What is made of an answer."""
    if found is None or not found.error > 0:
        return Answer.UNKNOWN
    reach = judgement.reach
    asked = judgement.share * (judgement.least if reach is None else reach)
    if found.strength >= max(asked, judgement.sure * found.error):
        return Answer.PRESENT
    if reach is None or reach < judgement.least or judgement.sure * found.error > asked:
        return Answer.UNKNOWN
    return Answer.ABSENT


class Reach:
    """How far this screen's light reaches here just now, by the last people who turned out to be
    alive. One thread; times in seconds.

    The room's light changes with the day, and with it how strongly everybody answers: only what
    was seen within ``WITHIN`` counts, and nobody is refused before some people answered in that
    time. Where nobody's answer could be told the room is too bright for this screen, and for a
    while nobody is asked.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float | None]] = deque(maxlen=REMEMBERED)

    def add(self, now: float, found: Response | None) -> None:
        """Somebody who turned out to be alive answered so."""
        present = judge(found, Judgement()) is Answer.PRESENT
        self._seen.append((now, found.strength if found is not None and present else None))

    def judgement(self, now: float) -> Judgement:
        """By what the next answer is judged."""
        told = [strength for strength in self._newest(now) if strength is not None]
        return Judgement(reach=median(told) if len(told) >= KNOWN_BY else None)

    def worthwhile(self, now: float) -> bool:
        """Whether anything may come of asking."""
        newest = self._newest(now)
        return len(newest) < KNOWN_BY or any(strength is not None for strength in newest)

    def _newest(self, now: float) -> list[float | None]:
        return [strength for at, strength in self._seen if 0 <= now - at <= WITHIN]


class LightTask:
    """The challenge's ``Task``: shows a code and tells whether the face answered. One thread.

    Where that can't be told nobody is refused for it.
    """

    def __init__(self, code: Sequence[Colour], judgement: Judgement) -> None:
        self._code = tuple(code)
        self._judgement = judgement
        self._began: float | None = None
        self._times: list[float] = []
        self._lit: list[Lit] = []
        self.response: Response | None = None
        """How strongly the face answered, once that is known: what ``reach`` is measured by."""
        self.answer: Answer | None = None

    def colour(self, now: float) -> Colour:
        """What the screen is to be lit with; the code begins with the first call."""
        if self._began is None:
            self._began = now
        return self._code[min(int((now - self._began) / STEP), len(self._code) - 1)]

    def left(self, now: float) -> float:
        """How much of its time is left, 1 to 0."""
        if self._began is None:
            return 1.0
        return min(max(1 - (now - self._began) / self._length, 0.0), 1.0)

    def see(self, sight: Sight) -> bool | None:
        """Whether it is answered, None while that can't be told."""
        if self._began is None:
            return None
        if sight.cues is not None and sight.cues.lit is not None and sight.alone:
            self._times.append(sight.time)
            self._lit.append(_of(sight.cues))
        if sight.time - self._began < self._length:
            return None
        self.response = response(self._times, self._lit, self._code, self._began)
        self.answer = judge(self.response, self._judgement)
        return self.answer is not Answer.ABSENT

    @property
    def _length(self) -> float:
        return len(self._code) * STEP + SETTLES


def _of(cues: Cues) -> Lit:
    assert cues.lit is not None
    return cues.lit


def _chroma(light: Floats) -> Floats:
    """(n, 3) of light as (n, 2): red and blue by green, logarithms."""
    logs = np.log(np.maximum(light, 1e-4))
    return np.stack([logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1]], axis=1)


def _differences(lights: Floats) -> Floats:
    """To first order a little of a coloured light changes the chroma by this, times its share."""
    return np.stack([lights[:, 0] - lights[:, 1], lights[:, 2] - lights[:, 1]], axis=1)


def _fit(
    asked: Floats, seen: Floats, at: Floats, settled: NDArray[np.bool_]
) -> tuple[float, Response]:
    """Least squares of seen = strength * asked + drift, both chromas together; how badly it fits,
    and the strength. The drift is a straight line in time of its own for each."""
    asked, seen, at = asked[settled], seen[settled], at[settled]
    n = len(at)
    if n < _FEWEST:
        return np.inf, Response(0.0, np.inf)
    line = np.stack([np.ones(n), at - at.mean()], axis=1)
    onto = np.linalg.pinv(line)
    a = (asked - line @ (onto @ asked)).ravel(order="F")
    s = (seen - line @ (onto @ seen)).ravel(order="F")
    energy = float(a @ a)
    if energy < 1e-9:
        return np.inf, Response(0.0, np.inf)
    strength = float(a @ s) / energy
    left = (s - strength * a).reshape(2, n)
    misfit = float((left**2).mean())
    # What is left is alike from frame to frame, so that there is less of it than there are frames.
    alike = float((left[:, 1:] * left[:, :-1]).sum() / max(float((left**2).sum()), 1e-18))
    alike = min(max(alike, 0.0), 0.95)
    error = np.sqrt(misfit * (1 + alike) / (1 - alike) / energy)
    return misfit, Response(strength, float(max(error, 1e-6)))
