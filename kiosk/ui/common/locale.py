"""Moments as the system's locale writes them, in local time."""

from __future__ import annotations

import re
from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QTime


def local_time(at: datetime, locale: QLocale | None = None) -> str:
    """Hours and minutes, in the locale's way and without seconds."""
    return wall_time(at.astimezone(), locale)


def wall_time(local: datetime, locale: QLocale | None = None) -> str:
    """The same of a moment in any zone, as the clock on the wall showed it there."""
    spoken = locale or QLocale.system()
    form = re.sub(r"[:.]?s+", "", spoken.timeFormat(QLocale.FormatType.ShortFormat))
    return spoken.toString(QTime(local.hour, local.minute), form)


def local_date(at: datetime, locale: QLocale | None = None) -> str:
    """Weekday, day and month."""
    spoken = locale or QLocale.system()
    return spoken.toString(_qdate(at.astimezone()), _form(spoken))


def short_date(day: date, locale: QLocale | None = None) -> str:
    """The same of a day, with weekday and month cut short."""
    spoken = locale or QLocale.system()
    form = _form(spoken).replace("dddd", "ddd").replace("MMMM", "MMM")
    return spoken.toString(_qdate(day), form)


def month(day: date, locale: QLocale | None = None) -> str:
    """A day's month and year."""
    spoken = locale or QLocale.system()
    return f"{spoken.standaloneMonthName(day.month)} {day.year}"


def local_day(at: datetime, locale: QLocale | None = None) -> str:
    """The weekday, in full."""
    return (locale or QLocale.system()).dayName(at.astimezone().isoweekday())


def local_hour(at: datetime) -> int:
    """The hour of the day, 0 to 23."""
    return at.astimezone().hour


def _form(spoken: QLocale) -> str:
    long = spoken.dateFormat(QLocale.FormatType.LongFormat)
    # The year is what nobody at a door wonders about.
    return re.sub(r"[,\s]*('\w+'\s*)?y+[^\w']*$", "", long)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
