"""What the door's screen says where the kiosk can't start: there is no panel yet to tell it in."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from kiosk.domain.address import hide_secrets_in
from kiosk.ui.common.palette import BandKind, Pair
from kiosk.ui.common.texts import Texts, in_force
from kiosk.ui.common.theme import appearance, current_theme, font
from kiosk.ui.kiosk.band import Band
from kiosk.ui.kiosk.places import Wanted, offer_height, places
from kiosk.ui.kiosk.touch import TouchButton
from kiosk.ui.kiosk.words import Words

TITLE, LARGEST, SMALLEST = 1 / 15, 1 / 27, 1 / 60
"""Letters over the shorter side of the page: those of the title, and the bounds of the others."""
EDGE = 0.06
"""Free space at both sides over the page's width."""
MOST = 2000
"""Characters of a sentence that are shown."""

_PATH_BEGINS: Final = re.compile(r"(?<!\S)/")
_NO_BREAK: Final = "\u2060"


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph; ``letters`` over the size of the others."""

    text: str
    bold: bool = False
    letters: float = 1.0


class StartPage(QWidget):
    """Why the kiosk can't start, what to do, and when it tries again; nobody is let in meanwhile.
    ``again`` comes where somebody does not want to wait. ``clock`` is monotonic, in seconds."""

    again = Signal()

    def __init__(
        self,
        texts: Texts | None = None,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._texts = texts or in_force()
        self._clock = clock
        self._what = ""
        self._do = ""
        self._how_to_close = ""
        self._due: float | None = None
        self._band = Band(self)
        self.button = TouchButton(
            self._texts.try_again_now, self, label=self._texts.try_again_now, icon="refresh-cw"
        )
        self.button.clicked.connect(self.again)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        appearance().changed.connect(self._dress)
        timer = QTimer(self)
        timer.timeout.connect(self._say)
        timer.start(1000)
        self._dress()
        self._say()

    @property
    def words(self) -> Words:
        """What the band says now."""
        return self._band.words

    def tell(self, why: str, wait: float) -> None:
        """It failed: ``why`` says what is wrong and, after its first full stop, what to do; it is
        tried again in ``wait`` seconds."""
        self._what, self._do = _halves(hide_secrets_in(" ".join(why.split())))
        self._due = self._clock() + wait
        self.button.show()
        self._changed()

    def trying(self) -> None:
        """It is tried again now."""
        self._due = None
        self._say()

    def slow(self) -> None:
        """It has been tried for long, and nothing came of it yet: nothing else can be done."""
        self._what, self._do = self._texts.slow_start, self._texts.slow_start_more
        self._due = None
        self.button.hide()
        self._changed()

    def tell_how_to_close(self) -> None:
        """Somebody wants to close it, and nothing here can know whether they may."""
        self._how_to_close = self._texts.how_to_close
        self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and not event.isAutoRepeat() and not self.button.isHidden():
            self.button.click()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        tall = offer_height(self.width(), self.height(), 1)
        wanted = Wanted(offers=(self.button.wanted_width(tall) + tall // 2,))
        at = places(self.width(), self.height(), wanted)
        self._band.setGeometry(at.band)
        self._band.set_measures(at.letters, at.foot, upright=at.upright)
        self.button.setGeometry(at.offers[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current_theme().palette.window))
        side, room = EDGE * self.width(), self._band.y() - 2 * EDGE * self.height()
        text = self._fitted(self.width() - 2 * side, room)
        top = EDGE * self.height() + max(0.0, (room - text.size().height()) / 2)
        painter.translate(QPointF(side, top))
        text.drawContents(painter, QRectF(0, 0, self.width() - 2 * side, room))
        painter.end()

    def _parts(self) -> list[Part]:
        close = self._how_to_close
        return [
            Part(self._what, bold=True),
            Part(self._do),
            *([Part(close, letters=0.8)] if close else []),
        ]

    def _fitted(self, width: float, room: float) -> QTextDocument:
        """As large as it fits; a path breaks wherever it must."""
        side = min(self.width(), self.height())
        size = math.floor(LARGEST * side)
        while True:
            title = Part(self._texts.cannot_start, bold=True, letters=TITLE * side / size)
            made = _document([title, *self._parts()], size, width)
            if made.size().height() <= room or size <= max(8, SMALLEST * side):
                return made
            size -= 1

    def _changed(self) -> None:
        self.setAccessibleName(
            " ".join(
                filter(None, (self._texts.cannot_start, *(part.text for part in self._parts())))
            )
        )
        self._say()
        self.update()

    def _say(self) -> None:
        texts = self._texts
        if self._due is not None:
            left = max(1, math.ceil(self._due - self._clock()))
            when = texts.next_try.format(seconds=left)
        elif self.button.isHidden():
            when = texts.goes_on
        else:
            when = texts.trying_now
        self._band.set_words(
            Words(
                texts.fault,
                f"{texts.nobody_let_in} {when}",
                band=BandKind.AMBER,
                icon="triangle-alert",
            )
        )

    def _dress(self) -> None:
        palette = current_theme().palette
        self._band.set_palette(palette)
        amber = palette.band(BandKind.AMBER)
        self.button.set_colours(Pair(amber.ink, amber.fill))
        self.update()


def _halves(why: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if len(why) > MOST:
        why = f"{why[: MOST // 2]}…{why[-MOST // 2 :]}"
    what, stop, do = why.partition(". ")
    return what + stop.strip(), do


def _document(parts: list[Part], size: float, width: float) -> QTextDocument:
    made = QTextDocument()
    made.setDocumentMargin(0)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setDefaultTextOption(option)
    made.setTextWidth(width)
    cursor = QTextCursor(made)
    look = QTextCharFormat()
    look.setForeground(QColor(current_theme().palette.text))
    for number, part in enumerate(parts):
        look.setFont(font(part.letters * size, bold=part.bold))
        if number:
            block = cursor.blockFormat()
            block.setTopMargin(0.6 * size)
            cursor.insertBlock(block)
        cursor.insertText(_PATH_BEGINS.sub("/" + _NO_BREAK, part.text), look)
    return made
