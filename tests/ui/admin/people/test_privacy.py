"""What a person agreed to, and what they may ask for, on their sheet."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.people import Person
from kiosk.domain.retention import End, Kept
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.people.privacy import ReceiptSheet, end_words
from kiosk.ui.admin.widgets.formats import day
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import vector_of

NOW = datetime.now(UTC)


@pytest.fixture
def mia(storage: SqlStorage, site: Site) -> Person:
    mia = storage.people.add("Mia Chen", "17")
    storage.people.add_template(mia.id, vector_of(1), "fake", 0.9, "camera")
    allow = Decision(NOW, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, mia.id)
    storage.events.append(allow)
    site.admin.consents.record(ADMINISTRATOR, mia.id, "on paper")
    return mia


@pytest.fixture
def sheet(mia: Person, open_page: OpenPage, panel: AdminPanel, settle: Settle) -> Any:
    page: Any = open_page("people")
    page.cards.opened.emit(page.model.cards[0])
    settle()
    return panel.sheets.top


def agree(panel: AdminPanel, settle: Settle) -> None:
    """Touch the button that does it, on the question."""
    question: Any = panel.sheets.top
    question.buttons.itemAt(question.buttons.count() - 1).widget().click()
    settle()


def test_it_says_what_is_kept_and_when_it_ends(
    sheet: Any, storage: SqlStorage, settle: Settle
) -> None:
    today = day(NOW.astimezone().date())
    assert sheet.privacy.consent.text() == f"Agreed on {today}, on paper, to version 1."
    assert sheet.privacy.kept.text() == (
        "Kept: 1 entry, until somebody deletes it; 1 photo, until somebody deletes it."
    )
    storage.settings.save({"keep_allowed": 90, "consent_text": "Another."})
    sheet.privacy.read()
    settle()
    assert sheet.privacy.consent.text().endswith("The text is another one now.")
    until = day(NOW.date() + timedelta(days=91))
    assert f"1 entry, the oldest until {until}" in sheet.privacy.kept.text()


def test_a_kind_is_told_with_its_end() -> None:
    assert end_words(End(Kept.REQUESTS, 2, None, 0)) == "2 requests, until somebody deletes them"
    assert end_words(End(Kept.FACES, 2, None, 14)) == "2 photos, 14 days after the last day"
    told = end_words(End(Kept.REFUSED, 1, date(2026, 3, 1), 30))
    assert told == f"1 refusal, the oldest until {day(date(2026, 4, 1))}"


def test_all_that_is_kept_is_written_out(
    sheet: Any, storage: SqlStorage, settle: Settle, tmp_path: Path
) -> None:
    sheet.privacy.write(tmp_path / "mia.pdf")
    settle()
    assert (tmp_path / "mia.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((tmp_path / "mia.json").read_text())["card"][0]["name"] == "Mia Chen"
    assert storage.audit.newest(1)[0].action is Action.HAND_OUT_DATA
    sheet.privacy.write(tmp_path / "nowhere" / "mia.pdf")
    settle()
    assert "choose another place" in sheet.note.text


def test_withdrawing_deletes_the_photos(
    sheet: Any, panel: AdminPanel, storage: SqlStorage, mia: Person, settle: Settle
) -> None:
    sheet.privacy.withdraw.click()
    assert storage.people.get(mia.id).template_count == 1, "not before it was asked"
    agree(panel, settle)
    assert storage.people.get(mia.id).template_count == 0
    assert sheet.privacy.consent.text().startswith("Withdrawn on ")
    assert not sheet.privacy.withdraw.isEnabled()
    assert "Mia Chen" in sheet.note.text


def test_erasing_gives_a_receipt(
    sheet: Any,
    panel: AdminPanel,
    storage: SqlStorage,
    settle: Settle,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    sheet.privacy.erase.click()
    agree(panel, settle)
    qtbot.waitUntil(lambda: isinstance(panel.sheets.top, ReceiptSheet))
    assert storage.people.find() == ()
    receipt: Any = panel.sheets.top
    receipt.write(tmp_path / "receipt.txt")
    settle()
    text = (tmp_path / "receipt.txt").read_text()
    assert text.startswith("Receipt: the data of Mia Chen (no. 1) were deleted on ")
    assert "Erased: the name in 1 log entry" in text
