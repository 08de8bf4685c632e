from __future__ import annotations

from kiosk.domain.settings import Settings
from kiosk.services.privacy.notice import Notice, notice
from kiosk.ui.common.notice_page import code_image, html, notice_pdf


def test_it_is_one_page(qapp: object) -> None:
    made = notice_pdf(notice(Settings(controller="Acme " * 20, data_contact="dpo " * 20)))
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1


def test_what_is_not_set_is_written_in_by_hand() -> None:
    told = html(Notice("A <b> door", (("Who", "\n"), ("What", "This & that")), "code"))
    assert "A &lt;b&gt; door" in told
    assert "This &amp; that" in told
    assert 64 * "_" in told


def test_the_code_is_dark_on_white(qapp: object) -> None:
    image = code_image("https://example.org")
    shades = {image.pixelColor(x, 4).lightness() for x in range(image.width())}
    assert shades == {0, 255}
