"""Real work is told right, or asked about: never wrong in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.attendance.scenarios import SCENARIOS, page, played

PAGE = Path(__file__).resolve().parents[3] / "docs" / "attendance-scenarios.md"


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=map(str, SCENARIOS))
def test_told_right_or_asked(number: int) -> None:
    scenario, told = SCENARIOS[number], played(number)
    assert told.wrong_in_silence(scenario.truth) == []
    assert told.sheet == scenario.sheet


def test_the_page_is_what_they_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "print it anew: see scenarios.py"
