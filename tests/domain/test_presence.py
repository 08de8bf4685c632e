from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.presence import AWAY, GLANCE, LEFT, STANDING, Presence

ADA, BEN = 1, 2
FRAME = 0.125
SEEN = st.lists(st.sampled_from([ADA, BEN, "stranger", None, "no face"]), max_size=200)


def play(presence: Presence, frames: list[int | str | None], now: float = 0.0) -> float:
    for frame in frames:
        now += FRAME
        presence.see(frame != "no face", None if frame == "no face" else frame, now)
    return now


@given(SEEN)
def test_only_who_was_let_in_stays(frames: list[int | str | None]) -> None:
    presence = Presence(60)
    presence.let_in(ADA, 0)
    now = play(presence, frames)
    assert presence.person in (ADA, None)
    for leaning in (BEN, "stranger"):
        assert not presence.stays(leaning, now)
    nobody = Presence(60)
    nobody.let_in(None, 0)
    now = play(nobody, frames)
    assert nobody.person is None
    assert not any(nobody.stays(leaning, now) for leaning in (ADA, BEN, None))


@given(SEEN)
def test_whoever_is_out_of_sight_for_a_second_has_left(frames: list[int | str | None]) -> None:
    presence = Presence(60)
    presence.let_in(ADA, 0)
    now = play(presence, frames)
    gone = ["no face"] * (1 + int(LEFT / FRAME))
    play(presence, [*gone, ADA], now)
    assert presence.person is None


@given(st.integers(1, 5000), st.floats(0, 3600))
def test_whoever_just_stands_there_is_logged_once_in_a_window(count: int, window: float) -> None:
    presence = Presence(window)
    presence.let_in(ADA, 0)
    rows, now = 0, 0.0
    for _ in range(count):
        now = play(presence, [ADA], now)
        rows += presence.confirm(now)
    assert rows <= now / max(window, STANDING)
    assert rows >= int(now / (max(window, STANDING) + 1))


@pytest.mark.parametrize("meanwhile", [None, "stranger", "no face", BEN])
def test_each_look_away_and_back_is_a_row(meanwhile: int | str | None) -> None:
    presence = Presence(3600)
    presence.let_in(ADA, 0)
    now = 0.0
    for _ in range(5):
        now = play(presence, [ADA], now)
        assert not presence.confirm(now)
        now = play(presence, [meanwhile] * int(AWAY / FRAME), now)
        now = play(presence, [ADA, ADA], now)
        assert presence.confirm(now)


def test_a_glance_elsewhere_is_the_same_person_for_three_seconds() -> None:
    presence = Presence(60)
    presence.let_in(ADA, 0)
    assert presence.stays(None, GLANCE - 0.1)
    assert not presence.stays(None, GLANCE)


def test_a_visit_goes_on_while_somebody_stays_and_for_the_window_after() -> None:
    presence = Presence(60)
    presence.let_in(ADA, 0)
    assert not presence.same_visit(ADA, 1), "the log itself knows of that one"
    presence.confirm(100)
    presence.let_in(BEN, 120)
    assert presence.same_visit(ADA, 159)
    assert not presence.same_visit(ADA, 160)
    assert not presence.same_visit(BEN, 121)
    presence.forget()
    assert not presence.same_visit(ADA, 101)
