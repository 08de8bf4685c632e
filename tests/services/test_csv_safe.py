from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.services.csv_safe import cell


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠a"]
)
def test_a_formula_is_only_text(text: str) -> None:
    assert cell(text) == "'" + text


@given(st.text())
def test_nothing_else_is_touched(text: str) -> None:
    assert cell(text) in (text, "'" + text)
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_name_stays_as_it_is() -> None:
    assert cell("Ada = Lovelace") == "Ada = Lovelace"
    assert cell("") == ""
