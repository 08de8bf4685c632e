"""From what a few frames say to one number, and to live, unsure or attack.

The number is the logarithm of the odds that the face is live: the network's answers, of several
frames the middle ones, less what speaks against it beside them. What does not speak against a face
does not speak for it: a photo on a stand moves as little as a wall does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean, median
from typing import Final

from kiosk.domain.liveness.cues import Cues, Stream


class Finding(StrEnum):
    """What is made of a visit's frames."""

    LIVE = "live"
    UNSURE = "unsure"
    ATTACK = "attack"
    NO_CAMERA = "no_camera"
    """The frames are no camera's of this moment: a picture or a clip is played into the kiosk."""


@dataclass(frozen=True, slots=True)
class Against:
    """A cue that speaks against a face: nothing up to ``least``, ``weight`` (in the logarithm of
    odds) from ``most`` on, in between in proportion."""

    least: float
    most: float
    weight: float

    def of(self, value: float | None) -> float:
        """How much a cue's value takes from the score; 0 where it could not be told."""
        if value is None:
            return 0.0
        share = (value - self.least) / (self.most - self.least)
        return self.weight * min(max(share, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the cues are worth, and what scores are like at a door that is not calibrated yet.
    ``version`` names the network and these numbers: scores of two versions mean different things.
    At doors that the network has never seen half of the live visits score above ``middle`` and nine
    in ten above ``low``; hardly any scores below ``attack``. ``frontal`` is how far a head may be
    turned for its frame to count, in distances between the eyes; ``frames`` is how many are enough,
    the newest ones count.
    """

    version: str = "1"
    middle: float = 2.0
    low: float = 0.7
    attack: float = -2.0
    frontal: float = 0.25
    frames: int = 8
    motion: Against = Against(0.006, 0.02, 4.0)
    changed: Against = Against(0.85, 1.0, 1.0)


SHIPPED: Final = Limits()
FEWEST: Final = 3
"""Frames that must be there before the source of the frames is doubted."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a score is called live, and below which it is called an attack."""

    live: float
    attack: float


def score(cues: Sequence[Cues], limits: Limits = SHIPPED) -> float | None:
    """The logarithm of the odds that a face is live, by the frames in which it looks about straight
    ahead; None where the network saw none of them."""
    frontal = _frontal(cues, limits)
    answers = [c.looks for c in frontal if c.looks is not None]
    return _middle(answers) - against(cues, limits) if answers else None


def against(cues: Sequence[Cues], limits: Limits = SHIPPED) -> float:
    """What speaks against a face beside the network's answers; 0 is nothing."""
    frontal = _frontal(cues, limits)
    kinds = (
        (limits.motion, [c.motion for c in frontal]),
        (limits.changed, [c.changed for c in frontal]),
    )
    told = ((kind, [value for value in values if value is not None]) for kind, values in kinds)
    return sum(kind.of(median(values)) for kind, values in told if values)


def find(
    cues: Sequence[Cues], thresholds: Thresholds, limits: Limits = SHIPPED
) -> tuple[Finding, float | None]:
    """What is made of a visit's frames, oldest first, and their score.

    Without the network nobody is called live; what speaks against a face is enough to call it an
    attack all the same.
    """
    if not_a_camera(cues):
        return Finding.NO_CAMERA, score(cues, limits)
    found = score(cues, limits)
    if found is None:
        sure = -against(cues, limits) < min(thresholds.attack, limits.attack)  # of even odds
        return (Finding.ATTACK if sure else Finding.UNSURE), None
    # Written this way round, a score that is no number is not live.
    if not found >= thresholds.attack:
        return Finding.ATTACK, found
    return (Finding.LIVE if found >= thresholds.live else Finding.UNSURE), found


def not_a_camera(cues: Sequence[Cues]) -> bool:
    """Whether most of the frames are none that a camera took just now."""
    stale = sum(c.stream is not Stream.FRESH for c in cues)
    return len(cues) >= FEWEST and 2 * stale > len(cues)


def _frontal(cues: Sequence[Cues], limits: Limits) -> list[Cues]:
    frontal = [c for c in cues if c.turn is None or abs(c.turn) <= limits.frontal]
    return frontal[-limits.frames :]


def _middle(answers: Sequence[float]) -> float:
    """The mean without the lowest and the highest quarter: one frame that is blurred, or one that a
    reflection lights up, is not what the face is like."""
    ordered = sorted(answers)
    cut = len(ordered) // 4
    return mean(ordered[cut : len(ordered) - cut])
