"""Work off the screen's thread: one serial executor, results come back as signals."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from kiosk.domain.errors import KioskError
from kiosk.domain.language import _

log = logging.getLogger(__name__)

T = TypeVar("T")
Failure = Callable[[BaseException], object]


def sentence(error: BaseException) -> str:
    """What to tell a person of a failure: a KioskError's own words, a general sentence for a bug
    (whose stack trace the worker has logged)."""
    if isinstance(error, KioskError):
        return str(error)
    return _("That went wrong in a way that was not foreseen; please try again.")


class Job:
    """One piece of work on its way. ``cancel`` may be called by any thread: a job that has not
    begun never runs, one that runs may look at ``cancelled``, and neither reports back."""

    def __init__(
        self,
        op: Callable[[Job], Any],
        success: Callable[[Any], object],
        failure: Failure | None,
        progress: Callable[..., object] | None,
        owner: QObject | None,
        send: Callable[[Callable[[], None]], None],
    ) -> None:
        self._op = op
        self._success = success
        self._failure = failure
        self._progress = progress
        self._owner = owner
        self._send = send
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()

    def report(self, *values: Any) -> None:
        """From inside the work: tell ``progress`` how far it is, on the screen's thread."""
        if self._progress is not None:
            progress = self._progress
            self._send(lambda: self._deliver(progress, *values))

    def run(self) -> None:
        """On the worker's thread."""
        if self.cancelled:
            return
        try:
            result = self._op(self)
        except KioskError as error:
            self._fail(error)
        except Exception as error:
            log.exception("a job failed")
            self._fail(error)
        else:
            self._send(lambda: self._deliver(self._success, result))

    def _fail(self, error: BaseException) -> None:
        failure = self._failure
        if failure is None:
            log.warning("a job that nobody waits for failed: %s", error)
        else:
            self._send(lambda: self._deliver(failure, error))

    def _deliver(self, callback: Callable[..., object], *values: Any) -> None:
        gone = self._owner is not None and not shiboken6.isValid(self._owner)
        if not self.cancelled and not gone:
            callback(*values)


class Worker(QObject):
    """A thread that does one job after the other.

    ``submit(op, success, failure)``: ``op`` runs on the worker's thread and must not touch a
    widget; then ``success(result)`` or ``failure(error)`` runs on the thread that owns the
    worker, the screen's; :func:`sentence` puts an error into words. With ``owner``, nothing is
    called once that object is deleted. ``close`` before the program ends.
    """

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, name: str = "worker") -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._current: Job | None = None
        # A job may hold the last reference to a widget, by what it calls. Were that let go of on
        # the worker's thread, Qt's lock and Python's would be taken in the wrong order, and the
        # screen would stand still; so the screen's thread holds each job longest.
        self._held: dict[int, Job] = {}
        self._closed = False
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(
        self,
        op: Callable[[], T],
        success: Callable[[T], object],
        failure: Failure | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Queue a short piece of work."""
        return self.run(lambda _: op(), success, failure, owner=owner)

    def run(
        self,
        op: Callable[[Job], T],
        success: Callable[[T], object],
        failure: Failure | None = None,
        *,
        progress: Callable[..., object] | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Queue a long piece of work, which gets its job to look at ``cancelled`` and to
        ``report`` to ``progress``."""
        job = Job(op, success, failure, progress, owner, self._send)
        if self._closed:
            job.cancel()
        else:
            self._held[id(job)] = job
            self._jobs.put(job)
        return job

    def close(self, timeout: float = 5.0) -> bool:
        """Cancel what waits and runs, end the thread; False if it did not end in ``timeout`` s.
        Nothing is called back any more."""
        self._closed = True
        current = self._current
        if current is not None:
            current.cancel()
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job.cancel()
        self._jobs.put(None)
        self._thread.join(timeout)
        if self._thread.is_alive():
            return False
        self._held.clear()
        return True

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._current = job
            job.run()
            self._current = None
            done = id(job)
            del job
            self._send(partial(self._let_go, done))

    def _let_go(self, done: int) -> None:
        self._held.pop(done, None)

    def _send(self, call: Callable[[], None]) -> None:
        try:
            self._arrived.emit(call)
        except RuntimeError:  # the worker's Qt side is gone: the program is closing
            log.debug("a result came after the screen had closed")

    def _call(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
