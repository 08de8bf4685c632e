"""A panel over a real database in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from kiosk.services.site import Site
from kiosk.storage import SqlStorage, database_url, open_storage
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from tests.ui.admin.fakes import Kiosk, site_of

Settle = Callable[[], None]
OpenPage = Callable[[str], Any]


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    opened = open_storage(database_url(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def kiosk(storage: SqlStorage) -> Kiosk:
    return Kiosk(storage)


@pytest.fixture
def site(kiosk: Kiosk, tmp_path: Path) -> Site:
    return site_of(kiosk, tmp_path / "data")


@pytest.fixture
def panel(qtbot: QtBot, site: Site, bridge: Bridge, worker: Worker) -> Iterator[AdminPanel]:
    made = AdminPanel(site, bridge, worker)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitUntil(lambda: made.page is not None)
    yield made
    made.close()


@pytest.fixture
def settle(qtbot: QtBot, panel: AdminPanel, worker: Worker) -> Settle:
    """Wait until both workers have answered, and have answered what the answers asked."""

    def wait() -> None:
        qtbot.waitUntil(lambda: panel.page is None or panel.page.complete)
        for _ in range(3):
            for thread in (worker, panel.models):
                answered: list[None] = []
                thread.submit(lambda: None, answered.append)
                qtbot.waitUntil(lambda answered=answered: bool(answered), timeout=20_000)

    return wait


@pytest.fixture
def open_page(panel: AdminPanel, settle: Settle) -> OpenPage:
    """Show a page and wait for what it reads."""

    def show(key: str) -> Any:
        page = panel.open(key)
        settle()
        return page

    return show
