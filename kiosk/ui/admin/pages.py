"""The seven pages; each is imported when it is first shown, for some bring heavy libraries, or
before that on a thread that nobody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from kiosk.domain.language import marked
from kiosk.ui.admin.page import Page, PageContext

_PAGES = "kiosk.ui.admin"


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
        page: type[Page] = getattr(import_module(f"{_PAGES}.{self.module}"), self.page)
        return page

    def make(self, context: PageContext) -> Page:
        """Build it."""
        return self.load()(context)


PAGES = (
    Entry("people", marked("People"), "users", "people.page", "PeoplePage"),
    Entry("log", marked("Log"), "scroll-text", "log.page", "LogPage"),
    Entry(
        "attendance", marked("Attendance"), "calendar-clock", "attendance.page", "AttendancePage"
    ),
    Entry(
        "threshold", marked("Threshold"), "sliders-horizontal", "threshold.page", "ThresholdPage"
    ),
    Entry("liveness", marked("Liveness"), "scan-face", "liveness.page", "LivenessPage"),
    Entry("settings", marked("Settings"), "settings", "settings.page", "SettingsPage"),
    Entry("about", marked("About"), "info", "about", "AboutPage"),
)


def load_pages() -> None:
    """Import all pages, for a worker: a page that is opened then need only be built."""
    for entry in PAGES:
        entry.load()
