"""The number pad and the keyboard on the page, for fingers and for keys alike."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.common.fitting import fit
from kiosk.ui.common.palette import Pair, Palette
from kiosk.ui.common.texts import Texts
from kiosk.ui.common.theme import current_theme, font
from kiosk.ui.kiosk.entry import Entry, Purpose
from kiosk.ui.kiosk.keys import Key, KeyRole, Layout, layout
from kiosk.ui.kiosk.touch import TouchButton

UNTOUCHED = 15_000
"""Milliseconds after which the pad gives up waiting."""
FIGURES_PLATE, LETTERS_PLATE = 0.95, 1.6
"""The plate's width over its height at most: no key wider than a hand."""


class EntryPad(QWidget):
    """An :class:`Entry` and its keys, on a plate in the middle of the place it gets. ``changed``
    after each key, ``submitted`` with the entry once it is done, ``cancelled`` by its own key, by
    Escape, or untouched for 15 s; ``forgot`` by whoever does not know the admin PIN."""

    changed = Signal()
    forgot = Signal()
    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget, texts: Texts, *, untouched: int = UNTOUCHED) -> None:
        super().__init__(parent)
        self._texts = texts
        self._palette: Palette = current_theme().palette
        self._entry = Entry.begin(Purpose.PIN)
        self._letters = False
        self._locked = False
        self._layout = Layout(1, 1, ())
        self._buttons: list[TouchButton] = []
        self._untouched = QTimer(self)
        self._untouched.setSingleShot(True)
        self._untouched.setInterval(untouched)
        self._untouched.timeout.connect(self.cancelled)
        self.setAccessibleName(texts.number_pad)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def entry(self) -> Entry:
        return self._entry

    def open(self, entry: Entry, *, letters: bool = False) -> None:
        """Begin an entry, on figures or on letters."""
        self._letters, self._locked = letters, False
        self._entry = entry
        self._build()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._untouched.start()

    def close_pad(self) -> None:
        """Hide it and forget what was typed."""
        self._untouched.stop()
        self._entry = Entry.begin(self._entry.purpose)
        self.hide()

    def again(self, entry: Entry) -> None:
        """Another try, as after a wrong PIN."""
        self.set_locked(False)
        self._set(entry)

    def set_locked(self, locked: bool) -> None:
        """Take no key but Cancel: something is being checked, or locked out."""
        self._locked = locked
        for key, button in zip(self._layout.keys, self._buttons, strict=True):
            # Whoever is locked out may come by the code.
            button.setEnabled(not locked or key.role in (KeyRole.CANCEL, KeyRole.FORGOT))

    def set_palette(self, palette: Palette) -> None:
        self._palette = palette
        self._colour()
        self.update()

    def type(self, character: str) -> None:
        """One more character, as if its key had been pressed; names begin with a capital, and so
        does a sentence."""
        if self._locked:
            return
        text = self._entry.text
        named = self._entry.purpose is not Purpose.REASON
        capital = character.isalpha() and not self._entry.secret
        if capital and (not text or (named and text[-1] in " -'")):
            character = character.upper()
        self._set(self._entry.typed(character))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press(KeyRole.ENTER)
        elif key == Qt.Key.Key_Backspace:
            self._press(KeyRole.ERASE)
        elif len(event.text()) == 1 and event.text().isprintable():
            self.type(event.text())
        else:
            event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A button of the pad that has the focus takes Space, Enter and Tab; the rest is typing.
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            watched, TouchButton
        ):
            watched.click()
            return True
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._untouched.start()
            return False
        self.keyPressEvent(event)
        return event.isAccepted()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._buttons:
            self._build()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self._unit()
        line = max(1.5, unit / 40)
        painter.setPen(QPen(QColor(self._palette.line), line))
        painter.setBrush(QColor(self._palette.window))
        plate = self._plate()
        inner = plate.adjusted(line, line, -line, -line)
        painter.drawRoundedRect(inner, 0.25 * unit, 0.25 * unit)
        edge = 0.2 * unit
        field = QRectF(plate.left() + edge, edge, plate.width() - 2 * edge, 0.88 * unit)
        painter.setPen(QPen(QColor(self._palette.control), line))
        painter.setBrush(QColor(self._palette.surface))
        painter.drawRoundedRect(field, 0.2 * unit, 0.2 * unit)
        if self._entry.secret:
            self._paint_dots(painter, field, unit)
        elif self._entry.text:
            self._paint_text(painter, field, unit)
        painter.end()

    def _paint_dots(self, painter: QPainter, field: QRectF, unit: float) -> None:
        size, count = 0.26 * unit, len(self._entry.text)
        step = min(1.7 * size, (field.width() - unit) / max(count, 1))
        left = field.center().x() - step * count / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._palette.text))
        for place in range(count):
            x = left + step * (place + 0.5) - size / 2
            painter.drawEllipse(QRectF(x, field.center().y() - size / 2, size, size))

    def _paint_text(self, painter: QPainter, field: QRectF, unit: float) -> None:
        # The end of a long name is what is being typed: the beginning gives way.
        shown = self._entry.shown[-40:]
        words = fit(shown, field.width() - 0.6 * unit, unit, 0.55 * unit, 0.2 * unit, most_lines=1)
        painter.setFont(font(words.size, tabular=True))
        painter.setPen(QColor(self._palette.text))
        painter.drawText(field, Qt.AlignmentFlag.AlignCenter, words.lines[0])

    def _build(self) -> None:
        """The buttons for the step, in the form that the pad's proportions ask for."""
        focused = next((each.accessibleName() for each in self._buttons if each.hasFocus()), None)
        for button in self._buttons:
            button.removeEventFilter(self)
            button.hide()
            button.deleteLater()
        upright = self.width() < 1.2 * self.height()
        self._layout = layout(self._entry, self._texts, letters=self._letters, upright=upright)
        self._buttons = [self._button(key) for key in self._layout.keys]
        self._colour()
        self.set_locked(self._locked)
        for button in self._buttons:
            if button.accessibleName() == focused:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, key: Key) -> TouchButton:
        button = TouchButton(key.name, self, label=key.label, icon=key.icon)
        button.clicked.connect(partial(self._pressed, key))
        button.installEventFilter(self)
        unit = self._unit()
        edge, gap = 0.2 * unit, 0.06 * unit
        plate = self._plate()
        column = (plate.width() - 2 * edge) / self._layout.columns
        place = QRectF(
            plate.left() + edge + key.column * column + gap,
            edge + (key.row + 1) * unit + gap,
            key.width * column - 2 * gap,
            unit - 2 * gap,
        )
        button.setGeometry(place.toRect())
        button.show()
        return button

    def _colour(self) -> None:
        colours = self._palette
        for key, button in zip(self._layout.keys, self._buttons, strict=True):
            if key.role is KeyRole.ENTER:
                button.set_colours(Pair(colours.accent, colours.accent_ink))
            elif key.role in (KeyRole.CANCEL, KeyRole.FORGOT):
                button.set_colours(Pair(colours.window, colours.text), plain=True)
            else:
                button.set_colours(Pair(colours.raised, colours.text))

    def _plate(self) -> QRectF:
        widest = LETTERS_PLATE if self._layout.columns > 12 else FIGURES_PLATE
        width = min(float(self.width()), widest * self.height())
        return QRectF((self.width() - width) / 2, 0, width, self.height())

    def _unit(self) -> float:
        """The height of a key with its gap; the field is one more row."""
        return self.height() / (self._layout.rows + 1.4)

    def _pressed(self, key: Key, checked: bool = False) -> None:
        if key.role is KeyRole.CHARACTER:
            self.type(key.character)
        else:
            self._press(key.role)

    def _press(self, role: KeyRole) -> None:
        if role is KeyRole.CANCEL:
            self.cancelled.emit()
        elif role is KeyRole.FORGOT:
            self.forgot.emit()
        elif self._locked:
            return
        elif role is KeyRole.ERASE:
            self._set(self._entry.erased())
        elif role is KeyRole.SWITCH:
            self._letters = not self._letters
            self._untouched.start()
            self._build()
            self.update()
        elif role is KeyRole.ENTER:
            entered = self._entry.entered()
            self._set(entered)
            if entered.done:
                self.submitted.emit(entered)

    def _set(self, entry: Entry) -> None:
        moved = entry.step != self._entry.step
        self._entry = entry
        self._untouched.start()
        if moved:
            self._letters = False
            self._build()
        # A screen reader hears how much was typed of a PIN, never what.
        typed = self._texts.typed.format(count=len(entry.text)) if entry.secret else entry.shown
        self.setAccessibleDescription(typed)
        self.update()
        self.changed.emit()
