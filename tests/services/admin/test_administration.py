"""Every act of administration: done, and written down with who did it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence
from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind, AuditEntry
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound, StorageError, WrongPin
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.corrections import stamp
from kiosk.storage import SqlStorage
from tests.fakes import MORNING, WallClock

OWNER = Actor(ActorKind.SYSTEM_USER, "mia")
IN, OUT = Direction.IN, Direction.OUT


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def newest(admin: Administration) -> AuditEntry:
    return admin.records.audit.newest(1)[0]


def test_a_change_says_what_it_was_before(admin: Administration, ada: Person) -> None:
    changed = admin.people.change(ADMINISTRATOR, replace(ada, name="Ada L.", enabled=False))
    assert (changed.name, changed.enabled) == ("Ada L.", False)
    entry = newest(admin)
    assert (entry.at, entry.actor, entry.action) == (MORNING, ADMINISTRATOR, Action.CHANGE_PERSON)
    assert entry.subject == f"Ada (no. {ada.id}, 17)"
    assert entry.details == "name: Ada -> Ada L.; may be let in: True -> False"


def test_what_fails_is_not_written_down(admin: Administration, ada: Person) -> None:
    with pytest.raises(NotFound):
        admin.erasures.delete(OWNER, 99)
    with pytest.raises(BadInput):
        admin.people.change(OWNER, replace(ada, name=" "))
    assert admin.records.audit.newest() == ()


def test_nothing_changes_that_can_not_be_written_down(
    storage: SqlStorage, admin: Administration, ada: Person
) -> None:
    with storage.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    with pytest.raises(StorageError):
        admin.erasures.delete(OWNER, ada.id)
    assert storage.people.get(ada.id).template_count == 1


def test_a_deletion_of_a_template_can_be_taken_back(
    storage: Storage, admin: Administration, ada: Person
) -> None:
    (template,) = storage.people.templates_of(ada.id)
    admin.people.delete_template(ADMINISTRATOR, template)
    assert storage.people.templates_of(ada.id) == ()
    admin.people.restore_template(ADMINISTRATOR, template)
    (back,) = storage.people.templates_of(ada.id)
    assert (back.vector == template.vector).all()
    actions = [entry.action for entry in admin.records.audit.newest()]
    assert actions == [Action.ADD_TEMPLATES, Action.DELETE_TEMPLATE]


def test_pins_are_written_down_without_the_pin(
    admin: Administration, pins: Pins, ada: Person
) -> None:
    admin.people.set_pin(ADMINISTRATOR, ada.id, "2580")
    assert pins.check_person("Ada", "2580").id == ada.id
    admin.people.set_pin(ADMINISTRATOR, ada.id, None)
    with pytest.raises(WrongPin):
        pins.check_person("Ada", "2580")
    with pytest.raises(NotFound):
        admin.people.set_pin(ADMINISTRATOR, 99, "2580")
    entries = admin.records.audit.newest()
    assert [entry.action for entry in entries] == [Action.REMOVE_PIN, Action.SET_PIN]
    assert "2580" not in str(entries)


def test_a_forgotten_admin_pin_has_a_way_back(admin: Administration, pins: Pins) -> None:
    admin.settings.set_admin_pin(ADMINISTRATOR, "471108")
    assert pins.admin_set
    admin.settings.reset_admin_pin(OWNER)
    assert not pins.admin_set
    entry = newest(admin)
    assert (entry.actor, entry.action) == (OWNER, Action.RESET_ADMIN_PIN)
    with pytest.raises(WrongPin):
        pins.check_admin("471108")


def test_a_cameras_password_is_not_written_down(admin: Administration) -> None:
    before = Settings(camera="rtsp://admin:geheim@10.0.0.5/1")
    after = Settings(camera="rtsp://admin:ge#hei/m@10.0.0.6/1")
    admin.settings.change(ADMINISTRATOR, before, after)

    details = newest(admin).details
    assert details == "camera: rtsp://***@10.0.0.5/1 -> rtsp://***@10.0.0.6"


def test_settings_store_what_differs_only(storage: Storage, admin: Administration) -> None:
    admin.settings.change(ADMINISTRATOR, Settings(camera="2"), Settings(camera="2", hold=5))
    assert storage.settings.load() == {"hold": 5}
    assert newest(admin).details == "hold: 3.0 -> 5"
    admin.settings.change(ADMINISTRATOR, Settings(), Settings())
    assert len(admin.records.audit.newest()) == 1


def test_a_new_far_is_stored_with_its_reason(storage: Storage, admin: Administration) -> None:
    why = " too many strangers "
    changed = admin.settings.change_far(ADMINISTRATOR, Settings(hold=5), 0.0001, why)
    assert changed == Settings(hold=5, far=0.0001)
    stored = storage.settings.load()
    assert stored["far"] == 0.0001
    assert stored["far_reason"] == "too many strangers"
    assert stored["far_changed_at"] == "2026-03-02T08:00:00+00:00"
    assert Settings.of(stored).far == 0.0001
    with pytest.raises(BadInput):
        admin.settings.change_far(ADMINISTRATOR, Settings(), 0.5, "")
    assert storage.settings.load()["far"] == 0.0001
    assert newest(admin).details == "far: 0.001 -> 0.0001; too many strangers"


def test_one_touch_turns_an_event(storage: Storage, admin: Administration, ada: Person) -> None:
    visitor = Actor(ActorKind.PERSON, "Ada")
    event = storage.clock_events.add(ada.id, IN, MORNING)
    turned = admin.corrections.turn(visitor, event)
    assert (turned.direction, turned.replaces, turned.at) == (OUT, event.id, event.at)
    back = admin.corrections.turn(visitor, turned)
    assert (back.direction, back.replaces) == (IN, turned.id)
    assert newest(admin).actor == visitor
    until = MORNING + timedelta(hours=1)
    assert storage.clock_events.between(MORNING, until) == (back,)
    history = storage.clock_events.between(MORNING, until, struck=True)
    assert [one.direction for one in history] == [IN, OUT, IN], "nothing that was recorded is lost"
    with pytest.raises(BadInput, match="struck out meanwhile"):
        admin.corrections.turn(visitor, event)
    assert len(storage.clock_events.between(MORNING, until, struck=True)) == 3


def test_an_operator_adds_what_was_missed(
    storage: Storage, admin: Administration, ada: Person
) -> None:
    before, hour = MORNING - timedelta(hours=1), timedelta(hours=1)
    added = admin.corrections.add(ADMINISTRATOR, ada.id, OUT, before, " forgot ")
    assert (added.by_hand, added.note, added.event_id) == (True, "forgot", None)
    assert storage.clock_events.between(before, MORNING, ada.id) == (added,)
    assert admin.corrections.add(ADMINISTRATOR, ada.id, IN, MORNING, "").at == MORNING
    with pytest.raises(BadInput, match="has not come yet"):
        admin.corrections.add(ADMINISTRATOR, ada.id, OUT, MORNING + hour, "")
    with pytest.raises(NotFound):
        admin.corrections.add(ADMINISTRATOR, 99, OUT, before, "")
    assert newest(admin).subject == "Ada"


def test_without_leave_to_keep_crops_those_kept_are_deleted(
    storage: Storage, admin: Administration, ada: Person
) -> None:
    (template,) = storage.people.templates_of(ada.id)
    kept = storage.people.add_template(
        ada.id, template.vector, template.encoder_id, 0.9, "1.jpg", b"a small JPEG"
    )
    assert storage.people.crops_of(ada.id) == {kept.id: b"a small JPEG"}
    admin.people.delete_template(ADMINISTRATOR, kept)
    back = admin.people.restore_template(ADMINISTRATOR, kept, b"a small JPEG")
    assert storage.people.crops_of(ada.id) == {back.id: b"a small JPEG"}

    keeping = Settings(keep_crops=True)
    admin.settings.change(ADMINISTRATOR, Settings(), keeping)
    assert storage.people.crops_of(ada.id)
    admin.settings.change(ADMINISTRATOR, keeping, Settings())
    assert storage.people.crops_of(ada.id) == {}
    assert "crops deleted: 1" in newest(admin).details
    assert len(storage.people.templates_of(ada.id)) == 2


def test_a_wrong_event_is_struck_out_with_a_reason_and_put_back(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    event = admin.corrections.add(ADMINISTRATOR, ada.id, IN, MORNING, "")
    for why in ("", "   "):
        with pytest.raises(BadInput, match="Say why"):
            admin.corrections.strike(OWNER, event, why)
    with pytest.raises(BadInput, match="has 5017 characters; at most 500"):
        admin.corrections.strike(OWNER, event, "  the wrong\n person " + "x" * 5000)
    struck = admin.corrections.strike(OWNER, event, "  the wrong\n person " + "x" * 483)
    assert struck.struck is not None
    assert (struck.struck.by, struck.struck.why[:17]) == ("mia", "the wrong person ")
    assert len(struck.struck.why) == 500
    assert newest(admin).action is Action.STRIKE_CLOCK_EVENT
    assert newest(admin).details.startswith(f"in at {stamp(MORNING.astimezone())}; the")
    span = (MORNING, MORNING + timedelta(minutes=1))
    assert storage.clock_events.between(*span) == ()
    admin.corrections.strike(ADMINISTRATOR, struck, "it was right", out=False)
    assert storage.clock_events.between(*span) == (replace(event, answered=True),)
    assert newest(admin).action is Action.PUT_BACK_CLOCK_EVENT
    with pytest.raises(NotFound):
        admin.corrections.strike(OWNER, replace(event, id=99), "gone")


def test_what_a_look_meant_is_answered_once(
    storage: Storage, admin: Administration, ada: Person
) -> None:
    visitor = Actor(ActorKind.PERSON, "Ada")
    asked = storage.clock_events.put(ClockEvent(0, ada.id, OUT, MORNING, doubt=Doubt.LONG))
    assert asked.asks
    confirmed = admin.corrections.answer(visitor, asked, OUT)
    assert (confirmed.id, confirmed.asks, confirmed.struck) == (asked.id, False, None)
    other = admin.corrections.answer(visitor, asked, IN)
    assert (other.direction, other.replaces, other.asks) == (IN, asked.id, False)
    until = MORNING + timedelta(hours=1)
    assert storage.clock_events.between(MORNING, until) == (other,)
    assert newest(admin).action is Action.ANSWER_CLOCK_EVENT


def test_an_event_is_put_at_another_time_and_the_first_stays(
    storage: Storage, admin: Administration, ada: Person
) -> None:
    event = storage.clock_events.add(ada.id, IN, MORNING - timedelta(hours=2))
    with pytest.raises(BadInput, match="at most 500"):
        admin.corrections.move(ADMINISTRATOR, event, MORNING, "x" * 501)
    moved = admin.corrections.move(ADMINISTRATOR, event, MORNING, " was at   the bank " + "x" * 484)
    assert (moved.at, moved.replaces, moved.evidence) == (MORNING, event.id, Evidence.HAND)
    assert moved.note.startswith("was at the bank x")
    assert len(moved.note) == 500
    with pytest.raises(BadInput, match="Say why"):
        admin.corrections.move(ADMINISTRATOR, moved, MORNING, "  ")
    with pytest.raises(AlreadyExists, match="stands there already"):
        admin.corrections.add(ADMINISTRATOR, ada.id, IN, MORNING, "again")
