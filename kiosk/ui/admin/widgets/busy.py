"""What shows that something is being waited for."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from kiosk.domain.language import _

PATIENCE = 300
"""Milliseconds that people wait without wondering; what takes less shows nothing."""


class Busy(QProgressBar):
    """A thin bar along the upper edge of ``parent`` that runs while anything is waited for: not
    before ``patience`` ms, and then for as long at least, so that it never flashes."""

    def __init__(self, parent: QWidget, patience: int = PATIENCE) -> None:
        super().__init__(parent)
        self._waited_for = 0
        self.setRange(0, 0)
        self.setTextVisible(False)
        self.setProperty("role", "busy")
        self.setAccessibleName(_("Reading, please wait"))
        self._late = QTimer(self, singleShot=True, interval=patience)
        self._late.timeout.connect(self._appear)
        self._seen = QTimer(self, singleShot=True, interval=patience)
        self._seen.timeout.connect(self._settle)
        self.hide()

    def begin(self) -> None:
        """One thing more is waited for."""
        self._waited_for += 1
        if self.isHidden() and not self._late.isActive():
            self._late.start()

    def end(self) -> None:
        """One thing less is."""
        self._waited_for -= 1
        self._settle()

    def place(self) -> None:
        """Along the parent's upper edge."""
        parent = self.parentWidget()
        assert parent is not None
        self.setGeometry(0, 0, parent.width(), self.sizeHint().height())

    def _appear(self) -> None:
        self.place()
        self.show()
        self.raise_()
        self._seen.start()

    def _settle(self) -> None:
        if self._waited_for:
            return
        self._late.stop()
        if not self._seen.isActive():
            self.hide()
