"""Backups: what one is, what it is called, and which are kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from kiosk.domain.chain import ChainReport
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

_NAME: Final = re.compile(r"kiosk-([0-9a-f]{8})-(\d{8}T\d{6}Z)\.db")
_MOMENT: Final = "%Y%m%dT%H%M%SZ"
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was verified before it got its name. ``at`` is in UTC, ``size`` in bytes."""

    path: Path
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What came out of a backup when it was restored to a temporary place, whole. ``record`` says
    whether what stands in its log was altered."""

    people: int
    templates: int
    events: int
    record: ChainReport


def backup_name(series: str, at: datetime) -> str:
    """The file's name; ``series`` (8 hexadecimal digits) keeps the backups of several kiosks in
    one folder apart."""
    return f"kiosk-{series}-{stamp(at)}.db"


def stamp(at: datetime) -> str:
    """A moment as names of files have it: UTC, to the second (ISO 8601, basic form)."""
    return at.astimezone(UTC).strftime(_MOMENT)


def moment_of(text: str) -> datetime | None:
    """What :func:`stamp` wrote; None where it is none."""
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def made_at(name: str, series: str) -> datetime | None:
    """When a backup of this series was made; None for any other name."""
    found = _NAME.fullmatch(name)
    return moment_of(found[2]) if found and found[1] == series else None


def kept(moments: Collection[datetime], today: date, daily: int, weekly: int) -> set[datetime]:
    """Which stay: the newest of each of the last ``daily`` days and of each of the last ``weekly``
    weeks (ISO 8601, this one included), and the newest of all. A day is one of UTC. What seems to
    be of the future stays: then the clock is wrong, or was."""
    newest: dict[object, datetime] = {}
    for at in sorted(moments):
        day = at.date()
        age = (today - day).days
        weeks = (_monday(today) - _monday(day)) // _WEEK
        if age < 0:
            newest[at] = at
        if 0 <= age < daily:
            newest[day] = at
        if 0 <= weeks < weekly:
            newest["week", weeks] = at
        newest["newest"] = at
    return set(newest.values())


def check_folder(text: str) -> None:
    """
    Raises:
        BadInput: it would be another folder, depending on where the kiosk is started.
    """
    if text and not Path(text).expanduser().is_absolute():
        raise BadInput(
            _("{text} is no whole path: write one such as /mnt/backups.").format(text=repr(text))
        )


def gone_after(daily: int, weekly: int) -> int:
    """Days after which whoever was deleted is in no backup any more, where one is made each
    day."""
    return max(daily, _WEEK * weekly)


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()
