"""Days and times as the system's locale writes them; stored in UTC, shown in local time."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QTime

_SHORT = QLocale.FormatType.ShortFormat


def moment(at: datetime) -> str:
    """Day and time to the second, in this machine's zone."""
    return local_moment(at.astimezone())


def local_moment(local: datetime) -> str:
    """Day and time to the second, as they were on the wall there and then."""
    return f"{day(local.date())}  {local_clock(local, seconds=True)}"


def longest_moment() -> str:
    """A moment as long as they get, for the width of a column."""
    return moment(datetime(2026, 12, 30, 20, 58, 58).astimezone())


def longest_day() -> str:
    """A day, likewise."""
    return day(date(2026, 12, 30))


def clock(at: datetime, *, seconds: bool = False) -> str:
    """The time of day in this machine's zone."""
    return local_clock(at.astimezone(), seconds=seconds)


def local_clock(local: datetime, *, seconds: bool = False) -> str:
    """The time of day as it was on the wall there and then."""
    locale = QLocale.system()
    form = clock_format(seconds=seconds)
    return locale.toString(QTime(local.hour, local.minute, local.second), form)


def clock_format(*, seconds: bool = False) -> str:
    """How a time of day is written."""
    form = QLocale.system().timeFormat(_SHORT)
    if seconds and "s" not in form:
        return form.replace("mm", "mm:ss")
    return form if seconds else form.replace(":ss", "").replace(".ss", "")


def day(which: date, locale: QLocale | None = None) -> str:
    """A day in figures."""
    spoken = locale or QLocale.system()
    return spoken.toString(qdate(which), day_format(spoken))


def day_format(locale: QLocale | None = None) -> str:
    """How a day is written in figures; ISO 8601 where the system says nothing of its own."""
    spoken = locale or QLocale.system()
    nothing_said = spoken.language() == QLocale.Language.C
    return "yyyy-MM-dd" if nothing_said else spoken.dateFormat(_SHORT)


def long_day(which: date) -> str:
    """A day with its weekday."""
    return QLocale.system().toString(qdate(which), "ddd ") + day(which)


def qdate(which: date) -> QDate:
    return QDate(which.year, which.month, which.day)


def pydate(which: QDate) -> date:
    return date(which.year(), which.month(), which.day())
