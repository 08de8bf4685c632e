"""Sheets as tables for payroll offices: CSV and XLSX by a profile."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, TextIO

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import Span
from kiosk.domain.hours import words as sheet_words
from kiosk.domain.hours.durations import MINUTE, SECOND, decimal, hm, hms
from kiosk.domain.hours.periods import PeriodLine
from kiosk.domain.language import _, marked
from kiosk.services.attendance.profiles import (
    Column,
    Dates,
    Field,
    Lengths,
    Per,
    Profile,
    encodable,
)
from kiosk.services.attendance.sheets import NOTHING, Basis, Figures, PersonSheet, SheetDay
from kiosk.services.csv_safe import cell

Value = str | int | date | timedelta | None
"""What stands in a cell before a profile writes it."""
WEEKDAYS: Final = (
    marked("Mon"),
    marked("Tue"),
    marked("Wed"),
    marked("Thu"),
    marked("Fri"),
    marked("Sat"),
    marked("Sun"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row is made of: a sheet, and of it a day or a line that is carried on."""

    sheet: PersonSheet
    figures: Figures
    day: SheetDay | None = None
    line: PeriodLine | None = None

    @property
    def carried(self) -> timedelta:
        if self.line is not None:
            return self.line.counted
        return NOTHING if self.day is not None else self.sheet.carried_total


def rows(sheets: Iterable[PersonSheet], profile: Profile) -> Iterator[tuple[Value, ...]]:
    """A row a person and day, by person, each with what is carried on after their days where the
    profile has a column for it; or a row a person."""
    told = [_reader(column) for column in profile.columns]
    carries = any(c.field in (Field.CARRIED, Field.PAYABLE) for c in profile.columns)
    for sheet in sheets:
        made: Iterable[_Row]
        if profile.per is Per.PERIOD:
            made = (_Row(sheet, sheet.totals),)
        else:
            days = [_Row(sheet, day.figures, day) for day in sheet.days if not day.empty]
            lines = sheet.carried if carries else ()
            made = (*days, *(_Row(sheet, Figures(), line=line) for line in lines))
        for row in made:
            yield tuple([read(row) for read in told])


def write_csv(sheets: Iterable[PersonSheet], profile: Profile, out: TextIO) -> int:
    """The rows as CSV, lines that end in CR LF; returns how many.

    Raises:
        BadInput: the profile's encoding lacks a letter of somebody's name or reason.
    """
    writer = csv.writer(out, delimiter=profile.delimiter)
    writer.writerow([cell(column.heading) for column in profile.columns])
    count = 0
    for row in rows(sheets, profile):
        written = [_text(value, profile) for value in row]
        for text in written:
            if not text.isascii() and not encodable(text, profile.encoding):
                raise BadInput(
                    _(
                        "{text} has letters that the encoding of this profile lacks: choose UTF-8 "
                        "for it."
                    ).format(text=repr(text))
                )
        writer.writerow(written)
        count += 1
    return count


def csv_bytes(sheets: Iterable[PersonSheet], profile: Profile) -> tuple[bytes, int]:
    """A whole CSV file in the profile's encoding, and how many rows it has."""
    out = io.StringIO(newline="")
    count = write_csv(sheets, profile, out)
    return out.getvalue().encode(profile.encoding), count


