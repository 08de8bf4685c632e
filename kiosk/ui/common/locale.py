"""Moments as the system's locale writes them, in local time."""

from __future__ import annotations

import re
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime


def local_time(at: datetime, locale: QLocale | None = None) -> str:
    """Hours and minutes, in the locale's way and without seconds."""
    spoken = locale or QLocale.system()
    local = at.astimezone()
    form = re.sub(r"[:.]?s+", "", spoken.timeFormat(QLocale.FormatType.ShortFormat))
    return spoken.toString(QTime(local.hour, local.minute), form)


def local_date(at: datetime, locale: QLocale | None = None) -> str:
    """Weekday, day and month."""
    spoken = locale or QLocale.system()
    local = at.astimezone()
    long = spoken.dateFormat(QLocale.FormatType.LongFormat)
    # The year is what nobody at a door wonders about.
    form = re.sub(r"[,\s]*('\w+'\s*)?y+[^\w']*$", "", long)
    return spoken.toString(QDate(local.year, local.month, local.day), form)


def local_day(at: datetime, locale: QLocale | None = None) -> str:
    """The weekday, in full."""
    return (locale or QLocale.system()).dayName(at.astimezone().isoweekday())


def local_hour(at: datetime) -> int:
    """The hour of the day, 0 to 23."""
    return at.astimezone().hour
