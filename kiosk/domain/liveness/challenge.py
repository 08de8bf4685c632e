"""Turn your head, now this way, now that: no picture can, and a clip does at the wrong time.

A photo in the hand never moved its nose by more than 0.20 of the distance between the eyes
(made-up ones, tightly rolled or folded and aslant, now and then 0.35); a head reaches 0.30 in 0.2
to 0.8 s. That stops photos. Only that nobody knows beforehand which way and when stops a clip of a
head that turns: each turn is asked for after a pause that is drawn, while the head is straight, and
must begin after that.

A clip that turns every few seconds would still be there in time: 2.5 s, which slow people need,
are long. But it turns when it turns, however long the pause was, while whoever follows an ask takes
about as long as the time before. So what counts is as many turns as are needed with nearly the same
time of reaction, after pauses of which nobody knows by how much they differ. A clip has one
difference between its own two rests, whatever they are; that of the pauses is drawn evenly from
``-spread`` to ``spread``, and within ``agree`` of the clip's it is in ``agree / spread`` of the
draws, to the right sides in a quarter of these. ``docs/liveness.md`` has what was let through.

Pure: fed with what frames show, and every time is a frame's own, in seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from kiosk.domain.frame import Box, Vector
from kiosk.domain.liveness.cues import Cues
from kiosk.domain.liveness.prompt import Ask, Colour, Prompt
from kiosk.domain.liveness.track import GROW, JUMP, VANISH, Absence, jumped


@dataclass(frozen=True, slots=True)
class Demands:
    """What counts as an answer; ``turned``, ``straight`` in distances between the eyes, times in
    seconds.

    ``asks`` turns must agree; one more where the first ones did not or one was not made, two where
    somebody turned and nobody had asked for that; and one more yet where it took longer than
    ``prompt`` to begin. After more than ``misses``, or ``most`` asks in all, that was it. A turn
    counts from ``turned`` on; the head is straight up to ``straight`` and has begun to turn beyond.
    It must begin at least ``earliest`` after it was asked for, quicker than anybody reacts, and be
    made within ``window``. The head is straight for ``pause`` at least before an ask, and before
    one of two for up to ``spread`` more. The times of reaction of turns that agree lie within
    ``agree``; of slow ones ``agree_slow`` apart.

    The face may be out of sight, or have company, for ``vanish``, and between two frames move by
    ``jump`` of its size and become ``grow`` times as large. ``patience`` is how long it may take
    somebody to look straight ahead again.
    """

    asks: int = 2
    most: int = 8
    misses: int = 1
    turned: float = 0.30
    straight: float = 0.15
    earliest: float = 0.15
    window: float = 2.5
    pause: float = 0.15
    spread: float = 1.6
    agree: float = 0.25
    prompt: float = 1.2
    agree_slow: float = 0.5
    vanish: float = VANISH
    jump: float = JUMP
    grow: float = GROW
    patience: float = 4.0


STANDARD: Final = Demands()
STRICT: Final = Demands(asks=3, most=9)
"""For a door of high risk."""
MOST_STRANGERS: Final = 2
"""Frames in a row that show another face."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Which way (LEFT or RIGHT), after how many seconds of looking straight ahead; ``lit``: the
    screen's light comes before them."""

    ask: Ask
    pause: float
    lit: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What nobody can know beforehand: every turn that may be asked for, in order."""

    turns: tuple[Turn, ...]


def draw_plan(
    demands: Demands = STANDARD, choose: Callable[[int], int] = secrets.randbelow
) -> Plan:
    """A plan drawn by ``choose``, which answers with a number below the one it is given."""
    lit = choose(2)
    turns: list[Turn] = []
    while len(turns) < demands.most:
        longer, more = choose(2), demands.spread * choose(1001) / 1000
        for place in range(2):
            pause = demands.pause + (more if place == longer else 0.0)
            turns.append(Turn((Ask.LEFT, Ask.RIGHT)[choose(2)], pause, len(turns) == lit))
    return Plan(tuple(turns[: demands.most]))


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What one frame shows. ``cues`` and ``box`` are None where there is no face, ``vector`` is
    (dimension,) where the face was straight and sharp enough to be compared; ``alone``: exactly one
    face is there to be followed."""

    time: float
    cues: Cues | None = None
    vector: Vector | None = None
    box: Box | None = None
    alone: bool = True


class State(StrEnum):
    """Where a challenge stands."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


class Failure(StrEnum):
    """Why it failed: for the log, never for who stands there."""

    UNANSWERED = "unanswered"
    """Nothing was done, as a photo does."""
    WRONG = "wrong"
    """Turned the other way, or when nobody had asked, as a clip does."""
    OTHER_FACE = "other_face"
    FACE_LOST = "face_lost"
    """Out of sight for too long, or somewhere else at once."""
    COMPANY = "company"
    LIGHT = "light"
    """The light of the screen did not come back as from a face."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands after a frame: ``prompt`` while it runs, ``failure`` once it failed."""

    state: State
    prompt: Prompt | None = None
    failure: Failure | None = None


