"""Closing a period: what stands then, and what keeps it from being closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import DayRow
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.admin.corrections import Corrections
from kiosk.services.admin.periods import Periods, Unsettled
from kiosk.services.admin.requests import Requests
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.attendance.ledger import digest
from tests.fakes import WallClock

BERLIN = ZoneInfo("Europe/Berlin")
IN, OUT = Direction.IN, Direction.OUT
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def clock() -> WallClock:
    return WallClock(local(5, 4, 9))


@pytest.fixture
def periods(storage: Storage, clock: WallClock) -> Periods:
    return Periods(storage, Trail(storage, clock), clock, lambda: Attendance(storage, 4, BERLIN))


@pytest.fixture
def requests(storage: Storage, clock: WallClock) -> Requests:
    trail = Trail(storage, clock)
    return Requests(storage, trail, Corrections(storage, trail, clock), clock)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def works(storage: Storage, person: Person, came: datetime, went: datetime) -> None:
    storage.clock_events.add(person.id, IN, came)
    storage.clock_events.add(person.id, OUT, went)


def test_a_closed_period_says_who_when_and_its_digest(
    periods: Periods, storage: Storage, ada: Person, clock: WallClock
) -> None:
    works(storage, ada, local(3, 2, 8), local(3, 2, 16))
    works(storage, ada, local(3, 31, 22), local(4, 1, 6))
    works(storage, ada, local(4, 1, 22), local(4, 2, 6))
    closed = periods.close(ADMINISTRATOR, FIRST, LAST)
    assert storage.hours.periods() == (closed,)
    assert (closed.closed_at, closed.closed_by) == (clock.now, "administrator")
    lines = storage.hours.period_lines(closed.id)
    assert [(line.day, line.counted) for line in lines] == [
        (date(2026, 3, 2), timedelta(hours=8)),
        (date(2026, 3, 31), timedelta(hours=8)),  # the night that began on it
    ]
    assert closed.digest == digest(lines)
    entry = storage.audit.newest(1)[0]
    assert (entry.action, entry.subject) == (Action.CLOSE_PERIOD, "2026-03-01 to 2026-03-31")
    assert closed.digest in entry.details


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (FIRST, LAST),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 3, 10), date(2026, 3, 12)),
        (date(2026, 1, 1), date(2026, 4, 30)),
    ],
)
def test_days_are_closed_once(periods: Periods, storage: Storage, since: date, until: date) -> None:
    closed = periods.close(ADMINISTRATOR, FIRST, LAST)
    with pytest.raises(BadInput, match="2026-03-01 to 2026-03-31 is closed already, by admin"):
        periods.close(ADMINISTRATOR, since, until, unsettled_too=True)
    assert storage.hours.periods() == (closed,)
    assert len(storage.audit.newest()) == 1


def test_from_the_26th_to_the_25th(periods: Periods, storage: Storage, ada: Person) -> None:
    for month, day in ((3, 25), (3, 26), (4, 25), (4, 26)):
        works(storage, ada, local(month, day, 8), local(month, day, 9))
    first = periods.close(ADMINISTRATOR, date(2026, 2, 26), date(2026, 3, 25))
    second = periods.close(ADMINISTRATOR, date(2026, 3, 26), date(2026, 4, 25))
    days = [[line.day for line in storage.hours.period_lines(p.id)] for p in (first, second)]
    assert days == [[date(2026, 3, 25)], [date(2026, 3, 26), date(2026, 4, 25)]]


def test_a_day_that_is_not_over_is_not_closed(
    periods: Periods, storage: Storage, clock: WallClock
) -> None:
    clock.now = local(4, 1, 3)  # the working day of the 31st ends at four
    with pytest.raises(BadInput, match="2026-03-31 is not over yet"):
        periods.close(ADMINISTRATOR, FIRST, LAST)
    with pytest.raises(BadInput, match="before the first"):
        periods.close(ADMINISTRATOR, LAST, FIRST)
    assert storage.hours.periods() == ()
    clock.now = local(4, 1, 4)
    periods.close(ADMINISTRATOR, FIRST, LAST)


def test_what_is_unsettled_is_told_and_may_be_closed_all_the_same(
    periods: Periods, storage: Storage, requests: Requests, ada: Person
) -> None:
    storage.clock_events.add(ada.id, IN, local(3, 2, 8))
    storage.clock_events.add(ada.id, IN, local(3, 3, 8))
    asked = ClockEvent(0, ada.id, OUT, local(3, 3, 8, 2), doubt=Doubt.SHORT)
    storage.clock_events.put(asked)
    requests.ask(ADMINISTRATOR, ada.id, OUT, local(3, 2, 17), "Forgot")
    requests.ask(ADMINISTRATOR, ada.id, OUT, local(4, 2, 17), "Of the month after")
    lacking = periods.unsettled(FIRST, LAST)
    assert lacking == Unsettled(open_ends=1, unanswered=1, requests=1)
    assert lacking.first == date(2026, 3, 2)
    assert str(lacking) == "1 open end, 1 open question, 1 open request"
    with pytest.raises(BadInput, match="1 open request in these days: settle them first"):
        periods.close(ADMINISTRATOR, FIRST, LAST)
    assert storage.hours.periods() == ()
    periods.close(ADMINISTRATOR, FIRST, LAST, unsettled_too=True)
    assert "1 open end" in storage.audit.newest(1)[0].details


def test_two_who_close_at_the_same_time_do_not_carry_the_same_twice(
    periods: Periods, storage: Storage, clock: WallClock
) -> None:
    class Slow(Attendance):
        """While the days are read somebody else closes the month before."""

        def days(self, since: date, until: date, *more: Any, **named: Any) -> tuple[DayRow, ...]:
            if not storage.hours.periods():
                periods.close(ADMINISTRATOR, date(2026, 2, 1), date(2026, 2, 28))
            return super().days(since, until, *more, **named)

    second = Periods(storage, Trail(storage, clock), clock, lambda: Slow(storage, 4, BERLIN))
    with pytest.raises(BadInput, match="Another period was closed meanwhile"):
        second.close(ADMINISTRATOR, FIRST, LAST)
    assert [one.since for one in storage.hours.periods()] == [date(2026, 2, 1)]
    second.close(ADMINISTRATOR, FIRST, LAST)


def test_a_period_of_nobody_can_be_closed(periods: Periods, storage: Storage) -> None:
    closed = periods.close(ADMINISTRATOR, FIRST, LAST)
    assert storage.hours.period_lines(closed.id) == ()
    assert closed.digest == digest(())
    assert not periods.unsettled(FIRST, LAST)


def test_who_was_deleted_since_stays_in_it(
    periods: Periods, storage: Storage, requests: Requests, ada: Person
) -> None:
    works(storage, ada, local(3, 2, 8), local(3, 2, 16))
    storage.clock_events.add(ada.id, IN, local(3, 3, 8))
    requests.ask(ADMINISTRATOR, ada.id, OUT, local(3, 3, 17), "Forgot")
    storage.people.delete(ada.id)
    assert periods.unsettled(FIRST, LAST) == Unsettled(open_ends=1, requests=1)
    closed = periods.close(ADMINISTRATOR, FIRST, LAST, unsettled_too=True)
    lines = storage.hours.period_lines(closed.id)
    assert [(line.name, line.counted) for line in lines] == [
        ("Ada", timedelta(hours=8)),
        ("Ada", timedelta()),
    ]
