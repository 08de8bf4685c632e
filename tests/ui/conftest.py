"""Fixtures of the screen's tests: a dressed application, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.theme import apply_theme
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.words import Sound
from tests.ui.fakes import MORNING, Clock, FakeKiosk


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not left, f"threads were left behind: {left}"


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    apply_theme(qapp, dark=False)
    return qapp


@pytest.fixture
def worker(app: QApplication) -> Iterator[Worker]:
    made = Worker()
    yield made
    assert made.close()


@pytest.fixture
def kiosk() -> FakeKiosk:
    return FakeKiosk()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bridge(app: QApplication) -> Bridge:
    return Bridge()


@pytest.fixture
def heard() -> list[Sound]:
    """The sounds that the page asked for."""
    return []


@pytest.fixture
def page(
    qtbot: QtBot,
    kiosk: FakeKiosk,
    bridge: Bridge,
    worker: Worker,
    clock: Clock,
    heard: list[Sound],
) -> KioskPage:
    made = KioskPage(
        kiosk.site(), bridge, worker, play=heard.append, clock=clock, now=lambda: MORNING
    )
    qtbot.addWidget(made)
    made.resize(QSize(1280, 800))
    made.show()
    return made
