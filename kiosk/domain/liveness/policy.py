"""What a site asks of whoever is recognised, before it lets them in.

====================== =========== ========================= ======= ===========
by the frames          off         passive                   then    always
====================== =========== ========================= ======= ===========
live                   let in      let in                    let in  challenge
unsure                 let in      refuse                    challenge challenge
an attack, no camera   let in      refuse                    refuse  refuse
====================== =========== ========================= ======= ===========

``then`` is passive, then a challenge. Where nothing can be told, since there is no network, passive
alone would refuse everybody: it lets in, and the log says that nothing was made sure of.

A risk is one word: at a site of high risk three times as many live people are asked to turn their
head, and three times instead of twice. Where nobody is asked, whoever is in doubt is refused: then
it is never more than ``REFUSED`` of the live people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.domain.decision import Outcome, Reason
from kiosk.domain.liveness.challenge import STANDARD, STRICT, Demands, Failure
from kiosk.domain.liveness.passive import Finding
from kiosk.domain.settings import Settings

HIGH_RISK: Final = 3.0
"""As many times more live people are doubted at a site of high risk."""
REFUSED: Final = 0.05
_MOST: Final = 0.95


class Policy(StrEnum):
    """What is done about pictures of people, by the setting ``liveness``."""

    OFF = "off"
    PASSIVE = "passive"
    PASSIVE_THEN_CHALLENGE = "passive_then_challenge"
    ALWAYS_CHALLENGE = "always_challenge"


class Risk(StrEnum):
    """What is lost where somebody gets in with a picture, by the setting ``liveness_risk``."""

    STANDARD = "standard"
    HIGH = "high"


class Next(StrEnum):
    """What comes next for somebody who is recognised."""

    LET_IN = "let_in"
    CHALLENGE = "challenge"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Rules:
    """A site's choice. ``bpcer`` is the share of live people, 0.01 to 0.9, whom the frames alone
    may leave in doubt."""

    policy: Policy = Policy.PASSIVE_THEN_CHALLENGE
    risk: Risk = Risk.STANDARD
    bpcer: float = 0.2

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """What the settings say."""
        return cls(
            Policy(settings.liveness),
            Risk(settings.liveness_risk),
            settings.liveness_bpcer,
        )

    @property
    def doubted(self) -> float:
        """The share of live people that is doubted at this risk."""
        share = self.bpcer * (HIGH_RISK if self.risk is Risk.HIGH else 1.0)
        return min(share, REFUSED if self.policy is Policy.PASSIVE else _MOST)

    @property
    def demands(self) -> Demands:
        """What a challenge asks for at this risk."""
        return STRICT if self.risk is Risk.HIGH else STANDARD

    def next(self, finding: Finding, score: float | None) -> Next:
        """What comes next after a few frames; ``score`` is None where the network saw none."""
        if self.policy is Policy.OFF:
            return Next.LET_IN
        if finding in (Finding.ATTACK, Finding.NO_CAMERA):
            return Next.REFUSE
        if self.policy is Policy.ALWAYS_CHALLENGE:
            return Next.CHALLENGE
        if finding is Finding.LIVE:
            return Next.LET_IN
        if self.policy is Policy.PASSIVE_THEN_CHALLENGE:
            return Next.CHALLENGE
        return Next.LET_IN if score is None else Next.REFUSE


def refusal(finding: Finding) -> Reason:
    """Why somebody is refused by the frames alone."""
    return Reason.NOT_A_CAMERA if finding is Finding.NO_CAMERA else Reason.NOT_LIVE


def failed(failure: Failure) -> tuple[Outcome, Reason]:
    """What a challenge that was not passed is logged as."""
    if failure is Failure.COMPANY:
        return Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE
    if failure in (Failure.UNANSWERED, Failure.FACE_LOST):
        return Outcome.SUSPECTED_ATTACK, Reason.CHALLENGE_UNANSWERED
    return Outcome.SUSPECTED_ATTACK, Reason.CHALLENGE_FAILED
