"""Who did what in administration, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ActorKind(StrEnum):
    """Where somebody acts from."""

    ADMINISTRATOR = "administrator"
    """At the panel, behind the administrator's PIN."""
    SYSTEM_USER = "system_user"
    """At the command line, as a user of the operating system."""
    PERSON = "person"
    """At the kiosk, let in a moment ago."""
    PROGRAM = "program"
    """The kiosk by itself: the demo, a first start."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for something. ``name`` is the operating system's user, a person's name, or empty
    where the kind says it all."""

    kind: ActorKind
    name: str = ""


ADMINISTRATOR = Actor(ActorKind.ADMINISTRATOR)
PROGRAM = Actor(ActorKind.PROGRAM)


class Action(StrEnum):
    """What was done."""

    ENROL = "enrol"
    ADD_TEMPLATES = "add_templates"
    CHANGE_PERSON = "change_person"
    DELETE_PERSON = "delete_person"
    DELETE_TEMPLATE = "delete_template"
    SET_PIN = "set_pin"
    REMOVE_PIN = "remove_pin"
    SET_ADMIN_PIN = "set_admin_pin"
    RESET_ADMIN_PIN = "reset_admin_pin"
    CHANGE_SETTINGS = "change_settings"
    ADD_CLOCK_EVENT = "add_clock_event"
    TURN_CLOCK_EVENT = "turn_clock_event"
    EXPORT = "export"
    BACK_UP = "back_up"
    BEGIN_DRILL = "begin_drill"
    FAIL_DRILL = "fail_drill"
    """An attack was let in: from then on a face alone opens nothing."""
    END_DRILL = "end_drill"
    LIFT_DRILL = "lift_drill"
    """A face alone opens again although no drill was passed."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. ``at`` is in UTC; ``subject`` names whom or what it concerned, ``details`` what
    changed, as text for people; ``id`` is None until it is stored."""

    at: datetime
    actor: Actor
    action: Action
    subject: str = ""
    details: str = ""
    id: int | None = None
