"""The page that people stand before: one picture, one sentence, one action at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.audit import Actor
from kiosk.domain.decision import Outcome
from kiosk.domain.frame import Frame
from kiosk.domain.liveness.prompt import Prompt
from kiosk.services.access.pins import utc_now
from kiosk.services.decide.engine import Phase, View
from kiosk.services.site import Site
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.camera_view import CameraView
from kiosk.ui.common.locale import local_date, local_day, local_hour, local_time
from kiosk.ui.common.palette import BandKind, Pair, Palette
from kiosk.ui.common.texts import Texts, in_force
from kiosk.ui.common.theme import current_theme
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.band import Band
from kiosk.ui.kiosk.challenge import Challenge
from kiosk.ui.kiosk.challenge_words import challenge, heard
from kiosk.ui.kiosk.conversation import Conversation
from kiosk.ui.kiosk.entry import Purpose
from kiosk.ui.kiosk.entry_pad import UNTOUCHED, EntryPad
from kiosk.ui.kiosk.hours.page import HoursPage
from kiosk.ui.kiosk.inquiry import Inquiry
from kiosk.ui.kiosk.light import Light
from kiosk.ui.kiosk.offers import Offers
from kiosk.ui.kiosk.places import Wanted, offer_height, places, touch
from kiosk.ui.kiosk.requests import Requests
from kiosk.ui.kiosk.steady import Shown, Steady
from kiosk.ui.kiosk.touch import TouchButton
from kiosk.ui.kiosk.wording import no_camera, verdict, wording
from kiosk.ui.kiosk.words import Action, Manner, Offer, Sound, Words

LOOKED_UP_AGAIN = 60_000
"""Milliseconds after which it is looked up anew whether anybody has a PIN, and how many are in."""
NOTICE = 6.0
"""Seconds for which it is said whom to ask."""


class KioskPage(QWidget):
    """``admitted`` with who signed in (an ``Actor``) and a new recovery code or nothing,
    ``enrolling`` beside it where the way was the button that enrols. ``play`` hears of each sound
    to be made; ``clock`` is monotonic, ``now`` in UTC."""

    admitted = Signal(object, str)
    enrolling = Signal()

    def __init__(
        self,
        site: Site,
        bridge: Bridge,
        worker: Worker,
        *,
        texts: Texts | None = None,
        play: Callable[[Sound], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        untouched: int = UNTOUCHED,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._site = site
        self._texts = texts = texts or in_force()
        self._play = play
        self._clock = clock
        self._now = now
        self._palette: Palette = current_theme().palette
        self._steady = Steady(clock())
        self._words = Words("")
        self.camera = CameraView(self)
        self.camera.setAccessibleName(texts.camera_picture)
        self.challenge = Challenge(self, self.camera, clock=clock)
        self.band = Band(self)
        self.light = Light(self, self.camera, clock=clock)
        self.other_way = TouchButton(texts.use_pin, self, label=texts.use_pin, icon="key-round")
        self.offers = Offers(self, clock)
        self._enrols = False
        self._has_pins = True  # until it is known
        self._inside: int | None = None
        self._prompt: Prompt | None = None
        self._rehearsing = False
        self.door = TouchButton(texts.admin, self, icon="settings")
        self.my_hours = TouchButton(
            texts.my_hours, self, label=texts.my_hours, icon="calendar-clock"
        )
        self.pad = EntryPad(self, texts, untouched=untouched)
        self._requests = Requests(site, worker, self, now)
        self.talk = Conversation(self.pad, self._requests, texts, clock, self)
        self.hours = HoursPage(site, worker, texts, self, clock=clock, now=now)
        self._inquiry = Inquiry(self._requests, clock, lambda: site.settings().hold, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._second = QTimer(self)
        self._second.start(1000)
        self._again = QTimer(self)
        self._again.start(LOOKED_UP_AGAIN)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect(bridge)
        self.refresh()

    @property
    def words(self) -> Words:
        """What the page says now."""
        return self._words

    def suspend(self, suspended: bool) -> None:
        """The page is left for the admin panel, or is back: nobody is looked at meanwhile."""
        self.hours.close_page()
        self.talk.suspend(suspended)
        self._inquiry.forget()
        self._steady.dismiss(self._clock())
        if not suspended:
            self.setFocus()
            self._look_up()
        self.refresh()

    def step_back(self, *, by_hand: bool) -> None:
        """The admin panel was closed: that whoever stands there is seen is no visit."""
        self._requests.step_back(by_hand=by_hand)

    def rehearse(self, rehearsing: bool) -> None:
        """A drill's next try begins, or it is over: the page forgets the verdict that it shows, and
        has no buttons meanwhile."""
        self._rehearsing = rehearsing
        self._inquiry.forget()
        self._steady.dismiss(self._clock())
        self._dress_buttons()
        self.refresh()

    def set_palette(self, palette: Palette) -> None:
        """The theme changed."""
        self._palette = palette
        for part in (self.camera, self.band, self.pad, self.hours):
            part.set_palette(palette)
        self._dress_buttons()

    def ask_admin(self) -> None:
        """Somebody wants to the admin panel: ask for the PIN."""
        self._enrols = False
        self._requests.ask_admin()

    def refresh(self) -> None:
        """Bring the page to what is true now."""
        now = self._clock()
        shown = self._steady.shown(now)
        self._dock(shown)
        words = self._words_for(shown)
        if words != self._words:
            before = self._words
            reshaped = (words.clock, words.offers) != (before.clock, before.offers)
            self._words = words
            self.band.set_words(words)
            self._dress_buttons()
            if reshaped:
                self._arrange()
        keeps_hours = self._site.settings().attendance
        self.my_hours.set_label(self._texts.my_hours if keeps_hours else self._texts.my_data)
        self.my_hours.setVisible(
            self.hours.may_open(shown.view)
            and shown.problem is None
            and not (self.talk.is_busy or self._rehearsing)
        )
        self._show_prompt(self._asked(shown))
        self._show_ring(shown, words)
        due = (self._steady.due(now), self.talk.due(), self._inquiry.due())
        waits = [wait for wait in due if wait is not None]
        if waits:
            self._timer.start(math.ceil(1000 * min(waits)) + 1)
        else:
            self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.talk.is_open:
            self.pad.keyPressEvent(event)
        elif self._words.asks and self.offers.press(key):
            pass
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._tap()
        elif event.text().isdigit() and self._may_use_pin():
            self.talk.open(Purpose.PIN)
            self.pad.type(event.text())
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._tap()

    def showEvent(self, event: QShowEvent) -> None:
        # No button begins with the focus: a ring around it would say more than there is to say.
        self.setFocus()
        self._look_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _connect(self, bridge: Bridge) -> None:
        bridge.frame.connect(self._on_frame)
        bridge.view.connect(self._on_view)
        bridge.camera.connect(self._on_camera)
        self.talk.changed.connect(self.refresh)
        self.talk.left.connect(self._on_left)
        self.talk.admitted.connect(self._on_admitted)
        self.talk.failed.connect(self._on_failed)
        self.talk.timed.connect(self._inquiry.typed)
        self._inquiry.told.connect(self._on_told)
        self._inquiry.changed.connect(self.refresh)
        self._inquiry.typing.connect(lambda: self.talk.open(Purpose.LEFT))
        self._requests.pins_known.connect(self._on_pins)
        self._requests.inside_known.connect(self._on_inside)
        self._requests.not_meant.connect(self._on_failed)
        self._timer.timeout.connect(self.refresh)
        self._second.timeout.connect(self.refresh)
        self._again.timeout.connect(self._look_up)
        self.other_way.clicked.connect(lambda: self.talk.open(Purpose.PIN))
        self.door.clicked.connect(self.ask_admin)
        self.offers.chosen.connect(self._act)
        self.my_hours.clicked.connect(
            lambda: self.hours.open(self._steady.shown(self._clock()).view)
        )
        self.hours.closed.connect(self._on_hours_closed)

    def _on_frame(self, frame: Frame) -> None:
        if self.isVisible():
            self.camera.set_frame(frame)

    def _on_view(self, view: View) -> None:
        if self.hours.hear(view) and self.talk.hear(view):
            self._steady.see(view, self._clock())
            told = view.phase is Phase.VERDICT and view.announcement
            if told:
                self._inquiry.hear(view)
            if told and self._site.settings().sound:
                self._play(verdict(told, self._manner()).sound)
        self.refresh()

    def _on_camera(self, problem: str | None) -> None:
        if problem is not None:
            self.camera.clear()
            self.hours.close_page()
        self._steady.camera(problem, self._clock())
        self.refresh()

    def _on_left(self) -> None:
        """Somebody gave up typing: nothing of the attempt stays."""
        self._requests.drop_claim()
        self._steady.dismiss(self._clock())
        self.setFocus()
        self.refresh()

    def _on_hours_closed(self) -> None:
        self._steady.dismiss(self._clock())
        self.setFocus()
        self.refresh()

    def _on_admitted(self, actor: Actor, code: str) -> None:
        self.admitted.emit(actor, code)
        if self._enrols:
            self._enrols = False
            self.enrolling.emit()

    def _on_pins(self, known: bool) -> None:
        if known != self._has_pins:
            self._has_pins = known
            self._dress_buttons()
            self._arrange()

    def _on_inside(self, count: int | None) -> None:
        self._inside = count
        self.refresh()

    def _look_up(self) -> None:
        self._requests.ask_pins()
        if self._site.settings().count_in:
            self._requests.ask_inside()
        else:
            self._inside = None

    def _on_told(self, view: View) -> None:
        """Something was answered, or is asked now."""
        self._steady.hold(view, self._clock())
        self.offers.enable(True)
        self.refresh()

    def _on_failed(self, why: str) -> None:
        self.offers.enable(True)
        self._steady.notice(why, self._clock())
        self.refresh()

    def _on_other_way(self) -> None:
        """Somebody can't do what is asked of them."""
        if self._may_use_pin():
            self.talk.open(Purpose.PIN)
            return
        self._requests.drop_claim()
        self._steady.notice(self._texts.desk_lets_in, self._clock(), NOTICE)
        self.refresh()

    def _act(self, offer: Offer) -> None:
        match offer.action:
            case Action.PANEL:
                self.ask_admin()
            case Action.ENROL:
                self.ask_admin()
                self._enrols = True
            case Action.DEMO:
                self._site.show_demo()
            case Action.OTHER_WAY:
                self._on_other_way()
            case Action.MEANT | Action.LEFT:
                self.offers.enable(False)
                self._inquiry.choose(offer)
            case Action.ANOTHER_TIME:
                self._inquiry.choose(offer)

    def _tap(self) -> None:
        if self._steady.shown(self._clock()).view.phase is Phase.TAP_FIRST:
            self._requests.tap()

    def _may_use_pin(self) -> bool:
        """Whether a PIN is a way in here: allowed, and somebody has one."""
        return self._site.settings().pin_entry and self._has_pins

    def _manner(self) -> Manner:
        settings = self._site.settings()
        return Manner(
            self._texts,
            local_time,
            local_date,
            local_hour,
            local_day,
            mirror=settings.mirror,
            pin_entry=self._may_use_pin(),
            inside=self._inside,
        )

    def _dock(self, shown: Shown) -> None:
        """Where typing comes first, the pad lies ready."""
        typing = shown.view.phase is Phase.TYPE_FIRST and shown.problem is None
        if typing and not self.talk.is_busy:
            self.talk.open(Purpose.CLAIM, docked=True)
        elif self.talk.is_docked and not typing:
            self.talk.close()

    def _words_for(self, shown: Shown) -> Words:
        held = shown.view.announcement
        asks = held is not None and held.decision.outcome is Outcome.AMBIGUOUS
        typed = self.talk.words(asks or self.talk.is_docked)
        if typed is not None:
            return typed
        manner = self._manner()
        if shown.problem is not None:
            # At a door that is in use nobody opens windows.
            new = shown.view.phase is Phase.NOBODY_ENROLLED
            return no_camera(manner, shown.problem, demo=new)
        prompt = self._asked(shown)
        if prompt is not None:
            return challenge(prompt, self._texts)
        view, now = self._inquiry.current(shown.view), self._now()
        asked = self._inquiry.words(view, manner, now)
        return asked or wording(view, manner, now, shown.left)

    def _asked(self, shown: Shown) -> Prompt | None:
        """What the head is to do, unless something else is on the page."""
        if (
            self.talk.is_busy
            or shown.problem is not None
            or shown.view.phase is not Phase.CHALLENGE
        ):
            return None
        return shown.view.prompt

    def _show_prompt(self, prompt: Prompt | None) -> None:
        sound = heard(self._prompt, prompt)
        self._prompt = prompt
        self.challenge.set_prompt(prompt)
        self.light.set_prompt(prompt, self._words)
        if sound is not Sound.NONE and self._site.settings().sound:
            self._play(sound)

    def _show_ring(self, shown: Shown, words: Words) -> None:
        self.camera.set_mirror(self._site.settings().mirror)
        colour = {BandKind.ALLOW: "#2fd0c8", BandKind.DENY: "#ff7a45"}.get(words.band)
        self.camera.set_ring(colour)
        share = shown.share
        if self._prompt is not None:
            share = self._prompt.done / max(1, self._prompt.asks)
        self.camera.set_progress(1.0 if colour else share)

    @property
    def _offers_other_way(self) -> bool:
        """Whether there is room and a reason for the small button."""
        offers = self._words.offers
        aside = any(offer.action is Action.OTHER_WAY for offer in offers)
        return self._may_use_pin() and len(offers) < 2 and not aside

    def _dress_buttons(self) -> None:
        colours = self._palette.band(self._words.band)
        self.other_way.set_colours(colours, plain=True)
        self.door.set_colours(colours, plain=True)
        self.my_hours.set_colours(Pair(self._palette.window, self._palette.text), plain=True)
        alone = not self._rehearsing
        self.door.setVisible(alone)
        self.other_way.setVisible(
            alone and self._offers_other_way and (not self.talk.is_open or self.talk.is_docked)
        )
        self.offers.show(self._words.offers if alone else (), colours)

    def _arrange(self) -> None:
        side = touch(self.height())
        at = places(
            self.width(),
            self.height(),
            Wanted(
                self._words.clock,
                self.other_way.wanted_width(side) if self._offers_other_way else 0,
                self.offers.widths(
                    offer_height(self.width(), self.height(), len(self._words.offers))
                ),
            ),
        )
        high = touch(min(self.width(), self.height()))
        wide, gap = self.my_hours.wanted_width(high), high // 4
        own = QRect(self.width() - gap - wide, at.band.top() - gap - high, wide, high)
        for part, place in (
            (self.my_hours, own),
            (self.hours, self.rect()),
            (self.camera, at.camera),
            (self.challenge, QRect(0, 0, self.width(), at.band.top())),
            (self.band, at.band),
            (self.light, self.rect()),
            (self.other_way, at.other_way),
            (self.door, at.door),
            (self.pad, at.pad),
        ):
            part.setGeometry(place)
        self.offers.place(at.offers)
        self.camera.set_guide(*at.guide)
        self.band.set_measures(at.letters, at.foot, upright=at.upright)
        self.light.set_measures(at.letters, at.band.adjusted(0, 0, 0, -at.foot))
        self.other_way.set_small(at.small)