class Task(Protocol):
    """Something else that is asked for while the head is straight: the light of the screen."""

    def colour(self, now: float) -> Colour:
        """What the screen is to be lit with."""
        ...

    def left(self, now: float) -> float:
        """How much of its time is left, 1 to 0."""
        ...

    def see(self, sight: Sight) -> bool | None:
        """Whether it is answered, None while that can't be told."""
        ...


@dataclass(slots=True)
class _Asked:
    """The turn that is asked for now; ``side`` is the sign of one that is made so."""

    at: float
    turn: Turn
    begun: float | None = None
    """When it began."""

    @property
    def side(self) -> float:
        # To the person's left is towards the right of a picture that is not mirrored.
        return 1.0 if self.turn.ask is Ask.LEFT else -1.0


class Challenge:
    """One, from the first ask to its end. One thread.

    ``same`` tells whether a vector is still the face that the challenge began with: it must be seen
    to be before each ask, and once more after the last turn began. ``task`` is asked for before one
    of the first two pauses, which begins anew after it.
    """

    def __init__(
        self,
        plan: Plan,
        same: Callable[[Vector], bool],
        began: float,
        demands: Demands = STANDARD,
        task: Task | None = None,
    ) -> None:
        self._turns = iter(plan.turns)
        self._coming: Turn | None = next(self._turns)
        self._demands = demands
        self._face = _Followed(same, began, demands)
        self._task = task
        self._lit = False
        """Whether the task is asked for now."""
        self._made: list[float] = []
        """The times of reaction of the turns that were made as asked, in seconds."""
        self._misses = self._owed = 0
        self._tried = self._missed = False
        self._before = (began, 0.0)
        """When the head was last seen, and how far it was turned, to either side."""
        self._asked: _Asked | None = None
        self._rests = began
        """Since when nothing is asked for but to look straight ahead."""
        self._straight: float | None = None
        """Since when it is."""
        self._settled = False
        """Whether it was, since the last turn."""

    def see(self, sight: Sight) -> Standing:
        """Take the next frame. Nothing is to be shown to a challenge that has ended."""
        failure = self._face.see(sight)
        if failure is not None:
            return _failed(failure)
        now = sight.time
        turn = sight.cues.turn if sight.cues is not None and sight.alone else None
        before = self._before
        if turn is not None:
            self._before = now, abs(turn)
        if self._asked is not None:
            return self._answer(self._asked, now, turn, before)
        if self._lit and self._task is not None:
            return self._light(self._task, sight, turn)
        if turn is None:
            self._straight = None
            return self._patient(now)
        return self._rest(now, turn)

    def _rest(self, now: float, turn: float) -> Standing:
        """Nothing is asked for but to look straight ahead."""
        if abs(turn) > self._demands.straight:
            self._straight = None
            if self._settled and abs(turn) >= self._demands.turned:
                return self._miss(now, turned=True)  # nobody had asked
            return self._patient(now)
        if self._straight is None:
            self._straight = now
        self._settled = True
        if not self._face.known:
            return self._patient(now)
        if self._coming is None or self._convinced():
            return Standing(State.PASSED)
        if self._task is not None and self._coming.lit:
            self._lit = True
            return self._running(Ask.LIGHT, colour=self._task.colour(now))
        if now - self._straight < self._coming.pause:
            return self._running(Ask.STRAIGHT)
        self._asked = _Asked(now, self._coming)
        return self._running(self._coming.ask)

    def _answer(
        self, asked: _Asked, now: float, turn: float | None, before: tuple[float, float]
    ) -> Standing:
        since = now - asked.at
        if turn is not None:
            towards = asked.side * turn
            if abs(turn) <= self._demands.straight:
                asked.begun = None
            elif asked.begun is None:
                at = _crossed(before, (now, abs(turn)), self._demands.straight)
                asked.begun = max(asked.at, at)
                self._face.forget()
            too_early = asked.begun is not None and asked.begun - asked.at < self._demands.earliest
            if abs(turn) >= self._demands.turned:
                if too_early or towards < 0 or since > self._demands.window:
                    return self._miss(now, turned=True)
                self._tried = True
                assert asked.begun is not None
                self._made.append(asked.begun - asked.at)
                self._missed = False
                if self._convinced() and self._face.known:  # seen to be the same while it turned
                    return Standing(State.PASSED)
                return self._next(now)
        if since >= self._demands.window:
            return self._miss(now)
        return self._running(
            asked.turn.ask,
            turned=min(max(asked.side * (turn or 0.0) / self._demands.turned, 0.0), 1.0),
            left=1 - since / self._demands.window,
        )

    def _light(self, task: Task, sight: Sight, turn: float | None) -> Standing:
        now = sight.time
        if turn is not None and abs(turn) >= self._demands.turned:
            return _failed(
                Failure.WRONG
            )  # a clip plays on; whoever looks at the light does not turn
        answered = task.see(sight)
        if answered is None:
            return self._running(Ask.LIGHT, left=task.left(now), colour=task.colour(now))
        if not answered:
            return _failed(Failure.LIGHT)
        self._task, self._lit = None, False
        self._rest_from(now)
        return self._running(Ask.STRAIGHT)

    def _miss(self, now: float, *, turned: bool = False) -> Standing:
        self._misses += 1
        self._owed = max(self._owed, 2 if turned else 1)
        self._tried |= turned
        if self._misses > self._demands.misses:
            return _failed(Failure.WRONG if self._tried else Failure.UNANSWERED)
        self._missed = True
        return self._next(now)

    def _next(self, now: float) -> Standing:
        self._asked = None
        self._coming = next(self._turns, None)
        if self._coming is None and not self._convinced():
            return _failed(Failure.WRONG)
        self._face.forget()
        self._rest_from(now)
        return self._running(Ask.STRAIGHT)

    def _rest_from(self, now: float) -> None:
        self._rests, self._straight, self._settled = now, None, False

    def _patient(self, now: float) -> Standing:
        if now - self._rests > self._demands.patience:
            return _failed(Failure.WRONG if self._tried else Failure.UNANSWERED)
        return self._running(Ask.STRAIGHT)

    def _running(
        self, ask: Ask, *, turned: float = 0.0, left: float = 1.0, colour: Colour | None = None
    ) -> Standing:
        done = len(self._made)
        asks = max(self._needed, done + (not self._convinced()))
        prompt = Prompt(ask, turned, left, done, asks, self._missed, colour)
        return Standing(State.RUNNING, prompt)

    @property
    def _needed(self) -> int:
        """How many turns must agree."""
        first = self._demands.asks
        return first + max(self._owed, int(len(self._made) > first))

    def _convinced(self) -> bool:
        """Whether enough turns came about as long after they were asked for."""
        made = sorted(self._made)
        return self._task is None and any(
            self._agree(made[start : end + 1])
            for start in range(len(made))
            for end in range(start + 1, len(made))
        )

    def _agree(self, made: Sequence[float]) -> bool:
        """Whether these, the quickest first, are enough and came about alike."""
        slow = made[-1] > self._demands.prompt
        within = self._demands.agree_slow if slow else self._demands.agree
        return len(made) >= self._needed + slow and made[-1] - made[0] <= within


