"""The large buttons under the sentence: what the page offers, for fingers and for keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.common.palette import Pair
from kiosk.ui.kiosk.touch import TouchButton
from kiosk.ui.kiosk.words import Offer

MOST = 4
SETTLES = 0.5
"""Seconds for which buttons that took the place of others are not pressed: whoever touches twice
means the first."""

_BACKWARD = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)


class Offers(QObject):
    """Four buttons on the page, as many of them shown as there are offers. ``chosen`` brings the
    offer that was touched; arrows go from one to the next."""

    chosen = Signal(object)

    def __init__(self, page: QWidget, clock: Callable[[], float]) -> None:
        super().__init__(page)
        self._page = page
        self._clock = clock
        self._offers: tuple[Offer, ...] = ()
        self._open_at = 0.0
        self.buttons = [TouchButton("", page) for _ in range(MOST)]
        for number, button in enumerate(self.buttons):
            button.hide()
            button.installEventFilter(self)
            button.clicked.connect(partial(self._clicked, number))

    @property
    def shown(self) -> list[TouchButton]:
        """The buttons in use."""
        return self.buttons[: len(self._offers)]

    def show(self, offers: Sequence[Offer], colours: Pair) -> None:
        """Offer something else, in the colours of the band."""
        offers = tuple(offers[:MOST])
        if offers != self._offers:
            if self._offers and offers:
                self._open_at = self._clock() + SETTLES
            self._offers = offers
            self.enable(True)
            for button, offer in zip(self.buttons, offers, strict=False):
                button.set_label(offer.label)
                button.set_icon(offer.icon)
        inverse = replace(colours, fill=colours.ink, ink=colours.fill)
        for button, offer in zip(self.buttons, offers, strict=False):
            button.set_colours(colours if offer.plain else inverse, plain=offer.plain)
            button.show()
        for button in self.buttons[len(offers) :]:
            if button.hasFocus():
                self._page.setFocus()
            button.hide()

    def enable(self, enabled: bool) -> None:
        """Not while what was chosen is being written."""
        for button in self.buttons:
            button.setEnabled(enabled)

    def widths(self, height: int) -> tuple[int, ...]:
        """What the buttons would like to have at a height, in pixels."""
        return tuple(button.wanted_width(height) + height // 2 for button in self.shown)

    def place(self, places: Sequence[QRect]) -> None:
        """Lay them out: letters of one size, an icon where the label has room beside it."""
        for button, offer, place in zip(self.shown, self._offers, places, strict=False):
            button.setGeometry(place)
            button.set_letters()
            button.set_icon(offer.icon)
            if place.width() < button.wanted_width(place.height()):
                button.set_icon("")
        smallest = min((button.letters() for button in self.shown), default=math.inf)
        for button in self.shown:
            button.set_letters(smallest)

    def press(self, key: int) -> bool:
        """Choose by a key: the first by Enter, any by its number, arrows go along. Whether the key
        was for these."""
        shown = self.shown
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            key = Qt.Key.Key_1
        number = key - Qt.Key.Key_1
        if 0 <= number < len(shown):
            shown[number].click()
            return True
        if key not in (*_BACKWARD, *_FORWARD) or not shown:
            return False
        at = next((place for place, button in enumerate(shown) if button.hasFocus()), None)
        step = 1 if key in _FORWARD else -1
        begin = -1 if key in _FORWARD else 0
        shown[((begin if at is None else at) + step) % len(shown)].setFocus(
            Qt.FocusReason.TabFocusReason
        )
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        return event.key() in (*_BACKWARD, *_FORWARD) and self.press(event.key())

    def _clicked(self, number: int, checked: bool = False) -> None:
        if number < len(self._offers) and self._clock() >= self._open_at:
            self.chosen.emit(self._offers[number])
