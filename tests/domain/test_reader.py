from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.reader import MISSED, UNLIKE, Reader

ADA, BEN = 1, 2
FRAME = 0.125


def play(reader: Reader, who: int | str | None, seconds: float, begin: float = 0.0) -> float:
    """Frames of somebody (``""``: of nobody) for so long; the time at the end."""
    now = begin
    while now < begin + seconds:
        now += FRAME
        reader.see(who != "", who or None, now)
    return now


def test_whoever_reads_looks_down_and_bends_down() -> None:
    reader = Reader(ADA, 0.0, by_face=True)
    now = play(reader, ADA, 5)
    now = play(reader, None, 30, now)
    now = play(reader, "stranger", UNLIKE - 2 * FRAME, now)
    now = play(reader, ADA, FRAME, now)
    play(reader, "", MISSED - 2 * FRAME, now)
    assert reader.there


def test_whoever_goes_is_gone_until_known_again() -> None:
    reader = Reader(ADA, 0.0, by_face=True)
    now = play(reader, "", MISSED)
    assert not reader.there
    now = play(reader, None, 5, now)
    assert not reader.there, "a face that nobody knows"
    play(reader, ADA, FRAME, now)
    assert reader.there


def test_somebody_else_is_noticed() -> None:
    for other in (BEN, "stranger"):
        reader = Reader(ADA, 0.0, by_face=True)
        play(reader, other, UNLIKE + 2 * FRAME)
        assert not reader.there


def test_one_frame_after_a_while_is_no_other_person() -> None:
    reader = Reader(ADA, 0.0, by_face=True)
    for now in (1.0, 3.0, 3.5):
        assert reader.see(True, "stranger", now)
    assert not reader.see(True, "stranger", 4.0)


def test_who_used_a_pin_may_look_like_nobody_or_not_be_seen() -> None:
    reader = Reader(ADA, 0.0, by_face=False)
    now = play(reader, "stranger", 10)
    now = play(reader, "", 10, now)
    assert reader.there
    now = play(reader, ADA, FRAME, now)
    play(reader, "stranger", UNLIKE + 2 * FRAME, now)
    assert not reader.there, "known since"


def test_who_was_let_in_some_time_ago_is_to_be_known_again() -> None:
    reader = Reader(ADA, 0.0, by_face=True, sure=False)
    now = play(reader, None, 3)
    assert not reader.there
    now = play(reader, BEN, 3, now)
    assert not reader.there
    play(reader, ADA, FRAME, now)
    assert reader.there


@given(st.lists(st.sampled_from([BEN, "stranger", None, ""]), max_size=100))
def test_nobody_else_brings_it_back(frames: list[int | str | None]) -> None:
    reader = Reader(ADA, 0.0, by_face=True)
    now = play(reader, "", MISSED)
    for who in frames:
        now = play(reader, who, FRAME, now)
    assert not reader.there
