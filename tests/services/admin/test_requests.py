"""What people ask to be put right: done once and whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance import Direction, Evidence
from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound, StorageError
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.storage import SqlStorage
from tests.fakes import MORNING, WallClock

IN, OUT = Direction.IN, Direction.OUT
ADA = Actor(ActorKind.PERSON, "Ada")
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def hours_ago(hours: float) -> datetime:
    return MORNING - timedelta(hours=hours)


def count(storage: Storage) -> list[tuple[Direction, datetime]]:
    return [(event.direction, event.at) for event in storage.clock_events.between(SINCE, UNTIL)]


def test_what_is_asked_for_changes_nothing_until_it_is_answered(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), " Forgot  to clock out ")
    assert (asked.name, asked.why, asked.answer) == ("Ada", "Forgot to clock out", None)
    assert count(storage) == []
    assert storage.hours.requests(open_only=True) == (asked,)
    entry = storage.audit.newest(1)[0]
    assert (entry.actor, entry.action) == (ADA, Action.ASK_CORRECTION)


def test_an_approved_request_is_done_exactly_once(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot")
    event = admin.requests.approve(ADMINISTRATOR, asked, "Seen by the guard")
    assert (event.direction, event.at, event.note) == (OUT, hours_ago(15), "Forgot")
    assert event.evidence is Evidence.HAND
    with pytest.raises(BadInput, match="answered already"):
        admin.requests.approve(ADMINISTRATOR, asked)
    with pytest.raises(BadInput, match="answered already"):
        admin.requests.refuse(ADMINISTRATOR, asked, "no")
    assert count(storage) == [(OUT, hours_ago(15))]
    (answered,) = storage.hours.requests()
    assert answered.answer is not None
    assert (answered.answer.approved, answered.answer.why) == (True, "Seen by the guard")
    assert answered.answer.by == "administrator"
    assert storage.hours.requests(open_only=True) == ()


def test_the_answer_and_the_change_stand_together(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot")
    admin.corrections.add(ADMINISTRATOR, ada.id, OUT, hours_ago(15), "Called in")
    before = len(storage.audit.newest())
    with pytest.raises(AlreadyExists):
        admin.requests.approve(ADMINISTRATOR, asked)
    assert storage.hours.requests(open_only=True) == (asked,), "not answered either"
    assert len(storage.audit.newest()) == before
    admin.requests.refuse(ADMINISTRATOR, asked, "It stands there already")


def test_nothing_is_done_that_can_not_be_written_down(
    admin: Administration, storage: SqlStorage, ada: Person
) -> None:
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot")
    with storage.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    with pytest.raises(StorageError):
        admin.requests.approve(ADMINISTRATOR, asked)
    assert count(storage) == []
    assert storage.hours.requests(open_only=True) == (asked,)


def test_a_refused_request_keeps_nothing_but_the_answer(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot")
    with pytest.raises(BadInput, match="Say why"):
        admin.requests.refuse(ADMINISTRATOR, asked, " ")
    refused = admin.requests.refuse(ADMINISTRATOR, asked, "The camera saw you at 18:00")
    assert refused.answer is not None
    assert (refused.answer.approved, refused.answer.at) == (False, MORNING)
    assert count(storage) == []


def test_an_entry_is_put_in_the_place_of_a_wrong_one(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    wrong = storage.clock_events.add(ada.id, OUT, hours_ago(20))
    asked = admin.requests.ask(ADA, ada.id, IN, hours_ago(16), "It was the wrong way", wrong.id)
    admin.requests.approve(ADMINISTRATOR, asked)
    assert count(storage) == [(IN, hours_ago(16))]
    stood = storage.clock_events.get(wrong.id)
    assert (stood.direction, stood.at) == (OUT, hours_ago(20)), "what was recorded stays"
    assert stood.struck is not None


def test_an_entry_is_struck_out_on_request_and_only_once(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    wrong = storage.clock_events.add(ada.id, IN, hours_ago(20))
    first = admin.requests.ask(ADA, ada.id, IN, None, "Not me", wrong.id)
    second = admin.requests.ask(ADA, ada.id, OUT, None, "Still not me", wrong.id)
    struck = admin.requests.approve(ADMINISTRATOR, first)
    assert struck.struck is not None
    again = admin.requests.approve(ADMINISTRATOR, second)
    assert again.struck == struck.struck, "it had been done"
    assert count(storage) == []


def test_what_somebody_else_has_put_right_meanwhile_is_not_done_again(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    wrong = storage.clock_events.add(ada.id, OUT, hours_ago(20))
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(16), "Later", wrong.id)
    admin.corrections.move(ADMINISTRATOR, wrong, hours_ago(16), "She called")
    with pytest.raises(BadInput, match="struck out meanwhile"):
        admin.requests.approve(ADMINISTRATOR, asked)
    assert count(storage) == [(OUT, hours_ago(16))]
    assert storage.hours.requests(open_only=True) == (asked,)


def test_nobody_can_have_the_entry_of_somebody_else_changed(
    admin: Administration, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    ben = enrol("Ben")
    his = storage.clock_events.add(ben.id, IN, hours_ago(20))
    with pytest.raises(NotFound, match="not yours"):
        admin.requests.ask(ADA, ada.id, OUT, hours_ago(16), "Mine", his.id)
    with pytest.raises(NotFound, match="no clock event 99"):
        admin.requests.ask(ADA, ada.id, OUT, None, "Mine", 99)
    assert storage.hours.requests() == ()
    assert storage.clock_events.get(his.id).struck is None


def test_a_request_of_no_use_is_refused_at_once(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    with pytest.raises(BadInput, match="Say why"):
        admin.requests.ask(ADA, ada.id, OUT, hours_ago(1), "")
    with pytest.raises(BadInput, match="has not come yet"):
        admin.requests.ask(ADA, ada.id, OUT, hours_ago(-1), "Tomorrow")
    with pytest.raises(BadInput, match="which entry is wrong"):
        admin.requests.ask(ADA, ada.id, OUT, None, "All of it")
    with pytest.raises(NotFound):
        admin.requests.ask(ADA, 99, OUT, hours_ago(1), "Forgot")
    with pytest.raises(BadInput, match="at most 500"):
        admin.requests.ask(ADA, ada.id, OUT, hours_ago(1), "x" * 5000)
    assert storage.hours.requests() == ()


def test_requests_of_whoever_is_deleted_can_be_refused(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    wrong = storage.clock_events.add(ada.id, IN, hours_ago(20))
    adding = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot")
    striking = admin.requests.ask(ADA, ada.id, IN, None, "Not me", wrong.id)
    admin.erasures.delete(ADMINISTRATOR, ada.id)
    with pytest.raises(NotFound):
        admin.requests.approve(ADMINISTRATOR, adding)
    assert storage.hours.requests(open_only=True) == (striking, adding)
    admin.requests.refuse(ADMINISTRATOR, adding, "Left the company")
    admin.requests.approve(ADMINISTRATOR, striking)
    assert storage.hours.requests(open_only=True) == ()


def test_the_same_is_asked_for_once_until_it_is_answered(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    asked = admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot")
    with pytest.raises(AlreadyExists, match="already"):
        admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "Forgot it, really")
    admin.requests.ask(ADA, ada.id, OUT, hours_ago(14), "Or then")
    assert len(storage.hours.requests()) == 2
    admin.requests.refuse(ADMINISTRATOR, asked, "No")
    admin.requests.ask(ADA, ada.id, OUT, hours_ago(15), "I was there")
    assert len(storage.hours.requests()) == 3
