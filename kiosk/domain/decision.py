"""From what single frames say to one decision: the rule, and the words for its outcome."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from kiosk.domain.clock import local_time
from kiosk.domain.gallery import Candidate
from kiosk.domain.liveness.proof import Proof


class Outcome(StrEnum):
    """What the kiosk decided. Only ALLOW lets anybody in; all others refuse."""

    ALLOW = "ALLOW"
    DENY = "DENY"
    AMBIGUOUS = "AMBIGUOUS"
    SEVERAL_FACES = "SEVERAL_FACES"
    LOW_QUALITY = "LOW_QUALITY"
    SUSPECTED_ATTACK = "SUSPECTED_ATTACK"
    """Recognised, but it may be a picture that was held before the camera."""


class Reason(StrEnum):
    """Why, for whoever reads the log."""

    FACE_MATCHED = "face_matched"
    PIN_MATCHED = "pin_matched"
    NOT_RECOGNISED = "not_recognised"
    FACE_COVERED = "face_covered"
    """Not recognised, and most of what was seen of the face was covered."""
    CLAIM_NOT_MATCHED = "claim_not_matched"
    TOO_CLOSE_TO_CALL = "too_close_to_call"
    SEVERAL_PEOPLE = "several_people"
    FACE_TOO_SMALL = "face_too_small"
    FACE_TOO_DARK = "face_too_dark"
    FACE_BLURRED = "face_blurred"
    FACE_TURNED = "face_turned"
    FACE_OUT_OF_VIEW = "face_out_of_view"
    WRONG_PIN = "wrong_pin"
    LOCKED_OUT = "locked_out"
    PERSON_DISABLED = "person_disabled"
    OUTSIDE_DATES = "outside_dates"
    """The person is not valid yet, or no more."""
    PIN_NEEDED = "pin_needed"
    """The face is known, but since a failed drill a face alone opens nothing."""
    CAMERA_LOST = "camera_lost"
    NOT_LIVE = "not_live"
    """It looks like a picture or a screen."""
    NOT_A_CAMERA = "not_a_camera"
    """What came in was a picture or a clip, not what a camera saw just then."""
    CHALLENGE_FAILED = "challenge_failed"
    """The head was turned otherwise than asked, or it was not the same face all the time."""
    CHALLENGE_UNANSWERED = "challenge_unanswered"
    """Asked to turn the head, nobody did."""
    ERASED = "erased"
    """Its time was over: of who it was, when to the second and why nothing is kept."""


NOT_KNOWN = frozenset({Reason.NOT_RECOGNISED, Reason.FACE_COVERED, Reason.CLAIM_NOT_MATCHED})
"""Why a face that was compared is refused: another threshold could have let it in."""


class Mode(StrEnum):
    """How somebody asks to be let in."""

    WALK_UP = "walk_up"
    """1:N: the face is searched among everybody enrolled."""
    CLAIMED = "claimed"
    """1:1: a name or staff number was typed, the face must match that person."""
    PIN = "pin"
    """The person's own PIN, without the face."""


class Hint(StrEnum):
    """What to ask of the person before the camera; also why a frame is of no use."""

    NONE = "none"
    NO_FACE = "no_face"
    COME_CLOSER = "come_closer"
    STEP_BACK = "step_back"
    MOVE_LEFT = "move_left"
    """To the left of the camera's unmirrored picture; a mirrored preview turns the arrow."""
    MOVE_RIGHT = "move_right"
    MORE_LIGHT = "more_light"
    HOLD_STILL = "hold_still"
    LOOK_STRAIGHT = "look_straight"
    ONE_PERSON = "one_person"