def _crossed(before: tuple[float, float], now: tuple[float, float], level: float) -> float:
    """When a head was turned so far that was less turned ``before``: of ten frames a second the
    second one comes up to a tenth late."""
    (since, less), (time, more) = before, now
    if not less < level < more:
        return time
    return since + (time - since) * (level - less) / (more - less)


class _Followed:
    """Is it one and the same face all the time?"""

    def __init__(self, same: Callable[[Vector], bool], began: float, demands: Demands) -> None:
        self._same = same
        self._demands = demands
        self._box: Box | None = None
        self._sight, self._company = Absence(), Absence()
        self._sight.see(began, False, demands.vanish)
        self._strangers = 0
        self.known = False
        """Whether it was found to be since it was last forgotten."""

    def forget(self) -> None:
        """It must be found to be the same anew."""
        self.known = False

    def see(self, sight: Sight) -> Failure | None:
        """Take the next frame; why it is not."""
        now, most = sight.time, self._demands.vanish
        lost = self._sight.see(now, sight.box is None, most)
        if sight.box is None:
            return Failure.FACE_LOST if lost else None
        crowded = self._company.see(now, not sight.alone, most)
        if not sight.alone:
            return Failure.COMPANY if crowded else None
        before, self._box = self._box, sight.box
        most_jump, most_grow = self._demands.jump, self._demands.grow
        if lost or (before is not None and jumped(before, sight.box, most_jump, most_grow)):
            return Failure.FACE_LOST
        if sight.vector is not None:
            # Twice in a row: one frame may be blurred.
            strange = not self._same(sight.vector)
            self._strangers = self._strangers + 1 if strange else 0
            self.known |= not strange
        return Failure.OTHER_FACE if self._strangers >= MOST_STRANGERS else None


def _failed(why: Failure) -> Standing:
    return Standing(State.FAILED, failure=why)
