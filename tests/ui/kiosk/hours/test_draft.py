from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.ui.kiosk.hours.draft import Draft, Step, shown, typed
from kiosk.ui.kiosk.hours.model import DayLine, Entry, Question
from tests.ui.kiosk.hours.conftest import PLAIN, local

MONDAY = date(2026, 11, 23)


def event(punch: str) -> ClockEvent:
    direction, _, at = punch.partition(" ")
    return ClockEvent(3, 7, Direction(direction), local(at).astimezone(UTC))


def line(*punches: str, begin: str = "2026-11-23 00:00") -> DayLine:
    entries = tuple(Entry(event(punch), punch, "by face") for punch in punches)
    return DayLine(MONDAY, local(begin), "Mon 23 Nov", entries=entries)


def at(draft: Draft, digits: str) -> datetime | None:
    for digit in digits:
        draft = draft.typed(digit)
    return draft.moment()


def test_a_missing_entry_takes_three_steps() -> None:
    draft = Draft(line())
    assert draft.step is Step.ENTRY
    draft = draft.missing(Direction.OUT)
    assert draft.step is Step.TIME
    assert draft.moment() is None
    for digit in "1705":
        draft = draft.typed(digit)
    assert draft.ready
    draft = draft.at_time()
    assert draft.step is Step.REASON
    assert draft.moment() == local("2026-11-23 17:05")
    assert draft.said(PLAIN) == "Went out Mon 23 Nov, 17:05"
    assert draft.reasons()[0] == "I forgot to clock out"


def test_back_is_a_step_each() -> None:
    draft: Draft | None = Draft(line("in 2026-11-23 08:00"))
    assert draft is not None
    draft = draft.wrong(draft.line.entries[0].event).another_time()
    for digit in "0900":
        draft = draft.typed(digit)
    steps = []
    draft = draft.at_time()
    while draft is not None:
        steps.append(draft.step)
        draft = draft.back()
    assert steps == [Step.REASON, Step.TIME, Step.CHANGE, Step.ENTRY]


def test_back_from_what_needs_no_time() -> None:
    one = Draft(line("in 2026-11-23 08:00"))
    wrong = one.wrong(one.line.entries[0].event)
    for draft in (wrong.take_out(), wrong.another_way(Direction.OUT)):
        assert draft.step is Step.REASON
        assert draft.back() == wrong
    assert wrong.take_out().moment() is None
    assert wrong.take_out().said(PLAIN) == "Take out: Came in Mon 23 Nov, 08:00"
    assert wrong.another_way(Direction.OUT).moment() == local("2026-11-23 08:00")


def test_back_from_a_question_is_back_to_all_hours() -> None:
    came = event("in 2026-11-23 08:00")
    asked = Question(came, line("in 2026-11-23 08:00"), "", (), Direction.OUT)
    draft = Draft.answering(asked)
    assert draft.step is Step.TIME
    assert draft.back() is None
    assert at(draft, "1630") == local("2026-11-23 16:30")


def test_a_going_belongs_to_its_coming_over_midnight() -> None:
    night = Draft(line("in 2026-11-23 22:00"))
    assert at(night.missing(Direction.OUT), "0600") == local("2026-11-24 06:00")
    assert at(night.missing(Direction.OUT), "2330") == local("2026-11-23 23:30")
    morning = Draft(line("out 2026-11-23 06:00"))
    assert at(morning.missing(Direction.IN), "2200") == local("2026-11-22 22:00")
    assert at(morning.missing(Direction.IN), "0500") == local("2026-11-23 05:00")


def test_a_second_coming_in_a_day_has_a_going_of_its_own() -> None:
    day = line("in 2026-11-23 08:00", "out 2026-11-23 12:00", "seen 2026-11-23 12:01")
    assert at(Draft(day).missing(Direction.OUT), "0600") == local("2026-11-23 06:00")
    again = line("in 2026-11-23 08:00", "out 2026-11-23 12:00", "in 2026-11-23 18:00")
    assert at(Draft(again).missing(Direction.OUT), "0200") == local("2026-11-24 02:00")


def test_a_working_day_may_begin_in_the_morning() -> None:
    day = line(begin="2026-11-23 05:00")
    assert at(Draft(day).missing(Direction.IN), "0400") == local("2026-11-24 04:00")
    assert at(Draft(day).missing(Direction.IN), "0500") == local("2026-11-23 05:00")


def test_a_wrong_time_is_moved_to_the_nearest() -> None:
    draft = Draft(line("in 2026-11-23 22:00", "out 2026-11-24 06:00"))
    late = draft.wrong(draft.line.entries[1].event).another_time()
    assert at(late, "0530") == local("2026-11-24 05:30")
    assert at(late, "2330") == local("2026-11-23 23:30")


@pytest.mark.parametrize(
    ("keys", "digits"),
    [
        ("1705", "1705"),
        ("730", "0730"),
        ("2959", "2"),
        ("1260", "120"),
        ("170512", "12"),
        ("a", ""),
    ],
)
def test_only_times_can_be_typed(keys: str, digits: str) -> None:
    made = ""
    for key in keys:
        made = typed(made, key)
    assert made == digits


def test_a_time_on_its_way() -> None:
    assert [shown(d) for d in ("", "1", "170", "1705")] == ["__:__", "1_:__", "17:0_", "17:05"]
    assert Draft(line(), digits="17").erased().digits == "1"


@given(st.text("0123456789", max_size=12))
def test_four_digits_are_always_a_time(keys: str) -> None:
    draft = Draft(line()).missing(Direction.IN)
    for key in keys:
        draft = draft.typed(key)
    if draft.ready:
        moment = draft.moment()
        assert moment is not None
        assert draft.line.begin <= moment
