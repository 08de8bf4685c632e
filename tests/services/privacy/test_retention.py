"""What the settings let go goes, is told before, and is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import BadSetting, StorageError
from kiosk.domain.people import Person
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.domain.retention import Due, Kept
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.settings import SettingsAdmin
from kiosk.services.admin.trail import Trail
from kiosk.services.privacy.daily import (
    DailyRetention,
    check_retention,
    next_run,
    not_erased,
    ran_on,
)
from kiosk.services.privacy.retention import AT_ONCE, Retention
from tests.fakes import MORNING, WallClock

DAY = timedelta(days=1)


@pytest.fixture
def retention(storage: Storage, clock: WallClock) -> Retention:
    return Retention(storage, Trail(storage, clock), clock, pause=lambda: None)


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock, retention: Retention) -> Administration:
    return replace(Administration.of(storage, pins, clock), retention=retention)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def look(storage: Storage, days_ago: float, person: Person | None = None) -> None:
    at = MORNING - days_ago * DAY
    if person is None:
        storage.events.append(
            Decision(at, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP, score=12.0)
        )
    else:
        allow = Decision(at, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, person.id, score=60)
        storage.decide(allow, Direction.IN)


def test_nothing_goes_by_itself(storage: Storage, retention: Retention, ada: Person) -> None:
    look(storage, 5000)
    look(storage, 5000, ada)
    assert retention.preview() == ()
    assert retention.run(ADMINISTRATOR) == ()
    assert storage.audit.newest() == (), "nor is it written down that nothing was done"


def test_each_kind_has_its_time(storage: Storage, retention: Retention, ada: Person) -> None:
    for days in (10, 31, 100, 800):
        look(storage, days)
        look(storage, days, ada)
    storage.settings.save({"keep_refused": 30, "keep_allowed": 90, "keep_attendance": 730})
    due = retention.preview()
    assert [(one.kind, one.count) for one in due] == [
        (Kept.REFUSED, 3),
        (Kept.ALLOWED, 2),
        (Kept.ATTENDANCE, 1),
    ]
    assert due[0] == Due(Kept.REFUSED, 3, date(2023, 12, 23), date(2026, 1, 30))
    assert storage.events.count(EventFilter(person_id=ada.id)) == 4, "a preview changes nothing"

    assert retention.run(ADMINISTRATOR) == due
    assert retention.preview() == ()
    assert storage.events.count(EventFilter(person_id=ada.id)) == 2
    assert storage.events.count(EventFilter(outcome=Outcome.DENY)) == 4
    (entry,) = storage.audit.newest()
    assert entry.action is Action.EMPTY_OLD_ROWS
    assert entry.details == (
        "refused: 3 rows, 2023-12-23 to 2026-01-30; allowed: 2 rows, 2023-12-23 to 2025-11-22; "
        "attendance: 1 rows, 2023-12-23 to 2023-12-23"
    )
    assert storage.check_chain().found == ()


def test_a_day_goes_as_a_whole(storage: Storage, retention: Retention) -> None:
    """Kept for 2 days: of the day before yesterday all is there until midnight."""
    storage.settings.save({"keep_refused": 2})
    midnight = MORNING.astimezone().replace(hour=0)
    for hours in (-49, -47):
        at = midnight + timedelta(hours=hours)
        storage.events.append(Decision(at, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP))
    (due,) = retention.preview()
    assert due.count == 1


def test_hours_stay_as_long_as_the_law_asks(
    storage: Storage, retention: Retention, ada: Person, admin: Administration
) -> None:
    look(storage, 100, ada)
    for keep, law in ((30, 730), (730, 800)):
        after = Settings(keep_attendance=keep, hours_by_law=law)
        with pytest.raises(BadSetting, match=f"kept for {law} days, as the law asks") as error:
            admin.settings.change(ADMINISTRATOR, Settings(), after)
        assert error.value.name == "keep_attendance"
    admin.settings.change(ADMINISTRATOR, Settings(), Settings(keep_attendance=730))
    storage.settings.save({"keep_attendance": 30})  # by whoever writes into the database
    assert retention.preview() == ()


def test_photos_go_after_the_last_day(
    storage: Storage, retention: Retention, ada: Person, enrol: Callable[..., Person]
) -> None:
    enrol("Ben")
    storage.people.update(replace(ada, valid_until=(MORNING - 15 * DAY).date()))
    storage.settings.save({"keep_faces": 14})
    (due,) = retention.preview()
    assert (due.kind, due.count) == (Kept.FACES, 1)
    retention.run(ADMINISTRATOR)
    assert [person.template_count for person in storage.people.find()] == [0, 1]
    assert retention.preview() == ()


def test_many_rows_go_some_at_a_time(storage: Storage, clock: WallClock, ada: Person) -> None:
    with storage.transaction():
        for _ in range(AT_ONCE + 1):
            look(storage, 100)
    storage.settings.save({"keep_refused": 30})
    paused: list[int] = []

    def pause() -> None:
        paused.append(storage.events.count(EventFilter()))
        look(storage, 0)  # somebody comes to the door meanwhile

    by_parts = Retention(storage, Trail(storage, clock), clock, pause)
    by_parts.run(ADMINISTRATOR)
    assert len(paused) == 2
    assert by_parts.preview() == ()
    assert storage.check_chain().found == ()


def test_one_that_is_broken_off_goes_on(storage: Storage, retention: Retention) -> None:
    with storage.transaction():
        for _ in range(3):
            look(storage, 100)
    storage.settings.save({"keep_refused": 30})
    retention.run(ADMINISTRATOR, cancelled=lambda: True)
    assert retention.preview()[0].count == 3
    retention.run(ADMINISTRATOR)
    assert retention.preview() == ()
    assert len(storage.audit.newest()) == 2


def test_other_times_can_be_thought_of_before_they_are_saved(
    storage: Storage, retention: Retention
) -> None:
    look(storage, 100)
    (due,) = retention.preview(Settings(keep_refused=30))
    assert (due.kind, due.count) == (Kept.REFUSED, 1)
    assert retention.preview() == ()
    assert retention.run(ADMINISTRATOR) == ()


def test_when_it_is_done_next(storage: Storage, admin: Administration, clock: WallClock) -> None:
    night = MORNING.astimezone().replace(hour=2, minute=0, second=0, microsecond=0)
    begins = night.replace(hour=3)
    assert next_run(storage, night) == begins
    late = night.replace(hour=9)
    assert next_run(storage, late) == late, "it is due"
    clock.now = late
    DailyRetention(admin, clock).look()
    assert next_run(storage, late) == begins + DAY


def test_once_a_day_at_night(storage: Storage, admin: Administration, clock: WallClock) -> None:
    look(storage, 100)
    storage.settings.save({"keep_refused": 30})
    night = MORNING.astimezone().replace(hour=2)
    clock.now = night
    daily = DailyRetention(admin, clock)
    daily.look()
    assert ran_on(storage) == ""
    clock.now = night + timedelta(hours=1)
    daily.look()
    assert ran_on(storage) == f"{night:%Y-%m-%d}"
    assert admin.retention.preview() == ()
    look(storage, 100)
    daily.look()
    assert admin.retention.preview()[0].count == 1, "the next day's"
    clock.now += DAY
    daily.look()
    assert admin.retention.preview() == ()
    assert daily.problem == ""


class Full(Retention):
    """On a disk that is full."""

    def run(self, *_: object) -> tuple[Due, ...]:
        raise StorageError("The disk is full.")


def test_a_problem_is_one_line_in_the_log(
    storage: Storage, admin: Administration, clock: WallClock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(admin, retention=Full(storage, admin.trail, clock))
    daily = DailyRetention(broken, clock)
    daily.look()
    daily.look()
    assert "The disk is full." in daily.problem
    assert len(caplog.records) == 1
    assert ran_on(storage) == ""


def test_a_problem_is_told_until_it_is_over(
    storage: Storage, admin: Administration, clock: WallClock
) -> None:
    look(storage, 100)
    storage.settings.save({"keep_refused": 30})
    broken = replace(admin, retention=Full(storage, admin.trail, clock))
    DailyRetention(broken, clock).look()
    told = not_erased(storage, clock.now)
    assert told.startswith("What is old enough could not be erased: The disk is full. A running")
    (found,) = check_retention(storage, clock.now)
    assert (found.ok, found.advice, found.text) == (True, True, told)

    DailyRetention(admin, clock).look()
    assert not_erased(storage, clock.now) == ""
    (found,) = check_retention(storage, clock.now)
    assert (found.advice, found.text[:20]) == (False, "It was done last on ")


def test_what_is_left_undone_for_days_is_told_too(
    storage: Storage, admin: Administration, clock: WallClock
) -> None:
    (found,) = check_retention(storage, clock.now)
    assert (found.advice, found.text) == (False, "Nothing is old enough to go.")
    DailyRetention(admin, clock).look()
    storage.settings.save({"keep_refused": 30})
    look(storage, 100)
    assert not_erased(storage, clock.now + DAY) == "", "it goes at night"
    assert "and none did yesterday" in not_erased(storage, clock.now + 2 * DAY)
    admin.retention.run(ADMINISTRATOR)
    assert not_erased(storage, clock.now + 2 * DAY) == ""


def test_a_problem_that_can_t_be_noted_is_still_that_problem(
    storage: Storage, admin: Administration, clock: WallClock
) -> None:
    class Mute(SettingsAdmin):
        def remember(self, values: object) -> None:
            raise StorageError("No room for this either.")

    mute = Mute(storage, Pins(storage), admin.trail, clock)
    broken = replace(admin, retention=Full(storage, admin.trail, clock), settings=mute)
    daily = DailyRetention(broken, clock)
    daily.look()
    assert "The disk is full." in daily.problem
