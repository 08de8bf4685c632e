"""Shifts worked and absences as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.hours import Span
from kiosk.domain.hours.durations import hm, whole
from kiosk.domain.hours.shifts import Absence
from kiosk.domain.language import _
from kiosk.services.attendance.sheets import BASES, PersonSheet, SheetDay, span_basis

if TYPE_CHECKING:
    from icalendar import Event


def ical_bytes(sheets: Iterable[PersonSheet], now: datetime) -> tuple[bytes, int]:
    """Every stay with both ends, and every absence, each with an id that stays, so that a second
    import doubles nothing; returns how many there are. ``now`` is in UTC."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//kiosk//attendance//")
    calendar.add("version", "2.0")
    count = 0
    for sheet in sheets:
        absences: dict[int, Absence] = {}
        for day in sheet.days:
            if day.row.absence is not None:
                absences[day.row.absence.id] = day.row.absence
            for span in day.row.spans:
                if span.came is not None and span.end is not None:
                    calendar.add_component(_stay(sheet, day, span, now))
                    count += 1
        for absence in absences.values():
            calendar.add_component(_absence(sheet, absence, now))
            count += 1
    return calendar.to_ical(), count


def _stay(sheet: PersonSheet, day: SheetDay, span: Span, now: datetime) -> Event:
    assert span.came is not None
    assert span.end is not None
    event = _event(f"clock-{span.came.id}@kiosk", now)
    event.add("summary", f"{sheet.name}: {hm(whole(span.worked))}")
    event.add("dtstart", span.came.at.astimezone(UTC).replace(microsecond=0))
    event.add("dtend", span.end.astimezone(UTC).replace(microsecond=0))
    told = [_("rests on: {what}").format(what=_(BASES[span_basis(span)]))]
    if span.rested:
        told.append(_("breaks: {time}").format(time=hm(whole(span.rested))))
    event.add("description", "\n".join(told))
    return event


def _absence(sheet: PersonSheet, absence: Absence, now: datetime) -> Event:
    event = _event(f"absence-{absence.id}@kiosk", now)
    event.add("summary", f"{sheet.name}: {absence.kind}")
    event.add("dtstart", absence.since)
    event.add("dtend", absence.until + timedelta(days=1))  # exclusive
    event.add("transp", "TRANSPARENT")
    return event


def _event(uid: str, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    return event
