from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ACTIONS, ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.errors import ModelError
from kiosk.services.site import Finding
from kiosk.storage import SqlStorage
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.acts import ACTORS
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk, site_of


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page("about")


def test_the_doctors_report_is_shown_and_copied(page: Any) -> None:
    assert page.report_head.text() == "1 thing to do."
    assert page.report.count() == 3

    page.copy_button.click()

    assert "TO DO  Database: The disk has 12 MB left" in QGuiApplication.clipboard().text()


def test_the_doctor_looks_again(page: Any, kiosk: Kiosk, settle: Settle) -> None:
    kiosk.findings = (Finding("Kiosk", True, "Version 1."),)

    page.again_button.click()
    settle()

    assert page.report_head.text() == "All is well."


def test_advice_is_neither_well_nor_to_do(page: Any, kiosk: Kiosk, settle: Settle) -> None:
    kiosk.findings = (Finding("Backup", True, "None was made.", advice=True),)

    page.again_button.click()
    settle()

    assert page.report_head.text() == "Nothing must be done; 1 note."
    assert page.report_text() == "note   Backup: None was made."


def test_the_encoder_is_described(page: Any) -> None:
    assert page.encoder_title.text() == "Fake encoder"
    assert "licence MIT" in page.encoder_facts.text()
    assert "LFW" in page.encoder_facts.text()


def test_licences_are_sorted(page: Any) -> None:
    model = page.table.model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]

    assert names == ["fake-encoder-v1", "numpy", "PySide6"]
    page.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert model.index(0, 2).data() == "BSD-3-Clause"


def test_a_missing_encoder_is_told(
    qtbot: QtBot, storage: SqlStorage, bridge: Bridge, worker: Worker, tmp_path: Path
) -> None:
    def broken() -> Any:
        raise ModelError("models/manifest.json is missing.")

    panel = AdminPanel(site_of(Kiosk(storage), tmp_path, info=broken), bridge, worker)
    qtbot.addWidget(panel)
    panel.show()
    page: Any = panel.open("about")

    qtbot.waitUntil(lambda: page.encoder_title.text() == "No encoder can be used")
    panel.close()


def test_what_was_changed_is_told_with_who_did_it(page: Any, site: Any, settle: Settle) -> None:
    assert page.changes.text() == "Nothing yet."
    site.admin.settings.set_admin_pin(ADMINISTRATOR, "284617")
    site.admin.settings.reset_admin_pin(Actor(ActorKind.SYSTEM_USER, "mia"))
    page.refresh()
    settle()
    newest, oldest = page.changes.text().splitlines()
    assert newest.endswith("mia  ·  reset the admin PIN")
    assert oldest.endswith("administrator  ·  set the admin PIN")


def test_changed_settings_are_told_as_on_their_page(page: Any, site: Any, settle: Settle) -> None:
    before = site.settings()
    site.admin.settings.change(ADMINISTRATOR, before, before.changed(liveness="off"))
    page.refresh()
    settle()
    assert page.changes.text().endswith(
        "changed settings  ·  Check that it is a person and not a photo: Look, and ask to turn the "
        "head when unsure (recommended) → Off"
    )


def test_every_act_has_words() -> None:
    assert set(ACTIONS) == set(Action)
    assert set(ACTORS) == set(ActorKind)
