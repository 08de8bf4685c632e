"""From the first picture to the kiosk's page: what it needs is opened off the screen's thread, and
tried again for as long as it can't be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget

from kiosk.ui.common.work import Worker, sentence
from kiosk.ui.kiosk.first_page import FirstPage

if TYPE_CHECKING:
    from kiosk.ui.kiosk.start_page import StartPage

PAINTED: Final = 0.5
"""Seconds after which the rest is loaded though the first picture is not painted yet."""
FIRST, LONGEST = 1.0, 10.0
"""Seconds from a try that failed to the next: doubled from the first to the longest, so that the
kiosk goes on soon after a lock is gone."""
SLOW: Final = 30_000
"""Milliseconds after which it is said that a try does not come back."""


class Start(QObject):
    """Shows the clock in ``window``, and where the kiosk can't start says so there until it can;
    ``over`` takes both away."""

    def __init__(
        self,
        window: QStackedWidget,
        worker: Worker,
        *,
        first: float = FIRST,
        longest: float = LONGEST,
        slow: int = SLOW,
    ) -> None:
        super().__init__(window)
        self._worker = worker
        self._pause, self._longest = first, longest
        self._prepare: Callable[[], Any]
        self._begin: Callable[[Any], object]
        self._failed: Callable[[], object]
        self.forget()
        self._trying = False
        self._first = FirstPage()
        window.addWidget(self._first)
        self.page: StartPage | None = None
        """Says why the kiosk can't start; None until it could not."""
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._try)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(slow)
        self._slow.timeout.connect(self._take_long)

    def run(
        self,
        prepare: Callable[[], Any],
        begin: Callable[[Any], object],
        failed: Callable[[], object],
    ) -> None:
        """Once the first picture is painted ``prepare`` runs on the worker's thread, again and
        again until it raises nothing; then ``begin`` with its result on this one. ``failed`` is
        called here whenever the screen comes to say that it did not work out yet."""
        self._prepare, self._begin, self._failed = prepare, begin, failed
        self._try()

    @property
    def _window(self) -> QStackedWidget:
        """Not kept: a window in a circle would be ended by whatever thread collects it."""
        window = self.parent()
        assert isinstance(window, QStackedWidget)
        return window

    def forget(self) -> None:
        """What is run names the window, too."""
        self._prepare = lambda: None
        self._begin = lambda _: None
        self._failed = lambda: None

    def over(self) -> None:
        """The kiosk's page is there."""
        self._next.stop()
        self._slow.stop()
        for page in (self._first, self.page):
            if page is not None:
                self._window.removeWidget(page)
                page.deleteLater()
        self.page = None

    def _try(self) -> None:
        if self._trying:
            return
        self._trying = True
        self._next.stop()
        self._slow.start()
        if self.page is not None:
            self.page.trying()
        self._worker.submit(self._prepared, self._succeeded, self._wait, owner=self)

    def _prepared(self) -> Any:
        """On the worker's thread."""
        self._first.painted.wait(PAINTED)
        return self._prepare()

    def _succeeded(self, prepared: Any) -> None:
        self._slow.stop()
        self._begin(prepared)

    def _wait(self, error: BaseException) -> None:
        self._trying = False
        self._slow.stop()
        self._shown().tell(sentence(error), self._pause)
        self._next.start(round(1000 * self._pause))
        self._pause = min(2 * self._pause, self._longest)

    def _take_long(self) -> None:
        self._shown().slow()

    def _shown(self) -> StartPage:
        if self.page is None:
            from kiosk.ui.kiosk.start_page import StartPage

            self.page = StartPage()
            self.page.again.connect(self._try)
            self._window.addWidget(self.page)
            self._window.setCurrentWidget(self.page)
            self.page.setFocus()
        self._failed()
        return self.page
