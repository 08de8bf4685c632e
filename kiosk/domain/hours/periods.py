"""Periods that are closed: what was signed stands, and what changes later is carried on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kiosk.domain.attendance import Mark
from kiosk.domain.settings import SettingValue

Key = tuple[int, date]
"""A person's id and a day."""


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """What a period says of a person's day: of one of its own days, or, ``carried``, by how much a
    day of an earlier period has changed since that one was closed (``counted`` may be negative
    then), and ``why``."""

    person_id: int
    name: str
    staff_number: str | None
    day: date
    counted: timedelta
    by_hand: timedelta = timedelta()
    carried: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included, that are frozen; ``digest`` is the SHA-256 of its lines as they
    were exported, ``rules`` are the settings that its hours follow from: others that a site agrees
    on later change nothing in it. What was said after ``mark`` is not in it."""

    id: int
    since: date
    until: date
    closed_at: datetime
    closed_by: str
    digest: str = ""
    rules: Mapping[str, SettingValue] = field(default_factory=dict)
    mark: Mark = field(default_factory=Mark)

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until


def settled(lines: Iterable[PeriodLine]) -> dict[Key, timedelta]:
    """What closed periods come to by now, each day with what was carried on since."""
    total: dict[Key, timedelta] = {}
    for line in lines:
        key = (line.person_id, line.day)
        total[key] = total.get(key, timedelta()) + line.counted
    return total


def changed(now: Mapping[Key, timedelta], paid: Mapping[Key, timedelta]) -> dict[Key, timedelta]:
    """By how much each day of closed periods differs from what was settled."""
    keys = now.keys() | paid.keys()
    differs = {key: now.get(key, timedelta()) - paid.get(key, timedelta()) for key in keys}
    return {key: by for key, by in sorted(differs.items()) if by}


def looked_at(period: Period, periods: Iterable[Period]) -> Mark:
    """Up to where a period was last looked through for what has changed in it: when it was closed
    itself, or when a later one was, into which that was carried."""
    into = (one for one in periods if one.id > period.id and one.since > period.until)
    return max((period, *into), key=lambda one: one.id).mark


def proposed(periods: Iterable[Period], today: date) -> tuple[date, date]:
    """The first and the last day to close next, both included: what follows the newest period and
    is as long, by months where it begins on the same day of each (the 1st, the 26th), else by
    days. Before any is closed, the last whole month before ``today``."""
    last = max(periods, key=lambda period: period.until, default=None)
    if last is None:
        until = today.replace(day=1) - timedelta(days=1)
        return until.replace(day=1), until
    since = last.until + timedelta(days=1)
    months = (since.year - last.since.year) * 12 + since.month - last.since.month
    if months > 0 and since.day == last.since.day:
        return since, _months_later(since, months) - timedelta(days=1)
    return since, since + (last.until - last.since)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
