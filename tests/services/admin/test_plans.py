"""Rotas, who works by which, and absences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound
from kiosk.domain.hours import Flag, Flagged, Rules
from kiosk.domain.hours.shifts import Absence
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance import Attendance
from tests.fakes import WallClock

BERLIN = ZoneInfo("Europe/Berlin")
PLANNED = (Flagged.LATE, Flagged.EARLY, Flagged.MISSING)
MONDAY = date(2026, 3, 2)
GRACE = timedelta(minutes=5)
WEEK = "08:00-16:30,08:00-16:30,08:00-16:30,08:00-16:30,08:00-14:00,-,-"


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def actions(admin: Administration) -> list[Action]:
    return [entry.action for entry in admin.records.audit.newest()]


def test_a_week_begins_on_monday_whatever_day_it_is_assigned_from(
    admin: Administration, ada: Person
) -> None:
    office = admin.plans.add_rota(ADMINISTRATOR, " Office  hours ", WEEK, GRACE)
    assert office.name == "Office hours"
    thursday = MONDAY + timedelta(days=3)
    assigned = admin.plans.assign(ADMINISTRATOR, ada.id, office.id, thursday)
    assert assigned.shift(MONDAY) is None, "not before it begins"
    shifts = [str(assigned.shift(thursday + timedelta(days=n)) or "-") for n in range(5)]
    assert shifts == ["08:00-16:30", "08:00-14:00", "-", "-", "08:00-16:30"]
    assert actions(admin) == [Action.ASSIGN_ROTA, Action.ADD_ROTA]


def test_a_cycle_of_ten_days_turns_from_the_place_it_was_begun_at(
    admin: Administration, ada: Person
) -> None:
    days = ",".join(["06:00-14:00"] * 3 + ["-"] * 2 + ["22:00-06:00"] * 3 + ["-"] * 2)
    turning = admin.plans.add_rota(ADMINISTRATOR, "Early and night", days, GRACE)
    assigned = admin.plans.assign(ADMINISTRATOR, ada.id, turning.id, MONDAY, first=4)
    shifts = [str(assigned.shift(MONDAY + timedelta(days=n)) or "-") for n in range(10)]
    assert shifts == ["-", *["22:00-06:00"] * 3, "-", "-", *["06:00-14:00"] * 3, "-"]
    assert assigned.shift(MONDAY + timedelta(days=1000)) == assigned.shift(MONDAY)


def test_the_newest_assignment_counts_and_none_ends_it(admin: Administration, ada: Person) -> None:
    office = admin.plans.add_rota(ADMINISTRATOR, "Office", WEEK, GRACE)
    late = admin.plans.add_rota(ADMINISTRATOR, "Late", "14:00-22:00," * 6 + "-", GRACE)
    for rota, since in ((office.id, MONDAY), (late.id, MONDAY), (None, date(2026, 4, 1))):
        admin.plans.assign(ADMINISTRATOR, ada.id, rota, since)
    march, april = admin.records.hours.assignments(ada.id)
    assert march.rota == late, "said last of the same day"
    assert (april.rota, april.shift(date(2026, 4, 1))) == (None, None)


def test_late_and_early_begin_where_grace_ends(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    nights = admin.plans.add_rota(
        ADMINISTRATOR, "Nights", "22:00-06:00,22:00-06:00,-", timedelta(minutes=10)
    )
    admin.plans.assign(ADMINISTRATOR, ada.id, nights.id, MONDAY)
    nights_worked = (((2, 22, 10), (3, 5, 50)), ((3, 22, 11), (4, 5, 49)))
    for came, went in nights_worked:
        storage.clock_events.add(ada.id, Direction.IN, datetime(2026, 3, *came, tzinfo=BERLIN))
        storage.clock_events.add(ada.id, Direction.OUT, datetime(2026, 3, *went, tzinfo=BERLIN))
    attendance = Attendance(storage, 4, BERLIN, rules=Rules(rest=timedelta()))
    rows = attendance.days(MONDAY, MONDAY + timedelta(days=3), {ada.id})
    assert [row.day.day for row in rows] == [2, 3, 5], "the fourth is a day off"
    plans = [row.planned for row in rows]
    assert plans[0] is not None
    assert plans[0].ends == datetime(2026, 3, 3, 6, tzinfo=BERLIN)
    minutes = timedelta(minutes=11)
    flags = [[flag for flag in row.flags if flag.what in PLANNED] for row in rows]
    assert flags == [
        [],
        [Flag(Flagged.LATE, minutes), Flag(Flagged.EARLY, minutes)],
        [Flag(Flagged.MISSING)],
    ]
    admin.plans.add_absence(ADMINISTRATOR, ada.id, "Sick", date(2026, 3, 5), date(2026, 3, 5))
    (row,) = attendance.days(date(2026, 3, 5), date(2026, 3, 5), {ada.id})
    assert row.absence is not None
    assert row.flags == ()


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        ("", WEEK, "Give the rota a name"),
        ("Free", "-,-,-,-,-,-,-", "a shift at least"),
        ("Free", "", "a shift at least"),
        ("Odd", "8 to 5", "is no shift: write it as 08:00-16:30"),
        ("Odd", "08:00-25:00", "is no shift"),
        ("Odd", "08:00-12:00-16:00", "is no shift"),
        ("Long", ",".join(["08:00-16:00"] * 367), "366 days at most"),
    ],
)
def test_a_rota_of_no_use_is_refused(
    admin: Administration, name: str, days: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        admin.plans.add_rota(ADMINISTRATOR, name, days, GRACE)
    assert admin.plans.rotas() == ()
    assert actions(admin) == []


def test_two_rotas_of_one_name_are_refused(admin: Administration) -> None:
    admin.plans.add_rota(ADMINISTRATOR, "Early shift", WEEK, GRACE)
    with pytest.raises(AlreadyExists, match="another name"):
        admin.plans.add_rota(ADMINISTRATOR, "EARLY  shift", WEEK, GRACE)
    assert len(admin.plans.rotas()) == 1


def test_what_is_not_there_is_not_assigned(admin: Administration, ada: Person) -> None:
    office = admin.plans.add_rota(ADMINISTRATOR, "Office", WEEK, GRACE)
    with pytest.raises(NotFound, match="no rota 99"):
        admin.plans.assign(ADMINISTRATOR, ada.id, 99, MONDAY)
    with pytest.raises(NotFound):
        admin.plans.assign(ADMINISTRATOR, 99, office.id, MONDAY)
    assert admin.records.hours.assignments() == ()


def test_absences_do_not_overlap(admin: Administration, ada: Person) -> None:
    first = admin.plans.add_absence(
        ADMINISTRATOR, ada.id, "Holiday", date(2026, 3, 9), date(2026, 3, 13), "Alps"
    )
    assert first == Absence(1, ada.id, "Holiday", date(2026, 3, 9), date(2026, 3, 13), "Alps")
    for since, until in (
        (date(2026, 3, 13), date(2026, 3, 13)),
        (date(2026, 3, 1), date(2026, 3, 9)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ):
        with pytest.raises(BadInput, match="is an absence already: Holiday"):
            admin.plans.add_absence(ADMINISTRATOR, ada.id, "Sick", since, until)
    admin.plans.add_absence(ADMINISTRATOR, ada.id, "Sick", date(2026, 3, 14), date(2026, 3, 14))
    found = admin.records.hours.absences(date(2026, 3, 1), date(2026, 3, 31), ada.id)
    assert [one.kind for one in found] == ["Holiday", "Sick"]


def test_an_absence_is_taken_back_with_a_reason_once(admin: Administration, ada: Person) -> None:
    absence = admin.plans.add_absence(ADMINISTRATOR, ada.id, "Holiday", MONDAY, MONDAY)
    with pytest.raises(BadInput, match="Say why"):
        admin.plans.withdraw_absence(ADMINISTRATOR, absence.id, "  ")
    admin.plans.withdraw_absence(ADMINISTRATOR, absence.id, "She came after all")
    assert admin.records.hours.absences(MONDAY, MONDAY) == ()
    entry = admin.records.audit.newest(1)[0]
    assert (entry.action, entry.subject) == (Action.WITHDRAW_ABSENCE, f"Ada (no. {ada.id}, 17)")
    assert entry.details.endswith("She came after all")
    with pytest.raises(NotFound):
        admin.plans.withdraw_absence(ADMINISTRATOR, absence.id, "again")
    admin.plans.add_absence(ADMINISTRATOR, ada.id, "Sick", MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("kind", "until", "says"),
    [(" ", MONDAY, "what kind"), ("Sick", MONDAY - timedelta(days=1), "before the first")],
)
def test_an_absence_of_no_use_is_refused(
    admin: Administration, ada: Person, kind: str, until: date, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        admin.plans.add_absence(ADMINISTRATOR, ada.id, kind, MONDAY, until)
    assert admin.records.hours.absences(MONDAY, MONDAY) == ()


def test_absences_of_whoever_is_deleted_can_still_be_taken_back(
    admin: Administration, ada: Person
) -> None:
    office = admin.plans.add_rota(ADMINISTRATOR, "Office", WEEK, GRACE)
    admin.plans.assign(ADMINISTRATOR, ada.id, office.id, MONDAY)
    absence = admin.plans.add_absence(ADMINISTRATOR, ada.id, "Holiday", MONDAY, MONDAY)
    admin.erasures.delete(ADMINISTRATOR, ada.id)
    assert admin.records.hours.absences(MONDAY, MONDAY) == (absence,)
    admin.plans.withdraw_absence(ADMINISTRATOR, absence.id, "She left")
    assert admin.records.audit.newest(1)[0].subject == f"person no. {ada.id}"
    with pytest.raises(NotFound):
        admin.plans.add_absence(ADMINISTRATOR, ada.id, "Holiday", MONDAY, MONDAY)
