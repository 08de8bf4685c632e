from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.decision import (
    HINT_REASONS,
    DecisionRule,
    Hint,
    Observation,
    Outcome,
    Progress,
    Reason,
    RuleSettings,
    Verdict,
)
from kiosk.domain.gallery import Candidate

SETTINGS = RuleSettings(threshold=0.5)
ANN, BEN = 1, 2


def saw(time: float, *scores: tuple[int, float]) -> Observation:
    return Observation(time, Hint.NONE, tuple(Candidate(*score) for score in scores))


def hint(time: float, hint: Hint) -> Observation:
    return Observation(time, hint)


def verdicts(rule: DecisionRule, seen: Iterable[Observation]) -> list[Verdict]:
    return [progress.verdict for each in seen if (progress := rule.step(each)).verdict]


def test_three_of_the_last_five_frames_let_somebody_in() -> None:
    rule = DecisionRule(SETTINGS)
    assert rule.step(saw(0.0, (ANN, 0.7))) == Progress(Hint.NONE, pytest.approx(1 / 3))
    assert rule.step(saw(0.1, (ANN, 0.4))).verdict is None
    assert rule.step(saw(0.2, (ANN, 0.8))) == Progress(Hint.NONE, pytest.approx(2 / 3))
    last = rule.step(saw(0.3, (ANN, 0.9)))
    assert last == Progress(
        Hint.NONE,
        1.0,
        Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, ANN, pytest.approx(0.8)),
    )
    assert not rule.open


def test_a_vote_that_left_the_window_counts_no_more() -> None:
    rule = DecisionRule(RuleSettings(threshold=0.5, agree=2, window=2, patience=9))
    votes = [(ANN, 0.9), (BEN, 0.9), (ANN, 0.9), (BEN, 0.9)]
    assert not verdicts(rule, (saw(0.1 * i, vote) for i, vote in enumerate(votes)))
    assert verdicts(rule, [saw(0.5, (BEN, 0.9))])[0].person_id == BEN


def test_whoever_is_refused_with_a_covered_face_hears_of_that() -> None:
    def reason(*covered: bool, score: float = 0.2) -> Reason:
        looks = [replace(saw(0.5 * n, (ANN, score)), covered=c) for n, c in enumerate(covered)]
        (verdict,) = verdicts(DecisionRule(SETTINGS), looks)
        return verdict.reason

    assert reason(True, True, True) is Reason.FACE_COVERED
    assert reason(True, False, True) is Reason.FACE_COVERED
    assert reason(False, True, False) is Reason.NOT_RECOGNISED
    assert reason(True, True, True, score=0.9) is Reason.FACE_MATCHED, "known in spite of it"
    open_still = DecisionRule(SETTINGS)
    open_still.step(replace(saw(0.0, (ANN, 0.2)), covered=True))
    left = open_still.finish()
    assert left is not None
    assert left.reason is Reason.FACE_COVERED


def test_no_takes_patience_and_may_still_become_yes() -> None:
    rule = DecisionRule(SETTINGS)
    assert not verdicts(rule, (saw(0.1 * i, (ANN, 0.2)) for i in range(10)))
    (verdict,) = verdicts(rule, [saw(1.0, (ANN, 0.3))])
    assert verdict == Verdict(Outcome.DENY, Reason.NOT_RECOGNISED, None, pytest.approx(0.22))

    rule = DecisionRule(SETTINGS)
    seen = [saw(0.1 * i, (ANN, 0.2)) for i in range(5)]
    seen += [saw(0.5 + 0.1 * i, (ANN, 0.6)) for i in range(3)]
    assert [verdict.outcome for verdict in verdicts(rule, seen)] == [Outcome.ALLOW]


def test_two_people_too_close_are_ambiguous() -> None:
    rule = DecisionRule(SETTINGS)
    twins = ((ANN, 0.81), (BEN, 0.79))
    (verdict,) = verdicts(rule, (saw(0.2 * i, *twins) for i in range(6)))
    assert (verdict.outcome, verdict.reason) == (Outcome.AMBIGUOUS, Reason.TOO_CLOSE_TO_CALL)
    assert verdict.person_id is None
    assert verdict.score == pytest.approx(0.81)


