"""Keys on the screen, for whoever has no others: they go to the field that has the focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.language import _
from kiosk.ui.admin.widgets.controls import Button
from kiosk.ui.admin.widgets.key_layouts import (
    ACCENTS,
    Sheet,
    capital,
    layout_for,
    next_layout,
    rows,
)
from kiosk.ui.admin.widgets.layouts import column, emptied, rescale, row

HELD = 450
"""Milliseconds after which a letter held down offers its accents."""


def takes_text(widget: QWidget | None) -> bool:
    """Whether one types into a widget."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractSpinBox):
        return not widget.isReadOnly()
    return False


def only_digits(widget: QWidget) -> bool:
    """Whether figures are all that a field takes: numbers, dates, PINs."""
    secret = isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal
    hinted = bool(widget.inputMethodHints() & Qt.InputMethodHint.ImhDigitsOnly)
    return isinstance(widget, QAbstractSpinBox) or secret or hinted


class Keyboard(QWidget):
    """Never takes the focus itself. ``hidden_by_hand`` says that somebody put it away."""

    hidden_by_hand = Signal()

    def __init__(self, locale: QLocale | None = None, *, held: int = HELD) -> None:
        super().__init__()
        self.layout_name = layout_for((locale or QLocale.system()).name())
        self.sheet = Sheet.LETTERS
        self._scale = 1.0
        self._capitals = False
        self._digits_only = False
        self._variants = ""
        self._held: str | None = None
        self._hold = QTimer(self, singleShot=True, interval=held)
        self._hold.timeout.connect(self._offer)
        self._lines: QVBoxLayout = column(gap=1, pad=(2, 2))
        self.setLayout(self._lines)
        self.setObjectName("keyboard")
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Keyboard on the screen"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # A press would give the focus to what lies behind; as the field's proxy it leaves it there.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    def open_for(self, field: QWidget, scale: float) -> None:
        """Show the keys that a field takes."""
        digits = only_digits(field)
        fresh = self.isHidden() or digits != self._digits_only or scale != self._scale
        self._digits_only, self._scale = digits, scale
        self.setFocusProxy(field)
        if fresh:
            self.sheet = Sheet.DIGITS if digits else Sheet.LETTERS
            # Names begin with a capital; addresses do not, and whoever types one knows the key.
            self._capitals = isinstance(field, QLineEdit) and not field.text()
            self._variants = ""
            self._build()
        self.show()

    def press(self, name: str) -> None:
        """Press the key of this name, as a finger does."""
        next(key for key in self.shown() if key.accessibleName() == name).click()

    def shown(self) -> list[QPushButton]:
        """The keys shown."""
        return [key for key in self.findChildren(QPushButton) if key.isVisibleTo(self)]

    def _build(self) -> None:
        self._hold.stop()
        emptied(self._lines)
        lines = list(rows(self.sheet, self.layout_name))
        for place, characters in enumerate(lines):
            self._lines.addWidget(self._line(characters, last=place == len(lines) - 1))
        self._lines.addWidget(self._bottom())
        if self._variants:
            # In the place of the first row, so that nothing moves under the finger.
            first = self._lines.itemAt(0)
            old = first.widget() if first is not None else None
            if old is not None:
                old.hide()
                self._lines.insertWidget(0, self._line(self._variants, last=False, plain=True))
        rescale(self, self._scale)

    def _line(self, characters: str, *, last: bool, plain: bool = False) -> QWidget:
        keys: list[tuple[QWidget, int]] = []
        letters = self.sheet in (Sheet.LETTERS, Sheet.ACCENTS)
        if last and letters and not plain:
            shift = _key("⇧", self._shift, _("Capitals"))
            shift.setCheckable(True)
            shift.setChecked(self._capitals)
            keys.append((shift, 3))
        for character in characters:
            shown = capital(character) if self._capitals else character
            key = _key(shown, partial(self._type, shown))
            if letters and not plain and character in ACCENTS:
                key.pressed.connect(partial(self._begin_hold, character))
                key.released.connect(self._hold.stop)
            keys.append((key, 2))
        if last:
            back = Button(
                _("Delete the last letter"), self._erase, kind="key", icon="delete", words=False
            )
            back.setProperty("form", "key")
            back.setAutoRepeat(True)
            keys.append((_dressed(back), 3))
        return _keys_in_a_row(keys)

    def _bottom(self) -> QWidget:
        keys: list[tuple[QWidget, int]] = []
        if not self._digits_only:
            if self.sheet is Sheet.LETTERS:
                keys.append((_key("123", partial(self._show, Sheet.SYMBOLS), _("Figures")), 3))
                keys.append((_key("áß", partial(self._show, Sheet.ACCENTS), _("Accents")), 2))
                keys.append((_key(self.layout_name, self._next, _("Another arrangement")), 3))
            else:
                keys.append((_key("abc", partial(self._show, Sheet.LETTERS), _("Letters")), 3))
            for character in "@." if self.sheet is not Sheet.SYMBOLS else "":
                keys.append((_key(character, partial(self._type, character)), 2))
            keys.append((_key(_("Space"), partial(self._type, " ")), 6))
        else:
            for character in ":,":
                keys.append((_key(character, partial(self._type, character)), 2))
        tab = partial(self._send, Qt.Key.Key_Tab, "\t")
        keys.append((_key(_("Next"), tab, _("Next field")), 3))
        enter = partial(self._send, Qt.Key.Key_Return, "\r")
        keys.append((_key(_("Enter"), enter), 3))
        keys.append((_key(_("Hide"), self._put_away, _("Hide the keyboard")), 3))
        return _keys_in_a_row(keys)

    def _show(self, sheet: Sheet) -> None:
        self.sheet, self._variants = sheet, ""
        self._build()

    def _next(self) -> None:
        self.layout_name = next_layout(self.layout_name)
        self._build()

    def _shift(self) -> None:
        self._capitals = not self._capitals
        self._build()

    def _begin_hold(self, character: str) -> None:
        self._held = character
        self._hold.start()

    def _offer(self) -> None:
        """The letter is held down: its accents."""
        self._variants = ACCENTS[self._held or "a"]
        self._build()

    def _type(self, character: str) -> None:
        self._send(Qt.Key(ord(character.upper()[:1])), character)
        if self._capitals or self._variants:
            self._capitals, self._variants = False, ""
            self._build()

    def _erase(self) -> None:
        self._send(Qt.Key.Key_Backspace, "\b")

    def _send(self, key: Qt.Key, text: str) -> None:
        field = QApplication.focusWidget()
        if field is None:
            return
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(field, event)

    def _put_away(self) -> None:
        self.hide()
        self.hidden_by_hand.emit()


def _key(text: str, action: Callable[[], object], name: str = "") -> Button:
    key = Button(text, action, kind="key")
    # Qt takes one & for the sign of a shortcut.
    key.setText(text.replace("&", "&&"))
    key.setAccessibleName(name or text)
    return _dressed(key)


def _dressed(key: Button) -> Button:
    key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return key


def _keys_in_a_row(keys: list[tuple[QWidget, int]]) -> QWidget:
    line: QHBoxLayout = row(gap=1)
    for key, width in keys:
        line.addWidget(key, width)
    whole = QWidget()
    whole.setLayout(line)
    return whole
