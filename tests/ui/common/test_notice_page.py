from __future__ import annotations

import pytest

from kiosk.domain.settings import Settings
from kiosk.services.privacy.notice import Notice, notice
from kiosk.ui.common.notice_page import html, notice_pdf


@pytest.mark.parametrize("words", [1, 20, 150])
def test_it_is_one_page_however_much_the_site_says(qapp: object, words: int) -> None:
    said = Settings(controller="Acme " * words, data_contact="dpo " * words, keep_crops=True)
    made = notice_pdf(notice(said))
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1


def test_what_is_not_set_is_written_in_by_hand() -> None:
    told = html(Notice("A <b> door", (("Who", "\n"), ("What", "This & that")), "code"))
    assert "A &lt;b&gt; door" in told
    assert "This &amp; that" in told
    assert 64 * "_" in told
