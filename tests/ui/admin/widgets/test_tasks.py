from __future__ import annotations

import threading
from pathlib import Path
from typing import TextIO

import pytest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from kiosk.domain.errors import EnvironmentFailed
from kiosk.ui.admin.widgets.tasks import Cancelled, Task, TaskBar, write_whole
from kiosk.ui.common.work import Worker


@pytest.fixture
def bar(qtbot: QtBot) -> TaskBar:
    made = TaskBar()
    qtbot.addWidget(made)
    return made


def test_a_task_shows_how_far_it_is(qtbot: QtBot, bar: TaskBar, worker: Worker) -> None:
    go_on = threading.Event()
    results: list[object] = []

    def op(task: Task) -> str:
        task.progress(3, 10)
        go_on.wait(10)
        return "done"

    bar.run("Working", worker, op, results.append, results.append)
    shown = bar.findChild(QProgressBar)
    qtbot.waitUntil(lambda: shown.value() == 3)
    assert shown.maximum() == 10
    assert bar.running
    go_on.set()

    qtbot.waitUntil(lambda: results == ["done"])
    assert not bar.running
    assert bar.isHidden()


def test_cancel_is_heard_and_answered(qtbot: QtBot, bar: TaskBar, worker: Worker) -> None:
    begun = threading.Event()
    results: list[object] = []

    def op(task: Task) -> None:
        begun.set()
        while True:
            task.stop_if_cancelled()

    bar.run("Working", worker, op, lambda _: None, results.append)
    begun.wait(10)
    bar.cancel()

    qtbot.waitUntil(lambda: bool(results))
    assert isinstance(results[0], Cancelled)
    assert not bar.running


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("the one before", "utf-8")

    def write(out: TextIO) -> int:
        out.write("half of ")
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        write_whole(file, write)

    assert file.read_text("utf-8") == "the one before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match="choose another place"):
        write_whole(tmp_path / "nowhere" / "out.csv", lambda out: out.write("x"))
