"""The seven pages; each is imported when it is first shown, for some bring heavy libraries, or
before that on a thread that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from kiosk.domain.language import marked
from kiosk.domain.roles import ATTENDANCE, Sight
from kiosk.ui.admin.page import Page, PageContext

_PAGES = "kiosk.ui.admin"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the sidebar: ``page`` is the class in ``module``; it is there for whoever may see
    something of ``sights``."""

    key: str
    title: str
    icon: str
    module: str
    page: str
    sights: frozenset[Sight]

    def load(self) -> type[Page]:
        """Import it; any thread."""
        page: type[Page] = getattr(import_module(f"{_PAGES}.{self.module}"), self.page)
        return page

    def make(self, context: PageContext) -> Page:
        """Build it."""
        return self.load()(context)


def _of(sight: Sight) -> frozenset[Sight]:
    return frozenset({sight})


PAGES = (
    Entry("people", marked("People"), "users", "people.page", "PeoplePage", _of(Sight.PEOPLE)),
    Entry("log", marked("Log"), "scroll-text", "log.page", "LogPage", _of(Sight.LOG)),
    Entry(
        "attendance",
        marked("Attendance"),
        "calendar-clock",
        "attendance.page",
        "AttendancePage",
        ATTENDANCE,
    ),
    Entry(
        "threshold",
        marked("Threshold"),
        "sliders-horizontal",
        "threshold.page",
        "ThresholdPage",
        _of(Sight.THRESHOLD),
    ),
    Entry(
        "liveness",
        marked("Liveness"),
        "scan-face",
        "liveness.page",
        "LivenessPage",
        _of(Sight.LIVENESS),
    ),
    Entry(
        "settings",
        marked("Settings"),
        "settings",
        "settings.page",
        "SettingsPage",
        _of(Sight.SETTINGS),
    ),
    Entry("about", marked("About"), "info", "about", "AboutPage", _of(Sight.ABOUT)),
)


def pages_for(sees: Callable[[Sight], bool]) -> tuple[Entry, ...]:
    """Those that somebody may see something of, in the order of the sidebar; any thread."""
    return tuple(entry for entry in PAGES if any(map(sees, entry.sights)))


def load_pages() -> None:
    """Import all pages, for a worker: a page that is opened then need only be built."""
    for entry in PAGES:
        entry.load()
