"""Who reads their hours, and until when: whoever else steps up is shown nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from kiosk.domain.decision import Mode, Outcome
from kiosk.services.decide.engine import Engine, Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.services.site import Site

UNTOUCHED: Final = 20_000
"""Milliseconds without a touch after which a visit is over."""
BENT: Final = 4.0
"""Seconds after a touch for which somebody stands there, whether the camera sees them or not."""
JUST_NOW: Final = 10.0
"""Seconds after a greeting for which it is the same person who stands there: nobody else is looked
at meanwhile."""
KNOWN: Final = 6_000
"""Milliseconds in which a face must be known again."""
_TOUCHES = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.Wheel,
)
_LOOKS_ANEW = (Phase.LOOKING, Phase.TAP_FIRST, Phase.TYPE_FIRST, Phase.CHALLENGE, Phase.WAITS)


class Visit(QObject):
    """One at a time. ``over`` when the person has left, somebody else stands there, or nothing was
    touched for 20 s; ``changed`` when ``sure`` did: whether it is known that it is them, for else
    nothing may be shown. ``clock`` is monotonic."""

    over = Signal()
    changed = Signal()

    def __init__(
        self, site: Site, clock: Callable[[], float], untouched: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._site = site
        self._clock = clock
        self._told: Announcement | None = None
        self._greeted: tuple[Announcement, float] | None = None
        self._by_pin = False
        self.sure = False
        self._heard_gone = False
        self._touched_at = 0.0
        self._untouched = self._timer(untouched)
        self._unknown = self._timer(KNOWN)
        self._leaving = self._timer(0)

    @property
    def is_open(self) -> bool:
        return self._told is not None

    def begin(self, view: View) -> bool:
        """Whoever the view greets wants to read; whether they may. Where that was not just now
        their face must be known again first."""
        if self.is_open or not may_read(view):
            return False
        self._told, self._by_pin = view.announcement, False
        self._touched_at = self._clock()
        self._untouched.start()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._attend(sure=view.phase is Phase.VERDICT and self._just_now())
        return True

    def by_pin(self) -> None:
        """Their face is known no more: that the camera takes them for nobody ends nothing."""
        if self.is_open:
            self._by_pin = True
            self._attend(sure=True)

    def end(self) -> None:
        """They are done."""
        if not self.is_open:
            return
        self._told, self.sure = None, False
        for timer in (self._untouched, self._unknown, self._leaving):
            timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

        def command(engine: Engine) -> None:
            engine.attend(None)

        self._site.submit(command)

    def hear(self, view: View) -> bool:
        """A view came; whether the page at the door should take it for what it says."""
        if view.phase is Phase.VERDICT and view.announcement is not None:
            self._greeted = view.announcement, self._clock()
        if not self.is_open:
            return True
        if view.phase is Phase.STAYS:
            self._on_there()
        elif view.phase is Phase.IDLE:
            self._on_gone()
        elif view.phase in _LOOKS_ANEW:
            # An engine that was built anew does not know that somebody reads.
            self._attend(sure=False)
            self.changed.emit()
            return False
        elif view.phase is Phase.VERDICT and self._is_told(view):
            return False  # heard already
        else:
            self.over.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched_at = self._clock()
            self._untouched.start()
        return False

    def _attend(self, *, sure: bool) -> None:
        assert self._told is not None
        decision = self._told.decision
        person, by_face = decision.person_id, decision.mode is not Mode.PIN and not self._by_pin
        self.sure, self._heard_gone = sure, False
        if not sure:
            self._unknown.start()

        def command(engine: Engine) -> View | None:
            return engine.attend(person, by_face=by_face, sure=sure)

        self._site.submit(command)

    def _just_now(self) -> bool:
        """Whether they were greeted just now."""
        told, greeted = self._told, self._greeted
        if told is None or greeted is None or greeted[0].decision != told.decision:
            return False
        return self._clock() - greeted[1] <= JUST_NOW

    def _is_told(self, view: View) -> bool:
        """Whether it is the view that was shown before they came here."""
        told, here = view.announcement, self._told
        return told is not None and here is not None and told.decision == here.decision

    def _on_there(self) -> None:
        self._leaving.stop()
        if not self.sure and self._heard_gone:
            self._unknown.stop()
            self.sure = True
            self.changed.emit()

    def _on_gone(self) -> None:
        # Not sure yet: the engine's answer that it begins to look, and a STAYS before it is old.
        self._heard_gone = True
        if not self.sure:
            return
        wait = self._touched_at + BENT - self._clock()
        if wait > 0:
            self._leaving.start(round(1000 * wait))
        else:
            self.over.emit()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self.over)
        return timer


def may_read(view: View) -> bool:
    """Whether the view greets somebody who has hours."""
    told = view.announcement
    return (
        view.phase in (Phase.VERDICT, Phase.STAYS)
        and told is not None
        and told.decision.outcome is Outcome.ALLOW
        and told.decision.person_id is not None
    )
