from __future__ import annotations

import shutil
import sys

import pytest

from kiosk.fonts import check_fonts, in_a_font


def test_names_in_scripts_without_a_font_are_told_with_an_example_each() -> None:
    asked: list[str] = []

    def only_arabic(letter: str) -> bool:
        asked.append(letter)
        return letter == "م"

    names = ["Mia Chen", "Łukasz", "Иван", "李雷", "王小明", "محمد", "김민준"]
    (found,) = check_fonts(names, only_arabic)

    assert asked == ["李", "م", "김"], "one letter a script, and none that the program brings"
    assert (found.title, found.ok, found.advice) == ("Fonts", True, True)
    assert found.text.startswith("No font here has the letters of 李雷, 김민준: ")


@pytest.mark.parametrize("names", [[], ["Mia Chen", "Łukasz Żółć", "Γιώργος", "1001", "👩‍🔬"]])
def test_what_the_program_brings_is_no_matter(names: list[str]) -> None:
    assert check_fonts(names, lambda letter: False) == ()


def test_names_that_a_font_has_are_no_matter() -> None:
    assert check_fonts(["李雷", "محمد"], lambda letter: True) == ()


@pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("fc-list"), reason="no fontconfig here"
)
def test_fontconfig_is_asked() -> None:
    assert in_a_font("a")
    assert not in_a_font("\U0010fffd"), "the last letter for private use"