def xlsx_bytes(sheets: Iterable[PersonSheet], profile: Profile) -> tuple[bytes, int]:
    """A spreadsheet: real days and lengths of time, the headings stay in view."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Hours"))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(profile.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    heads = [_literal(sheet, column.heading) for column in profile.columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    count = 0
    for row in rows(sheets, profile):
        sheet.append([_cell(sheet, value, profile) for value in row])
        count += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), count


def times(day: SheetDay) -> str:
    """``08:00-12:00 12:30-16:30``; an end that is not known is a question mark."""
    return " ".join(span_words(span) for span in day.row.spans if span.open or span.came)


def span_words(span: Span, dash: str = "-") -> str:
    """From when to when, by the clock on the wall there."""
    came = f"{span.came.local:%H:%M}" if span.came else "?"
    if span.went is not None:
        return f"{came}{dash}{span.went.local:%H:%M}"
    return f"{came}{dash}{span.assumed:%H:%M}" if span.assumed else f"{came}{dash}?"


def moments(day: SheetDay) -> str:
    """All that was recorded, to the last digit, with what it rests on: ``in
    2026-11-02T08:00:03+01:00 face; out 2026-11-02T12:00:00+01:00 pin``, spans with bars between."""
    return " | ".join(
        "; ".join(
            [*map(_moment, span.events)]
            + ([f"out {span.assumed.isoformat()} assumed"] if span.assumed else [])
        )
        for span in day.row.spans
    )


def _moment(event: ClockEvent) -> str:
    return f"{event.direction} {event.local.isoformat()} {event.evidence}"


def _text(value: Value, profile: Profile) -> str:
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return _length(value, profile.lengths)
    if isinstance(value, date):
        return profile.day(value)
    return str(value) if isinstance(value, int) else cell(value)


def _length(time: timedelta, form: Lengths) -> str:
    match form:
        case Lengths.CLOCK:
            return hm(time)
        case Lengths.EXACT:
            return hms(time)
        case Lengths.POINT:
            return decimal(time)
        case Lengths.COMMA:
            return decimal(time, ",")
        case Lengths.MINUTES:
            return str(_minutes(time))
        case Lengths.SECONDS:
            return str(time // SECOND)


def _minutes(time: timedelta) -> int:
    """The nearest whole minute, half up."""
    minutes = (abs(time) + MINUTE / 2) // MINUTE
    return -minutes if time < NOTHING else minutes


def _cell(sheet: Any, value: Value, profile: Profile) -> Any:
    if value is None or isinstance(value, str):
        return _literal(sheet, value or "")
    content: Any = value
    form = "General"
    if isinstance(value, timedelta):
        match profile.lengths:
            case Lengths.CLOCK | Lengths.EXACT:
                seconds = profile.lengths is Lengths.EXACT or bool(value % MINUTE)
                form = "[h]:mm:ss" if seconds else "[h]:mm"
                form = f"{form};-{form}"
            case Lengths.POINT | Lengths.COMMA:
                content, form = Decimal(decimal(value)), "0.00"
            case _:
                content = int(_length(value, profile.lengths))
    elif isinstance(value, date):
        form = _SHEET_DATES[profile.dates]
    return _made(sheet, content, form)


def _made(sheet: Any, content: Any, form: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet, content)
    made.number_format = form
    return made


def _literal(sheet: Any, text: str) -> Any:
    """A text that no spreadsheet takes for a formula, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    made = _made(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", text) or None, "General")
    if text:
        made.data_type = "s"
    return made


_SHEET_DATES: Final = {
    Dates.ISO: "yyyy-mm-dd",
    Dates.POINTS: "dd.mm.yyyy",
    Dates.SLASHES: "dd/mm/yyyy",
    Dates.AMERICAN: "mm/dd/yyyy",
    Dates.PLAIN: "yyyymmdd",
}


def _width(column: Column) -> int:
    """In letters."""
    return max(len(column.heading) + 2, _WIDE.get(column.field, 11))


_WIDE: Final = {
    Field.NAME: 26,
    Field.TIMES: 24,
    Field.NOTES: 44,
    Field.MOMENTS: 60,
    Field.GROUP: 18,
    Field.HOLIDAY: 20,
    Field.ABSENCE: 16,
    Field.OPEN: 24,
}


def _reader(column: Column) -> Callable[[_Row], Value]:
    if column.field is Field.TEXT:
        return lambda row: column.text
    return _READERS[column.field]


def _of_day(read: Callable[[SheetDay], Value]) -> Callable[[_Row], Value]:
    return lambda row: None if row.day is None else read(row.day)


def _of_figures(read: Callable[[Figures], timedelta]) -> Callable[[_Row], Value]:
    return lambda row: None if row.line is not None else read(row.figures)


def _of_basis(basis: Basis) -> Callable[[_Row], Value]:
    return _of_figures(lambda figures: figures.by_basis.get(basis, NOTHING))


def _day(row: _Row) -> date:
    if row.day is not None:
        return row.day.row.day
    return row.line.day if row.line is not None else row.sheet.since


def _clock(day: SheetDay, direction: Direction) -> Value:
    at = day.row.first_in if direction is Direction.IN else day.row.last_out
    return f"{at:%H:%M}" if at else None


def _planned(day: SheetDay) -> Value:
    plan = day.row.planned
    return f"{plan.starts:%H:%M}-{plan.ends:%H:%M}" if plan else None


def _notes(row: _Row) -> Value:
    if row.day is not None:
        return "; ".join(sheet_words.notes(row.day.row))
    if row.line is not None:
        return row.line.why
    return "; ".join(line.why for line in row.sheet.carried)


def _carried(row: _Row) -> Value:
    return row.carried


def _payable(row: _Row) -> Value:
    return row.figures.counted + row.carried


def _absence_days(row: _Row) -> Value:
    return sum(day.row.absence is not None for day in row.sheet.days)


_READERS: Final[Mapping[Field, Callable[[_Row], Value]]] = {
    Field.DAY: _day,
    Field.WEEKDAY: lambda row: _(WEEKDAYS[_day(row).weekday()]),
    Field.SINCE: lambda row: row.sheet.since,
    Field.UNTIL: lambda row: row.sheet.until,
    Field.MONTH: lambda row: f"{row.sheet.until:%m/%Y}",
    Field.NAME: lambda row: row.sheet.name,
    Field.NUMBER: lambda row: row.sheet.staff_number or "",
    Field.GROUP: lambda row: row.sheet.group,
    Field.TIMES: _of_day(times),
    Field.FIRST_IN: _of_day(lambda day: _clock(day, Direction.IN)),
    Field.LAST_OUT: _of_day(lambda day: _clock(day, Direction.OUT)),
    Field.MOMENTS: _of_day(moments),
    Field.PLANNED: _of_day(_planned),
    Field.DAYS: lambda row: row.sheet.worked_days,
    Field.ABSENCE_DAYS: _absence_days,
    Field.EXACT: _of_figures(lambda figures: figures.exact),
    Field.RESTED: _of_figures(lambda figures: figures.rested),
    Field.PAID: _of_figures(lambda figures: figures.paid),
    Field.DEDUCTED: _of_figures(lambda figures: figures.deducted),
    Field.GAIN: _of_figures(lambda figures: figures.gain),
    Field.CHANGED: _of_figures(lambda figures: figures.changed),
    Field.COUNTED: _of_figures(lambda figures: figures.counted),
    Field.BY_HAND: _of_figures(lambda figures: figures.by_hand),
    Field.FACE: _of_basis(Basis.FACE),
    Field.PIN: _of_basis(Basis.PIN),
    Field.PERSON: _of_basis(Basis.PERSON),
    Field.HAND: _of_basis(Basis.HAND),
    Field.IMPORT: _of_basis(Basis.IMPORT),
    Field.RECORDING: _of_basis(Basis.RECORDING),
    Field.ASSUMED: _of_basis(Basis.ASSUMED),
    Field.CLOSED: _of_basis(Basis.CLOSED),
    Field.CARRIED: _carried,
    Field.PAYABLE: _payable,
    Field.ABSENCE: _of_day(lambda day: day.row.absence.kind if day.row.absence else None),
    Field.HOLIDAY: _of_day(lambda day: day.row.holiday or None),
    Field.NOTES: _notes,
    Field.OPEN: lambda row: str(row.sheet.unsettled),
    Field.DIGEST: lambda row: row.sheet.period.digest if row.sheet.period else None,
}
