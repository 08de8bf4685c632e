from __future__ import annotations

import logging
import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.errors import BadInput
from kiosk.ui.common.work import Job, Worker, sentence


def test_work_runs_elsewhere_and_answers_here(qtbot: QtBot, worker: Worker) -> None:
    ran: list[threading.Thread] = []
    answered: list[tuple[int, threading.Thread]] = []

    def op() -> int:
        ran.append(threading.current_thread())
        return 42

    worker.submit(op, lambda value: answered.append((value, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(answered))
    assert answered == [(42, threading.main_thread())]
    assert ran[0] is not threading.main_thread()


def test_one_after_the_other(qtbot: QtBot, worker: Worker) -> None:
    order: list[int] = []
    for number in range(20):
        worker.submit(lambda number=number: number, order.append)
    qtbot.waitUntil(lambda: len(order) == 20)
    assert order == list(range(20))


def test_a_failure_brings_its_sentence(qtbot: QtBot, worker: Worker) -> None:
    failures: list[BaseException] = []

    def op() -> None:
        raise BadInput("The name is empty: type the person's name.")

    worker.submit(op, lambda _: pytest.fail("no success"), failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert sentence(failures[0]) == "The name is empty: type the person's name."


def test_a_bug_goes_to_the_log_and_is_told_in_general_words(
    qtbot: QtBot, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[BaseException] = []
    worker.submit(lambda: 1 // 0, lambda _: None, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert "not foreseen" in sentence(failures[0])
    assert "ZeroDivisionError" in caplog.text


def test_a_failure_nobody_waits_for_is_logged(
    qtbot: QtBot, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []

    def op() -> None:
        raise BadInput("It is not there.")

    with caplog.at_level(logging.WARNING):
        worker.submit(op, lambda _: None)
        worker.submit(lambda: 1, done.append)
        qtbot.waitUntil(lambda: bool(done))
    assert "It is not there." in caplog.text


def test_progress_is_reported_here(qtbot: QtBot, worker: Worker) -> None:
    told: list[tuple[int, threading.Thread]] = []
    done: list[None] = []

    def op(job: Job) -> None:
        for number in range(3):
            job.report(number)

    worker.run(op, done.append, progress=lambda n: told.append((n, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(done))
    assert told == [(n, threading.main_thread()) for n in range(3)]


def test_cancelled_work_tells_nothing(qtbot: QtBot, worker: Worker) -> None:
    begun, done = threading.Event(), []
    answers: list[object] = []

    def op(job: Job) -> str:
        begun.set()
        while not job.cancelled:
            threading.Event().wait(0.001)
        job.report(1)
        return "late"

    running = worker.run(op, answers.append, answers.append, progress=answers.append)
    waiting = worker.submit(lambda: "never", answers.append)
    waiting.cancel()
    assert begun.wait(5)
    running.cancel()
    worker.submit(lambda: "last", done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert not answers


def test_nothing_is_called_for_an_owner_that_is_gone(qtbot: QtBot, worker: Worker) -> None:
    owner, answers, done = QObject(), [], []
    gate = threading.Event()
    worker.submit(gate.wait, answers.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    worker.submit(lambda: 1, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert not answers


class _Witness:
    """Whose thread lets go of it last?"""

    def __init__(self, told: list[threading.Thread]) -> None:
        self._told = told

    def __del__(self) -> None:
        self._told.append(threading.current_thread())


@pytest.mark.parametrize("how", ["answered", "failed", "cancelled"])
def test_what_a_job_holds_is_let_go_of_on_the_screens_thread(
    qtbot: QtBot, worker: Worker, how: str
) -> None:
    """A widget that another thread destroys takes Qt's locks and Python's in the wrong order: the
    screen stood still for ever."""
    told: list[threading.Thread] = []
    answered: list[int] = []

    def op() -> None:
        if how == "failed":
            raise BadInput("The name is empty: type the person's name.")

    for _ in range(20):
        witness = _Witness(told)
        job = worker.submit(
            op,
            lambda _, held=witness: answered.append(0),
            lambda _, held=witness: answered.append(0),
        )
        if how == "cancelled":
            job.cancel()
        del witness, job
    worker.submit(lambda: None, lambda _: answered.append(1))
    qtbot.waitUntil(lambda: len(told) == 20)
    assert set(told) == {threading.main_thread()}
    assert answered.count(1) == 1


def test_closing_lets_go_of_what_waited_on_the_screens_thread(app: QApplication) -> None:
    told: list[threading.Thread] = []
    worker, may_end = Worker(), threading.Event()
    for wait in (may_end.wait, lambda: None):
        witness = _Witness(told)
        worker.submit(wait, lambda _, held=witness: None)
        del witness
    may_end.set()
    assert worker.close()
    assert len(told) == 2
    assert set(told) == {threading.main_thread()}


def test_closing_cancels_what_runs_and_what_waits(app: QApplication) -> None:
    worker = Worker()
    begun, answers = threading.Event(), []

    def op(job: Job) -> None:
        begun.set()
        while not job.cancelled:
            threading.Event().wait(0.001)

    worker.run(op, answers.append)
    worker.submit(lambda: 1, answers.append)
    assert begun.wait(5)
    assert worker.close()
    late = worker.submit(lambda: 1, answers.append)
    assert late.cancelled
    QApplication.processEvents()
    assert not answers


def test_a_worker_whose_screen_is_gone_ends_quietly(app: QApplication) -> None:
    worker = Worker()
    gate = threading.Event()
    worker.submit(gate.wait, lambda _: pytest.fail("nobody is there"))
    shiboken6.delete(worker)
    gate.set()
    assert worker.close()
