from __future__ import annotations

import pytest

from kiosk.domain.decision import Outcome, Reason
from kiosk.domain.liveness.challenge import STANDARD, STRICT, Failure
from kiosk.domain.liveness.passive import Finding
from kiosk.domain.liveness.policy import Next, Policy, Risk, Rules, failed, refusal
from kiosk.domain.settings import Settings

IN, ASK, NO = Next.LET_IN, Next.CHALLENGE, Next.REFUSE


@pytest.mark.parametrize(
    ("policy", "live", "unsure", "attack"),
    [
        (Policy.OFF, IN, IN, IN),
        (Policy.PASSIVE, IN, NO, NO),
        (Policy.PASSIVE_THEN_CHALLENGE, IN, ASK, NO),
        (Policy.ALWAYS_CHALLENGE, ASK, ASK, NO),
    ],
)
def test_what_comes_next(policy: Policy, live: Next, unsure: Next, attack: Next) -> None:
    rules = Rules(policy)
    assert rules.next(Finding.LIVE, 5.0) is live
    assert rules.next(Finding.UNSURE, 0.0) is unsure
    assert rules.next(Finding.ATTACK, -5.0) is attack
    assert rules.next(Finding.NO_CAMERA, 5.0) is attack


def test_where_nothing_can_be_told_looking_alone_refuses_nobody() -> None:
    assert Rules(Policy.PASSIVE).next(Finding.UNSURE, None) is Next.LET_IN
    assert Rules(Policy.PASSIVE_THEN_CHALLENGE).next(Finding.UNSURE, None) is Next.CHALLENGE


def test_the_settings_say_it() -> None:
    assert Rules.of(Settings()) == Rules()
    high = Rules.of(Settings().changed(liveness_risk="high", liveness_bpcer=0.1))
    assert (high.risk, high.demands) == (Risk.HIGH, STRICT)
    assert high.doubted == pytest.approx(0.3)
    assert (Rules().demands, Rules().doubted) == (STANDARD, 0.2)
    assert Rules(Policy.PASSIVE, bpcer=0.5).doubted == 0.05, "those are refused, not asked"


def test_what_is_logged() -> None:
    assert refusal(Finding.NO_CAMERA) is Reason.NOT_A_CAMERA
    assert refusal(Finding.UNSURE) is Reason.NOT_LIVE
    told = {failure: failed(failure) for failure in Failure}
    assert told[Failure.COMPANY] == (Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE)
    assert told[Failure.UNANSWERED][1] is Reason.CHALLENGE_UNANSWERED
    assert told[Failure.OTHER_FACE] == (Outcome.SUSPECTED_ATTACK, Reason.CHALLENGE_FAILED)
