"""What is put right after a period was closed is carried into the next one, once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.hours import Rules
from kiosk.domain.hours.periods import PeriodLine
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.admin.corrections import Corrections
from kiosk.services.admin.periods import Periods
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.attendance.ledger import Ledger, digest, totals
from tests.fakes import WallClock

BERLIN = ZoneInfo("Europe/Berlin")
IN, OUT = Direction.IN, Direction.OUT
MARCH = date(2026, 3, 1), date(2026, 3, 31)
APRIL = date(2026, 4, 1), date(2026, 4, 30)
MAY = date(2026, 5, 1), date(2026, 5, 31)
HOUR = timedelta(hours=1)


def local(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


class Site:
    """The parts that close and correct, at one time."""

    def __init__(self, storage: Storage) -> None:
        clock = WallClock(local(7, 1, 9))
        trail = Trail(storage, clock)
        self.attendance = Attendance(storage, 4, BERLIN)
        self.ledger = Ledger(storage, self.attendance)
        self.periods = Periods(storage, trail, clock, lambda: self.attendance)
        self.corrections = Corrections(storage, trail, clock)

    def close(self, days: tuple[date, date]) -> tuple[PeriodLine, ...]:
        closed = self.periods.close(ADMINISTRATOR, *days, unsettled_too=True)
        return self.periods._storage.hours.period_lines(closed.id)


@pytest.fixture
def site(storage: Storage) -> Site:
    return Site(storage)


@pytest.fixture
def ada(enrol: Callable[..., Person], storage: Storage) -> Person:
    """Three days of eight hours, one in each month."""
    person = enrol("Ada", "17")
    for month in (3, 4, 5):
        storage.clock_events.add(person.id, IN, local(month, 10, 8))
        storage.clock_events.add(person.id, OUT, local(month, 10, 16))
    return person


def going(storage: Storage, month: int) -> int:
    day = datetime(2026, month, 10, tzinfo=BERLIN)
    found = storage.clock_events.between(day, day + timedelta(days=1))
    return next(event.id for event in found if event.direction is OUT)


def test_a_correction_is_carried_into_the_next_period_once_with_its_reason(
    site: Site, storage: Storage, ada: Person
) -> None:
    march = site.close(MARCH)
    assert site.ledger.carried(APRIL[0]) == ()
    event = storage.clock_events.get(going(storage, 3))
    site.corrections.move(ADMINISTRATOR, event, local(3, 10, 18), "The gate's list")

    april = site.close(APRIL)

    own, carried = april
    assert (own.day, own.counted, own.carried) == (date(2026, 4, 10), 8 * HOUR, False)
    assert (carried.day, carried.counted, carried.carried) == (date(2026, 3, 10), 2 * HOUR, True)
    assert (carried.name, carried.staff_number) == ("Ada", "17")
    assert carried.why == "The gate's list"
    (stored, _) = storage.hours.periods()
    assert storage.hours.period_lines(stored.id) == march, "what was signed stands"
    assert stored.digest == digest(march)
    assert site.ledger.carried(MAY[0]) == ()
    assert [line.carried for line in site.close(MAY)] == [False]
    assert totals(storage.hours.period_lines()) == {ada.id: 26 * HOUR}


def test_a_day_that_is_corrected_again_is_carried_by_what_is_new(
    site: Site, storage: Storage, ada: Person
) -> None:
    site.close(MARCH)
    event = storage.clock_events.get(going(storage, 3))
    event = site.corrections.move(ADMINISTRATOR, event, local(3, 10, 18), "first")
    site.close(APRIL)
    site.corrections.move(ADMINISTRATOR, event, local(3, 10, 17), "second")
    (_, carried) = site.close(MAY)
    assert (carried.day, carried.counted) == (date(2026, 3, 10), -HOUR)
    assert "second" in carried.why
    assert totals(storage.hours.period_lines()) == {ada.id: 25 * HOUR}


def test_a_day_that_is_struck_out_altogether_is_taken_off(
    site: Site, storage: Storage, ada: Person
) -> None:
    site.close(MARCH)
    for event in storage.clock_events.between(local(3, 10, 0), local(3, 11, 0)):
        site.corrections.strike(ADMINISTRATOR, event, "It was her sister")
    (carried,) = site.ledger.carried(APRIL[0])
    assert (carried.name, carried.counted) == ("Ada", -8 * HOUR)
    assert carried.why


def test_a_day_that_nobody_knew_of_is_added(site: Site, storage: Storage, ada: Person) -> None:
    site.close(MARCH)
    site.corrections.add(ADMINISTRATOR, ada.id, IN, local(3, 12, 8), "At the fair")
    site.corrections.add(ADMINISTRATOR, ada.id, OUT, local(3, 12, 12), "At the fair")
    (carried,) = site.ledger.carried(APRIL[0])
    assert (carried.day, carried.counted, carried.why) == (
        date(2026, 3, 12),
        4 * HOUR,
        "At the fair",
    )


def test_days_between_two_periods_are_nobodys(site: Site, storage: Storage, ada: Person) -> None:
    """They may be closed later, and are not carried before."""
    site.close(MARCH)
    site.close(MAY)
    assert site.ledger.carried(date(2026, 6, 1)) == ()
    assert site.ledger.period_of(date(2026, 4, 10)) is None
    april = site.close(APRIL)
    assert [(line.day, line.carried) for line in april] == [(date(2026, 4, 10), False)]
    found = site.ledger.period_of(date(2026, 4, 10))
    assert found is not None
    assert (found.since, found.until) == APRIL


def test_what_was_carried_stays_right_when_the_person_is_deleted(
    site: Site, storage: Storage, ada: Person
) -> None:
    site.close(MARCH)
    event = storage.clock_events.get(going(storage, 3))
    storage.people.delete(ada.id)
    assert site.ledger.carried(APRIL[0]) == ()
    site.corrections.move(ADMINISTRATOR, event, local(3, 10, 17), "late news")
    (own, carried) = site.close(APRIL)
    assert (own.name, carried.name, carried.counted) == ("Ada", "Ada", HOUR)


def test_rules_agreed_on_later_change_nothing_that_is_closed(
    storage: Storage, clock: WallClock, ada: Person
) -> None:
    clock.now = local(7, 1, 9)
    trail = Trail(storage, clock)

    def attendance() -> Attendance:
        settings = Settings.of(storage.settings.load())
        return Attendance(storage, settings.day_starts, BERLIN, rules=Rules.of(settings))

    periods = Periods(storage, trail, clock, attendance)
    went = storage.clock_events.get(going(storage, 3))
    corrections = Corrections(storage, trail, clock)
    moved = corrections.move(ADMINISTRATOR, went, local(3, 10, 16).replace(minute=8), "late")
    periods.close(ADMINISTRATOR, *MARCH)
    (march,) = storage.hours.periods()
    assert (march.rules["rounding"], march.rules["break_rule"]) == ("1", "off")
    storage.settings.save(
        {"rounding": "15", "rounding_way": "outward", "break_rule": "deduct", "day_starts": 10}
    )
    assert Ledger(storage, attendance()).carried(APRIL[0]) == ()

    corrections.move(ADMINISTRATOR, moved, local(3, 10, 16).replace(minute=10), "later")
    (carried,) = Ledger(storage, attendance()).carried(APRIL[0])
    assert carried.counted == timedelta(minutes=2), "by the rules of then"

    periods.close(ADMINISTRATOR, *APRIL)
    assert Ledger(storage, attendance()).carried(MAY[0]) == ()


def test_a_night_that_ends_after_its_period_was_closed_is_carried(
    site: Site, storage: Storage, enrol: Callable[..., Person]
) -> None:
    ada = enrol("Ada")
    storage.clock_events.add(ada.id, IN, local(3, 31, 22))
    (line,) = site.close(MARCH)
    assert (line.day, line.counted) == (MARCH[1], timedelta())
    storage.clock_events.add(ada.id, OUT, local(4, 1, 6))
    (carried,) = site.ledger.carried(APRIL[0])
    assert (carried.day, carried.counted) == (MARCH[1], 8 * HOUR)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_settled_and_what_is_carried_come_to_what_is_there(
    site: Site, storage: Storage, enrol: Callable[..., Person], seed: int
) -> None:
    """Whatever is corrected between closings, in whichever period."""
    chance = random.Random(seed)
    people = [enrol(name) for name in ("Ada", "Ben")]
    for person in people:
        for month in (3, 4, 5):
            for day in range(1, 29, 3):
                storage.clock_events.add(person.id, IN, local(month, day, chance.choice((8, 22))))
                if chance.random() < 0.8:
                    at = local(month, day, 23) + chance.randrange(1, 10) * HOUR
                    storage.clock_events.add(person.id, OUT, at)
    order = [MARCH, APRIL, MAY]
    if seed % 2:
        order = [MARCH, MAY, APRIL]
    closed: list[tuple[date, date]] = []
    for days in [*order, None]:
        for _number in range(5):
            events = storage.clock_events.between(local(3, 1, 0), local(6, 2, 0))
            event = chance.choice(events)
            if chance.random() < 0.4:
                site.corrections.strike(ADMINISTRATOR, event, f"seed {seed}")
            else:
                at = event.at + chance.randrange(-40, 41) * HOUR
                site.corrections.move(ADMINISTRATOR, event, at, f"seed {seed}")
        if days is not None:
            site.close(days)
            closed.append(days)
    there: Counter[tuple[int, date]] = Counter()
    for since, until in closed:
        for row in site.attendance.days(since, until):
            there[row.person_id, row.day] += row.counted // timedelta(seconds=1)
    said: Counter[tuple[int, date]] = Counter()
    for line in (*storage.hours.period_lines(), *site.ledger.carried(date(2026, 6, 1))):
        said[line.person_id, line.day] += line.counted // timedelta(seconds=1)
    assert {key: n for key, n in said.items() if n} == {key: n for key, n in there.items() if n}


def test_the_digest_changes_with_every_line() -> None:
    line = PeriodLine(1, "Ada", "17", date(2026, 3, 2), 8 * HOUR)
    made = {
        digest(()),
        digest((line,)),
        digest((line, line)),
        digest((PeriodLine(2, "Ada", "17", line.day, line.counted),)),
        digest((PeriodLine(1, "Ada", "17", line.day, line.counted, HOUR),)),
        digest((PeriodLine(1, "Ada", "17", line.day, line.counted, carried=True, why="x"),)),
    }
    assert len(made) == 6
