"""What somebody with a role may sign in by."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import BadInput
from kiosk.domain.passphrase import COMMON, LEAST_LETTERS, checked_secret, normal


@pytest.mark.parametrize(
    "secret",
    [
        "805471",
        "805471293640",
        "my three grey geese",
        "Blåbärssoppa på fjället",
        "ключ от дома №7",
    ],
)
def test_a_good_one_is_taken(secret: str) -> None:
    assert checked_secret(secret) == normal(secret)


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("8054", "6 to 12 digits"),
        ("8054712936401", "6 to 12 digits"),
        ("123456", "first PIN that anybody tries"),
        ("fourteen chars", "15 or more"),
        ("a" * 129, "15 or more"),
        ("Correct Horse Battery Staple", "first that anybody tries"),
        ("hellohellohello", "first that anybody tries"),
        ("aaaaaaaaaaaaaaaa", "first that anybody tries"),
        ("Maximilian Mustermann", "first that anybody tries"),
    ],
)
def test_a_bad_one_is_refused(secret: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        checked_secret(secret, ["maximilian mustermann", ""])


def test_the_same_letters_are_the_same_however_they_are_typed() -> None:
    assert checked_secret("８０５４７１") == "805471"
    assert normal("e\u0301") == normal("é")


def test_the_list_holds_what_would_be_taken_otherwise() -> None:
    assert all(len(one) >= LEAST_LETTERS and one == one.casefold() for one in COMMON)
