"""How often a challenge is passed by those who should not, and failed by those who should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.domain.frame import Box
from kiosk.domain.liveness.challenge import (
    Challenge,
    Demands,
    Failure,
    Sight,
    State,
    Task,
    draw_plan,
)
from kiosk.domain.liveness.cues import Cues
from kiosk.domain.liveness.light import SETTLES, STEP, STEPS
from kiosk.domain.liveness.prompt import Ask, Colour
from kiosk.domain.liveness.rates import Rate
from kiosk.lab.liveness.actors import Actor, Random

COMPARED = 0.25
"""A face that is turned further is not compared with anybody: the quality check says so."""
LONGEST = 60.0
_FACE = Box(200.0, 120.0, 150.0, 190.0)
_VECTOR = np.ones(1, np.float32)


@dataclass(frozen=True, slots=True)
class Session:
    """How one ended, after so many seconds."""

    passed: bool
    seconds: float
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Sessions:
    """Many of one kind."""

    title: str
    sessions: tuple[Session, ...]

    @property
    def passed(self) -> Rate:
        return Rate(sum(one.passed for one in self.sessions), len(self.sessions))

    @property
    def failed(self) -> Rate:
        return Rate(len(self.sessions) - self.passed.hits, len(self.sessions))

    def seconds(self, share: float) -> float:
        """Within which this share, 0 to 1, of those that passed had passed."""
        times = [one.seconds for one in self.sessions if one.passed]
        return float(np.quantile(times, share)) if times else float("nan")

    @property
    def failures(self) -> Counter[str]:
        return Counter(str(one.failure) for one in self.sessions if one.failure)


class _Shines:
    """The screen's light, which takes its time and tells nothing, as in a bright hall."""

    def __init__(self) -> None:
        self._began: float | None = None

    def colour(self, now: float) -> Colour:
        if self._began is None:
            self._began = now
        return (255, 255, 255)

    def left(self, now: float) -> float:
        return 1.0

    def see(self, sight: Sight) -> bool | None:
        assert self._began is not None
        return True if sight.time - self._began >= STEPS * STEP + SETTLES else None


def session(
    actor: Actor,
    demands: Demands,
    random: Random,
    rate: float,
    dropped: float = 0.0,
    *,
    light: bool = False,
) -> Session:
    """One challenge before a camera of ``rate`` frames a second, of which a share is lost; with
    ``light`` the screen shines in it, and what comes back tells nothing."""
    plan = draw_plan(demands, lambda below: int(random.integers(below)))
    task: Task | None = _Shines() if light else None
    challenge = Challenge(plan, lambda _: True, 0.0, demands, task)
    ask, now = Ask.STRAIGHT, 0.0
    while now < LONGEST:
        now += random.uniform(0.9, 1.1) / rate
        turn = actor.turn(now, ask)  # who sees the screen, be the frame lost or not
        if random.random() < dropped:
            continue
        standing = challenge.see(sight(now, turn))
        if standing.state is not State.RUNNING:
            return Session(standing.state is State.PASSED, now, standing.failure)
        if standing.prompt is not None:
            ask = standing.prompt.ask
    return Session(False, now, None)


def sight(now: float, turn: float | None) -> Sight:
    """The frame in which a face is so much turned; the right one, wherever it can be told."""
    if turn is None:
        return Sight(now)
    vector = _VECTOR if abs(turn) < COMPARED else None
    return Sight(now, Cues(now, turn=turn), vector, _FACE)


def many(
    title: str,
    count: int,
    make: Callable[[Random], Actor],
    demands: Demands,
    *,
    rates: Sequence[float] = (10.0, 15.0, 30.0),
    dropped: float = 0.0,
    light: bool = False,
    seed: int = 0,
) -> Sessions:
    """``count`` sessions, each with an actor of its own before a camera of one of ``rates``."""
    random = np.random.default_rng([seed, *title.encode()])
    return Sessions(
        title,
        tuple(
            session(
                make(random), demands, random, float(random.choice(rates)), dropped, light=light
            )
            for _ in range(count)
        ),
    )
