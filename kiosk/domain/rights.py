"""Which role may do what: one table, and the sentence for a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.domain.audit import Action, Actor, ActorKind
from kiosk.domain.language import _
from kiosk.domain.roles import Role, Sight, named, only_departments, sees

_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})
_ENROLLER: Final = frozenset({Role.ENROLLER, Role.ADMINISTRATOR})
_MANAGER: Final = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
_READER: Final = frozenset({Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR})
_ANYBODY: Final = frozenset(Role)

RIGHTS: Final[Mapping[Action, frozenset[Role]]] = {
    Action.ENROL: _ENROLLER,
    Action.ADD_TEMPLATES: _ENROLLER,
    Action.CHANGE_PERSON: _ENROLLER,
    Action.DELETE_PERSON: _ADMINISTRATOR,
    Action.DELETE_TEMPLATE: _ENROLLER,
    Action.SET_PIN: _ENROLLER,
    Action.REMOVE_PIN: _ENROLLER,
    Action.SET_ADMIN_PIN: _ADMINISTRATOR,
    Action.RESET_ADMIN_PIN: _ADMINISTRATOR,
    Action.WRONG_ADMIN_PIN: _ANYBODY,
    Action.NEW_RECOVERY_CODE: _ADMINISTRATOR,
    Action.RECOVER: _ANYBODY,
    Action.GIVE_ROLE: _ADMINISTRATOR,
    Action.TAKE_ROLE: _ADMINISTRATOR,
    Action.SET_ROLE_SECRET: _ADMINISTRATOR,
    Action.SIGN_IN: _ANYBODY,
    Action.WRONG_STAFF_PIN: _ANYBODY,
    Action.REFUSED: _ANYBODY,
    Action.CHANGE_SETTINGS: _ADMINISTRATOR,
    Action.ADD_CLOCK_EVENT: _MANAGER,
    Action.TURN_CLOCK_EVENT: _MANAGER,
    Action.STRIKE_CLOCK_EVENT: _MANAGER,
    Action.PUT_BACK_CLOCK_EVENT: _MANAGER,
    Action.MOVE_CLOCK_EVENT: _MANAGER,
    Action.ANSWER_CLOCK_EVENT: _MANAGER,
    Action.UNDO_CLOCK_EVENT: _MANAGER,
    Action.IMPORT_CLOCK_EVENTS: _ADMINISTRATOR,
    Action.ADD_ROTA: _ADMINISTRATOR,
    Action.ASSIGN_ROTA: _MANAGER,
    Action.ADD_ABSENCE: _MANAGER,
    Action.WITHDRAW_ABSENCE: _MANAGER,
    Action.CLOSE_PERIOD: _ADMINISTRATOR,
    Action.ASK_CORRECTION: _MANAGER,
    Action.APPROVE_CORRECTION: _MANAGER,
    Action.REFUSE_CORRECTION: _MANAGER,
    Action.RECORD_CONSENT: _ENROLLER,
    Action.WITHDRAW_CONSENT: _ENROLLER,
    Action.EMPTY_OLD_ROWS: _ADMINISTRATOR,
    Action.ERASE_PERSON: _ADMINISTRATOR,
    Action.HAND_OUT_DATA: _ADMINISTRATOR,
    Action.EXPORT: _READER,
    Action.BACK_UP: _ADMINISTRATOR,
    Action.RESTORE_BACKUP: _ADMINISTRATOR,
    Action.EXTRACT_RECORD: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    Action.SHOW_KEY: _ADMINISTRATOR,
    Action.MOVE_KEY: _ADMINISTRATOR,
    Action.ROTATE_KEY: _ADMINISTRATOR,
    Action.RESTORE_KEY: _ADMINISTRATOR,
    Action.BEGIN_DRILL: _ADMINISTRATOR,
    Action.FAIL_DRILL: _ADMINISTRATOR,
    Action.END_DRILL: _ADMINISTRATOR,
    Action.LIFT_DRILL: _ADMINISTRATOR,
}
"""Every action is here, those of anybody too: a test holds it. What happens at the door is the
person's own, and is not asked for here."""

FOUR_EYES: Final = frozenset(
    {
        Action.ADD_CLOCK_EVENT,
        Action.TURN_CLOCK_EVENT,
        Action.STRIKE_CLOCK_EVENT,
        Action.PUT_BACK_CLOCK_EVENT,
        Action.MOVE_CLOCK_EVENT,
        Action.ANSWER_CLOCK_EVENT,
        Action.UNDO_CLOCK_EVENT,
        Action.ASSIGN_ROTA,
        Action.ADD_ABSENCE,
        Action.WITHDRAW_ABSENCE,
        Action.APPROVE_CORRECTION,
        Action.REFUSE_CORRECTION,
    }
)
"""What a manager does to others only: what it makes of their own hours somebody else must see. Of
administrators there may be only one; theirs is a row as anybody's."""


def may(role: Role, action: Action) -> bool:
    """Whether somebody of this role may do this; what the table forgot only an administrator."""
    return role in RIGHTS.get(action, _ADMINISTRATOR)


def role_of(actor: Actor) -> Role | None:
    """In which role somebody acts. Whoever typed the administrator's PIN, and whoever owns the
    data at the command line, are administrators; None is for people at the door and the program,
    whose acts are their own."""
    if actor.role is None and actor.kind in (ActorKind.ADMINISTRATOR, ActorKind.SYSTEM_USER):
        return Role.ADMINISTRATOR
    return actor.role


def allowed(actor: Actor, action: Action) -> bool:
    """Whether somebody may do this at all (to whom is asked elsewhere)."""
    role = role_of(actor)
    if role is None:
        return actor.kind is not ActorKind.STAFF
    return may(role, action)


def shown(actor: Actor, sight: Sight) -> bool:
    """Whether somebody may read this."""
    role = role_of(actor)
    return role is not None and sees(role, sight)


def departments_of(actor: Actor) -> tuple[str, ...] | None:
    """Whose data somebody is bound to; None where to nobody's."""
    role = role_of(actor)
    return actor.departments if role is not None and only_departments(role) else None


def needs_another(actor: Actor, action: Action, *whom: int) -> bool:
    """Whether this would be done to people (by id) of whom one is who does it, where somebody else
    must."""
    return role_of(actor) is Role.MANAGER and action in FOUR_EYES and actor.person_id in whom


def who_else(department: str) -> str:
    """Who puts the hours of a manager right, whose own ``department`` is this."""
    if not department:
        return _("These are your own hours: an administrator puts them right.")
    return _(
        "These are your own hours: another manager of {department} puts them right, or an "
        "administrator."
    ).format(department=department)


def refusal(actor: Actor, action: Action) -> str:
    """Why not, and who may."""
    return _not_as(actor, RIGHTS.get(action, _ADMINISTRATOR))


def not_shown(actor: Actor, sight: Sight) -> str:
    """Why somebody may not read this, and who may."""
    return _not_as(actor, frozenset(role for role in Role if sees(role, sight)))


def _not_as(actor: Actor, who: frozenset[Role]) -> str:
    others = ", ".join(named(role) for role in Role if role in who)
    role = role_of(actor)
    if role is None:
        return _("This needs a role: {roles}.").format(roles=others)
    return _("Your role is {role}, and this needs another: {roles}.").format(
        role=named(role), roles=others
    )