def test_exactly_the_threshold_and_the_margin_are_enough() -> None:
    rule = DecisionRule(RuleSettings(threshold=0.5, margin=0.25, agree=1))
    assert verdicts(rule, [saw(0, (ANN, 0.5), (BEN, 0.25))])[0].outcome is Outcome.ALLOW


def test_an_empty_gallery_or_an_unknown_claim_is_a_stranger() -> None:
    rule = DecisionRule(SETTINGS)
    (verdict,) = verdicts(rule, (saw(0.5 * i) for i in range(3)))
    assert verdict == Verdict(Outcome.DENY, Reason.NOT_RECOGNISED, None, 0.0)


@pytest.mark.parametrize(
    "scores",
    [((ANN, math.nan),), ((ANN, math.nan), (BEN, math.nan)), ((ANN, 0.9), (BEN, math.nan))],
)
def test_a_score_that_is_no_number_lets_nobody_in(scores: tuple[tuple[int, float], ...]) -> None:
    rule = DecisionRule(SETTINGS)
    outcomes = {v.outcome for v in verdicts(rule, (saw(0.1 * i, *scores) for i in range(30)))}
    assert outcomes <= {Outcome.DENY, Outcome.AMBIGUOUS}


def test_company_is_refused_after_a_while_and_forgets_the_votes() -> None:
    rule = DecisionRule(SETTINGS)
    rule.step(saw(0.0, (ANN, 0.9)))
    rule.step(saw(0.1, (ANN, 0.9)))
    assert rule.step(hint(0.2, Hint.ONE_PERSON)) == Progress(Hint.ONE_PERSON, 0.0)
    assert rule.step(saw(0.3, (ANN, 0.9))).verdict is None, "two votes before do not count"
    assert rule.step(hint(0.4, Hint.ONE_PERSON)).verdict is None
    assert rule.step(hint(1.3, Hint.ONE_PERSON)).verdict is None
    assert rule.step(hint(1.5, Hint.ONE_PERSON)).verdict == Verdict(
        Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE
    )


@pytest.mark.parametrize("what", [h for h in HINT_REASONS if h is not Hint.ONE_PERSON])
def test_frames_of_no_use_end_in_low_quality_with_the_last_reason(what: Hint) -> None:
    rule = DecisionRule(SETTINGS)
    assert rule.step(hint(0.0, Hint.MORE_LIGHT)).hint is Hint.MORE_LIGHT
    assert rule.step(hint(5.9, what)) == Progress(what)
    assert rule.step(hint(6.0, what)) == Progress(
        what, 1.0, Verdict(Outcome.LOW_QUALITY, HINT_REASONS[what])
    )


def test_every_hint_but_none_and_no_face_has_a_reason() -> None:
    assert set(HINT_REASONS) == set(Hint) - {Hint.NONE, Hint.NO_FACE}


def test_one_frame_without_a_face_changes_nothing_but_absence_begins_anew() -> None:
    rule = DecisionRule(SETTINGS)
    rule.step(saw(0.0, (ANN, 0.9)))
    rule.step(saw(0.1, (ANN, 0.9)))
    assert rule.step(hint(0.2, Hint.NO_FACE)) == Progress(Hint.NO_FACE, pytest.approx(2 / 3))
    assert rule.open
    assert rule.step(hint(1.1, Hint.NO_FACE)) == Progress(Hint.NO_FACE, 0.0)
    assert not rule.open
    assert rule.step(saw(1.2, (ANN, 0.9))).verdict is None


def test_nobody_for_hours_is_no_attempt() -> None:
    rule = DecisionRule(SETTINGS)
    assert not verdicts(rule, (hint(float(i), Hint.NO_FACE) for i in range(100)))
    assert rule.finish() is None


def test_frames_that_never_agree_end_in_no() -> None:
    rule = DecisionRule(RuleSettings(threshold=0.5, agree=5, window=5))
    flicker = [saw(0.5 * i, (ANN, 0.9 if i % 2 else 0.2)) for i in range(13)]
    (verdict,) = verdicts(rule, flicker)
    assert (verdict.outcome, verdict.person_id) == (Outcome.DENY, None)
    assert verdict.score == pytest.approx((3 * 0.2 + 2 * 0.9) / 5)


