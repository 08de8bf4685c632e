"""The views of the attendance page, in the order of their chips; each is imported and built when it
is first shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from kiosk.domain.language import marked
from kiosk.domain.roles import Sight
from kiosk.ui.admin.attendance.view import View
from kiosk.ui.admin.page import Page


@dataclass(frozen=True, slots=True)
class Entry:
    """One view: ``view`` is the class in ``module`` of this folder."""

    key: str
    title: str
    module: str
    view: str

    @property
    def sight(self) -> Sight:
        """What one must be allowed to see for it."""
        return Sight(self.key)

    def make(self, page: Page) -> View:
        """Build it."""
        module = import_module(f"kiosk.ui.admin.attendance.{self.module}")
        made: View = getattr(module, self.view)(page)
        return made


VIEWS = (
    Entry("hours", marked("Hours"), "hours", "HoursView"),
    Entry("inside", marked("Who is in"), "inside", "InsideView"),
    Entry("requests", marked("Requests"), "requests", "RequestsView"),
    Entry("plans", marked("Absences and rotas"), "plans", "PlansView"),
    Entry("periods", marked("Periods"), "periods", "PeriodsView"),
    Entry("changes", marked("Changes"), "changes", "ChangesView"),
)
