"""The small parts that all pages are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QScrollPrepareEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QButtonGroup,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QSlider,
    QWidget,
)

from kiosk.domain.language import _
from kiosk.ui.admin.widgets.labels import WrappedLabel
from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, column, row
from kiosk.ui.admin.widgets.style import colours, mark
from kiosk.ui.common.icons import icon, paint_icon
from kiosk.ui.common.theme import appearance


class Button(QPushButton):
    """A button with an icon of its own colour. ``kind`` is ``primary``, ``danger``, ``quiet`` or
    nothing; without ``words`` it is the icon alone, and ``text`` its name and tooltip. One that is
    not ``allowed`` is never shown, whatever else would show it: to whoever has no right to it."""

    def __init__(
        self,
        text: str,
        clicked: Callable[[], object] | None = None,
        *,
        kind: str = "",
        icon: str = "",
        words: bool = True,
        allowed: bool = True,
    ) -> None:
        # The style sheet knows no distance between an icon and its words.
        super().__init__((f" {text}" if icon else text) if words else "")
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        if not words:
            self.setProperty("form", "icon")
            self.setToolTip(text)
        self._icon = icon
        self._drawn: tuple[str, int] | None = None
        self.setAutoDefault(False)
        self._allowed = allowed
        if not allowed:
            self.hide()
        if clicked is not None:
            self.clicked.connect(lambda: clicked())
        if icon:
            appearance().changed.connect(self._redraw)
            self._redraw()

    def setVisible(self, visible: bool) -> None:
        super().setVisible(visible and self._allowed)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._icon:
            self._redraw()

    def _redraw(self) -> None:
        tone, kind = colours(), self.property("kind")
        colour = {"primary": tone.accent_ink, "danger": tone.bad}.get(kind, tone.text)
        size = round(self.fontMetrics().height() * 1.1)
        if self._drawn != (colour, size):
            self._drawn = colour, size
            self.setIconSize(QSize(size, size))
            self.setIcon(icon(self._icon, colour, tone.muted, size))


def press(control: QWidget | None) -> None:
    """What Enter does with the control that has the focus, where it does nothing of its own: Qt
    presses a button with Space alone."""
    if isinstance(control, QAbstractButton):
        control.click()
    elif isinstance(control, QComboBox):
        control.showPopup()


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A text; ``role`` is one that the style sheets know, such as title, heading, label, muted,
    error, mark."""
    made = WrappedLabel(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    return made


class IconLabel(QWidget):
    """An icon by itself, ``lines`` text lines high."""

    def __init__(self, name: str, lines: float = 1.2, colour: str = "muted") -> None:
        super().__init__()
        self._name = name
        self._lines = lines
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        size = round(self.fontMetrics().height() * self._lines)
        return QSize(size, size)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(colours(), self._colour))
        paint_icon(painter, self._name, colour, QRectF(self.rect()))


class _Chip(Button):
    """As wide as its text in bold, which it is while it is chosen."""

    def __init__(self, text: str) -> None:
        super().__init__(text, kind="chip")
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        hint, bold = super().sizeHint(), QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        wider = QFontMetrics(bold).horizontalAdvance(self.text())
        more = max(0, wider - self.fontMetrics().horizontalAdvance(self.text()))
        return QSize(hint.width() + more, hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Chips(QWidget):
    """Filter chips of which exactly one is chosen."""

    changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str) -> None:
        """``choices`` are (key, text), the first one chosen; ``name`` says what is filtered."""
        super().__init__()
        self.setAccessibleName(name)
        flow = FlowLayout()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Chip] = {}
        for key, text in choices:
            chip = _Chip(text)
            chip.setAccessibleName(f"{name}: {text}")
            self._group.addButton(chip)
            self._buttons[key] = chip
            flow.addWidget(chip)
            chip.clicked.connect(lambda _=False, key=key: self.changed.emit(key))
        next(iter(self._buttons.values())).setChecked(True)
        self.setLayout(flow)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def chosen(self) -> str:
        return next(key for key, chip in self._buttons.items() if chip.isChecked())

    def choose(self, key: str) -> None:
        """Choose a chip, as a click does."""
        self._buttons[key].click()

    def set_text(self, key: str, text: str) -> None:
        """Another text on a chip, such as with a number."""
        self._buttons[key].setText(text)


class Empty(QWidget):
    """What stands where a list is empty: why, and what to do first."""

    def __init__(self, icon: str, title: str, text: str = "", *buttons: QWidget) -> None:
        super().__init__()
        self.title = label(title, "heading", wrap=True)
        self.text = label(text, "muted", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle = Qt.AlignmentFlag.AlignHCenter
        lines = column(1, gap=4, pad=(6, 6))
        lines.addWidget(IconLabel(icon, 3.2), 0, middle)
        lines.addWidget(self.title)
        lines.addWidget(self.text)
        for button in buttons:
            lines.addWidget(button, 0, middle)
        lines.addStretch(2)
        self.setLayout(lines)


class Banner(QWidget):
    """A sentence on top of a page, with a cross to take it away and perhaps something to do."""

    def __init__(self) -> None:
        super().__init__()
        self._text = label("", wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._act = Button("", self._acted, kind="quiet")
        self._action: Callable[[], object] | None = None
        close = Button(_("Close this message"), self.hide, kind="quiet", icon="x", words=False)
        self.setProperty("role", "banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setLayout(row(self._text, self._act, close, gap=2, pad=(3, 1)))
        self.hide()

    @property
    def text(self) -> str:
        return "" if self.isHidden() else self._text.text()

    def say(
        self,
        text: str,
        *,
        good: bool = False,
        act: str = "",
        action: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence; ``good`` for something done, else something went wrong."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._act.setText(act)
        self._act.setAccessibleName(act)
        self._act.setVisible(bool(act))
        self._action = action
        mark(self, kind="good" if good else "bad")
        self.show()

    def _acted(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()


def scrolled(content: QWidget) -> QScrollArea:
    """A widget that scrolls up and down where it is higher than the page."""
    area = QScrollArea()
    # It takes the focus, so that the arrow keys scroll it.
    area.setAccessibleName(_("All of it, to be scrolled"))
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    content.setProperty("role", content.property("role") or "scrolled")
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    pushed_by_finger(area)
    return area


def pushed_by_finger(area: QAbstractScrollArea) -> None:
    """Let a finger push a list or a page, which then glides on; a mouse does as ever."""
    viewport = area.viewport()
    QScroller.grabGesture(viewport, QScroller.ScrollerGestureType.TouchGesture)
    viewport.installEventFilter(_KeepsItsDrag(viewport))


def keeps_drag(widget: QWidget) -> None:
    """A finger that begins here draws or slides, and does not push the page."""
    widget.setProperty("keeps_drag", True)


class _KeepsItsDrag(QObject):
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if not isinstance(event, QScrollPrepareEvent) or not isinstance(watched, QWidget):
            return False
        under = watched.childAt(event.startPos().toPoint())
        while under is not None and under is not watched:
            if isinstance(under, QSlider) or under.property("keeps_drag"):
                event.ignore()
                return True
            under = under.parentWidget()
        return False


def card(*items: QWidget, gap: int = 3) -> QWidget:
    """A group of things on a surface of its own."""
    return boxed(column(*items, gap=gap, pad=(5, 4)), "card")
