"""The page of settings says what the code says."""

from __future__ import annotations

from tools.settings_page import PAGE, page


def test_the_page_is_the_one_that_the_settings_make() -> None:
    assert PAGE.read_text("utf-8") == page()
