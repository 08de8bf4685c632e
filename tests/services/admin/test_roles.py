"""Who may do what, held where it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind, AuditEntry
from kiosk.domain.errors import BadInput, NotAllowed, NotFound
from kiosk.domain.hours import Span
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.rights import FOUR_EYES
from kiosk.domain.roles import Role, StaffRole
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from tests.fakes import MORNING, WallClock

PIN = "805471"
IN, OUT = Direction.IN, Direction.OUT
EARLIER = MORNING - timedelta(hours=1)


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


def signed(admin: Administration, role: str, *departments: str, name: str = "Boss") -> Actor:
    """Somebody of this role, signed in."""
    people = admin.people._storage.people
    person = people.claim(name) or people.add(name)
    admin.roles.give(ADMINISTRATOR, person.id, Role(role), departments)
    admin.roles.set_secret(ADMINISTRATOR, person.id, PIN)
    return admin.staff.sign_in(name, PIN)


def in_department(storage: Storage, name: str, group: str) -> Person:
    return storage.people.update(replace(storage.people.add(name), group=group))


@pytest.fixture
def ada(storage: Storage) -> Person:
    return in_department(storage, "Ada", "Night")


@pytest.fixture
def bob(storage: Storage) -> Person:
    return in_department(storage, "Bob", "Day")


def newest(admin: Administration) -> AuditEntry:
    return admin.records.audit.newest(1)[0]


def test_a_role_is_given_changed_and_taken(admin: Administration, ada: Person) -> None:
    made = admin.roles.give(ADMINISTRATOR, ada.id, Role.MANAGER, ["  Night ", "Day", "Day"])
    assert made == StaffRole(ada.id, Role.MANAGER, ("Day", "Night"))
    assert newest(admin).action is Action.GIVE_ROLE
    assert newest(admin).details == "manager: Day, Night"
    admin.roles.set_secret(ADMINISTRATOR, ada.id, PIN)
    assert admin.roles.give(ADMINISTRATOR, ada.id, Role.AUDITOR).has_secret
    admin.roles.take(ADMINISTRATOR, ada.id)
    assert admin.records.roles.all() == ()
    with pytest.raises(BadInput, match="no role"):
        admin.roles.take(ADMINISTRATOR, ada.id)
    with pytest.raises(BadInput, match="no role"):
        admin.roles.set_secret(ADMINISTRATOR, ada.id, PIN)
    with pytest.raises(NotFound):
        admin.roles.give(ADMINISTRATOR, 99, Role.AUDITOR)


def test_departments_are_for_managers_who_need_one(admin: Administration, ada: Person) -> None:
    with pytest.raises(BadInput, match="department at least"):
        admin.roles.give(ADMINISTRATOR, ada.id, Role.MANAGER, [" "])
    with pytest.raises(BadInput, match="for managers"):
        admin.roles.give(ADMINISTRATOR, ada.id, Role.AUDITOR, ["Night"])


def test_a_secret_is_never_easy(admin: Administration, ada: Person, storage: Storage) -> None:
    admin.roles.give(ADMINISTRATOR, ada.id, Role.AUDITOR)
    for secret in ("1234", "123456", "short words", ""):
        with pytest.raises(BadInput):
            admin.roles.set_secret(ADMINISTRATOR, ada.id, secret)
    assert storage.roles.secret_hash(ada.id) is None


def test_what_is_refused_changes_nothing_and_is_written_down(
    admin: Administration, ada: Person
) -> None:
    auditor = signed(admin, "auditor")
    with pytest.raises(NotAllowed, match=r"Your role is auditor.*enroller, administrator"):
        admin.people.change(auditor, replace(ada, name="Eve"))
    assert admin.records.people.get(ada.id).name == "Ada"
    entry = newest(admin)
    assert (entry.action, entry.actor.name, entry.actor.role) == (
        Action.REFUSED,
        "Boss",
        Role.AUDITOR,
    )
    assert (entry.subject, entry.details) == (f"no. {ada.id}", "change_person")


@pytest.mark.parametrize("role", ["operator", "enroller", "auditor"])
def test_nobody_gives_themselves_a_role(admin: Administration, role: str) -> None:
    actor = signed(admin, role)
    me = actor.person_id or 0
    for refused in (
        lambda: admin.roles.give(actor, me, Role.ADMINISTRATOR),
        lambda: admin.roles.set_secret(actor, me, "936114"),
        lambda: admin.settings.set_admin_pin(actor, "936114"),
        lambda: admin.settings.change(actor, Settings(), Settings(hold=9)),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_an_enroller_changes_nobody_who_has_a_role(admin: Administration, ada: Person) -> None:
    enroller = signed(admin, "enroller")
    admin.people.change(enroller, replace(ada, name="Ada L."))
    admin.people.set_pin(enroller, ada.id, "2580")
    admin.roles.give(ADMINISTRATOR, ada.id, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="who has a role"):
        admin.people.change(enroller, replace(ada, enabled=False))
    with pytest.raises(NotAllowed):
        admin.erasures.delete(enroller, ada.id)


def test_a_manager_corrects_people_of_their_departments_only(
    admin: Administration, storage: Storage, ada: Person, bob: Person
) -> None:
    manager = signed(admin, "manager", "Night")
    made = admin.corrections.add(manager, ada.id, IN, EARLIER, "forgot")
    turned = admin.corrections.turn(manager, made)
    admin.corrections.undo(manager, turned)
    theirs = storage.clock_events.add(bob.id, IN, EARLIER)
    refusals: list[Callable[[], object]] = [
        lambda: admin.corrections.add(manager, bob.id, OUT, EARLIER, "why"),
        lambda: admin.corrections.turn(manager, theirs),
        lambda: admin.corrections.move(manager, theirs, EARLIER, "why"),
        lambda: admin.corrections.strike(manager, theirs, "why"),
        lambda: admin.corrections.answer(manager, theirs, OUT),
        lambda: admin.corrections.undo(manager, theirs),
        lambda: admin.plans.assign(manager, bob.id, None, date(2026, 3, 2)),
        lambda: admin.plans.add_absence(
            manager, bob.id, "holiday", date(2026, 3, 2), date(2026, 3, 2)
        ),
        lambda: admin.requests.ask(manager, bob.id, IN, EARLIER, "why"),
    ]
    for refused in refusals:
        with pytest.raises(NotAllowed, match=r"Bob is in no department of yours \(Night\)"):
            refused()
    assert storage.clock_events.between(EARLIER, MORNING, bob.id) == (theirs,)


def test_a_manager_answers_requests_and_absences_of_their_own(
    admin: Administration, ada: Person, bob: Person
) -> None:
    manager, day = signed(admin, "manager", "Night"), date(2026, 3, 2)
    absences = [
        admin.plans.add_absence(ADMINISTRATOR, one.id, "holiday", day, day) for one in (ada, bob)
    ]
    asked = [
        admin.requests.ask(Actor(ActorKind.PERSON, one.name), one.id, IN, EARLIER, "forgot")
        for one in (ada, bob)
    ]
    admin.plans.withdraw_absence(manager, absences[0].id, "ill")
    admin.requests.approve(manager, asked[0])
    with pytest.raises(NotAllowed):
        admin.plans.withdraw_absence(manager, absences[1].id, "ill")
    with pytest.raises(NotAllowed):
        admin.requests.approve(manager, asked[1])
    with pytest.raises(NotAllowed):
        admin.requests.refuse(manager, asked[1], "no")
    with pytest.raises(NotAllowed, match="needs another: administrator"):
        admin.periods.close(manager, date(2026, 2, 1), date(2026, 2, 28), unsettled_too=True)


def test_a_managers_own_hours_are_put_right_by_somebody_else(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    day = date(2026, 3, 2)
    manager = signed(admin, "manager", "Night")
    me = manager.person_id or 0
    boss = storage.people.update(replace(storage.people.get(me), group="Night"))
    event = storage.clock_events.add(me, IN, EARLIER)
    absence = admin.plans.add_absence(ADMINISTRATOR, me, "holiday", day, day)
    asked = admin.requests.ask(manager, me, OUT, EARLIER, "forgot")
    span = Span(event, None)
    refusals: dict[Action, Callable[[Actor], object]] = {
        Action.ADD_CLOCK_EVENT: lambda by: admin.corrections.add(by, me, OUT, EARLIER, "why"),
        Action.TURN_CLOCK_EVENT: lambda by: admin.corrections.turn(by, event),
        Action.MOVE_CLOCK_EVENT: lambda by: admin.corrections.move(by, event, EARLIER, "why"),
        Action.STRIKE_CLOCK_EVENT: lambda by: admin.corrections.strike(by, event, "why"),
        Action.PUT_BACK_CLOCK_EVENT: lambda by: admin.corrections.strike(
            by, event, "why", out=False
        ),
        Action.ANSWER_CLOCK_EVENT: lambda by: admin.corrections.answer(by, event, IN),
        Action.UNDO_CLOCK_EVENT: lambda by: admin.corrections.undo(by, event),
        Action.ASSIGN_ROTA: lambda by: admin.plans.assign(by, me, None, day),
        Action.ADD_ABSENCE: lambda by: admin.plans.add_absence(
            by, me, "holiday", day + timedelta(days=1), day + timedelta(days=1)
        ),
        Action.WITHDRAW_ABSENCE: lambda by: admin.plans.withdraw_absence(by, absence.id, "ill"),
        Action.REFUSE_CORRECTION: lambda by: admin.requests.refuse(by, asked, "no"),
        Action.APPROVE_CORRECTION: lambda by: admin.requests.approve(by, asked),
    }
    assert set(refusals) == FOUR_EYES
    before = storage.check().clock_events
    for action, refused in refusals.items():
        with pytest.raises(NotAllowed, match=r"another manager of Night.*or an administrator"):
            refused(manager)
        entry = newest(admin)
        assert (entry.action, entry.details) == (Action.REFUSED, action.value)
        assert entry.subject == f"no. {boss.id}"
    assert storage.check().clock_events == before
    with pytest.raises(NotAllowed):
        admin.corrections.split(
            manager, span, EARLIER + timedelta(minutes=9), EARLIER + timedelta(minutes=10), "why"
        )

    other = signed(admin, "manager", "Night", name="Other")
    admin.requests.approve(other, asked)
    admin.plans.withdraw_absence(other, absence.id, "ill")
    admin.corrections.strike(other, event, "why")


def test_an_administrator_who_may_be_the_only_one_puts_their_own_hours_right(
    admin: Administration, storage: Storage
) -> None:
    boss = signed(admin, "administrator")
    admin.corrections.add(boss, boss.person_id or 0, IN, EARLIER, "forgot")
    entry = newest(admin)
    assert (entry.action, entry.actor.name, entry.subject) == (
        Action.ADD_CLOCK_EVENT,
        "Boss",
        "Boss",
    )


def test_everybody_out_leaves_a_manager_in_and_says_why(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    manager = signed(admin, "manager", "Night")
    me = manager.person_id or 0
    storage.people.update(replace(storage.people.get(me), group="Night"))
    comings = [storage.clock_events.add(one, IN, EARLIER) for one in (ada.id, me)]
    outs = admin.corrections.everybody_out(manager, comings, MORNING, "fire drill")
    assert [event.person_id for event in outs.done] == [ada.id]
    ((left, why),) = outs.left
    assert left.person_id == me
    assert "another manager of Night" in why


def test_a_manager_of_no_department_of_their_own_needs_an_administrator(
    admin: Administration,
) -> None:
    manager = signed(admin, "manager", "Night")
    with pytest.raises(NotAllowed, match="own hours: an administrator puts them right"):
        admin.corrections.add(manager, manager.person_id or 0, IN, EARLIER, "forgot")


def test_who_left_the_department_is_theirs_no_more(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    manager = signed(admin, "manager", "Night")
    event = storage.clock_events.add(ada.id, IN, EARLIER)
    storage.people.update(replace(ada, group="Day"))
    with pytest.raises(NotAllowed):
        admin.corrections.turn(manager, event)
    storage.people.delete(ada.id)
    with pytest.raises(NotAllowed, match="deleted"):
        admin.corrections.turn(manager, event)
    admin.corrections.turn(ADMINISTRATOR, event)


@pytest.mark.parametrize("how", ["taken", "another", "disabled", "expired", "deleted"])
def test_a_role_ends_at_once(
    admin: Administration, storage: Storage, ada: Person, how: str
) -> None:
    actor = signed(admin, "enroller")
    assert actor.person_id is not None
    boss = storage.people.get(actor.person_id)
    match how:
        case "taken":
            admin.roles.take(ADMINISTRATOR, boss.id)
        case "another":
            admin.roles.give(ADMINISTRATOR, boss.id, Role.ADMINISTRATOR)
        case "disabled":
            storage.people.update(replace(boss, enabled=False))
        case "expired":
            storage.people.update(replace(boss, valid_until=date(2026, 3, 1)))
        case _:
            storage.people.delete(boss.id)
    with pytest.raises(NotAllowed, match="sign in again"):
        admin.people.change(actor, replace(ada, name="Eve"))


def test_a_manager_reads_of_nobody_else(
    admin: Administration, storage: Storage, ada: Person, bob: Person
) -> None:
    day = date(2026, 3, 2)
    for one in (ada, bob):
        storage.clock_events.add(one.id, IN, EARLIER)
        admin.plans.add_absence(ADMINISTRATOR, one.id, "holiday", day, day)
        admin.plans.assign(ADMINISTRATOR, one.id, None, day)
        admin.requests.ask(Actor(ActorKind.PERSON, one.name), one.id, OUT, EARLIER, "why")
    records = admin.by(signed(admin, "manager", "Night")).records

    def only_ada(rows: tuple[object, ...]) -> bool:
        return {getattr(row, "person_id", None) for row in rows} == {ada.id}

    whole: tuple[ClockEvent, ...] = storage.clock_events.between(EARLIER, MORNING)
    assert records.people.find() == (ada,)
    assert records.people.claim("Bob") is None
    assert only_ada(records.clock_events.between(EARLIER, MORNING))
    assert only_ada(records.hours.absences(day, day))
    assert only_ada(records.hours.assignments())
    assert only_ada(records.hours.requests())
    assert list(records.clock_events.strikes([event.id for event in whole])) == []
    assert records.audit.newest() == ()
    assert records.roles.all() == ()
    for hidden in (
        lambda: records.people.get(bob.id),
        lambda: records.clock_events.get(whole[1].id),
        lambda: records.events.last_allow(bob.id),
    ):
        with pytest.raises(NotFound, match="no department of yours"):
            hidden()
    assert admin.by(ADMINISTRATOR).records is admin.records
