"""Files for payroll offices: the columns they ask for, and no formula, float or lost letter."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from kiosk.domain.attendance import Direction
from kiosk.domain.errors import BadInput
from kiosk.domain.hours.durations import decimal, hm, hms, signed, whole_minutes
from kiosk.domain.repositories import Storage
from kiosk.services.attendance import Attendance
from kiosk.services.attendance.calendars import ical_bytes
from kiosk.services.attendance.profiles import (
    BUILT_IN,
    DATEV,
    DAYS,
    FIELDS,
    RECORD,
    TOTALS,
    Column,
    Dates,
    Field,
    Lengths,
    Per,
    Profile,
    fields,
    from_json,
    named,
    to_json,
)
from kiosk.services.attendance.sheets import PersonSheet, Sheets
from kiosk.services.attendance.tables import csv_bytes, rows, xlsx_bytes
from tests.services.attendance.months import NOVEMBER, NOW, SETTINGS

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def november(month_storage: Storage) -> tuple[PersonSheet, ...]:
    return Sheets(month_storage, Attendance.of(month_storage, SETTINGS)).of(*NOVEMBER)


def read(sheets: tuple[PersonSheet, ...], profile: Profile) -> list[dict[str, str]]:
    content, count = csv_bytes(sheets, profile)
    text = content.decode(profile.encoding)
    found = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=profile.delimiter))
    assert len(found) == count
    return found


@pytest.mark.parametrize(
    ("time", "short", "long", "hours"),
    [
        (7 * HOUR + 30 * MINUTE, "7:30", "7:30:00", "7.50"),
        (163 * HOUR + 5 * SECOND, "163:00:05", "163:00:05", "163.00"),
        (-45 * MINUTE, "-0:45", "-0:45:00", "-0.75"),
        (18 * SECOND, "0:00:18", "0:00:18", "0.01"),
        (17 * SECOND, "0:00:17", "0:00:17", "0.00"),
        (timedelta(), "0:00", "0:00:00", "0.00"),
        (timedelta(microseconds=999_999), "0:00", "0:00:00", "0.00"),
    ],
)
def test_lengths_of_time(time: timedelta, short: str, long: str, hours: str) -> None:
    assert (hm(time), hms(time), decimal(time)) == (short, long, hours)


def test_signs_and_whole_minutes() -> None:
    assert [signed(n * MINUTE) for n in (5, 0, -5)] == ["+0:05", "0:00", "−0:05"]
    assert whole_minutes(61 * SECOND) == 2 * MINUTE
    assert decimal(7 * HOUR + 20 * MINUTE, ",") == "7,33"


def test_days_of_everybody(november: tuple[PersonSheet, ...]) -> None:
    found = read(november, DAYS)
    assert list(found[0]) == [column.heading for column in DAYS.columns]
    ada = [row for row in found if row["name"] == "Ada Lovelace"]
    assert ada[0]["day"] == "2025-11-03"
    assert ada[0]["weekday"] == "Mon"
    assert {row["notes"] for row in ada} >= {"nothing recorded", "Holiday"}
    carried = [row["carried on from earlier periods"] for row in ada if not row["counted"]]
    assert carried == ["0:45", "-0:45"], "a quarter of the hour is the longer break of the law"


def test_each_duration_form(november: tuple[PersonSheet, ...]) -> None:
    counted = november[0].totals.counted
    column = (Column(Field.COUNTED, "hours"),)
    told = {
        form: read(november, Profile("x", Per.PERIOD, column, form))[0]["hours"] for form in Lengths
    }
    assert told == {
        Lengths.CLOCK: hm(counted),
        Lengths.EXACT: hms(counted),
        Lengths.POINT: decimal(counted),
        Lengths.COMMA: decimal(counted, ","),
        Lengths.MINUTES: str((counted + 30 * SECOND) // MINUTE),
        Lengths.SECONDS: str(counted // SECOND),
    }


def test_month_totals_are_the_sum_of_the_days(november: tuple[PersonSheet, ...]) -> None:
    in_seconds = replace(TOTALS, lengths=Lengths.SECONDS)
    totals = {row["name"]: row for row in read(november, in_seconds)}
    for sheet in november:
        days = [row for row in read((sheet,), RECORD) if row["counted"]]
        for title in ("counted", "exact", "by hand", "rounding"):
            total = sum(int(row[title]) for row in days)
            assert total == int(totals[sheet.name][title]), (sheet.name, title)
        assert int(totals[sheet.name]["counted and carried on"]) == sheet.payable // SECOND


def test_a_payroll_office_gets_its_own_headings(november: tuple[PersonSheet, ...]) -> None:
    first = read(november, DATEV)[0]
    assert first == {
        "Personalnummer": "17",
        "Abrechnungsmonat": "11/2025",
        "Lohnart": "100",
        "Stunden": decimal(november[0].payable, ","),
        "Fehltage": "2",
    }
    content, _count = csv_bytes(november, DATEV)
    assert content.startswith(b"Personalnummer;Abrechnungsmonat;")


def test_letters_that_an_encoding_lacks_are_refused(november: tuple[PersonSheet, ...]) -> None:
    narrow = replace(DAYS, encoding="cp1252")
    with pytest.raises(BadInput, match=r"Ελένη Παππά.*choose UTF-8"):
        csv_bytes(november, narrow)


def test_no_formula_reaches_a_spreadsheet(month_storage: Storage) -> None:
    evil = month_storage.people.add("=1+1", "-17")
    month_storage.clock_events.add(evil.id, Direction.IN, datetime(2025, 11, 3, 8, tzinfo=UTC))
    attendance = Attendance.of(month_storage, SETTINGS)
    sheets = Sheets(month_storage, attendance).of(*NOVEMBER, (evil.id,))
    profile = Profile(
        "x", Per.PERIOD, (Column(Field.NAME, "=A1"), Column(Field.TEXT, "t", "@SUM(A1)"))
    )
    content, _count = csv_bytes(sheets, profile)
    assert content.decode("utf-8-sig") == "'=A1,t\r\n'=1+1,'@SUM(A1)\r\n"
    book, _count = xlsx_bytes(sheets, profile)
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    values = [(cell.value, cell.data_type) for line in sheet.iter_rows() for cell in line]
    assert values == [("=A1", "s"), ("t", "s"), ("=1+1", "s"), ("@SUM(A1)", "s")]


def test_a_spreadsheet_has_real_days_and_lengths(november: tuple[PersonSheet, ...]) -> None:
    content, count = xlsx_bytes(november, DAYS)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    lines = list(sheet.iter_rows(min_row=2))
    assert len(lines) == count
    place = [column.field for column in DAYS.columns].index(Field.COUNTED)
    expected = [row[place] for row in rows(november, DAYS)]
    assert [line[place].value for line in lines] == expected
    assert lines[0][place].number_format.startswith("[h]:mm")
    assert lines[0][0].value == datetime(2025, 11, 3)
    assert lines[0][0].number_format == "yyyy-mm-dd"
    in_hours, _count = xlsx_bytes(november, DATEV)
    sheet = load_workbook(io.BytesIO(in_hours)).active
    assert sheet is not None
    assert f"{sheet['D2'].value:.2f}" == decimal(november[0].payable)


def test_dates_as_they_are_asked_for() -> None:
    day = date(2026, 11, 30)
    for form in Dates:
        assert replace(DAYS, dates=form).day(day) == form.value


def test_profiles_are_kept_and_read() -> None:
    assert from_json(to_json(BUILT_IN)) == BUILT_IN
    spoilt = to_json([DAYS]).replace('"semicolon"', "")
    assert from_json(spoilt.replace('"day"', '"nonsense"', 1)) == ()
    assert from_json("{") == from_json('{"a": 1}') == from_json("[1, null]") == ()
    mixed = to_json([DAYS, TOTALS]).replace('"Days"', '""')
    assert from_json(mixed) == (TOTALS,)


def test_profiles_by_name() -> None:
    assert named("  month   TOTALS ") is TOTALS
    with pytest.raises(BadInput, match="There are: Days, Full record"):
        named("Weeks")


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        (replace(DAYS, name=" "), "Give the profile a name"),
        (replace(DAYS, columns=()), "a column at least"),
        (replace(DAYS, per=Per.PERIOD), "day is nothing that a row of this kind has"),
        (replace(DAYS, columns=(Column(Field.NAME, "x" * 121),)), "at most 120"),
        (replace(DAYS, delimiter="|"), "not known"),
    ],
)
def test_what_is_no_profile_is_refused(profile: Profile, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        profile.checked()


def test_every_field_has_a_name_and_a_value(november: tuple[PersonSheet, ...]) -> None:
    assert set(FIELDS) == set(Field)
    for per in Per:
        profile = Profile("x", per, tuple(Column(one) for one in fields(per)))
        assert read(november, profile)
        assert xlsx_bytes(november, profile)[1]


def test_shifts_and_absences_as_a_calendar(november: tuple[PersonSheet, ...]) -> None:
    content, count = ical_bytes(november, NOW)
    events = list(Calendar.from_ical(content).walk("VEVENT"))
    assert len(events) == count
    assert len({str(event["uid"]) for event in events}) == count
    absences = [event for event in events if str(event["uid"]).startswith("absence")]
    assert [(e.decoded("dtstart"), e.decoded("dtend")) for e in absences] == [
        (date(2025, 11, 12), date(2025, 11, 14)),
        (date(2025, 11, 24), date(2025, 11, 27)),
    ]
    stays = [e.decoded("dtend") - e.decoded("dtstart") for e in events if e not in absences]
    exact = sum((s.totals.exact + s.totals.rested for s in november), timedelta())
    assert abs(sum(stays, timedelta()) - exact) < count * 2 * SECOND
    assert ical_bytes(november, NOW) == (content, count)
