"""What stands over the door's page in a drill: a strip that says so, and between two tries a card
with what to do next."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.language import _
from kiosk.domain.liveness.drill import Answer
from kiosk.ui.common.fitting import LINE, fit
from kiosk.ui.common.palette import BandKind, Pair
from kiosk.ui.common.theme import current_theme, font
from kiosk.ui.kiosk.drill_run import DrillRun, Stage
from kiosk.ui.kiosk.drill_words import answered, hold_up, how, so_far, try_of
from kiosk.ui.kiosk.places import touch
from kiosk.ui.kiosk.touch import TouchButton

STRIP = 1 / 11
"""The strip's height over the page's."""


class DrillGuide(QWidget):
    """Covers the page and takes its touches."""

    def __init__(self, run: DrillRun, parent: QWidget) -> None:
        super().__init__(parent)
        self.run = run
        self.begin = TouchButton("", self)
        self.hold = TouchButton(_("Pause"), self, label=_("Pause"))
        self.leave_out = TouchButton(_("Leave this out"), self, label=_("Leave this out"))
        self.end = TouchButton(_("End the drill"), self, label=_("End the drill"))
        self.begin.clicked.connect(run.go)
        self.hold.clicked.connect(run.pause)
        self.leave_out.clicked.connect(run.skip)
        self.end.clicked.connect(run.stop)
        run.changed.connect(self.refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())
        self.refresh()

    @property
    def asks(self) -> bool:
        """Whether the card lies over the page."""
        return self.run.stage in (Stage.READY, Stage.BREATH, Stage.PAUSED, Stage.OVER)

    def lines(self) -> tuple[str, str, str]:
        """The card's: the instruction, how to do it, and what comes next."""
        run = self.run
        if run.stage is Stage.OVER:
            return _("The drill is over"), _("One moment"), ""
        place = try_of(run.plan, run.number)
        if run.stage is Stage.BREATH:
            seconds = _("in {seconds} s").format(seconds=math.ceil(run.left))
            return hold_up(run.kind), f"{place} · {seconds}", so_far(run.drill, run.kind)
        return hold_up(run.kind), how(run.kind), place

    def strip(self) -> str:
        """What stands above all the time."""
        run = self.run
        if run.stage is Stage.SHOWING and run.last is not None:
            told = answered(run.last)
            return _("Drill · {told} · {so_far}").format(
                told=told, so_far=so_far(run.drill, run.last.kind)
            )
        if run.stage is Stage.TRYING:
            return _("Drill · {what} · {place}").format(
                what=hold_up(run.kind), place=try_of(run.plan, run.number)
            )
        return _("Drill: nothing opens and nothing is logged")

    def refresh(self) -> None:
        """Bring it to where the drill is."""
        run, asks = self.run, self.asks
        over = run.stage is Stage.OVER
        self.begin.set_label(_("Go on") if run.stage is Stage.PAUSED else _("Begin"))
        self.begin.setVisible(asks and not over)
        self.leave_out.setVisible(asks and not over)
        self.end.setVisible(asks and not over)
        self.hold.setVisible(not asks)
        text = " ".join(filter(None, (self.strip(), *(self.lines() if asks else ()))))
        self.setAccessibleName(text)
        self._dress()
        self._arrange()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.run.go() if self.asks else self.run.pause()
        elif key == Qt.Key.Key_Escape:
            self.run.stop() if self.run.stage is Stage.PAUSED else self.run.pause()
        # No key reaches the page below.

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_theme().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.asks:
            veil = QColor(palette.window)
            veil.setAlphaF(0.88)
            painter.fillRect(self.rect(), veil)
            self._paint_card(painter)
        strip = self._strip()
        pair = self._strip_colours()
        painter.fillRect(strip, QColor(pair.fill))
        painter.setPen(QColor(pair.ink))
        pad = 0.3 * strip.height()
        free = strip.width() - 2 * pad - (0 if self.hold.isHidden() else self.hold.width() + pad)
        room = QRectF(pad, 0, free, strip.height())
        words = fit(
            self.strip(), room.width(), 0.9 * room.height(), 0.42 * strip.height(), 8, bold=True
        )
        painter.setFont(font(words.size, bold=True))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, left, "\n".join(words.lines))
        painter.end()

    def _paint_card(self, painter: QPainter) -> None:
        palette, card = current_theme().palette, self._card()
        side = touch(self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.surface))
        painter.drawRoundedRect(card, 0.3 * side, 0.3 * side)
        edge = 0.6 * side
        room = card.adjusted(edge, edge, -edge, -(2 * edge + self._foot()))
        y = room.top()
        for text, size, share, bold in zip(
            self.lines(), (0.95, 0.5, 0.45), (0.5, 0.3, 0.2), (True, False, False), strict=True
        ):
            if not text:
                continue
            words = fit(
                text, room.width(), share * room.height(), size * side, 9, bold=bold, most_lines=3
            )
            painter.setFont(font(words.size, bold=bold, tabular=not bold))
            painter.setPen(QColor(palette.text if bold else palette.muted))
            for line in words.lines:
                place = QRectF(room.left(), y, room.width(), LINE * words.size)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
                y += LINE * words.size
            y += 0.2 * side

    def _strip(self) -> QRectF:
        return QRectF(0, 0, self.width(), max(36.0, STRIP * self.height()))

    def _card(self) -> QRectF:
        width, height = self.width(), self.height()
        upright = width < height
        wide, high = (0.92 if upright else 0.72) * width, (0.7 if upright else 0.66) * height
        made = QRectF(0, 0, wide, high)
        made.moveCenter(QRectF(0, self._strip().height(), width, height).center())
        made.translate(0, -self._strip().height() / 2)
        return made

    def _foot(self) -> float:
        """Height of the card's buttons, stacked where it is upright."""
        side = touch(self.height())
        return 3.4 * side if self.width() < self.height() else float(side)

    def _strip_colours(self) -> Pair:
        run, kind = self.run, BandKind.AMBER
        if run.stage is Stage.SHOWING and run.last is not None:
            right = run.last.kind.attack != (run.last.answer is Answer.LET_IN)
            kind = BandKind.ALLOW if right else BandKind.DENY
        return current_theme().palette.band(kind)

    def _dress(self) -> None:
        palette = current_theme().palette
        self.begin.set_colours(Pair(palette.accent, palette.accent_ink))
        for button in (self.leave_out, self.end):
            button.set_colours(Pair(palette.surface, palette.text), plain=True)
        self.hold.set_colours(self._strip_colours(), plain=True)

    def _arrange(self) -> None:
        strip, card, side = self._strip(), self._card(), touch(self.height())
        high = round(0.76 * strip.height())
        wide = self.hold.wanted_width(high)
        self.hold.setGeometry(
            round(strip.width() - wide - 0.12 * strip.height()),
            round(0.12 * strip.height()),
            wide,
            high,
        )
        edge, buttons = 0.6 * side, (self.begin, self.leave_out, self.end)
        if self.width() < self.height():
            y = card.bottom() - edge - self._foot()
            for button in buttons:
                button.setGeometry(
                    round(card.left() + edge), round(y), round(card.width() - 2 * edge), side
                )
                y += 1.2 * side
            return
        gap = 0.3 * side
        widths = [self.begin.wanted_width(side) + side]
        widths += [button.wanted_width(side) for button in buttons[1:]]
        x = card.center().x() - (sum(widths) + gap * (len(widths) - 1)) / 2
        for button, wide in zip(buttons, widths, strict=True):
            button.setGeometry(round(x), round(card.bottom() - edge - side), round(wide), side)
            x += wide + gap
