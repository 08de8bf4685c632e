"""Which role may do what and see what."""

from __future__ import annotations

import pytest

from kiosk.domain.audit import ACTIONS, ADMINISTRATOR, PROGRAM, Action, Actor, ActorKind
from kiosk.domain.rights import (
    RIGHTS,
    allowed,
    departments_of,
    may,
    not_shown,
    refusal,
    role_of,
    shown,
)
from kiosk.domain.roles import ATTENDANCE, ROLES, TOLD, Role, Sight, sees

PERSON = Actor(ActorKind.PERSON, "Mia")
OWNER = Actor(ActorKind.SYSTEM_USER, "root")


def staff(role: Role, *departments: str) -> Actor:
    return Actor(ActorKind.STAFF, "Mia", role, departments)


@pytest.mark.parametrize("action", Action)
def test_no_action_is_forgotten(action: Action) -> None:
    assert Role.ADMINISTRATOR in RIGHTS[action]
    assert action in ACTIONS


@pytest.mark.parametrize("role", Role)
def test_no_role_is_forgotten(role: Role) -> None:
    assert role in ROLES
    assert role in TOLD
    assert any(sees(role, sight) for sight in Sight)


def test_an_auditor_reads_all_and_changes_nothing() -> None:
    assert all(sees(Role.AUDITOR, sight) for sight in Sight)
    harmless = {
        Action.EXPORT,
        Action.EXTRACT_RECORD,
        Action.SIGN_IN,
        Action.REFUSED,
        Action.RECOVER,
        Action.WRONG_ADMIN_PIN,
        Action.WRONG_STAFF_PIN,
    }
    assert {action for action in Action if may(Role.AUDITOR, action)} == harmless


def test_each_sees_what_is_theirs() -> None:
    assert [sight for sight in Sight if sees(Role.OPERATOR, sight)] == [Sight.INSIDE]
    assert [sight for sight in Sight if sees(Role.ENROLLER, sight)] == [Sight.PEOPLE]
    assert {sight for sight in Sight if sees(Role.MANAGER, sight)} < ATTENDANCE
    assert all(sees(Role.ADMINISTRATOR, sight) for sight in Sight)


def test_each_does_what_is_theirs() -> None:
    assert may(Role.ENROLLER, Action.ENROL)
    assert not may(Role.ENROLLER, Action.GIVE_ROLE)
    assert not may(Role.ENROLLER, Action.STRIKE_CLOCK_EVENT)
    assert may(Role.MANAGER, Action.MOVE_CLOCK_EVENT)
    assert not may(Role.MANAGER, Action.CLOSE_PERIOD)
    assert not may(Role.MANAGER, Action.ENROL)
    assert not may(Role.OPERATOR, Action.ADD_CLOCK_EVENT)


def test_who_typed_the_admin_pin_or_owns_the_data_is_an_administrator() -> None:
    assert role_of(ADMINISTRATOR) is role_of(OWNER) is Role.ADMINISTRATOR
    assert allowed(OWNER, Action.CHANGE_SETTINGS)
    assert shown(ADMINISTRATOR, Sight.LOG)


def test_at_the_command_line_a_role_is_what_counts() -> None:
    auditor = Actor(ActorKind.SYSTEM_USER, "Mia", Role.AUDITOR)
    assert not allowed(auditor, Action.CHANGE_SETTINGS)
    assert shown(auditor, Sight.LOG)


def test_somebody_who_has_no_role_is_nobody_at_the_panel() -> None:
    nobody = Actor(ActorKind.STAFF, "Mia")
    assert role_of(nobody) is None
    assert not allowed(nobody, Action.ENROL)
    assert not shown(nobody, Sight.INSIDE)
    assert refusal(nobody, Action.ENROL) == "This needs a role: enroller, administrator."


def test_at_the_door_everybody_acts_for_themselves_and_reads_nothing() -> None:
    assert allowed(PERSON, Action.ASK_CORRECTION)
    assert allowed(PROGRAM, Action.ENROL)
    assert not shown(PERSON, Sight.PEOPLE)


def test_only_a_manager_is_bound_to_departments() -> None:
    assert departments_of(staff(Role.MANAGER, "Night")) == ("Night",)
    assert departments_of(staff(Role.AUDITOR)) is None
    assert departments_of(ADMINISTRATOR) is None


def test_a_refusal_says_who_may() -> None:
    assert refusal(staff(Role.AUDITOR), Action.ADD_ABSENCE) == (
        "Your role is auditor, and this needs another: manager, administrator."
    )
    assert not_shown(staff(Role.OPERATOR), Sight.LOG) == (
        "Your role is operator, and this needs another: administrator, auditor."
    )
