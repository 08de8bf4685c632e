"""The screen's colours, and who answers to them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.liveness.challenge import Colour, Sight
from kiosk.domain.liveness.cues import Cues, Lit
from kiosk.domain.liveness.light import (
    PALETTE,
    SETTLES,
    STEP,
    STEPS,
    WITHIN,
    Answer,
    Judgement,
    LightTask,
    Reach,
    Response,
    draw_code,
    judge,
    linear,
    response,
)

CODE = (PALETTE[0], PALETTE[1], PALETTE[3], PALETTE[2])
LENGTH = STEPS * STEP + SETTLES


def visit(
    strength: float, *, latency: float = 0.1, fps: float = 30, code: Sequence[Colour] = CODE,
    noise: float = 0.002, around: float | None = 0.0, drift: float = 0.0,
) -> tuple[list[float], list[Lit]]:  # fmt: skip
    """Frames of a face that answers to a code with ``strength`` of the room's light."""
    rng = np.random.default_rng(0)
    times = np.arange(0, LENGTH, 1 / fps)
    lit = []
    for now in times:
        place = int(np.clip((now - latency) // STEP, 0, len(code) - 1))
        screen = linear(code[place]) * (now >= latency)
        white = 1 + drift * now * np.array([1.0, 0.0, -1.0])
        seen = 0.3 * (1 + strength * screen) * white * np.exp(rng.normal(0, noise, 3))
        wall = None
        if around is not None:
            made = 0.5 * (1 + around * screen) * white * np.exp(rng.normal(0, noise, 3))
            wall = (float(made[0]), float(made[1]), float(made[2]))
        lit.append(Lit((float(seen[0]), float(seen[1]), float(seen[2])), wall))
    return times.tolist(), lit


def strength_of(times: list[float], lit: list[Lit], code: Sequence[Colour] = CODE) -> float:
    found = response(times, lit, code, 0.0)
    assert found is not None
    return found.strength


@pytest.mark.parametrize("latency", [0.0, 0.1, 0.23, 0.38])
@pytest.mark.parametrize("fps", [10, 30])
def test_an_answer_is_measured_whatever_the_delay(latency: float, fps: float) -> None:
    strength = strength_of(*visit(0.15, latency=latency, fps=fps))
    assert strength == pytest.approx(0.15, rel=0.35)


def test_nothing_comes_back_where_nothing_is_sent() -> None:
    assert abs(strength_of(*visit(0.0))) < 0.01


def test_the_answer_to_another_code_is_none() -> None:
    other = (PALETTE[2], PALETTE[3], PALETTE[0], PALETTE[1])
    assert strength_of(*visit(0.15, code=other)) < 0.06


def test_white_that_drifts_is_no_answer() -> None:
    assert abs(strength_of(*visit(0.0, drift=0.05))) < 0.01
    assert abs(strength_of(*visit(0.0, drift=0.05, around=None))) < 0.01


def test_what_the_surroundings_answer_too_is_taken_off() -> None:
    assert strength_of(*visit(0.15, around=0.15)) == pytest.approx(0, abs=0.01)


def test_too_few_frames_tell_nothing() -> None:
    times, lit = visit(0.15)
    assert response(times[:8], lit[:8], CODE, 0.0) is None
    kept = [at for at, now in enumerate(times) if not 0.3 < now < 1.2]
    assert response([times[i] for i in kept], [lit[i] for i in kept], CODE, 0.0) is None


def test_what_is_made_of_it() -> None:
    known = Judgement(reach=0.15)
    assert judge(Response(0.14, 0.005), known) is Answer.PRESENT
    assert judge(Response(0.01, 0.005), known) is Answer.ABSENT
    assert judge(Response(0.01, 0.05), known) is Answer.UNKNOWN
    assert judge(None, known) is Answer.UNKNOWN


def test_a_room_that_is_too_bright_refuses_nobody() -> None:
    assert judge(Response(0.0, 0.001), Judgement(reach=0.02)) is Answer.UNKNOWN
    assert judge(Response(0.0, 0.001), Judgement()) is Answer.UNKNOWN


def test_a_code_can_not_be_known_beforehand() -> None:
    codes = {draw_code() for _ in range(200)}
    assert len(codes) > 40
    for code in codes:
        assert len(code) == STEPS
        assert all(a != b for a, b in itertools.pairwise(code))


def test_no_colour_and_no_change_sets_off_a_seizure() -> None:
    """WCAG 2.3.1: not more than three flashes a second, no saturated red."""
    assert 1 / STEP < 3
    for colour in PALETTE:
        light = linear(colour)
        assert light[0] / light.sum() < 0.8


def task(strength: float, reach: float | None) -> tuple[bool | None, LightTask]:
    asked = LightTask(CODE, Judgement(reach=reach))
    assert asked.left(0) == 1
    assert asked.colour(0) == CODE[0]
    answered = None
    for now, lit in zip(*visit(strength), strict=True):
        answered = asked.see(Sight(now, Cues(now, lit=lit)))
        assert 0 <= asked.left(now) <= 1
        assert asked.colour(now) == CODE[min(int(now / STEP), STEPS - 1)]
    return asked.see(Sight(LENGTH)) if answered is None else answered, asked


def test_the_task_of_a_challenge() -> None:
    assert task(0.15, 0.15)[0] is True
    assert task(0.01, 0.15)[0] is False
    answered, asked = task(0.01, None)
    assert answered is True
    assert asked.answer is Answer.UNKNOWN
    assert asked.response is not None


def test_company_and_no_face_are_not_measured() -> None:
    asked = LightTask(CODE, Judgement(reach=0.15))
    asked.colour(0)
    for now, lit in zip(*visit(0.15), strict=True):
        sight = Sight(now, Cues(now, lit=lit))
        asked.see(replace(sight, alone=False) if now < 1 else Sight(now))
    assert asked.see(Sight(LENGTH)) is True
    assert asked.answer is Answer.UNKNOWN


def test_before_it_is_shown_nothing_is_measured() -> None:
    assert LightTask(CODE, Judgement()).see(Sight(0.0)) is None


def answer(strength: float) -> Response:
    return Response(strength, 0.005)


def test_nobody_is_refused_before_others_answered_just_now() -> None:
    reach = Reach()
    assert reach.judgement(0.0).reach is None
    for now, strength in enumerate((0.2, 0.3)):
        reach.add(now, answer(strength))
    assert reach.judgement(3.0).reach is None, "two people say little"
    reach.add(3.0, answer(0.1))
    assert reach.judgement(4.0).reach == 0.2
    assert judge(answer(0.01), reach.judgement(4.0)) is Answer.ABSENT
    assert reach.judgement(WITHIN + 4).reach is None, "the day went on"
    assert reach.worthwhile(WITHIN + 4)


def test_in_a_room_that_is_too_bright_nobody_is_asked_for_a_while() -> None:
    reach = Reach()
    for now in range(3):
        assert reach.worthwhile(now)
        reach.add(now, None if now else answer(0.001))
    assert not reach.worthwhile(3.0)
    assert reach.judgement(3.0).reach is None
    assert reach.worthwhile(WITHIN + 3)
