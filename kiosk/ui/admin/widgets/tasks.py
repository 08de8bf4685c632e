"""Long tasks: a bar, the remaining time, and Cancel."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from PySide6.QtWidgets import QProgressBar, QWidget

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.services.private_files import writing_csv
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.layouts import column, row
from kiosk.ui.admin.widgets.words import remaining

if TYPE_CHECKING:
    from kiosk.ui.common.work import Job, Worker


class Cancelled(BadInput):
    """Whoever started the task has stopped it."""


class Task:
    """What a task on a worker's thread tells, and is told."""

    def __init__(self, job: Job, stopped: threading.Event) -> None:
        self._job = job
        self._stopped = stopped
        self._told = 0.0

    def progress(self, done: int, total: int) -> None:
        """``done`` of ``total``; told at most 20 times a second."""
        now = time.monotonic()
        if now - self._told >= 0.05 or done >= total:
            self._told = now
            self._job.report(done, total)

    def cancelled(self) -> bool:
        """Whether to stop, and leave things whole."""
        return self._stopped.is_set() or self._job.cancelled

    def stop_if_cancelled(self) -> None:
        """Raises Cancelled where the task should stop."""
        if self.cancelled():
            raise Cancelled(_("Stopped: nothing was written."))


class TaskBar(QWidget):
    """Shows the one task that runs; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._running = False
        # Not the job's own cancelling: a task that was stopped still reports what it has done.
        self._stopped = threading.Event()
        self._began = 0.0
        self._title = label("", "label")
        self._left = label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Progress"))
        self._cancel = Button(_("Cancel"), self.cancel)
        lines = column(row(self._title, 1, self._left), self._bar, gap=1)
        whole = row(lines, self._cancel, gap=4)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.hide()

    @property
    def running(self) -> bool:
        return self._running

    def run(
        self,
        title: str,
        worker: Worker,
        op: Callable[[Task], Any],
        success: Callable[[Any], object],
        failure: Callable[[BaseException], object],
    ) -> None:
        """Run ``op`` on a worker; it should look at ``task.cancelled`` often."""
        self._running = True
        self._stopped = stopped = threading.Event()
        self._began = time.monotonic()
        self._title.setText(title)
        self._left.setText("")
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        self.show()

        def done(result: Any) -> None:
            self._end()
            success(result)

        def failed(error: BaseException) -> None:
            self._end()
            failure(error)

        worker.run(
            lambda job: op(Task(job, stopped)),
            done,
            failed,
            progress=self._progressed,
            owner=self,
        )

    def cancel(self) -> None:
        """Ask the task to stop; it leaves things whole."""
        if self._running:
            self._stopped.set()
            self._cancel.setEnabled(False)
            self._left.setText(_("stopping"))

    def _progressed(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            return
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        spent = time.monotonic() - self._began
        left = f", {remaining(spent * (total - done) / done)}" if done and spent > 1 else ""
        self._left.setText(f"{done:,} of {total:,}{left}")

    def _end(self) -> None:
        self._running = False
        self.hide()


def write_whole(path: Path, write: Callable[[TextIO], int]) -> int:
    """Have a text file written: all of it, or nothing where it is cancelled or fails; returns
    what ``write`` does.

    Raises:
        Cancelled: nothing was written.
        EnvironmentFailed: the file can't be written.
    """
    with writing_csv(path) as file:
        return write(file)


class Counted(io.StringIO):
    """Counts the lines on their way to a file, and stops where the task is cancelled."""

    def __init__(self, file: TextIO, task: Task, total: int) -> None:
        super().__init__()
        self._file = file
        self._task = task
        self._total = total
        self._lines = 0

    def write(self, text: str, /) -> int:
        self._task.stop_if_cancelled()
        self._lines += text.count("\n")
        self._task.progress(min(self._lines, self._total), self._total)
        return self._file.write(text)
