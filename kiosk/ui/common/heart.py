"""Proves twice a second that the screen is alive: what was painted, not that a process runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.screen_watch import Beat

if TYPE_CHECKING:
    from kiosk.services.decide.pipeline import Vitals

EVERY = 500
"""Milliseconds from beat to beat."""


class Pulse(QWidget):
    """One pixel on top of the window that is painted when it is asked to be: if it is not, neither
    is anything else."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.painted = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(0, 0, 1, 1)
        self.show()

    def ask(self) -> None:
        """Paint it soon."""
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


class Heart(QObject):
    """Tells ``tell`` of a window, on the screen's thread, until it is deleted.

    ``pictures`` says how many pictures of the camera were painted, and whether its picture is what
    should be seen now.
    """

    def __init__(
        self,
        window: QWidget,
        tell: Callable[[Beat], None],
        pictures: Callable[[], tuple[int, bool]] = lambda: (0, False),
    ) -> None:
        super().__init__(window)
        self._window = window
        self._tell = tell
        self._pictures = pictures
        self._vitals: Callable[[], Vitals] | None = None
        self._waits = False
        self._pulse = Pulse(window)
        self._excused = 0
        timer = QTimer(self)
        timer.timeout.connect(self.beat)
        timer.start(EVERY)

    def begin(self, vitals: Callable[[], Vitals]) -> None:
        """The kiosk's page is up; ``vitals`` says how its threads are, and costs nothing."""
        self._vitals = vitals

    def wait(self) -> None:
        """The screen says why the kiosk can't start yet."""
        self._waits = True

    @property
    def painted(self) -> int:
        """How often the window painted what it was asked to, or was not asked to be seen."""
        return self._pulse.painted + self._excused

    def beat(self) -> None:
        """Tell how it is now, and ask for what the next beat tells."""
        pictures, wanted = self._pictures()
        handle = self._window.windowHandle()
        shown, paints = is_seen(
            QGuiApplication.platformName(),
            visible=handle is not None and handle.isVisible(),
            exposed=handle is not None and handle.isExposed(),
        )
        self._excused += not paints
        beat = Beat(self.painted, shown, pictures=pictures, waits=self._waits)
        if self._vitals is not None:
            vitals = self._vitals()
            beat = Beat(
                beat.painted,
                beat.shown,
                begun=True,
                frames=vitals.frames,
                tries=vitals.tries,
                pictures=pictures,
                wants_pictures=wanted and paints,
                over=vitals.over,
                ready=vitals.ready,
                busy=vitals.busy,
                ended=vitals.ended,
            )
        self._tell(beat)
        self._pulse.ask()


def is_seen(platform: str, *, visible: bool, exposed: bool) -> tuple[bool, bool]:
    """Whether a window is where people can see it, and whether it can paint what it is asked to.

    Wayland says the first to nobody: a desktop that has something else to show, or a screen that
    is off, gives the window no turn to paint, and is right to."""
    if platform.startswith("wayland"):
        return True, exposed
    return visible and exposed, True
