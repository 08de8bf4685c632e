"""The six pages; each is imported when it is first shown, for some bring heavy libraries, or before
that on a thread that nobody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from kiosk.ui.admin.page import Page, PageContext


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the sidebar: ``page`` is the class in ``module``."""

    key: str
    title: str
    icon: str
    module: str
    page: str

    def load(self) -> type[Page]:
        """Import it; any thread."""
        page: type[Page] = getattr(import_module(self.module), self.page)
        return page

    def make(self, context: PageContext) -> Page:
        """Build it."""
        return self.load()(context)


PAGES = (
    Entry("people", "People", "users", "kiosk.ui.admin.people.page", "PeoplePage"),
    Entry("log", "Log", "scroll-text", "kiosk.ui.admin.log.page", "LogPage"),
    Entry(
        "attendance",
        "Attendance",
        "calendar-clock",
        "kiosk.ui.admin.attendance.page",
        "AttendancePage",
    ),
    Entry(
        "threshold",
        "Threshold",
        "sliders-horizontal",
        "kiosk.ui.admin.threshold.page",
        "ThresholdPage",
    ),
    Entry("settings", "Settings", "settings", "kiosk.ui.admin.settings.page", "SettingsPage"),
    Entry("about", "About", "info", "kiosk.ui.admin.about", "AboutPage"),
)


def load_pages() -> None:
    """Import all pages, for a worker: a page that is opened then need only be built."""
    for entry in PAGES:
        entry.load()
