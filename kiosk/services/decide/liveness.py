"""Between being recognised and being let in: is it a person who stands there?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk.domain.decision import Hint, Outcome, Reason, Verdict
from kiosk.domain.frame import Vector
from kiosk.domain.liveness.calibration import REMEMBERED, thresholds
from kiosk.domain.liveness.challenge import (
    Challenge,
    Failure,
    Plan,
    Sight,
    State,
    draw_plan,
)
from kiosk.domain.liveness.cues import Cues
from kiosk.domain.liveness.light import LightTask, Reach, draw_code
from kiosk.domain.liveness.passive import SHIPPED, Finding, Limits, Thresholds, find
from kiosk.domain.liveness.pause import Pause
from kiosk.domain.liveness.policy import Next, Policy, Rules, failed, refusal
from kiosk.domain.liveness.prompt import Prompt
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.liveness.track import Track
from kiosk.domain.scale import ScoreScale
from kiosk.services.decide.analyse import Look

ENOUGH: Final = 3
"""Frames by which somebody may be called live,"""
SURE: Final = 5
"""and by which not."""
PATIENCE: Final = 0.6
"""Seconds for which more frames than the rule needed are waited for at most."""
GOOD_FOR: Final = 60.0
"""Seconds for which a PIN belongs to the face that was recognised before it."""
_KEPT: Final = 64
"""Frames of a visit; of a challenge the newest."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision's liveness rests on: None where nothing was made sure of. ``score`` is the
    logarithm of the odds by the frames before anything was asked, ``version`` what it was made
    by."""

    proof: Proof | None = None
    score: float | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Where it stands after a frame: what to ask for, or nothing yet; or the end of it."""

    prompt: Prompt | None = None
    verdict: Verdict | None = None
    evidence: Evidence = Evidence()


