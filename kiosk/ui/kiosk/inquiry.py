"""What whoever was let in is asked about their hours: what the look meant, and when they left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from kiosk.domain.attendance import ClockEvent
from kiosk.services.decide.engine import ASKED, GREETED, Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.kiosk.clock_words import thanked, when_left
from kiosk.ui.kiosk.requests import Requests
from kiosk.ui.kiosk.words import Action, Manner, Offer, Words


@dataclass
class _Leaving:
    """The question when somebody left, from ``since`` (seconds) on; ``said`` is the answer."""

    moments: Sequence[datetime]
    since: float
    said: ClockEvent | None = None


class Inquiry(QObject):
    """Of the newest person who was let in. ``told`` brings the view to be held from now on,
    ``typing`` says that a time is to be typed, ``changed`` that something was answered too late to
    be shown."""

    told = Signal(object)
    typing = Signal()
    changed = Signal()

    def __init__(
        self,
        requests: Requests,
        clock: Callable[[], float],
        hold: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._requests = requests
        self._clock = clock
        self._hold = hold
        self._held: Announcement | None = None
        self._leaving: _Leaving | None = None
        self._until = 0.0
        requests.meant.connect(self._on_meant)
        requests.left_known.connect(self._on_left_known)
        requests.left_said.connect(self._on_left_said)

    def hear(self, view: View) -> None:
        """Somebody is told something."""
        announcement = view.announcement
        assert announcement is not None
        self._held, self._leaving = announcement, None
        self._until = self._clock() + view.hold
        if announcement.forgotten is not None and not announcement.doubtful:
            self._requests.ask_left(announcement)

    def forget(self) -> None:
        """The page is left: what is answered now is told to nobody."""
        self._held = self._leaving = None

    def choose(self, offer: Offer) -> None:
        """A button was touched that answers."""
        if self._held is None:
            return
        if offer.action is Action.MEANT and offer.means is not None:
            self._requests.mean(self._held, offer.means)
        elif offer.action is Action.LEFT and offer.moment is not None:
            self._requests.say_left(self._held, offer.moment)
        elif offer.action is Action.ANOTHER_TIME:
            self.typing.emit()

    def typed(self, time: str) -> None:
        """A time of day at which they say to have left."""
        if self._held is not None:
            self._requests.say_left(self._held, time)

    def current(self, view: View) -> View:
        """The view with what was answered since: it holds while the person stays."""
        told, held = view.announcement, self._held
        if told is None or held is None or told.decision != held.decision:
            return view
        return replace(view, announcement=held)

    def words(self, view: View, manner: Manner, now: datetime) -> Words | None:
        """What to say instead of the view's own words."""
        held, leaving = self._held, self._leaving
        if (
            held is None
            or leaving is None
            or view.phase is not Phase.VERDICT
            or view.announcement is None
            or view.announcement.decision != held.decision
        ):
            return None
        if leaving.said is not None:
            return thanked(held, leaving.said, manner)
        if held.forgotten is None or self._clock() < leaving.since:
            return None
        return when_left(held.forgotten, leaving.moments, manner, now)

    def due(self) -> float | None:
        """In how many seconds the words change by themselves."""
        if self._leaving is None:
            return None
        wait = self._leaving.since - self._clock()
        return wait if wait > 0 else None

    def _on_meant(self, announcement: Announcement) -> None:
        if not self._is_of(announcement):
            return
        self._held = announcement
        if self._clock() > self._until:
            self.changed.emit()
        elif self._leaving is not None:
            self._ask_left(self._leaving.moments)
        else:
            if announcement.forgotten is not None:
                self._requests.ask_left(announcement)
            self._tell(self._hold())

    def _on_left_known(self, announcement: Announcement, moments: Sequence[datetime]) -> None:
        if self._is_of(announcement) and self._clock() <= self._until:
            self._ask_left(moments)

    def _ask_left(self, moments: Sequence[datetime]) -> None:
        self._leaving = _Leaving(moments, self._clock() + GREETED)
        self._tell(GREETED + ASKED)

    def _on_left_said(self, announcement: Announcement, event: ClockEvent) -> None:
        if self._is_of(announcement) and self._leaving is not None:
            self._leaving.said = event
            self._tell(self._hold())

    def _is_of(self, announcement: Announcement) -> bool:
        return self._held is not None and self._held.decision == announcement.decision

    def _tell(self, seconds: float) -> None:
        """Nobody else is looked at while the page says it."""
        assert self._held is not None
        self._until = self._clock() + seconds
        self._requests.stay(seconds)
        self.told.emit(View(Phase.VERDICT, announcement=self._held, hold=seconds))
