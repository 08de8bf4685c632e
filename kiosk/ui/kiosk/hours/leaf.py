"""One leaf of My hours: a head, a body that scrolls, and buttons at its foot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from kiosk.domain.language import _
from kiosk.ui.common.fitting import fit
from kiosk.ui.kiosk.hours.parts import TITLE, Card, Measures, button, column, row, scrolled, text
from kiosk.ui.kiosk.touch import TouchButton

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_BY = QAbstractSlider.SliderAction
_SCROLLS = {
    Qt.Key.Key_Up: _BY.SliderSingleStepSub,
    Qt.Key.Key_Down: _BY.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: _BY.SliderPageStepSub,
    Qt.Key.Key_PageDown: _BY.SliderPageStepAdd,
    Qt.Key.Key_Home: _BY.SliderToMinimum,
    Qt.Key.Key_End: _BY.SliderToMaximum,
}


class Leaf(QWidget):
    """Made anew whenever there is something else to show. No touch is taken while ``settling`` says
    so: whoever touches twice means what lay there before."""

    def __init__(
        self, parent: QWidget, measures: Measures, body: QWidget, settling: Callable[[], bool]
    ) -> None:
        super().__init__(parent)
        self._measures = measures
        self._settling = settling
        self.body = body
        self._area = scrolled(measures, body, _("All of it, to be scrolled"))
        self._head = column(measures.gap)
        self._left, self._right = row(measures.gap), row(measures.gap)
        foot = row(measures.gap)
        foot.addLayout(self._left)
        foot.addStretch(1)
        foot.addLayout(self._right)
        box = column(measures.gap)
        margin = (parent.width() - measures.width - measures.gap) // 2
        box.setContentsMargins(margin, measures.gap, margin, measures.gap)
        box.addLayout(self._head)
        box.addWidget(self._area, 1)
        box.addLayout(foot)
        self.setLayout(box)

    def set_head(self, title: str, news: tuple[str, bool] | None) -> None:
        """The title, and below it what was just done (True) or why not."""
        measures, colours = self._measures, self._measures.palette
        unit = measures.unit
        fitted = fit(title, measures.width, 2 * unit, TITLE * unit, 0.6 * TITLE * unit, bold=True)
        label = text(measures, "\n".join(fitted.lines), fitted.size / unit, bold=True)
        label.setWordWrap(False)
        label.setAccessibleName(title)
        self._head.addWidget(label)
        if news is not None:
            words, good = news
            card = Card(measures, colours.ok if good else colours.bad)
            card.setAccessibleName(words)
            card.box.addWidget(text(measures, words, bold=True))
            self._head.addWidget(card)

    def add_left(self, label: str, act: Callable[[], None], *, icon: str = "") -> None:
        made = button(self._measures, label, icon=icon)
        made.clicked.connect(lambda: act())
        self._left.addWidget(made)

    def add_right(
        self,
        label: str,
        act: Callable[[], None],
        *,
        icon: str = "",
        main: bool = False,
        enabled: bool = True,
    ) -> None:
        made = button(self._measures, label, icon=icon, main=main)
        made.setEnabled(enabled)
        made.clicked.connect(lambda: act())
        self._right.addWidget(made)

    def showEvent(self, event: QShowEvent) -> None:
        for made in self.buttons:
            made.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return event.type() in _PRESSES and self._settling()

    @property
    def head_bottom(self) -> int:
        """Where the head ends, in pixels from above."""
        return self._area.geometry().top()

    @property
    def buttons(self) -> list[TouchButton]:
        """All of them, from above."""
        return self.findChildren(TouchButton)

    def rest(self) -> None:
        """Something is being written: until then the body takes no touch."""
        for made in self.body.findChildren(TouchButton):
            made.setEnabled(False)

    @property
    def scrolled(self) -> int:
        """In pixels."""
        return self._area.verticalScrollBar().value()

    def scroll_to(self, pixels: int) -> None:
        self._area.verticalScrollBar().setValue(pixels)

    def press(self, key: Qt.Key) -> None:
        """Scroll by a key of the keyboard."""
        action = _SCROLLS.get(key)
        if action is not None:
            self._area.verticalScrollBar().triggerAction(action)

    @property
    def focused(self) -> str | None:
        """The name of the button that has the keyboard."""
        return next((made.accessibleName() for made in self.buttons if made.hasFocus()), None)

    def focus(self, name: str) -> None:
        """The same button again, else the first: the keyboard goes on from there."""
        usable = [made for made in self.buttons if made.isEnabled()]
        same = next((made for made in usable if made.accessibleName() == name), None)
        found = same or next(iter(usable), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.TabFocusReason)
