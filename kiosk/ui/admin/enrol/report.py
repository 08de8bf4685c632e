"""What an enrolment from files came to: the faces taken, and a reason beside each refused file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.domain.frame import Image
from kiosk.services.enrol.enroller import Capture, Refused
from kiosk.ui.admin.enrol.work import thumbnail
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import label
from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, column
from kiosk.ui.admin.widgets.pictures import Thumbnail, pixmap_of
from kiosk.ui.admin.widgets.style import colours
from kiosk.ui.admin.widgets.tables import CellDelegate, Table
from kiosk.ui.common.icons import paint_icon

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADS = ("Picture", "File", "Why it was refused")
SHOWN = 60
"""Faces shown at most; a person rarely has more."""


class ReportView(QWidget):
    """Faces on top, refused files below."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._text = ""
        self._faces = FlowLayout(1)
        self._model = _RefusedModel(context)
        self.table = Table("Refused pictures", lines=3.6)
        self.table.setModel(self._model)
        self.table.setItemDelegateForColumn(0, _ThumbDelegate(self))
        self.table.setWordWrap(True)
        self._taken = boxed(self._faces)
        self._head = label("Refused", "label")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setLayout(column(self._taken, self._head, self.table, gap=2))

    def show_report(
        self, captures: Sequence[Capture], refused: Sequence[Refused], summary: str
    ) -> None:
        for capture in captures[:SHOWN]:
            self._faces.addWidget(Thumbnail(capture.thumbnail, name=capture.source))
        self._taken.setVisible(bool(captures))
        self._model.show(refused)
        for part in (self._head, self.table):
            part.setVisible(bool(refused))
        self.table.fit({0: 9, 1: 22}, 2)
        rows = min(len(refused), 6) * self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(rows + self.table.horizontalHeader().sizeHint().height() + 4)
        lines = [f"{item.path}: {item.reason}" for item in refused]
        self._text = "\n".join([summary, *lines])
        self.setVisible(bool(captures or refused))

    def copy(self) -> None:
        """The report as text, to paste into a letter."""
        QGuiApplication.clipboard().setText(self._text)


class _RefusedModel(QAbstractTableModel):
    """Thumbnails are read from their files when they come into view."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._rows: tuple[Refused, ...] = ()
        self._thumbs: dict[Path, QPixmap | None] = {}

    def show(self, rows: Sequence[Refused]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        refused = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return self._thumb(index.row(), refused.path)
        words = ("", f"{refused.path.parent.name}/{refused.path.name}", refused.reason)
        if role == Qt.ItemDataRole.DisplayRole:
            return words[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{refused.path}\n{refused.reason}"
        return None

    def _thumb(self, row: int, path: Path) -> QPixmap | None:
        if path not in self._thumbs:
            self._thumbs[path] = None
            site = self._context.site

            def show(image: Image | None) -> None:
                if image is not None:
                    self._thumbs[path] = pixmap_of(image)
                    place = self.index(row, 0)
                    self.dataChanged.emit(place, place)

            self._context.models.submit(
                lambda: thumbnail(site, path), show, lambda _: None, owner=self
            )
        return self._thumbs[path]


class _ThumbDelegate(CellDelegate):
    def draw(self, painter: QPainter, place: QRect, index: Index) -> None:
        thumb = index.data(Qt.ItemDataRole.UserRole)
        size = place.height() - 8
        box = QRectF(place.x(), place.y() + 4, size, size)
        if isinstance(thumb, QPixmap):
            side = min(thumb.width(), thumb.height())
            part = QRectF((thumb.width() - side) / 2, (thumb.height() - side) / 2, side, side)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(box, thumb, part)
        else:
            shrunk = box.adjusted(size * 0.3, size * 0.3, -size * 0.3, -size * 0.3)
            paint_icon(painter, "circle-alert", QColor(colours().muted), shrunk)
