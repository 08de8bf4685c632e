"""Rotas as people say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from PySide6.QtCore import QLocale

from kiosk.domain.hours.shifts import Assignment, Rota, Shift
from kiosk.domain.language import _, counted
from kiosk.ui.admin.widgets.formats import day as day_text

WEEK = 7


def weekday(number: int, *, short: bool = True) -> str:
    """The name of a day of the week; 0 is Monday."""
    form = QLocale.FormatType.ShortFormat if short else QLocale.FormatType.LongFormat
    return QLocale.system().standaloneDayName(number + 1, form)


def shift_text(shift: Shift | None) -> str:
    """``08:00-16:30``, or that it is a day off."""
    return _("off") if shift is None else str(shift)


def days_text(days: Sequence[Shift | None]) -> str:
    """``Mon-Fri 08:00-16:30`` of a week, ``5 days in turn: 3 × 06:00-14:00, 2 × off`` of any
    other cycle."""
    parts = []
    for shift, run in groupby(range(len(days)), key=lambda place: days[place]):
        places = list(run)
        if len(days) == WEEK:
            if shift is None:
                continue
            first, last = weekday(places[0]), weekday(places[-1])
            parts.append(f"{first if len(places) == 1 else f'{first}-{last}'} {shift}")
        else:
            said = shift_text(shift)
            many = _("{count} × {shift}").format(count=len(places), shift=said)
            parts.append(said if len(places) == 1 else many)
    told = ", ".join(parts)
    if len(days) == WEEK:
        return told
    return counted(
        "{count} day in turn: {days}", "{count} days in turn: {days}", len(days), days=told
    )


def rota_text(rota: Rota) -> str:
    """Its name and its days."""
    return f"{rota.name}: {days_text(rota.days)}"


def works_by(assignments: Sequence[Assignment], today: date) -> str:
    """By which rota somebody works on a day, and by which one later; ``assignments`` are theirs,
    by day."""
    past = [one for one in assignments if one.since <= today]
    now = past[-1] if past else None
    if now is None or now.rota is None:
        lines = [_("Works by no rota: nothing is said of late, early or missing.")]
    else:
        lines = [
            _("Works by {rota} from {day}: {days}.").format(
                rota=now.rota.name, day=day_text(now.since), days=days_text(now.rota.days)
            )
        ]
    for later in assignments:
        if later.since > today:
            rota = later.rota.name if later.rota else _("no rota")
            lines.append(_("From {day}: {rota}.").format(day=day_text(later.since), rota=rota))
    return "\n".join(lines)
