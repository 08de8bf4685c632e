from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.errors import StorageError
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.start import Start


@pytest.fixture
def window(qtbot: QtBot, worker: Worker) -> QStackedWidget:
    made = QStackedWidget()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


def test_it_tries_by_itself_at_growing_pauses(
    qtbot: QtBot, window: QStackedWidget, worker: Worker
) -> None:
    tries, begun, failures = list[str](), list[str](), list[str]()
    start = Start(window, worker, first=0.01, longest=0.03)

    def prepare() -> str:
        tries.append(threading.current_thread().name)
        if len(tries) < 5:
            raise StorageError(f"No. {len(tries)} failed. Wait.")
        return "prepared"

    def failed() -> None:
        assert start.page is not None
        assert window.currentWidget() is start.page
        failures.append(f"{start._pause:.2f}")

    start.run(prepare, begun.append, failed)
    qtbot.waitUntil(lambda: bool(begun))

    assert begun == ["prepared"]
    assert tries == 5 * ["worker"]
    assert failures == ["0.01", "0.02", "0.03", "0.03"]
    assert start.page is not None
    assert "No. 4 failed. Wait." in start.page.accessibleName()
    start.over()
    assert window.count() == 0


def test_whoever_touches_twice_asks_once(
    qtbot: QtBot, window: QStackedWidget, worker: Worker
) -> None:
    tries, may_end = list[int](), threading.Event()
    start = Start(window, worker, first=60)

    def prepare() -> None:
        tries.append(1)
        if len(tries) == 2:
            may_end.wait(30)
        raise StorageError("The database is locked. Close it.")

    start.run(prepare, lambda _: None, lambda: None)
    qtbot.waitUntil(lambda: start.page is not None)
    assert start.page is not None
    start.page.button.click()
    qtbot.waitUntil(lambda: len(tries) == 2)
    assert "trying again now" in start.page.words.second
    start.page.button.click()
    may_end.set()
    qtbot.waitUntil(lambda: start.page is not None and "in 60 s" not in start.page.words.second)
    qtbot.waitUntil(lambda: start.page is not None and " s." in start.page.words.second)
    assert len(tries) == 2


def test_a_try_that_does_not_come_back_is_told(
    qtbot: QtBot, window: QStackedWidget, worker: Worker
) -> None:
    may_end, begun = threading.Event(), list[object]()
    start = Start(window, worker, slow=20)
    start.run(lambda: may_end.wait(30), begun.append, lambda: None)
    qtbot.waitUntil(lambda: start.page is not None)
    assert start.page is not None
    assert "takes unusually long" in start.page.accessibleName()
    assert not begun
    may_end.set()
    qtbot.waitUntil(lambda: begun == [True])
    start.over()
