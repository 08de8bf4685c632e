"""Everybody, or one group of people."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox

from kiosk.domain.language import _


class GroupFilter(QComboBox):
    """The groups that there are; ``changed`` says that another one is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Group"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(14)
        self.show_groups(())
        self.currentIndexChanged.connect(lambda _: self.changed.emit())

    @property
    def chosen(self) -> str | None:
        """The group, empty for people in none; None for everybody."""
        chosen: str | None = self.currentData()
        return chosen

    @property
    def any(self) -> bool:
        """Whether anybody is in a group at all."""
        return self.count() > 1

    def fits(self, group: str) -> bool:
        return self.chosen is None or group == self.chosen

    def choose(self, group: str | None) -> None:
        """Choose a group, or everybody, where it is in the list."""
        self.setCurrentIndex(max(self.findData(group), 0))

    def show_groups(self, groups: Iterable[str]) -> None:
        """Of each person the group; the one chosen stays so where it is left."""
        found, chosen = set(groups), self.chosen
        with QSignalBlocker(self):
            self.clear()
            self.addItem(_("All groups"), None)
            for group in sorted(found - {""}, key=str.casefold):
                self.addItem(group, group)
            if self.any and "" in found:
                self.addItem(_("In no group"), "")
            self.choose(chosen)
