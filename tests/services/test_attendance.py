from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import Direction, Evidence
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.attendance import Attendance

BERLIN = ZoneInfo("Europe/Berlin")
IN, OUT = Direction.IN, Direction.OUT
MONDAY = date(2026, 3, 2)


def local(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def attendance(storage: Storage) -> Attendance:
    return Attendance(storage, 4, BERLIN)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def test_a_day_on_the_sheet(
    attendance: Attendance, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    enrol("Ben")
    for direction, at in ((IN, local(2, 8)), (OUT, local(2, 12)), (IN, local(2, 13))):
        storage.clock_events.add(ada.id, direction, at)
    first, second = attendance.sheet(MONDAY)
    assert (first.name, first.staff_number, first.day) == ("Ada", "17", MONDAY)
    assert (first.first_in, first.last_out) == (local(2, 8), local(2, 12))
    assert (first.worked, first.open_end, len(first.events)) == (timedelta(hours=4), True, 3)
    assert (second.name, second.events, second.open_end) == ("Ben", (), False)
    assert second.first_in is second.last_out is None


def test_a_night_shift_is_one_day(attendance: Attendance, storage: Storage, ada: Person) -> None:
    """It is over after four, where the working day begins."""
    for evening in (2, 3, 4):
        assert attendance.read_look(ada.id, local(evening, 22)).likely is IN
        storage.clock_events.add(ada.id, IN, local(evening, 22))
        assert attendance.read_look(ada.id, local(evening + 1, 6)).likely is OUT
        storage.clock_events.add(ada.id, OUT, local(evening + 1, 6))
    days = [date(2026, 3, day) for day in (2, 3, 4, 5)]
    rows = [row for day in days for row in attendance.sheet(day)]
    assert [row.worked for row in rows] == [timedelta(hours=8)] * 3 + [timedelta()]
    assert not any(row.open_end for row in rows)
    assert (rows[0].first_in, rows[0].last_out) == (local(2, 22), local(3, 6))
    assert attendance.recorded(days[0], days[-1]) == tuple(days[:3])
    assert attendance.recorded(days[1], days[1]) == (days[1],)


def test_who_is_in_now(
    attendance: Attendance, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    ben, cid = enrol("Ben"), enrol("Cid")
    storage.clock_events.add(ben.id, IN, local(2, 22))
    storage.clock_events.add(ada.id, IN, local(3, 1))
    storage.clock_events.add(cid.id, IN, local(3, 1))
    storage.clock_events.add(cid.id, OUT, local(3, 2))
    assert [one.person_name for one in attendance.here(local(3, 5))] == ["Ada", "Ben"]
    assert [one.person_name for one in attendance.here(local(3, 15))] == ["Ada"], "forgotten"
    assert attendance.here(local(2, 21)) == ()


def test_whoever_forgot_to_go_comes_anew(
    attendance: Attendance, storage: Storage, ada: Person
) -> None:
    storage.clock_events.add(ada.id, IN, local(2, 8))
    assert attendance.read_look(ada.id, local(2, 23, 59)).likely is OUT
    assert attendance.read_look(ada.id, local(3, 8)).likely is IN
    (row,) = attendance.sheet(MONDAY)
    assert attendance.awaited(row, local(2, 20))
    assert not attendance.awaited(row, local(3, 8))
    last = attendance.last(ada.id, local(2, 23))
    assert last is not None
    assert last.direction is IN
    assert attendance.last(ada.id, local(3, 1)) is None
    of_a_day = Attendance(storage, 4, BERLIN, longest=timedelta(hours=24))
    assert of_a_day.read_look(ada.id, local(3, 8)).likely is OUT, "on call for a day"


@pytest.mark.parametrize(
    ("day", "month", "hours"),
    [(29, 3, 23), (25, 10, 25), (28, 3, 24)],
    ids=["spring", "autumn", ""],
)
@pytest.mark.parametrize("starts_at", [0, 2, 4])
def test_a_day_of_23_or_25_hours(
    storage: Storage, ada: Person, day: int, month: int, hours: int, starts_at: int
) -> None:
    attendance = Attendance(storage, starts_at, BERLIN)
    whole = date(2026, month, day)
    since, until = attendance.span(whole)
    length = until.astimezone(UTC) - since.astimezone(UTC)
    if starts_at == 4:  # The hour is lost or won before four, in the day before.
        since, until = attendance.span(whole - timedelta(days=1))
        length = until.astimezone(UTC) - since.astimezone(UTC)
    assert length == timedelta(hours=hours)
    moment = since.astimezone(UTC)
    while moment < until.astimezone(UTC):
        assert attendance.span(attendance.today(moment)) == (since, until)
        moment += timedelta(minutes=20)


def test_hours_over_the_change_of_the_clocks_are_real_hours(
    attendance: Attendance, storage: Storage, ada: Person
) -> None:
    storage.clock_events.add(ada.id, IN, local(28, 22))
    storage.clock_events.add(ada.id, OUT, local(29, 3, 30))
    (row,) = attendance.sheet(date(2026, 3, 28))
    assert row.worked == timedelta(hours=4, minutes=30), "the hour from two to three is not there"


def test_a_failed_recognition_is_no_absence_but_who_was_there_stays_on_the_sheet(
    attendance: Attendance, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    ben, cid = enrol("Ben"), enrol("Cid")
    for person in (ben, cid):
        storage.clock_events.add(person.id, IN, local(2, 8))
    for person in (ada, ben):
        storage.people.update(replace(person, enabled=False))
    storage.people.delete(cid.id)
    names = [(row.name, row.deleted) for row in attendance.sheet(MONDAY)]
    assert names == [("Ben", False), ("Cid", True)], "Ada is disabled and was not here"


def test_the_sheets_as_csv(
    attendance: Attendance, storage: Storage, enrol: Callable[..., Person]
) -> None:
    evil, ben = enrol("=1+1", "-17"), enrol("Ben")
    storage.clock_events.add(evil.id, IN, local(2, 8, 5))
    storage.clock_events.add(evil.id, OUT, local(2, 12, 35))
    storage.clock_events.add(ben.id, OUT, local(3, 17), evidence=Evidence.HAND)
    out = io.StringIO()
    assert attendance.export([MONDAY, date(2026, 3, 3)], out) == 2
    header, *rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert header[0] == "day"
    assert rows == [
        ["2026-03-02", "'=1+1", "'-17", "08:05", "12:35", "4.50", "", "", ""],
        ["2026-03-03", "Ben", "", "", "17:00", "0.00", "yes", "yes", ""],
    ]


class Counting:
    """A storage's clock events, and how often they were asked for."""

    def __init__(self, storage: Storage) -> None:
        self.asked = 0
        self.people, self.hours, self.events = storage.people, storage.hours, storage.events
        self._events = storage.clock_events

    @property
    def clock_events(self) -> Any:
        self.asked += 1
        return self._events


def test_the_database_is_asked_once_however_many_days_are_exported(
    storage: Storage, ada: Person
) -> None:
    for day in range(2, 30):
        storage.clock_events.add(ada.id, IN, local(day, 8))
        storage.clock_events.add(ada.id, OUT, local(day, 16))
    counting: Any = Counting(storage)
    days = [MONDAY + timedelta(days=n) for n in range(28)]
    assert Attendance(counting, 4, BERLIN).export(iter(days), io.StringIO()) == 28
    assert Attendance(counting, 4, BERLIN).export([], io.StringIO()) == 0
    assert counting.asked == 1


@pytest.fixture
def machine_in_new_york(machine_in: Callable[[str], None]) -> None:
    machine_in("America/New_York")


def exported(storage: Storage, *days: int) -> str:
    out = io.StringIO()
    Attendance(storage, 4).export([date(2026, 3, day) for day in days], out)
    return out.getvalue()


def test_what_was_recorded_reads_the_same_for_ever(
    storage: Storage, ada: Person, enrol: Callable[..., Person], machine_in: Callable[[str], None]
) -> None:
    cid = enrol("Cid", "19")
    machine_in("Europe/Berlin")
    for person in (ada, cid):
        storage.clock_events.add(person.id, IN, local(2, 23, 30))
        storage.clock_events.add(person.id, OUT, local(3, 3, 45))
        storage.clock_events.add(person.id, IN, local(3, 4, 15))
    before = exported(storage, 1, 2, 3, 4)
    assert "2026-03-02,Ada,17,23:30,03:45,4.25" in before
    assert "2026-03-03,Ada,17,04:15" in before

    for zone in ("America/New_York", "Asia/Kathmandu", "UTC", "Pacific/Kiritimati"):
        machine_in(zone)
        assert exported(storage, 1, 2, 3, 4) == before, zone
    storage.people.update(replace(ada, name="Ada King", staff_number="1815"))
    storage.people.delete(cid.id)
    assert exported(storage, 1, 2, 3, 4) == before
    rows = Attendance(storage, 4).sheet(MONDAY)
    assert [(row.name, row.staff_number, row.deleted) for row in rows] == [
        ("Ada", "17", False),
        ("Cid", "19", True),
    ]


@pytest.mark.usefixtures("machine_in_new_york")
def test_without_a_zone_it_is_the_machines(storage: Storage) -> None:
    attendance = Attendance(storage, 4)
    assert attendance.today(datetime(2026, 3, 2, 8, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert attendance.today(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) == MONDAY
    since, until = attendance.span(date(2026, 3, 8))
    assert since == datetime(2026, 3, 8, 8, tzinfo=UTC), "the clocks went forward two hours before"
    assert until - since == timedelta(hours=24)
