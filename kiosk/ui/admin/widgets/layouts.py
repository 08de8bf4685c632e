"""Rows and columns whose spacing is counted in steps of 4 px and follows the panel's scale."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QLayoutItem, QVBoxLayout, QWidget

STEP = 4
"""Pixels at scale 1."""

_Box = TypeVar("_Box", bound=QBoxLayout)

Item = QWidget | QLayout | int | None
"""A widget, a layout, stretch (an int), or nothing."""


def column(*items: Item, gap: int = 2, pad: tuple[int, int] = (0, 0)) -> QVBoxLayout:
    """A column; ``gap`` between items and ``pad`` (horizontal, vertical) around them in steps."""
    return _fill(QVBoxLayout(), items, gap, pad)


def row(*items: Item, gap: int = 2, pad: tuple[int, int] = (0, 0)) -> QHBoxLayout:
    """A row; ``gap`` and ``pad`` as for ``column``."""
    return _fill(QHBoxLayout(), items, gap, pad)


def boxed(layout: QLayout, role: str = "") -> QWidget:
    """A widget around a layout; ``role`` is what the style sheet knows it by."""
    widget = QWidget()
    if role:
        widget.setProperty("role", role)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setLayout(layout)
    return widget


def spaced(layout: QLayout, gap: int, pad: tuple[int, int] = (0, 0)) -> None:
    """Give a layout its spacing in steps, at scale 1 until ``rescale`` is called."""
    layout.setProperty("gap", gap)
    layout.setProperty("pad", f"{pad[0]} {pad[1]}")
    _apply(layout, 1.0)


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout. Its widgets vanish at once and are deleted later: one of
    them may be what was pressed."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def rescale(root: QWidget, scale: float) -> None:
    """Bring all layouts under ``root`` to a scale."""
    for layout in root.findChildren(QLayout):
        _apply(layout, scale)


def _apply(layout: QLayout, scale: float) -> None:
    gap, pad = layout.property("gap"), layout.property("pad")
    if gap is None:
        return
    layout.setSpacing(round(int(gap) * STEP * scale))
    across, down = (round(int(part) * STEP * scale) for part in str(pad).split())
    layout.setContentsMargins(across, down, across, down)


def _fill(layout: _Box, items: tuple[Item, ...], gap: int, pad: tuple[int, int]) -> _Box:
    spaced(layout, gap, pad)
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        elif item is not None:
            layout.addStretch(item)
    return layout


class TopDown(QVBoxLayout):
    """A column at the top of its room, each text as high as its width asks. Qt's own alignment
    gives a column no more than its size hint, and cuts the last line of a long text."""

    def setGeometry(self, rect: QRect, /) -> None:
        room = QRect(rect)
        if not self.expandingDirections() & Qt.Orientation.Vertical:
            wanted = self.sizeHint().height()
            if self.hasHeightForWidth():
                wanted = self.heightForWidth(rect.width())
            room.setHeight(min(wanted, rect.height()))
        super().setGeometry(room)


class FlowLayout(QLayout):
    """Left to right, then the next line, as words in a text."""

    def __init__(self, gap: int = 2) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        spaced(self, gap)

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(len(sizes) - 1, 0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size.boundedTo(QSize(rect.width(), 10**6))))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y()
