"""The notice at the door says what is true under the settings."""

from __future__ import annotations

from kiosk.domain.settings import Settings
from kiosk.services.privacy.notice import BLANK, CODE_LIMIT, notice


def said(settings: Settings) -> dict[str, str]:
    return dict(notice(settings).parts)


def test_as_delivered_it_leaves_room_for_what_only_the_site_knows() -> None:
    told = said(Settings())
    assert told["Who is responsible"] == told["Who answers, and where to object"] == BLANK
    assert "Looks that were refused: until somebody deletes them" in told["How long"]
    assert "picture" not in told["What is stored"]
    assert "a PIN opens the same door" in told["Another way in"]


def test_it_follows_the_settings() -> None:
    settings = Settings(
        keep_refused=30,
        keep_attendance=30,
        hours_by_law=730,
        keep_crops=True,
        attendance=True,
        controller=" Acme ",
        data_contact="dpo@example.org",
        pin_entry=False,
    )
    told = said(settings)
    assert "Looks that were refused: 30 days" in told["How long"]
    assert "hours: 730 days" in told["How long"], "no less than the law asks"
    assert "A small picture of each enrolled face, too." in told["What is stored"]
    assert (told["Who is responsible"], told["Another way in"]) == ("Acme", BLANK)
    without = said(Settings(attendance=False))
    assert "come and go" not in without["What happens here"]
    assert "hours" not in without["How long"]


def test_the_code_leads_to_the_site_s_page_or_holds_the_notice() -> None:
    assert notice(Settings(notice_page="https://example.org/door")).code == (
        "https://example.org/door"
    )
    code = notice(Settings()).code
    assert code.startswith("This door knows faces\nA camera compares")
    assert len(code) <= CODE_LIMIT
