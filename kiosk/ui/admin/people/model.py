"""Everybody enrolled, as cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from kiosk.domain.errors import ModelError
from kiosk.domain.language import _, counted
from kiosk.domain.people import Person
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.records import Records
from kiosk.ui.admin.widgets.cells import draw_text
from kiosk.ui.admin.widgets.controls import pushed_by_finger
from kiosk.ui.admin.widgets.formats import day
from kiosk.ui.admin.widgets.style import colours, paint_badge

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

CARD = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Card:
    """A person, and how many of the photos (templates) the encoder in force can use."""

    person: Person
    usable: int
    today: date = field(default_factory=date.today)

    @property
    def valid(self) -> bool:
        """Whether the person belongs to the site today."""
        return self.person.valid(self.today)

    @property
    def state(self) -> str:
        """In words what stands in the way of being let in, or that nothing does."""
        person = self.person
        if not person.enabled:
            return _("Disabled")
        if not self.valid:
            if person.valid_from is not None and self.today < person.valid_from:
                return _("From {day}").format(day=day(person.valid_from))
            assert person.valid_until is not None
            return _("Until {day}").format(day=day(person.valid_until))
        if self.usable:
            return counted("{count} photo", "{count} photos", self.usable)
        if self.person.template_count:
            return _("Photos of another encoder")
        return _("No photo")

    def fits(self, chip: str) -> bool:
        """Whether the card belongs under a filter chip."""
        if chip == "enabled":
            return self.person.enabled
        if chip == "disabled":
            return not self.person.enabled
        if chip == "none":
            return not self.usable
        return True


def read_cards(storage: Records, encoder: Callable[[], EncoderInfo], text: str) -> tuple[Card, ...]:
    """Who is found by a name or number, with what the encoder can use; for the worker."""
    people = storage.people.find(text)
    try:
        templates = storage.people.templates(encoder().encoder_id, enabled_only=False)
    except ModelError:
        # Without an encoder people can still be looked at; the kiosk itself says what is wrong.
        return tuple(Card(person, person.template_count) for person in people)
    usable = Counter(template.person_id for template in templates)
    return tuple(Card(person, usable[person.id]) for person in people)


class PeopleModel(QAbstractListModel):
    """Cards by name."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: tuple[Card, ...] = ()

    def show(self, cards: tuple[Card, ...]) -> None:
        if cards != self.cards:
            self.beginResetModel()
            self.cards = cards
            self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if not index.isValid():
            return None
        card = self.cards[index.row()]
        if role == CARD:
            return card
        if role == Qt.ItemDataRole.DisplayRole:
            return card.person.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(_lines(card))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(_lines(card))
        return None


def _lines(card: Card) -> list[str]:
    return [line for line in (card.person.name, card.person.group, _last_line(card)) if line]


def _last_line(card: Card) -> str:
    number = card.person.staff_number
    return f"{number}  ·  {card.state}" if number else card.state


def short_line(card: Card, metrics: QFontMetrics, width: int) -> str:
    """The same where there is little room: the number is cut, what stands in the way is not."""
    number = card.person.staff_number
    if not number:
        return card.state
    room = width - metrics.horizontalAdvance(f"  ·  {card.state}")
    cut = metrics.elidedText(number, Qt.TextElideMode.ElideRight, max(room, 0))
    return f"{cut}  ·  {card.state}" if cut else card.state


class CardsView(QListView):
    """Cards side by side; ``opened`` tells which was touched or entered."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("People"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setProperty("role", "cards")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_CardDelegate(self))
        self.setMouseTracking(True)
        pushed_by_finger(self)
        self.clicked.connect(lambda index: self.opened.emit(index.data(CARD)))
        self.activated.connect(self._activated)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self.fit()
        super().resizeEvent(event)

    def fit(self) -> None:
        """Share the width out among as many cards as fit."""
        line = self.fontMetrics().height()
        # Qt lays cards out beside a scroll bar whether there is one or not.
        metric, bar = QStyle.PixelMetric.PM_ScrollBarExtent, self.verticalScrollBar()
        room = self.maximumViewportSize().width() - self.style().pixelMetric(metric, None, bar) - 2
        across = max(1, room // (line * 16))
        self.setGridSize(QSize(room // across, round(line * 4.4)))

    def _activated(self, index: QModelIndex) -> None:
        # A single click may activate too, where the desktop is set so; once is enough.
        style = self.style().styleHint(QStyle.StyleHint.SH_ItemView_ActivateItemOnSingleClick)
        if not style:
            self.opened.emit(index.data(CARD))


class _CardDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        view = self.parent()
        return view.gridSize() if isinstance(view, QListView) else QSize(200, 80)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        card: Card = index.data(CARD)
        tone = colours()
        line = option.fontMetrics.height()
        gap = round(line * 0.2)
        box = QRectF(option.rect.adjusted(gap, gap, -gap, -gap))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        touched = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(tone.focus if focused else tone.line), 2 if focused else 1))
        painter.setBrush(QColor(tone.raised if touched else tone.surface))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), line * 0.5, line * 0.5)
        if not card.person.enabled or not card.valid:
            painter.setOpacity(0.55)
        size = line * 2.3
        spot = QRectF(box.x() + line * 0.7, box.center().y() - size / 2, size, size)
        painter.setFont(option.font)
        paint_badge(painter, card.person.name, spot)
        painter.setOpacity(1.0)
        text = QRect(
            round(spot.right() + line * 0.7),
            round(box.y()),
            round(box.right() - spot.right() - line * 1.4),
            round(box.height()),
        )
        group = card.person.group
        step = round(line * (1.2 if group else 1.3))
        place = QRect(text.x(), text.center().y() - step * (3 if group else 2) // 2, 0, step)
        place.setWidth(text.width())
        name = QFont(option.font)
        name.setWeight(QFont.Weight.DemiBold)
        painter.setFont(name)
        draw_text(painter, place, card.person.name, tone.text)
        painter.setFont(option.font)
        if group:
            place.translate(0, step)
            draw_text(painter, place, group, tone.muted)
        place.translate(0, step)
        fine = card.usable and card.person.enabled and card.valid
        told = short_line(card, painter.fontMetrics(), place.width())
        draw_text(painter, place, told, tone.muted if fine else tone.warn)
        painter.restore()
