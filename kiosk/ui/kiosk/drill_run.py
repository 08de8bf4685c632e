"""A drill at the door: what to hold up now, try after try, over the page as everybody sees it.

The kiosk itself decides, on its own page, with its own light; nothing opens and nothing is logged
(``Engine.rehearse``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk.domain.liveness.drill import Drill, Kind, Try
from kiosk.services.decide.engine import Engine
from kiosk.services.decide.view import View
from kiosk.services.drill import DrillSession, Trial
from kiosk.services.site import Site
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.drill_words import Plan

COUNTDOWN = 4
"""Seconds between two tries of a kind: both hands are busy, nobody can touch anything."""
SHOWN = 2.5
"""Seconds for which an answer is shown."""
TICK = 250
"""Milliseconds between two looks at the clock."""


class Stage(Enum):
    """Where a drill is."""

    READY = auto()
    """Something else is to be fetched: it goes on by a touch."""
    BREATH = auto()
    """The next try begins by itself."""
    TRYING = auto()
    SHOWING = auto()
    PAUSED = auto()
    OVER = auto()


class DrillRun(QObject):
    """Leads through a plan. ``changed``: something else is to be shown; ``trying`` before each try,
    so that the page forgets the one before; ``over`` at the end, with the drill; ``failed`` with
    the error where it can't be written down, which ends it too."""

    changed = Signal()
    trying = Signal()
    over = Signal(object)
    failed = Signal(object)
    _begun = Signal(int)

    def __init__(
        self,
        session: DrillSession,
        plan: Plan,
        site: Site,
        bridge: Bridge,
        worker: Worker,
        *,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.plan = plan
        self.drill: Drill = session.drill
        self.stage = Stage.READY
        self.number = 0
        """Of the try that is made or comes next, from 0."""
        self.last: Try | None = None
        self._session = session
        self._site = site
        self._worker = worker
        self._clock = clock
        self._trial: Trial | None = None
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        self._begun.connect(self._on_begun)
        bridge.view.connect(self._on_view)
        self._pause(True)

    @property
    def kind(self) -> Kind:
        """What is held up now, or next."""
        tries = self.plan.tries
        return tries[min(self.number, len(tries) - 1)]

    @property
    def left(self) -> float:
        """Seconds until the next try begins by itself."""
        return max(0.0, self._until - self._clock()) if self.stage is Stage.BREATH else 0.0

    def go(self) -> None:
        """Begin the next try, or go on after a pause."""
        if self.stage not in (Stage.READY, Stage.BREATH, Stage.PAUSED):
            return
        self._enter(Stage.TRYING)
        self.trying.emit()
        number = self.number

        def command(engine: Engine) -> None:
            engine.rehearse(True)
            engine.pause(False)
            # Whatever the engine said before comes before this.
            self._begun.emit(number)

        self._site.submit(command)

    def pause(self) -> None:
        """Wait until somebody says to go on; a try that was not decided does not count."""
        if self.stage in (Stage.BREATH, Stage.TRYING, Stage.SHOWING):
            self._trial = None
            self._pause(True)
            self._enter(Stage.PAUSED)

    def skip(self) -> None:
        """Leave out the other tries of this kind."""
        if self.stage in (Stage.READY, Stage.BREATH, Stage.PAUSED):
            tries, kind = self.plan.tries, self.kind
            while self.number < len(tries) and tries[self.number] is kind:
                self.number += 1
            self._next()

    def stop(self) -> None:
        """Break it off; what was tried is kept, and told as broken off."""
        if self.stage is not Stage.OVER:
            self._leave()
            self.over.emit(self.drill)

    def release(self) -> None:
        """Let the kiosk look again, in earnest."""
        self.stop()
        self._pause(False)

    def tick(self) -> None:
        """Look at the clock."""
        now = self._clock()
        if self.stage is Stage.TRYING and self._trial is not None:
            self._heard(self._trial.hear(None, now))
        elif self.stage is Stage.SHOWING and now >= self._until:
            self._next()
        elif self.stage is Stage.BREATH:
            if now >= self._until:
                self.go()
            else:
                self.changed.emit()

    def _on_begun(self, number: int) -> None:
        if self.stage is Stage.TRYING and number == self.number:
            self._trial = Trial(self.kind, self._clock())

    def _on_view(self, view: View) -> None:
        if self.stage is Stage.TRYING and self._trial is not None:
            self._heard(self._trial.hear(view, self._clock()))

    def _heard(self, answer: Try | None) -> None:
        if answer is None:
            return
        self._trial = None
        self.last = answer
        self.number += 1
        self._until = self._clock() + SHOWN
        self._enter(Stage.SHOWING)
        self._worker.submit(
            lambda: self._session.add(answer), self._added, self._on_failure, owner=self
        )

    def _added(self, drill: Drill) -> None:
        self.drill = drill
        self.changed.emit()

    def _next(self) -> None:
        self._pause(True)
        tries = self.plan.tries
        if self.number >= len(tries):
            self._leave()
            self._worker.submit(self._session.end, self.over.emit, self._on_failure, owner=self)
            return
        first = self.number == 0 or tries[self.number - 1] is not tries[self.number]
        self._until = self._clock() + COUNTDOWN
        self._enter(Stage.READY if first else Stage.BREATH)

    def _on_failure(self, error: BaseException) -> None:
        self._leave()
        self.failed.emit(error)

    def _leave(self) -> None:
        self._trial = None
        self._enter(Stage.OVER)

        def command(engine: Engine) -> None:
            engine.rehearse(False)

        self._site.submit(command)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        if stage in (Stage.BREATH, Stage.TRYING, Stage.SHOWING):
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def _pause(self, paused: bool) -> None:
        def command(engine: Engine) -> None:
            engine.pause(paused)

        self._site.submit(command)
