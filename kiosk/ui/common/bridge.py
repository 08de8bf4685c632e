"""Where the pipeline's threads meet Qt, and nowhere else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from kiosk.domain.frame import Frame
    from kiosk.services.decide.engine import View


class Bridge(QObject):
    """Hears the pipeline on its threads, speaks to the widgets on theirs.

    ``frame`` brings the newest frame (:class:`Frame`): at most one is ever on its way, so a
    screen that is busy skips frames instead of falling behind. ``view`` (:class:`View`) and
    ``camera`` (a sentence, or None when it is back) all arrive, in order.
    """

    frame = Signal(object)
    view = Signal(object)
    camera = Signal(object)
    _frame_waits = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._newest: Frame | None = None
        self._on_its_way = False
        self._frame_waits.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def on_frame(self, frame: Frame) -> None:
        """Any thread; returns at once."""
        with self._lock:
            self._newest = frame
            if self._on_its_way:
                return
            self._on_its_way = True
        self._frame_waits.emit()

    def on_view(self, view: View) -> None:
        """Any thread; returns at once."""
        self.view.emit(view)

    def on_camera(self, problem: str | None) -> None:
        """Any thread; returns at once."""
        self.camera.emit(problem)

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            frame, self._newest = self._newest, None
            self._on_its_way = False
        if frame is not None:
            self.frame.emit(frame)
