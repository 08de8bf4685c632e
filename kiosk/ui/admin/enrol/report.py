"""What an enrolment from files came to: the faces taken, and everybody with what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Image
from kiosk.domain.language import _, counted, marked
from kiosk.domain.names import isolated
from kiosk.services.enrol.enroller import THUMBNAIL, Capture, Refused
from kiosk.services.enrol.report import Enrolled, EnrolReport
from kiosk.services.site import Site
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.cells import CellDelegate
from kiosk.ui.admin.widgets.controls import label
from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, column
from kiosk.ui.admin.widgets.pictures import Thumbnail, pixmap_of
from kiosk.ui.admin.widgets.style import colours
from kiosk.ui.admin.widgets.tables import Table
from kiosk.ui.common.icons import paint_icon

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADS = (marked("Picture"), marked("Whose"), marked("What became of it"))
SHOWN = 60
"""Faces shown at most; a person rarely has more."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line of the report: a picture that was refused, or a person and what became of them."""

    path: Path
    name: str
    text: str
    good: bool = False


def refused_row(refused: Refused) -> ReportRow:
    """A picture that was not taken."""
    path = refused.path
    return ReportRow(path, f"{path.parent.name}/{path.name}", refused.reason)


def everybody_rows(report: EnrolReport) -> tuple[ReportRow, ...]:
    """Everybody of a folder, whoever needs somebody's eyes first, each with the pictures that were
    refused below."""
    rows: list[ReportRow] = []
    for line in sorted(report.everybody, key=lambda line: bool(line.accepted or line.known)):
        path = line.where or Path()
        rows.append(ReportRow(path, _whose(line), _became(line), not line.problem))
        rows += map(refused_row, line.refused)
    return tuple(rows)


def _whose(line: Enrolled) -> str:
    name = isolated(line.name)
    told = f"{line.staff_number}  {name}" if line.staff_number else name
    return f"{told}  “{isolated(line.left_out_of)}”" if line.left_out_of else told


def _became(line: Enrolled) -> str:
    parts = []
    if line.accepted and line.new:
        parts.append(
            counted("Enrolled with {count} photo.", "Enrolled with {count} photos.", line.accepted)
        )
    elif line.accepted:
        parts.append(counted("{count} photo added.", "{count} photos added.", line.accepted))
    if line.known:
        parts.append(counted("{count} stored already.", "{count} stored already.", line.known))
    if line.problem:
        parts.append(_("Left out: {why}").format(why=line.problem))
    return " ".join([*parts, *line.notes])


def thumbnail(site: Site, path: Path) -> Image | None:
    """A picture, small; None where it can't be read."""
    try:
        image = site.load_image(path)
    except (BadImage, OSError):
        return None
    step = max(1, -(-max(image.shape[:2]) // THUMBNAIL))
    return image[::step, ::step].copy()


class ReportView(QWidget):
    """Faces on top, what became of each picture or person below."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._text = ""
        self._faces = FlowLayout(1)
        self._model = _ReportModel(context)
        self.table = Table(_("Pictures and people"), lines=3.6)
        self.table.setModel(self._model)
        self.table.setItemDelegateForColumn(0, _ThumbDelegate(self))
        self.table.setWordWrap(True)
        self._taken = boxed(self._faces)
        self._head = label(_("Report"), "label")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setLayout(column(self._taken, self._head, self.table, gap=2))

    def show_report(
        self, captures: Sequence[Capture], rows: Sequence[ReportRow], summary: str
    ) -> None:
        for capture in captures[:SHOWN]:
            self._faces.addWidget(Thumbnail(capture.thumbnail, name=capture.source))
        self._taken.setVisible(bool(captures))
        self._model.show(rows)
        for part in (self._head, self.table):
            part.setVisible(bool(rows))
        self.table.fit({0: 9, 1: 22}, 2)
        shown = min(len(rows), 6) * self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(shown + self.table.horizontalHeader().sizeHint().height() + 4)
        lines = [f"{item.name}: {item.text}" for item in rows]
        self._text = "\n".join([summary, *lines])
        self.setVisible(bool(captures or rows))

    def copy(self) -> None:
        """The report as text, to paste into a letter."""
        QGuiApplication.clipboard().setText(self._text)


class _ReportModel(QAbstractTableModel):
    """Thumbnails are read from their files when they come into view."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._rows: tuple[ReportRow, ...] = ()
        self._thumbs: dict[Path, QPixmap | None] = {}

    def show(self, rows: Sequence[ReportRow]) -> None:
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
            return _(_HEADS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row if row.good else self._thumb(index.row(), row.path)
        words = ("", row.name, row.text)
        if role == Qt.ItemDataRole.DisplayRole:
            return words[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.path}\n{row.text}"
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
            good = isinstance(thumb, ReportRow)
            ink = QColor(colours().ok if good else colours().muted)
            paint_icon(painter, "circle-check" if good else "circle-alert", ink, shrunk)
