from __future__ import annotations

from datetime import UTC, datetime

from kiosk.domain.people import Person
from kiosk.services.privacy.own_data import OwnData, Section
from kiosk.ui.common.own_data_pages import html, own_data_pdf

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ADA = Person(1, "Ada <b> & Söhne", "17", True, NOW)
CARD = Section("card", "The card", (("name", "Name"),), ((ADA.name,),), "A note.")
TEXT = Section(
    "consents", "Agreed", (("given", "Given"), ("text", "Text")), ((NOW, "I agree.\nReally."),)
)
NOTHING = Section("rotas", "Rotas", (("since", "Since"),), ())
LOOKS = Section("looks", "Looks", (("at", "Time"),), ((NOW,),) * 120)
DATA = OwnData(ADA, NOW, (CARD, TEXT, NOTHING, LOOKS), {})


def test_it_says_all_there_is_and_what_there_is_not() -> None:
    told = html(DATA)
    assert "What this kiosk keeps of Ada &lt;b&gt; &amp; Söhne" in told
    assert "A note." in told
    assert "I agree.<br>Really." in told
    assert "Looks: 120 rows" in told
    assert told.count("<th ") == 1 + 3, "a heading each 50 rows"
    assert "Nothing is kept of: Rotas." in told
    assert "Not kept: films" in told


def test_it_is_a_pdf(qapp: object) -> None:
    made = own_data_pdf(DATA)
    assert made.startswith(b"%PDF")
    assert len(made) > len(own_data_pdf(OwnData(ADA, NOW, (CARD,), {}))), "with all its rows"
