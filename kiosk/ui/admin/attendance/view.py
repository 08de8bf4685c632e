"""What every view of the attendance page has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.admin.page import Page
from kiosk.ui.admin.widgets.controls import Banner
from kiosk.ui.admin.widgets.layouts import column


class View(QWidget):
    """Views fill ``body``, and override ``refresh``, ``search``, ``back`` and ``narrow``, which are
    a page's; what they name as ``tools`` stands in the page's head while they are shown."""

    person_wanted = Signal(object)
    """Asks for all days of somebody (id and name)."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.context = page.context
        self.tools: Sequence[QWidget] = ()
        self.body = column(gap=3)
        self.setLayout(self.body)

    @property
    def banner(self) -> Banner:
        """Where news and bad news are said."""
        return self.page.banner

    def refresh(self) -> None:
        """Read anew what is shown; called whenever the view comes to the front."""

    def search(self) -> None:
        """Ctrl+F: go to the field to search in, where there is one."""

    def back(self) -> bool:
        """Escape: undo the last step within the view; False where there is none."""
        return False

    def narrow(self, narrow: bool) -> None:
        """The panel became narrow (a tablet held upright) or wide."""

    def ask(
        self,
        op: Callable[[], Any],
        success: Callable[[Any], object],
        failure: Callable[[BaseException], object] | None = None,
    ) -> None:
        """As ``Page.ask``."""
        self.page.ask(op, success, failure)

    def fail(self, error: BaseException) -> None:
        """Say on the page what went wrong."""
        self.page.fail(error)
