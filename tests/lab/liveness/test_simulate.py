"""Photos, clips and people before a challenge of turns, in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.liveness.challenge import STANDARD
from kiosk.domain.liveness.prompt import Ask
from kiosk.lab.liveness.actors import Clip, Person, Photo, Switcher
from kiosk.lab.liveness.paper import Held, printed, seen
from kiosk.lab.liveness.recorded import RATE, Recording, all_prepared, prepared, turning
from kiosk.lab.liveness.sessions import many
from kiosk.lab.liveness.simulate import table
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.liveness.turn import turn

FACE = np.array(ARCFACE_112.points, np.float32)
PAPER = printed(FACE, 63.0)


def turned(held: Held) -> float:
    points = seen(PAPER, held)
    assert points is not None
    return turn(points.astype(np.float32))


def test_flat_paper_far_away_keeps_the_nose_where_it_is() -> None:
    for yaw in (-0.6, 0.0, 0.6):
        aside = turned(Held(yaw=yaw, place=(0, 0, 5000)))
        assert abs(aside) < 0.03


def test_a_bow_moves_the_nose_as_a_head_does_and_a_hollow_the_other_way() -> None:
    # A positive yaw faces the picture's left.
    assert turned(Held(bend=1 / 80, yaw=-0.4)) > 0.03
    assert turned(Held(bend=-1 / 80, yaw=-0.4)) < -0.01


def test_paper_seen_from_its_edge_or_behind_the_lens_is_no_face() -> None:
    assert seen(PAPER, Held(yaw=1.4)) is None
    assert seen(PAPER, Held(place=(0, 0, 10))) is None
    assert seen(PAPER, Held(bend=1 / 20)) is None


def test_printed_is_in_millimetres() -> None:
    assert np.hypot(*(PAPER[1] - PAPER[0])) == pytest.approx(63, abs=8)


def test_turns_are_found_in_a_recording_and_made_louder() -> None:
    made = prepared("by turns", 0.8, (0.5,), np.random.default_rng(0), turns=4)
    uneven = Recording(made.times, np.where(made.turns < 0, made.turns / 3, made.turns))
    assert len(turning(uneven)) == 2
    assert len(turning(uneven.louder())) == 4
    assert all(one.max() == pytest.approx(0.42, abs=0.02) for one in turning(made))
    assert len(all_prepared(np.random.default_rng(0))) == 324


@pytest.mark.parametrize("kind", Photo.KINDS)
def test_no_photo_passes(kind: str) -> None:
    told = many(kind, 15, lambda random: Photo(FACE, kind, random), STANDARD)
    assert told.passed.hits == 0


def test_people_pass_and_clips_do_not() -> None:
    people = many("people", 200, Person, STANDARD)
    assert people.passed.hits >= 188
    assert 1 < people.seconds(0.5) < 10
    made = prepared("by turns", 0.8, (1.2,), np.random.default_rng(0))
    clips = many("clips", 30, lambda random: Clip(made.times, made.turns, random), STANDARD)
    assert clips.passed.hits <= 3
    assert many("people", 200, Person, STANDARD) == people  # the same again


@pytest.mark.parametrize("rests", [(0.7,), (1.2,), (0.6, 1.6), (0.9, 1.9)])
def test_no_two_rests_fit_the_pauses_more_often_than_others(rests: tuple[float, ...]) -> None:
    """Nearly one in ten passed where the pauses were short and long by turns and the rests, too."""
    made = prepared("same", 0.5, rests, np.random.default_rng(0))

    def clip(random: np.random.Generator) -> Clip:
        return Clip(made.times, made.turns, random, as_it_is=True)

    assert many("clips", 400, clip, STANDARD).passed.hits <= 26


def test_the_light_takes_the_time_that_it_lasts() -> None:
    without = many("people", 40, Person, STANDARD, rates=(30.0,))
    lit = many("people", 40, Person, STANDARD, rates=(30.0,), light=True)
    assert lit.passed.hits >= 36
    assert 1.2 < lit.seconds(0.5) - without.seconds(0.5) < 2.6  # it lasts 1.8 s


def test_rests_come_by_turns() -> None:
    made = prepared("same", 0.5, (1.0, 0.2), np.random.default_rng(0), turns=4)
    begins = np.flatnonzero((made.turns[:-1] == 0) & (made.turns[1:] > 0)) / RATE
    assert np.diff(begins) == pytest.approx([0.7, 1.5, 0.7], abs=0.1)


def test_who_switches_clips_at_the_arrow_passes() -> None:
    turns = turning(prepared("same", 0.8, (0.5,), np.random.default_rng(0)))
    told = many("by hand", 20, lambda random: Switcher(turns, RATE, random), STANDARD)
    assert told.passed.hits >= 15


def test_a_person_answers_after_a_while() -> None:
    person = Person(np.random.default_rng(3))
    at = [person.turn(0.05 * i, Ask.LEFT if i > 10 else Ask.STRAIGHT) for i in range(80)]
    assert max(abs(turn or 0) for turn in at[:16]) < 0.15
    assert max(turn or 0 for turn in at) > 0.25


def test_the_table_says_what_is_bounded() -> None:
    told = table([many("photo, held", 5, lambda r: Photo(FACE, "held", r), STANDARD)], live=False)
    assert "| photo, held | 0 of 5: under 52.2% | – | unanswered 5 |" in told
    told = table([many("people", 5, Person, STANDARD)], live=True)
    assert "| people | " in told
