"""The newest backup, and one by a touch."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.errors import EnvironmentFailed
from kiosk.ui.admin.panel import AdminPanel
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page("settings")


def test_one_by_a_touch(page: Any, kiosk: Kiosk, settle: Settle, panel: AdminPanel) -> None:
    settle()
    assert "There is no backup yet in" in page.backups.newest.text()
    page.backups.button.click()
    assert not page.backups.button.isEnabled()
    settle()
    settle()
    assert "made and verified" in page.backups.note.text()
    assert page.backups.button.isEnabled()
    assert "The newest verified backup is of" in page.backups.newest.text()
    assert "kiosk-" in page.backups.newest.text()
    assert kiosk.storage.audit.newest(1)[0].actor == ADMINISTRATOR


def test_what_prevents_it_is_said(
    page: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EnvironmentFailed("There is no folder.")

    monkeypatch.setattr("kiosk.services.admin.backups._make_folder", refuse)
    page.backups.button.click()
    settle()
    assert page.backups.note.text() == "There is no folder."
    assert page.backups.button.isEnabled()


def test_the_search_finds_it_with_its_settings(page: Any, settle: Settle) -> None:
    page.query.setText("backup")
    settle()
    assert page.backups.isVisible()
    page.query.setText("rounding")
    settle()
    assert not page.backups.isVisible()