HINT_REASONS = {
    Hint.COME_CLOSER: Reason.FACE_TOO_SMALL,
    Hint.STEP_BACK: Reason.FACE_OUT_OF_VIEW,
    Hint.MOVE_LEFT: Reason.FACE_OUT_OF_VIEW,
    Hint.MOVE_RIGHT: Reason.FACE_OUT_OF_VIEW,
    Hint.MORE_LIGHT: Reason.FACE_TOO_DARK,
    Hint.HOLD_STILL: Reason.FACE_BLURRED,
    Hint.LOOK_STRAIGHT: Reason.FACE_TURNED,
    Hint.ONE_PERSON: Reason.SEVERAL_PEOPLE,
}


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame says: a hint if it is of no use, else the best candidates (0 to 2).

    ``time`` is the frame's, in seconds. ``outside``: the face is not in the oval; it is told which
    way to go, and is nobody's who stands before the kiosk. ``covered``: it wears a mask or
    sunglasses; that it is compared all the same lets in who is known in spite of them.
    """

    time: float
    hint: Hint
    candidates: tuple[Candidate, ...] = ()
    outside: bool = False
    covered: bool = False

    @property
    def present(self) -> bool:
        """Whether somebody stands before the kiosk."""
        return self.hint is not Hint.NO_FACE and not self.outside


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule's answer. ``score`` is the mean score (0 to 100) of the agreeing frames, or of
    all that were compared where none agreed; ``person_id`` is set with ALLOW, and with
    SUSPECTED_ATTACK: whose face was shown."""

    outcome: Outcome
    reason: Reason
    person_id: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the rule is: what to ask of the person now, the share of the frames needed that
    agree (0 to 1), and the verdict once there is one."""

    hint: Hint
    share: float = 0.0
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """``agree`` of the last ``window`` usable frames must say the same.

    ``threshold`` and ``margin`` are scores (see ``kiosk.domain.scale``). Saying no takes at least
    ``patience`` seconds from the first usable frame, since a first glance is often turned or
    blurred. An
    attempt that is still open after ``give_up`` seconds ends: in LOW_QUALITY at the next unusable
    frame, in DENY at the next usable one once ``window`` of them can't agree. Several people for
    ``crowd`` seconds end in SEVERAL_FACES; ``absence`` seconds without a face end the attempt
    without a word.
    """

    threshold: float
    agree: int = 3
    window: int = 5
    margin: float = 10
    patience: float = 1.0
    give_up: float = 6.0
    crowd: float = 1.0
    absence: float = 1.0


_STRANGER = "stranger"
_AMBIGUOUS = "ambiguous"


def judge(candidates: tuple[Candidate, ...], settings: RuleSettings) -> tuple[int | str, float]:
    """What one usable frame says of its ``candidates``, best first: a person's id, or a word where
    it is nobody or may be two; and the best score."""
    if not candidates:
        return _STRANGER, 0.0
    best = candidates[0]
    # Written this way round, a score that is no number lets nobody in.
    if not best.score >= settings.threshold:
        return _STRANGER, best.score
    if len(candidates) > 1 and not best.score - candidates[1].score >= settings.margin:
        return _AMBIGUOUS, best.score
    return best.person_id, best.score


class _Vote(NamedTuple):
    """What one usable frame says."""

    choice: int | str
    score: float
    covered: bool


class DecisionRule:
    """k of the last n usable frames agree. Fed by one thread; holds one attempt's state."""

    def __init__(self, settings: RuleSettings) -> None:
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the attempt: the next frame begins a new one."""
        self._votes: deque[_Vote] = deque(maxlen=self._settings.window)
        self._first_vote: float | None = None
        self._first_face: float | None = None
        self._last_face: float | None = None
        self._crowd_since: float | None = None
        self._last_hint = Hint.NO_FACE
        self._outside: Hint | None = None

    @property
    def open(self) -> bool:
        """Whether an attempt has begun: a face was seen and nothing was decided yet."""
        return self._first_face is not None

    @property
    def leaning(self) -> int | str | None:
        """What the newest vote is for: a person's id, a word for nobody known, or None."""
        return self._votes[-1].choice if self._votes else None

    def whose(self, seen: Observation) -> int | str | None:
        """Whose face one frame shows, apart from any attempt: a person's id, a word for nobody
        known, or None where that can't be told."""
        if seen.hint is not Hint.NONE:
            return None
        choice, _ = judge(seen.candidates, self._settings)
        return None if choice == _AMBIGUOUS else choice

    def step(self, seen: Observation) -> Progress:
        """Take one frame; the verdict, where there is one, ends the attempt."""
        if self._last_face is not None and seen.time < self._last_face:
            self.reset()  # The clock was set back: spans across that mean nothing.
        self._outside = seen.hint if seen.outside else None
        if not seen.present:
            return self._absent(seen)
        if self._first_face is None:
            self._first_face = seen.time
        self._last_face = seen.time
        self._last_hint = seen.hint
        if seen.hint is Hint.ONE_PERSON:
            return self._crowd(seen)
        self._crowd_since = None
        if seen.hint is not Hint.NONE:
            if seen.time - self._first_face >= self._settings.give_up:
                return self._end(seen.hint, Outcome.LOW_QUALITY, HINT_REASONS[seen.hint])
            return Progress(seen.hint, self._share())
        return self._vote(seen)

    def finish(self) -> Verdict | None:
        """The source ended: what can be said of an attempt that was still open."""
        outside = self._outside
        if self._first_face is None:
            self.reset()
            if outside is None:
                return None
            return Verdict(Outcome.LOW_QUALITY, HINT_REASONS[outside])
        if self._votes:
            verdict = Verdict(Outcome.DENY, self._unknown(), score=self._mean_score())
        elif self._last_hint is Hint.ONE_PERSON:
            verdict = Verdict(Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE)
        else:
            verdict = Verdict(Outcome.LOW_QUALITY, HINT_REASONS[self._last_hint])
        self.reset()
        return verdict

    def _absent(self, seen: Observation) -> Progress:
        if self._last_face is not None and seen.time - self._last_face >= self._settings.absence:
            self.reset()
            self._outside = seen.hint if seen.outside else None
        return Progress(seen.hint, self._share())

    def _crowd(self, seen: Observation) -> Progress:
        # Frames with company prove nothing about who will walk through the door.
        self._votes.clear()
        self._first_vote = None
        if self._crowd_since is None:
            self._crowd_since = seen.time
        if seen.time - self._crowd_since >= self._settings.crowd:
            return self._end(Hint.ONE_PERSON, Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE)
        return Progress(Hint.ONE_PERSON)

    def _vote(self, seen: Observation) -> Progress:
        if self._first_vote is None:
            self._first_vote = seen.time
        self._votes.append(_Vote(*judge(seen.candidates, self._settings), seen.covered))
        choice, score = self._majority()
        if score is None:
            return self._undecided(seen)
        if isinstance(choice, int):
            return self._end(Hint.NONE, Outcome.ALLOW, Reason.FACE_MATCHED, choice, score)
        if seen.time - self._first_vote < self._settings.patience:
            return Progress(Hint.NONE, self._share())
        if choice == _AMBIGUOUS:
            return self._end(Hint.NONE, Outcome.AMBIGUOUS, Reason.TOO_CLOSE_TO_CALL, score=score)
        return self._end(Hint.NONE, Outcome.DENY, self._unknown(), score=score)

    def _unknown(self) -> Reason:
        """Why nobody was recognised, as far as it can be seen."""
        covered = 2 * sum(vote.covered for vote in self._votes) > len(self._votes)
        return Reason.FACE_COVERED if covered else Reason.NOT_RECOGNISED

    def _undecided(self, seen: Observation) -> Progress:
        assert self._first_face is not None
        full = len(self._votes) == self._settings.window
        if full and seen.time - self._first_face >= self._settings.give_up:
            return self._end(Hint.NONE, Outcome.DENY, self._unknown(), score=self._mean_score())
        return Progress(Hint.NONE, self._share())

    def _mean_score(self) -> float:
        return sum(vote.score for vote in self._votes) / len(self._votes)

    def _majority(self) -> tuple[int | str, float | None]:
        """The newest vote's choice, and the mean score of its votes once enough agree."""
        choice = self._votes[-1].choice
        scores = [vote.score for vote in self._votes if vote.choice == choice]
        if len(scores) < self._settings.agree:
            return choice, None
        return choice, sum(scores) / len(scores)

    def _share(self) -> float:
        if not self._votes:
            return 0.0
        choice = self._votes[-1].choice
        agreeing = sum(vote.choice == choice for vote in self._votes)
        return min(1.0, agreeing / self._settings.agree)

    def _end(
        self,
        hint: Hint,
        outcome: Outcome,
        reason: Reason,
        person_id: int | None = None,
        score: float | None = None,
    ) -> Progress:
        self.reset()
        return Progress(hint, 1.0, Verdict(outcome, reason, person_id, score))


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict as it is logged, committed before anybody hears of it.

    ``at`` is in UTC; ``utc_offset_minutes`` is what the kiosk's clock on the wall was ahead of it,
    None until it is logged; ``clock_suspect`` marks a moment that can't be right. ``duration`` is
    in seconds from the first face to the verdict. ``score`` and ``threshold`` are of
    ``kiosk.domain.scale`` (cosine similarities in rows from before there was one), None where no
    face was compared. ``event_id`` is the log row's, None while there
    is none; ``repeat`` marks an ALLOW of somebody let in a moment ago, who is neither greeted anew
    nor clocked. ``liveness`` is how it was made sure that a person stood there, None where it was
    not, or in rows from before that was asked; ``liveness_score`` is the logarithm of the odds by
    the frames alone, None where there is none, and ``liveness_version`` what it was made by: scores
    of two versions mean different things. ``recording``: what was decided on was played from a
    file, and is marked so for ever.
    """

    at: datetime
    outcome: Outcome
    reason: Reason
    mode: Mode
    person_id: int | None = None
    person_name: str | None = None
    score: float | None = None
    threshold: float | None = None
    far: float | None = None
    encoder_id: str | None = None
    camera: str | None = None
    duration: float | None = None
    event_id: int | None = None
    repeat: bool = False
    utc_offset_minutes: int | None = None
    clock_suspect: bool = False
    liveness: Proof | None = None
    liveness_score: float | None = None
    liveness_version: str | None = None
    recording: bool = False

    @property
    def local(self) -> datetime:
        """When it was by the clock on the wall there and then."""
        return local_time(self.at, self.utc_offset_minutes)
