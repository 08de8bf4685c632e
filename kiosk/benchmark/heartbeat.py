"""Measures a running kiosk from inside Qt's thread: for the benchmark, never in service."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

from kiosk.domain.frame import Frame
from kiosk.services.decide.engine import Phase, View
from kiosk.ui.common.bridge import Bridge

BEAT = 5
"""Milliseconds between two beats."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All in seconds. ``pauses`` are the gaps between two beats from ``settled`` seconds on,
    longest first, at most ten; the others count from the start: the window's first painting, the
    first camera picture, the first decision."""

    first_painted: float | None
    first_frame: float | None
    first_decision: float | None
    pauses: tuple[float, ...]
    frames: int


class Heartbeat(QObject):
    """Quits the application after ``seconds``; then ``measured`` tells."""

    def __init__(
        self, application: QCoreApplication, bridge: Bridge, began: float, seconds: float
    ) -> None:
        """``began`` is when the program was started, by ``time.time``."""
        super().__init__(application)
        self._application = application
        self._began = began
        self._settled = time.time() + min(5.0, seconds / 4)
        self._first_painted: float | None = None
        self._first_frame: float | None = None
        self._first_decision: float | None = None
        self._frames = 0
        self._pauses: list[float] = []
        self._last = time.time()
        application.installEventFilter(self)
        bridge.frame.connect(self._on_frame)
        bridge.view.connect(self._on_view)
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(BEAT)
        QTimer.singleShot(int(seconds * 1000), self, application.quit)

    @property
    def measured(self) -> Measured:
        longest = tuple(sorted(self._pauses, reverse=True)[:10])
        return Measured(
            self._first_painted, self._first_frame, self._first_decision, longest, self._frames
        )

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint and self._first_painted is None:
            QTimer.singleShot(0, self, self._on_painted)
        return False

    def _on_painted(self) -> None:
        if self._first_painted is None:
            self._first_painted = time.time() - self._began
            self._application.removeEventFilter(self)

    def _beat(self) -> None:
        now = time.time()
        if now > self._settled:
            self._pauses.append(now - self._last)
        self._last = now

    def _on_frame(self, _frame: Frame) -> None:
        self._frames += 1
        if self._first_frame is None:
            self._first_frame = time.time() - self._began

    def _on_view(self, view: View) -> None:
        if view.phase is Phase.VERDICT and self._first_decision is None:
            self._first_decision = time.time() - self._began
