"""Who has which role, and what of the panel each sees; what each may do stands in ``rights``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.domain.language import _, marked


class Role(StrEnum):
    """What somebody is here for, beside coming and going."""

    OPERATOR = "operator"
    """Sees who is in; will open the door by hand."""
    ENROLLER = "enroller"
    """Enrols people and keeps their data right."""
    MANAGER = "manager"
    """Sees and puts right the hours of their departments."""
    ADMINISTRATOR = "administrator"
    """Everything."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


class Sight(StrEnum):
    """What is to be seen of the panel: a page, or a view of the attendance page."""

    PEOPLE = "people"
    LOG = "log"
    HOURS = "hours"
    INSIDE = "inside"
    REQUESTS = "requests"
    PLANS = "plans"
    PERIODS = "periods"
    CHANGES = "changes"
    THRESHOLD = "threshold"
    LIVENESS = "liveness"
    SETTINGS = "settings"
    ABOUT = "about"


ROLES: Final[Mapping[Role, str]] = {
    Role.OPERATOR: marked("operator"),
    Role.ENROLLER: marked("enroller"),
    Role.MANAGER: marked("manager"),
    Role.ADMINISTRATOR: marked("administrator"),
    Role.AUDITOR: marked("auditor"),
}
"""The word for each."""
TOLD: Final[Mapping[Role, str]] = {
    Role.OPERATOR: marked("Sees who is in."),
    Role.ENROLLER: marked("Enrols people and keeps their names, photos and PINs right."),
    Role.MANAGER: marked("Sees and puts right the hours of the departments that you name."),
    Role.ADMINISTRATOR: marked("May do everything."),
    Role.AUDITOR: marked("Reads everything and changes nothing."),
}
"""What each is for, in a sentence."""
ATTENDANCE: Final = frozenset(
    {
        Sight.HOURS,
        Sight.INSIDE,
        Sight.REQUESTS,
        Sight.PLANS,
        Sight.PERIODS,
        Sight.CHANGES,
    }
)
"""The views of the attendance page."""
_SEEN: Final[Mapping[Role, frozenset[Sight]]] = {
    Role.OPERATOR: frozenset({Sight.INSIDE}),
    Role.ENROLLER: frozenset({Sight.PEOPLE}),
    Role.MANAGER: frozenset({Sight.HOURS, Sight.INSIDE, Sight.REQUESTS, Sight.PLANS}),
    Role.ADMINISTRATOR: frozenset(Sight),
    Role.AUDITOR: frozenset(Sight),
}


def sees(role: Role, sight: Sight) -> bool:
    """Whether somebody of this role may read this."""
    return sight in _SEEN[role]


def only_departments(role: Role) -> bool:
    """Whether this role is bound to departments: nobody else's data may be seen or changed."""
    return role is Role.MANAGER


def named(role: Role) -> str:
    """The word for it, in the language in force."""
    return _(ROLES[role])


@dataclass(frozen=True, slots=True)
class StaffRole:
    """The role of a person; a manager of which ``departments``. Without a secret nobody can sign
    in."""

    person_id: int
    role: Role
    departments: tuple[str, ...] = ()
    has_secret: bool = False
