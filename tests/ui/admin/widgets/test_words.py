from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.decision import Hint, Mode, Outcome, Reason
from kiosk.ui.admin.widgets import words
from kiosk.ui.common.palette import contrast


def test_everything_that_can_be_logged_has_words() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.REASONS) == set(Reason)
    assert set(words.MODES) == set(Mode)
    assert set(words.GUIDANCE) >= set(Hint)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mia Chen", "MC"),
        ("Ada", "A"),
        ("José María García", "JG"),
        ("(Dr.) Łukasz Nowak", "ŁN"),
        ("🙂", "🙂"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@given(st.text(max_size=40))
def test_a_badge_can_be_read_and_never_changes(name: str) -> None:
    for dark in (False, True):
        back, front = words.badge_colour(name, dark)
        assert contrast(back, front) >= 4.5
        assert words.badge_colour(name.upper().casefold(), dark) == words.badge_colour(
            name.upper().casefold(), dark
        )


@pytest.mark.parametrize(
    ("rate", "pairs", "text"),
    [
        (0.03, 3000, "About 3 in 100"),
        (0.004, 3000, "About 4 in 1,000"),
        (0.0, 3000, "Fewer than 1 in 3,000"),
        (0.00003, 10_000_000, "About 3 in 100,000"),
        (0.000002, 10_000_000, "About 1 in 500,000"),
        (0.5, 0, "An unknown share"),
    ],
)
def test_a_share_in_words(rate: float, pairs: int, text: str) -> None:
    assert words.share(rate, pairs) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2, "a few seconds left"),
        (33, "about 35 s left"),
        (130, "about 2 min left"),
        (3 * 3600 + 300, "about 3 h 5 min left"),
    ],
)
def test_the_remaining_time(seconds: float, text: str) -> None:
    assert words.remaining(seconds) == text


def test_numbers_of_things_and_hours() -> None:
    assert words.counted(1, "person", "people") == "1 person"
    assert words.counted(2000, "row") == "2,000 rows"
    assert words.hours(7.5 * 3600) == "7:30"
