from __future__ import annotations

import pytest

from kiosk.domain.lookalike import look_alike, mixes_scripts, skeleton


@pytest.mark.parametrize(
    "other",
    [
        "Sam_Lee",
        "SAM LEE",
        "Sam\u00a0Lee",
        "Sam\u200b Lee",
        "\u202eSam Lee",
        "Sam Lee\u2060",
        "Sam\ufe0f Lee",
        "Sam\u3164Lee",
        "S\u0430m Lee",  # Cyrillic a
        "\uff33am Lee",  # full width
        "Sam-Lee",
        "5am Lee".replace("5", "S"),
    ],
)
def test_names_that_read_as_one(other: str) -> None:
    assert skeleton(other) == skeleton("Sam Lee")
    assert look_alike("Sam Lee", other) or other == "Sam Lee"


@pytest.mark.parametrize("other", ["Sam Li", "Sama Lee", "Lee Sam", "Sám Lee", "Сам Ли", "王小明"])
def test_names_that_do_not(other: str) -> None:
    assert not look_alike("Sam Lee", other)


def test_scripts_that_imitate_each_other_in_one_word() -> None:
    assert mixes_scripts("S\u0430m")
    for name in ("Иван Петров", "Sam Иванов", "Łukasz", "王 Wang", "محمد", "Νίκος", "O'Neil 3"):
        assert not mixes_scripts(name), name
