"""The six pages; each is imported when it is first shown, for some bring heavy libraries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.domain.language import marked
from kiosk.ui.admin.page import Page, PageContext


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the sidebar; ``make`` imports and builds it."""

    key: str
    title: str
    icon: str
    make: Callable[[PageContext], Page]


def _people(context: PageContext) -> Page:
    from kiosk.ui.admin.people.page import PeoplePage

    return PeoplePage(context)


def _log(context: PageContext) -> Page:
    from kiosk.ui.admin.log.page import LogPage

    return LogPage(context)


def _attendance(context: PageContext) -> Page:
    from kiosk.ui.admin.attendance.page import AttendancePage

    return AttendancePage(context)


def _threshold(context: PageContext) -> Page:
    from kiosk.ui.admin.threshold.page import ThresholdPage

    return ThresholdPage(context)


def _settings(context: PageContext) -> Page:
    from kiosk.ui.admin.settings.page import SettingsPage

    return SettingsPage(context)


def _about(context: PageContext) -> Page:
    from kiosk.ui.admin.about import AboutPage

    return AboutPage(context)


PAGES = (
    Entry("people", marked("People"), "users", _people),
    Entry("log", marked("Log"), "scroll-text", _log),
    Entry("attendance", marked("Attendance"), "calendar-clock", _attendance),
    Entry("threshold", marked("Threshold"), "sliders-horizontal", _threshold),
    Entry("settings", marked("Settings"), "settings", _settings),
    Entry("about", marked("About"), "info", _about),
)
