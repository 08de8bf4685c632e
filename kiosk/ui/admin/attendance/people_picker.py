"""People to be chosen, one or many."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from kiosk.domain.language import _, counted
from kiosk.domain.people import Person
from kiosk.ui.admin.widgets.controls import Button, label, pushed_by_finger
from kiosk.ui.admin.widgets.fields import Search
from kiosk.ui.admin.widgets.layouts import column, row

LINES = 7
"""People that are seen at once."""
_PERSON = Qt.ItemDataRole.UserRole


class PeoplePicker(QWidget):
    """A list to tick people in, narrowed by a search; ``changed`` says that others are ticked."""

    changed = Signal()

    def __init__(self, people: Sequence[Person], chosen: Collection[int] = ()) -> None:
        super().__init__()
        self.query = Search(_("Search by name, number or group"))
        self.all_button = Button(_("Choose all shown"), self._choose_all)
        self.list = _List()
        self.count = label("", "muted")
        for person in people:
            group = f"  ·  {person.group}" if person.group else ""
            number = f"  ({person.staff_number})" if person.staff_number else ""
            item = QListWidgetItem(f"{person.name}{number}{group}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setData(_PERSON, person)
            ticked = Qt.CheckState.Checked if person.id in chosen else Qt.CheckState.Unchecked
            item.setCheckState(ticked)
            self.list.addItem(item)
        head = row(self.query, self.all_button, gap=2)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.list, self.count, gap=1))
        self.query.textChanged.connect(self._filter)
        self.list.toggled.connect(self._tell)
        self._tell()

    @property
    def chosen(self) -> tuple[Person, ...]:
        """Who is ticked, in the order of the list, shown or not."""
        ticked = (item for item in self._items() if item.checkState() is Qt.CheckState.Checked)
        return tuple(item.data(_PERSON) for item in ticked)

    def choose(self, person_ids: Collection[int]) -> None:
        """Tick these people and nobody else."""
        for item in self._items():
            on = item.data(_PERSON).id in person_ids
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._tell()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.text().casefold() for word in words))

    def _choose_all(self) -> None:
        shown = [item for item in self._items() if not item.isHidden()]
        on = any(item.checkState() is not Qt.CheckState.Checked for item in shown)
        for item in shown:
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._tell()

    def _tell(self) -> None:
        self.count.setText(
            counted("{count} person is chosen.", "{count} people are chosen.", len(self.chosen))
        )
        self.changed.emit()


class _List(QListWidget):
    """A row is ticked by a click anywhere on it, by Space and by Enter."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("People"))
        self.setProperty("role", "picks")
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        pushed_by_finger(self)
        self.itemClicked.connect(self._toggle)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()
            self.setMinimumHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(200, round(self.fontMetrics().height() * 2.3 * LINES))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        item = self.currentItem()
        if event.key() in keys and item is not None:
            self._toggle(item)
        else:
            super().keyPressEvent(event)

    def _toggle(self, item: QListWidgetItem) -> None:
        on = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        self.toggled.emit()
