"""Days and times as the system's locale writes them; stored in UTC, shown in local time."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QTime

_SHORT = QLocale.FormatType.ShortFormat


def moment(at: datetime) -> str:
    """Day and time to the second."""
    local = at.astimezone()
    return f"{day(local.date())}  {clock(at, seconds=True)}"


def clock(at: datetime, *, seconds: bool = False) -> str:
    """The time of day."""
    local = at.astimezone()
    locale = QLocale.system()
    form = locale.timeFormat(_SHORT)
    if seconds and "s" not in form:
        form = form.replace("mm", "mm:ss")
    elif not seconds:
        form = form.replace(":ss", "").replace(".ss", "")
    return locale.toString(QTime(local.hour, local.minute, local.second), form)


def day(which: date) -> str:
    """A day in figures."""
    return QLocale.system().toString(qdate(which), _SHORT)


def long_day(which: date) -> str:
    """A day with its weekday."""
    locale = QLocale.system()
    return locale.toString(qdate(which), "ddd ") + locale.toString(qdate(which), _SHORT)


def qdate(which: date) -> QDate:
    return QDate(which.year, which.month, which.day)


def pydate(which: QDate) -> date:
    return date(which.year(), which.month(), which.day())