class Liveness:
    """One visit after the other. One thread owns it; every time is a frame's own, in seconds.

    ``scores`` reads how live the last visitors looked whom this camera let in (asked once, when the
    first is judged); ``same`` is the score from which two vectors are one face's; ``reach``
    knows how far the screen's light goes, None: the screen is no lamp.
    """

    def __init__(
        self,
        rules: Rules,
        scale: ScoreScale,
        scores: Callable[[int], Sequence[float]] = lambda _: (),
        *,
        same: float,
        limits: Limits = SHIPPED,
        draw: Callable[[], Plan] | None = None,
        reach: Reach | None = None,
    ) -> None:
        self._rules = rules
        self._scale = scale
        self._read_scores = scores
        self._same = same
        self._limits = limits
        self._draw = draw or (lambda: draw_plan(rules.demands))
        self._reach = reach
        self._light: LightTask | None = None
        self._scores: deque[float] | None = None
        self._pause = Pause(scale)
        self._cues: deque[Cues] = deque(maxlen=_KEPT)
        self._track = Track()
        self._seen: Vector | None = None
        """The newest face that could be compared."""
        self._shown: tuple[int, float] | None = None
        """Whose face was last refused as a picture's, and when."""
        self._refused: Vector | None = None
        self._verdict: Verdict | None = None
        self._challenge: Challenge | None = None
        self._face: Vector | None = None
        self._score: float | None = None
        self._began = 0.0

    @property
    def open(self) -> bool:
        """Whether somebody is recognised and not yet let in or refused."""
        return self._verdict is not None

    @property
    def asked(self) -> bool:
        """Whether anything was asked of them."""
        return self._challenge is not None

    def see(self, look: Look) -> None:
        """A frame was looked at."""
        face = look.face if not look.observation.outside else None
        held = self._track.see(look.observation.time, face.box if face else None)
        if not (held and self._same_as_before(look.vector)):
            self._cues.clear()
        if look.cues is not None:
            self._cues.append(look.cues)

    def _same_as_before(self, vector: Vector | None) -> bool:
        """Whether a face may be the one of the frames before. Somebody who looks alive and then
        holds up a picture of somebody else, in the same place, is not alive for that one."""
        if vector is None:
            return True
        before, self._seen = self._seen, vector
        return before is None or self._scale.compare(before, vector) >= self._same

    def begin(self, verdict: Verdict, face: Vector, now: float) -> None:
        """Somebody was recognised by this face."""
        self._verdict, self._face, self._began = verdict, face, now

    def step(self, look: Look) -> Step:
        """What comes next for whoever was recognised; an end is told once."""
        assert self._verdict is not None
        if self._challenge is not None:
            return self._ask(self._verdict, self._challenge, look)
        finding, self._score = self._find()
        now = look.observation.time
        if not self._settled(finding, now):
            return Step()
        coming = self._rules.next(finding, self._score)
        if coming is not Next.CHALLENGE:
            return self._by_frames(self._verdict, coming, finding)
        self._light = self._lamp(now)
        self._challenge = Challenge(
            self._draw(), self._is_same, now, self._rules.demands, self._light
        )
        return self._ask(self._verdict, self._challenge, look)

    def finish(self) -> Step:
        """No frame comes any more: whoever would be asked did not answer."""
        assert self._verdict is not None
        verdict = self._verdict
        if self._challenge is not None:
            return self._refuse(verdict, *failed(Failure.UNANSWERED))
        finding, self._score = self._find()
        coming = self._rules.next(finding, self._score)
        if coming is Next.CHALLENGE:
            return self._refuse(verdict, *failed(Failure.UNANSWERED))
        return self._by_frames(verdict, coming, finding)

    def glance(self, verdict: Verdict, face: Vector) -> Step | None:
        """Somebody who was let in stands there still: by the frames alone, None where they leave it
        in doubt."""
        self._face = face
        finding, self._score = self._find()
        coming = self._rules.next(finding, self._score)
        if coming is Next.CHALLENGE and finding is not Finding.LIVE:
            return None
        return self._by_frames(verdict, coming, finding)

    def drop(self) -> None:
        """Nobody is waited for any more: whoever was is looked at anew."""
        self._end()
        self._cues.clear()

    def forget(self) -> None:
        """Time began anew."""
        self.drop()
        self._pause.forget()
        self._shown = None

    def suspected(self, person_id: int | None, now: float) -> None:
        """It was logged that a picture of somebody may have been held before the camera."""
        self._pause.suspected(self._refused, now)
        if person_id is not None:
            self._shown = (person_id, now)

    def waits(self, face: Vector, now: float) -> float:
        """For how many seconds a face is not looked at, after what was suspected; 0: it is."""
        return self._pause.left(face, now)

    def let_in(self, face: Vector | None, now: float, score: float | None) -> None:
        """It was logged that somebody was let in: alive, or by the face and the PIN."""
        if face is not None:
            self._pause.let_in(face, now)
        self._shown = None
        if score is not None and self._scores is not None:
            self._scores.appendleft(score)

    def shown(self, now: float) -> int | None:
        """Whose face was recognised and refused a moment ago: that person's PIN lets in."""
        if self._shown is None or not 0 <= now - self._shown[1] < GOOD_FOR:
            return None
        return self._shown[0]

    def _end(self) -> None:
        self._verdict = self._challenge = self._light = self._face = self._score = None

    def _thresholds(self) -> Thresholds:
        if self._scores is None:
            self._scores = deque(self._read_scores(REMEMBERED), REMEMBERED)
        return thresholds(self._scores, self._rules.doubted, self._limits)

    def _find(self) -> tuple[Finding, float | None]:
        return find(self._cues, self._thresholds(), self._limits)

    def _settled(self, finding: Finding, now: float) -> bool:
        """Whether the frames seen so far are enough."""
        if self._rules.policy is Policy.ALWAYS_CHALLENGE or self._score is None:
            return True
        wanted = ENOUGH if finding is Finding.LIVE else SURE
        answered = sum(cues.looks is not None for cues in self._cues)
        return answered >= wanted or now - self._began >= PATIENCE

    def _by_frames(self, verdict: Verdict, coming: Next, finding: Finding) -> Step:
        if coming is Next.REFUSE:
            return self._refuse(verdict, Outcome.SUSPECTED_ATTACK, refusal(finding))
        # Let in although nothing could be told: then nothing is claimed.
        return self._let_in(verdict, Proof.PASSIVE if finding is Finding.LIVE else None)

    def _ask(self, verdict: Verdict, challenge: Challenge, look: Look) -> Step:
        standing = challenge.see(_sight(look))
        if standing.state is State.RUNNING:
            return Step(prompt=standing.prompt)
        if standing.failure is not None:
            return self._refuse(verdict, *failed(standing.failure))
        finding, _score = self._find()
        if finding in (Finding.ATTACK, Finding.NO_CAMERA):
            return self._refuse(verdict, Outcome.SUSPECTED_ATTACK, refusal(finding))
        if self._reach is not None and self._light is not None:
            self._reach.add(look.observation.time, self._light.response)
        return self._let_in(verdict, Proof.CHALLENGE)

    def _lamp(self, now: float) -> LightTask | None:
        if self._reach is None or not self._reach.worthwhile(now):
            return None
        return LightTask(draw_code(), self._reach.judgement(now))

    def _let_in(self, verdict: Verdict, proof: Proof | None) -> Step:
        evidence = self._evidence(proof)
        self._end()
        return Step(verdict=verdict, evidence=evidence)

    def _refuse(self, verdict: Verdict, outcome: Outcome, reason: Reason) -> Step:
        whose = verdict.person_id if outcome is Outcome.SUSPECTED_ATTACK else None
        evidence = self._evidence(None)
        self._refused = self._face
        self.drop()
        verdict = replace(verdict, outcome=outcome, reason=reason, person_id=whose)
        return Step(verdict=verdict, evidence=evidence)

    def _evidence(self, proof: Proof | None) -> Evidence:
        version = None if self._score is None else self._limits.version
        return Evidence(proof, self._score, version)

    def _is_same(self, vector: Vector) -> bool:
        return self._face is not None and self._scale.compare(self._face, vector) >= self._same


def _sight(look: Look) -> Sight:
    seen, face = look.observation, look.face
    there = face is not None and not seen.outside
    return Sight(
        seen.time,
        look.cues if there else None,
        look.vector,
        face.box if there and face is not None else None,
        alone=seen.hint is not Hint.ONE_PERSON,
    )
