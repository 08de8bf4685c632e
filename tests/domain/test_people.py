from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import BadInput
from kiosk.domain.people import NAME_LIMIT, clean_name, clean_staff_number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("José", "José"),
        ("Ada\tLove\nlace\0", "Ada Love lace"),
        ("Robert'); DROP TABLE people;--", "Robert'); DROP TABLE people;--"),
        ("👩🏽‍🚀 Ada", "👩🏽‍🚀 Ada"),
        ("नमस्‍ते", "नमस्‍ते"),
        ("Ada\ud800", "Ada"),
        ("\u202eAda\u202c Lo\u00advelace\u200b", "Ada Lovelace"),
        ("A\u200dda\ufe0f\u034f", "Ada"),
        ("Ada\u3164Lovelace\u2800", "Ada Lovelace"),
        ("e\u200c\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Ada ❤\ufe0f", "Ada ❤\ufe0f"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ada", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ada"),
        ("x" * NAME_LIMIT, "x" * NAME_LIMIT),
    ],
)
def test_a_name_is_tidied_and_nothing_else(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "   ", "\n\t\0", "\u200b", "\u200d \u2060", "\ud800", "\u3164", "\u2800\u200e"]
)
def test_a_name_that_nobody_can_see_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        clean_name(typed)


def test_500_characters_are_too_many_for_a_name() -> None:
    with pytest.raises(BadInput, match="500 characters; at most 200"):
        clean_name("x" * 500)


@pytest.mark.parametrize("typed", [None, "", "  ", "\0"])
def test_no_staff_number_is_none(typed: str | None) -> None:
    assert clean_staff_number(typed) is None


def test_staff_numbers_are_tidied_and_short() -> None:
    assert clean_staff_number(" A 17\n") == "A 17"
    with pytest.raises(BadInput, match="33 characters; at most 32"):
        clean_staff_number("7" * 33)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    try:
        once = clean_name(typed)
    except BadInput:
        return
    assert clean_name(once) == once
