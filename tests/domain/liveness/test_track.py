"""Is it the same face, by where it is?"""

from __future__ import annotations

from kiosk.domain.frame import Box
from kiosk.domain.liveness.track import STALL, VANISH, Track

HERE = Box(100, 100, 100, 120)
THERE = Box(300, 100, 100, 120)


def test_a_face_is_held_while_it_stays_about_where_it_was() -> None:
    track = Track()
    assert not track.see(0.0, None)
    assert not track.see(0.1, HERE), "there was none before"
    assert track.see(0.2, HERE)
    assert not track.see(0.3, THERE)
    assert track.see(0.4, THERE)


def test_it_may_be_out_of_sight_for_a_moment_only() -> None:
    track = Track()
    track.see(0.0, HERE)
    assert track.see(0.1, None)
    assert track.see(0.1 + VANISH, HERE)
    track.see(1.0, None)
    assert not track.see(1.1 + VANISH, HERE)
    assert track.see(1.2 + VANISH, HERE)


def test_frames_that_were_lost_are_no_face_that_went_away() -> None:
    track = Track()
    track.see(0.0, HERE)
    assert track.see(STALL - 0.1, HERE)
    assert not track.see(2 * STALL, HERE)
