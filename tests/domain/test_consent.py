from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.domain.consent import OWN_VERSION, Agreed, Consent, clean_how, wording
from kiosk.domain.errors import BadInput

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def consent(person: int, text: str) -> Consent:
    return Consent(0, person, "Ada", wording(text), NOON, "mia", "on paper")


def test_the_same_text_is_the_same_version_whatever_is_around_it() -> None:
    assert wording("I agree.  \nYes.\n") == wording("\n I agree.\nYes. ".replace(" I", "I"))
    assert wording("I agree.").version != wording("I disagree.").version
    assert len(wording("I agree.").version) == 12
    assert wording("  ").version == OWN_VERSION
    assert "PIN instead" in wording("").text


def test_people_are_counted_by_what_they_agreed_to() -> None:
    newest = {
        1: consent(1, "new"),
        2: consent(2, "old"),
        3: replace(consent(3, "new"), withdrawn_at=NOON),
        9: consent(9, "new"),
    }
    assert Agreed.of([1, 2, 3, 4], newest, wording("new")) == Agreed(now=1, before=1, never=2)


def test_how_somebody_agreed_is_said() -> None:
    assert clean_how("  on   paper ") == "on paper"
    for wrong in (" ", "x" * 101):
        with pytest.raises(BadInput, match=r"at the kiosk|at most 100"):
            clean_how(wrong)
