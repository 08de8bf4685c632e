"""Sheets that lie over the panel: details, questions, wizards. One window does it all, so that
nothing can get lost behind a kiosk without a window manager."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kiosk.domain.language import _
from kiosk.ui.admin.widgets.controls import Button, label, scrolled
from kiosk.ui.admin.widgets.labels import ElidedLabel
from kiosk.ui.admin.widgets.layouts import TopDown, column, rescale, row, spaced


class Sheet(QWidget):
    """A card with a title, a body that scrolls, and a row of buttons.

    ``width`` and ``height`` are in letters' widths and lines at any scale; 0 takes all there is.
    """

    closed = Signal()

    def __init__(self, title: str, *, width: int = 46, height: int = 0, close: bool = True) -> None:
        super().__init__()
        self.letters = width
        self.lines = height
        self.title = ElidedLabel(title, "heading")
        # What takes the keys first: the sheet itself, where no field is to be filled in.
        self.first: QWidget = self
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body: QVBoxLayout = TopDown()
        spaced(self.body, 4, (1, 1))
        self.content = QWidget()
        self.content.setLayout(self.body)
        self._area = scrolled(self.content)
        self.buttons = row(1, gap=2)
        head = row(self.title, gap=2)
        head.setStretch(0, 1)
        self.close_button = Button(_("Close"), self.dismiss, kind="quiet", icon="x", words=False)
        head.addWidget(self.close_button)
        if not close:
            self.close_button.hide()
        self._lines = lines = column(head, self._area, self.buttons, gap=3, pad=(5, 4))
        lines.setStretch(1, 1)
        self.setLayout(lines)

    @property
    def busy(self) -> bool:
        """Whether something runs that goes on when nobody looks."""
        return False

    def dismiss(self) -> None:
        """Close the sheet, as Escape does; a sheet at work may refuse."""
        self.closed.emit()

    def wanted_height(self) -> int:
        """Pixels that show all without scrolling."""
        margins = self._lines.contentsMargins()
        inner = self.body.sizeHint().height()
        if self.body.hasHeightForWidth():
            # The hint is of lines that break anywhere, and leaves a gap below.
            width = self.width() - margins.left() - margins.right()
            inner = self.body.totalHeightForWidth(width)
        rest = self._lines.sizeHint().height() - self._area.sizeHint().height()
        return inner + rest + 8


class SheetHost(QWidget):
    """Covers the panel while sheets are open; the last one opened is on top."""

    def __init__(self, panel: QWidget, behind: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self._behind = behind
        self._sheets: list[Sheet] = []
        self._focus: QWidget | None = None
        self.scale = 1.0
        self.setProperty("role", "shade")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        # Between the top sheet and those below it.
        self._veil = QWidget(self)
        self._veil.setProperty("role", "shade")
        self._veil.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._veil.hide()
        behind.installEventFilter(self)
        self.hide()

    @property
    def top(self) -> Sheet | None:
        return self._sheets[-1] if self._sheets else None

    def open(self, sheet: Sheet) -> None:
        """Show a sheet until it is dismissed."""
        if not self._sheets:
            self._focus = self._panel.focusWidget()
            # What is behind takes neither touch nor keys, and a screen reader passes it over.
            self._behind.setEnabled(False)
        else:
            self._sheets[-1].setEnabled(False)
        self._sheets.append(sheet)
        sheet.setParent(self)
        sheet.content.installEventFilter(self)
        sheet.closed.connect(lambda: self._closed(sheet))
        rescale(sheet, self.scale)
        self._fit()
        self.show()
        self.raise_()
        self._arrange()
        self._raise()
        sheet.show()
        sheet.first.setFocus()

    def back(self) -> bool:
        """Dismiss the top sheet; False where there is none."""
        if self.top is None:
            return False
        self.top.dismiss()
        return True

    def close_all(self) -> None:
        """Dismiss whatever is open, down to what is at work."""
        while (top := self.top) is not None and not top.busy:
            top.dismiss()
            if self.top is top:
                return

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched is self._behind and event.type() is QEvent.Type.Resize:
            self._fit()
            self._arrange()
        elif event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return False

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        event.accept()

    def _closed(self, sheet: Sheet) -> None:
        if sheet not in self._sheets:
            return
        self._sheets.remove(sheet)
        sheet.hide()
        sheet.deleteLater()
        self._raise()
        if self._sheets:
            self._sheets[-1].setEnabled(True)
            return
        self._behind.setEnabled(True)
        self.hide()
        if self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()
        self._focus = None

    def _raise(self) -> None:
        self._veil.setVisible(len(self._sheets) > 1)
        self._veil.raise_()
        if self._sheets:
            self._sheets[-1].raise_()

    def _fit(self) -> None:
        # Not over the screen's keyboard, which lies below.
        self.setGeometry(self._behind.geometry())
        self._veil.setGeometry(self.rect())

    def _arrange(self) -> None:
        for sheet in self._sheets:
            margin = round(12 * self.scale)
            room = self.rect().adjusted(margin, margin, -margin, -margin)
            letter = self.fontMetrics().averageCharWidth()
            width = room.width() if not sheet.letters else sheet.letters * letter * 1.15
            width = round(min(width, room.width()))
            sheet.resize(width, sheet.height())
            if sheet.lines:
                height = sheet.lines * self.fontMetrics().height()
            else:
                height = sheet.wanted_height()
            height = min(height, room.height())
            sheet.setGeometry(
                room.x() + (room.width() - width) // 2,
                room.y() + (room.height() - height) // 2,
                width,
                height,
            )


def confirm(
    host: SheetHost, question: str, text: str, act: str, action: Callable[[], object]
) -> Sheet:
    """Ask before something is lost: ``question`` names it, ``act`` is the button's word."""
    sheet = Sheet(question, width=44, close=False)
    sheet.title.hide()
    asked = label(question, "heading", wrap=True)
    sheet.body.addWidget(asked)
    if text:
        sheet.body.addWidget(label(text, "muted", wrap=True))

    def agreed() -> None:
        sheet.dismiss()
        action()

    keep = Button(_("Cancel"), sheet.dismiss)
    sheet.buttons.addWidget(keep)
    sheet.buttons.addWidget(Button(act, agreed, kind="danger"))
    host.open(sheet)
    keep.setFocus()
    return sheet
