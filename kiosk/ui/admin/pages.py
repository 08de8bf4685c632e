"""The six pages; each is imported when it is first shown, for some bring heavy libraries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.ui.admin.page import Desk, Page


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the sidebar; ``make`` imports and builds it."""

    key: str
    title: str
    sign: str
    make: Callable[[Desk], Page]


def _people(desk: Desk) -> Page:
    from kiosk.ui.admin.people.page import PeoplePage

    return PeoplePage(desk)


def _log(desk: Desk) -> Page:
    from kiosk.ui.admin.log.page import LogPage

    return LogPage(desk)


def _attendance(desk: Desk) -> Page:
    from kiosk.ui.admin.attendance.page import AttendancePage

    return AttendancePage(desk)


def _threshold(desk: Desk) -> Page:
    from kiosk.ui.admin.threshold.page import ThresholdPage

    return ThresholdPage(desk)


def _settings(desk: Desk) -> Page:
    from kiosk.ui.admin.settings.page import SettingsPage

    return SettingsPage(desk)


def _about(desk: Desk) -> Page:
    from kiosk.ui.admin.about import AboutPage

    return AboutPage(desk)


PAGES = (
    Entry("people", "People", "users", _people),
    Entry("log", "Log", "scroll-text", _log),
    Entry("attendance", "Attendance", "calendar-clock", _attendance),
    Entry("threshold", "Threshold", "sliders-horizontal", _threshold),
    Entry("settings", "Settings", "settings", _settings),
    Entry("about", "About", "info", _about),
)
