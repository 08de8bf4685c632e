"""The bar that says that something is waited for; time passes where a test says so."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.busy import Busy
from kiosk.ui.common.work import Worker
from tests.ui.admin.conftest import OpenPage, Settle

NEVER = 10**8


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_what_comes_quickly_shows_nothing(window: QWidget) -> None:
    busy = Busy(window, NEVER)
    busy.begin()
    assert busy.isHidden()
    busy.end()
    assert busy.isHidden()
    assert not busy._late.isActive()


def test_what_takes_long_is_seen_until_all_of_it_is_there(window: QWidget) -> None:
    busy = Busy(window, NEVER)
    busy.begin()
    busy.begin()
    busy._late.timeout.emit()
    assert busy.isVisible()
    assert busy.width() == window.width()
    assert busy.accessibleName()
    busy._seen.stop()
    busy.end()
    assert busy.isVisible()
    busy.end()
    assert busy.isHidden()


def test_once_seen_it_stays_for_a_moment(window: QWidget) -> None:
    busy = Busy(window, NEVER)
    busy.begin()
    busy._late.timeout.emit()
    busy.end()
    assert busy.isVisible()
    busy._seen.stop()
    busy._seen.timeout.emit()
    assert busy.isHidden()


@pytest.mark.parametrize("key", ["people", "log", "attendance", "threshold"])
def test_a_page_that_is_long_in_coming_says_so(
    qtbot: QtBot,
    panel: AdminPanel,
    worker: Worker,
    open_page: OpenPage,
    settle: Settle,
    key: str,
) -> None:
    page: Any = open_page(key)
    held = threading.Event()
    worker.submit(held.wait, lambda _: None)
    page.refresh()
    assert page.busy.isHidden()
    page.busy._late.timeout.emit()
    assert page.busy.isVisible()
    held.set()
    settle()
    page.busy._seen.stop()
    page.busy._seen.timeout.emit()
    assert page.busy.isHidden()


def test_a_failure_ends_the_waiting(panel: AdminPanel, open_page: OpenPage, settle: Settle) -> None:
    page: Any = open_page("log")

    def fail() -> None:
        raise OSError("no disk")

    page.ask(fail, lambda _: None)
    settle()
    assert page.busy._waited_for == 0
    assert page.banner.text