def test_slow_frames_are_not_refused_before_enough_of_them_were_seen() -> None:
    rule = DecisionRule(RuleSettings(threshold=0.5, agree=5, window=5))
    (verdict,) = verdicts(rule, (saw(3.0 * i, (ANN, 0.9)) for i in range(5)))
    assert verdict.outcome is Outcome.ALLOW


@pytest.mark.parametrize(
    ("seen", "outcome", "reason"),
    [
        ([saw(0, (ANN, 0.9))], Outcome.DENY, Reason.NOT_RECOGNISED),
        ([saw(0), hint(1, Hint.ONE_PERSON)], Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE),
        ([hint(0, Hint.COME_CLOSER)], Outcome.LOW_QUALITY, Reason.FACE_TOO_SMALL),
        (
            [hint(0, Hint.HOLD_STILL), hint(0.5, Hint.NO_FACE)],
            Outcome.LOW_QUALITY,
            Reason.FACE_BLURRED,
        ),
    ],
)
def test_the_source_ends_in_mid_attempt(
    seen: list[Observation], outcome: Outcome, reason: Reason
) -> None:
    rule = DecisionRule(SETTINGS)
    assert not verdicts(rule, seen[:-1])
    rule.step(seen[-1])
    verdict = rule.finish()
    assert verdict is not None
    assert (verdict.outcome, verdict.reason, verdict.person_id) == (outcome, reason, None)
    assert rule.finish() is None, "it is told once"


def test_a_clock_set_back_begins_a_new_attempt() -> None:
    rule = DecisionRule(SETTINGS)
    rule.step(saw(100.0, (ANN, 0.9)))
    rule.step(saw(100.1, (ANN, 0.9)))
    assert rule.step(saw(3.0, (ANN, 0.9))).verdict is None
    assert rule.step(saw(3.1, (ANN, 0.9))).verdict is None
    assert rule.step(saw(3.2, (ANN, 0.9))).verdict is not None


times = st.floats(-1e6, 1e6) | st.floats(0, 10)
people = st.integers(1, 4)


def observations(scores: st.SearchStrategy[float]) -> st.SearchStrategy[list[Observation]]:
    candidates = st.lists(st.builds(Candidate, people, scores), max_size=2).map(tuple)
    usable = st.builds(Observation, times, st.just(Hint.NONE), candidates)
    return st.lists(usable | st.builds(Observation, times, st.sampled_from(Hint)), max_size=60)


rule_settings = st.integers(1, 8).flatmap(
    lambda window: st.builds(
        RuleSettings,
        threshold=st.just(0.5),
        agree=st.integers(1, window),
        window=st.just(window),
        margin=st.floats(0, 0.5),
        patience=st.floats(0, 3),
    )
)


@given(rule_settings, observations(st.floats(-1, 0.4999)))
def test_scores_below_the_threshold_never_let_anybody_in(
    settings: RuleSettings, seen: list[Observation]
) -> None:
    rule = DecisionRule(settings)
    assert Outcome.ALLOW not in {verdict.outcome for verdict in verdicts(rule, seen)}
    last = rule.finish()
    assert last is None or last.outcome is not Outcome.ALLOW


@given(rule_settings, observations(st.floats(-1, 1) | st.just(math.nan)))
def test_nobody_is_let_in_with_fewer_votes_than_must_agree(
    settings: RuleSettings, seen: list[Observation]
) -> None:
    rule = DecisionRule(settings)
    votes: list[int] = []
    for each in seen:
        if each.candidates and each.candidates[0].score >= settings.threshold:
            votes.append(each.candidates[0].person_id)
        progress = rule.step(each)
        assert 0 <= progress.share <= 1
        if progress.verdict is not None:
            if progress.verdict.outcome is Outcome.ALLOW:
                assert progress.verdict.person_id is not None
                assert votes.count(progress.verdict.person_id) >= settings.agree
                assert progress.verdict.score is not None
                assert progress.verdict.score >= settings.threshold
            else:
                assert progress.verdict.person_id is None
            votes.clear()
            assert not rule.open
