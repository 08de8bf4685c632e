"""Who is erased is named nowhere but where the law asks, and gets a receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.errors import NotFound, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.privacy.own_data import EVER
from tests.fakes import MORNING, WallClock

DAY = timedelta(days=1)


def names_in(storage: Storage) -> dict[str, str]:
    far = MORNING + 5000 * DAY
    return {
        "log": str(storage.events.query(EventFilter())),
        "hours": str(storage.clock_events.between(EVER, far, struck=True)),
        "requests": str(storage.hours.requests()),
        "audit": str(storage.audit.newest()),
        "consents": str(storage.consents.newest()),
        "people": str(storage.people.find()),
    }


def test_deleting_leaves_the_log_and_says_so(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    receipt = admin.erasures.delete(ADMINISTRATOR, ada.id)
    assert (receipt.photos, receipt.looks, receipt.punches) == (1, 2, 2)
    assert "Stays: 2 log entries with the name" in receipt.lines[1]
    named = names_in(storage)
    assert {kind for kind, text in named.items() if "Ada" in text} == {
        *("log", "hours", "requests", "audit", "consents")
    }
    assert not storage.consents.newest()[ada.id].stands
    assert storage.audit.newest(1)[0].action is Action.DELETE_PERSON


def test_who_is_erased_is_named_only_where_the_law_asks(
    admin: Administration, storage: Storage, ada: Person, clock: WallClock
) -> None:
    receipt = admin.erasures.erase(ADMINISTRATOR, ada.id)
    assert receipt.text[0].startswith("Receipt: the data of Ada (no. 1) were deleted on 2026-03-02")
    assert "Erased: the name in 2 log entries" in receipt.text[2]
    assert receipt.text[3] == (
        "Stays: 2 clock events, with the name. The law asks to keep hours until 2028-02-29."
    )
    assert "Backups made before" in receipt.text[4]
    named = names_in(storage)
    assert {kind for kind, text in named.items() if "Ada" in text} == {"hours"}
    assert all("Ben" in text for text in named.values()), "nobody else's is touched"
    assert len(storage.clock_events.between(EVER, MORNING, ada.id)) == 1, "the older is past 730"
    newest = storage.audit.newest(1)[0]
    assert (newest.action, newest.subject) == (Action.ERASE_PERSON, "no. 1")
    assert storage.check_chain().found == ()

    clock.now += 730 * DAY
    admin.retention.run(ADMINISTRATOR)
    assert "Ada" not in str(names_in(storage))
    assert "Ben" in names_in(storage)["hours"]
    assert storage.check_chain().found == ()


@pytest.mark.parametrize("how", ["delete", "erase"])
def test_nothing_stays_of_who_typed_wrong_pins(
    admin: Administration, storage: Storage, pins: Pins, ada: Person, how: str
) -> None:
    before = dict(storage.settings.load())

    def type_all(person: Person) -> None:
        for who in (person.name, str(person.staff_number)):
            for shown in (None, person.id):
                with pytest.raises(WrongPin):
                    pins.check_person(who, "1379", shown)
            with pytest.raises(WrongPin):
                admin.staff.sign_in(who, "137913")

    type_all(ada)
    of_ada = set(storage.settings.load())
    type_all(storage.people.get(2))
    of_ben = set(storage.settings.load()) - of_ada
    assert len(of_ben) > 10
    getattr(admin.erasures, how)(ADMINISTRATOR, ada.id)
    left = set(storage.settings.load()) - set(before)
    assert {name for name in left if " pad" not in f" {name}"} == of_ben


def test_plans_go_too_and_what_hours_rest_on_stays(
    admin: Administration, storage: Storage, everywhere: Person, clock: WallClock
) -> None:
    admin.erasures.erase(ADMINISTRATOR, everywhere.id)
    assert storage.hours.assignments() == ()
    assert [line.name for line in storage.hours.period_lines()] == ["Ada"]
    assert len(storage.hours.absences(MORNING.date(), date(2027, 1, 1))) == 1
    clock.now += 900 * DAY
    admin.retention.run(ADMINISTRATOR)
    assert storage.hours.period_lines() == ()
    assert storage.hours.absences(MORNING.date(), date(2027, 1, 1)) == ()
    assert storage.check_chain().found == ()


def test_a_namesake_keeps_their_name(
    admin: Administration, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    other = enrol("Ada", "19")
    asked = admin.requests.ask(
        Actor(ActorKind.PERSON, "Ada"), other.id, Direction.OUT, MORNING - DAY / 3, "forgot"
    )
    admin.requests.refuse(ADMINISTRATOR, asked, "not seen")
    admin.erasures.erase(ADMINISTRATOR, ada.id)
    subjects = [entry.subject for entry in storage.audit.newest()]
    assert "Ada" in subjects, "with the name alone nobody can tell whose it is"
    assert not any(subject.startswith("Ada (no. 1,") for subject in subjects)
    assert any(subject.startswith("Ada (no. 3,") for subject in subjects)


def test_nobody_is_erased_twice(admin: Administration, ada: Person) -> None:
    admin.erasures.erase(ADMINISTRATOR, ada.id)
    for again in (admin.erasures.erase, admin.erasures.delete):
        with pytest.raises(NotFound):
            again(ADMINISTRATOR, ada.id)
