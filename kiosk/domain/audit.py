"""Who did what in administration, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.domain.language import marked
from kiosk.domain.roles import Role


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
    STAFF = "staff"
    """At the panel, with a role and a PIN of their own."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for something. ``name`` is the operating system's user, a person's name, or empty
    where the kind says it all; ``role`` is that of somebody who signed in with one, a manager's
    for their ``departments``."""

    kind: ActorKind
    name: str = ""
    role: Role | None = None
    departments: tuple[str, ...] = field(default=(), compare=False)
    person_id: int | None = field(default=None, compare=False)
    """Whose role it is: it is looked at anew with each act."""


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
    WRONG_ADMIN_PIN = "wrong_admin_pin"
    NEW_RECOVERY_CODE = "new_recovery_code"
    RECOVER = "recover"
    """A new admin PIN by the printed code."""
    GIVE_ROLE = "give_role"
    TAKE_ROLE = "take_role"
    SET_ROLE_SECRET = "set_role_secret"
    SIGN_IN = "sign_in"
    WRONG_STAFF_PIN = "wrong_staff_pin"
    REFUSED = "refused"
    """Somebody asked for what their role may not do."""
    CHANGE_SETTINGS = "change_settings"
    ADD_CLOCK_EVENT = "add_clock_event"
    TURN_CLOCK_EVENT = "turn_clock_event"
    STRIKE_CLOCK_EVENT = "strike_clock_event"
    PUT_BACK_CLOCK_EVENT = "put_back_clock_event"
    MOVE_CLOCK_EVENT = "move_clock_event"
    ANSWER_CLOCK_EVENT = "answer_clock_event"
    """Somebody said what a look meant that the kiosk asked about."""
    UNDO_CLOCK_EVENT = "undo_clock_event"
    """A correction was taken back at once."""
    IMPORT_CLOCK_EVENTS = "import_clock_events"
    ADD_ROTA = "add_rota"
    ASSIGN_ROTA = "assign_rota"
    ADD_ABSENCE = "add_absence"
    WITHDRAW_ABSENCE = "withdraw_absence"
    CLOSE_PERIOD = "close_period"
    ASK_CORRECTION = "ask_correction"
    APPROVE_CORRECTION = "approve_correction"
    REFUSE_CORRECTION = "refuse_correction"
    RECORD_CONSENT = "record_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    EMPTY_OLD_ROWS = "empty_old_rows"
    """What was kept for long enough was emptied."""
    ERASE_PERSON = "erase_person"
    HAND_OUT_DATA = "hand_out_data"
    """All that is kept of somebody was written out for them."""
    EXPORT = "export"
    BACK_UP = "back_up"
    RESTORE_BACKUP = "restore_backup"
    """The first row after what a backup held."""
    EXTRACT_RECORD = "extract_record"
    SHOW_KEY = "show_key"
    MOVE_KEY = "move_key"
    ROTATE_KEY = "rotate_key"
    RESTORE_KEY = "restore_key"
    BEGIN_DRILL = "begin_drill"
    FAIL_DRILL = "fail_drill"
    """An attack was let in: from then on a face alone opens nothing."""
    END_DRILL = "end_drill"
    LIFT_DRILL = "lift_drill"
    """A face alone opens again although no drill was passed."""


ACTIONS = {
    Action.ENROL: marked("enrolled"),
    Action.ADD_TEMPLATES: marked("added photos"),
    Action.CHANGE_PERSON: marked("changed a person"),
    Action.DELETE_PERSON: marked("deleted a person"),
    Action.DELETE_TEMPLATE: marked("deleted a photo"),
    Action.SET_PIN: marked("set a PIN"),
    Action.REMOVE_PIN: marked("removed a PIN"),
    Action.SET_ADMIN_PIN: marked("set the admin PIN"),
    Action.RESET_ADMIN_PIN: marked("reset the admin PIN"),
    Action.WRONG_ADMIN_PIN: marked("typed a wrong admin PIN"),
    Action.NEW_RECOVERY_CODE: marked("made a recovery code"),
    Action.RECOVER: marked("used the recovery code"),
    Action.GIVE_ROLE: marked("gave a role"),
    Action.TAKE_ROLE: marked("took away a role"),
    Action.SET_ROLE_SECRET: marked("set a PIN for a role"),
    Action.SIGN_IN: marked("signed in"),
    Action.WRONG_STAFF_PIN: marked("typed a wrong PIN for a role"),
    Action.REFUSED: marked("was refused"),
    Action.CHANGE_SETTINGS: marked("changed settings"),
    Action.ADD_CLOCK_EVENT: marked("added a clock event"),
    Action.TURN_CLOCK_EVENT: marked("turned a clock event round"),
    Action.STRIKE_CLOCK_EVENT: marked("struck out a clock event"),
    Action.PUT_BACK_CLOCK_EVENT: marked("put back a clock event"),
    Action.MOVE_CLOCK_EVENT: marked("moved a clock event"),
    Action.ANSWER_CLOCK_EVENT: marked("said what a look meant"),
    Action.UNDO_CLOCK_EVENT: marked("took back a correction"),
    Action.IMPORT_CLOCK_EVENTS: marked("imported clock events"),
    Action.ADD_ROTA: marked("added a rota"),
    Action.ASSIGN_ROTA: marked("assigned a rota"),
    Action.ADD_ABSENCE: marked("entered an absence"),
    Action.WITHDRAW_ABSENCE: marked("took back an absence"),
    Action.CLOSE_PERIOD: marked("closed a period"),
    Action.ASK_CORRECTION: marked("asked for a correction"),
    Action.APPROVE_CORRECTION: marked("approved a correction"),
    Action.REFUSE_CORRECTION: marked("refused a correction"),
    Action.RECORD_CONSENT: marked("recorded that somebody agreed"),
    Action.WITHDRAW_CONSENT: marked("withdrew an agreement"),
    Action.EMPTY_OLD_ROWS: marked("erased what was old enough"),
    Action.ERASE_PERSON: marked("erased a person"),
    Action.HAND_OUT_DATA: marked("wrote out somebody's data"),
    Action.EXPORT: marked("exported"),
    Action.BACK_UP: marked("made a backup"),
    Action.RESTORE_BACKUP: marked("put a backup in the place of the database"),
    Action.EXTRACT_RECORD: marked("wrote the record into a file that anybody can read"),
    Action.SHOW_KEY: marked("printed the key of the database"),
    Action.MOVE_KEY: marked("moved the key of the database"),
    Action.ROTATE_KEY: marked("encrypted all under a new key"),
    Action.RESTORE_KEY: marked("put the key of the database back"),
    Action.BEGIN_DRILL: marked("began a spoof drill"),
    Action.FAIL_DRILL: marked("a spoof drill failed"),
    Action.END_DRILL: marked("ended a spoof drill"),
    Action.LIFT_DRILL: marked("let a face alone open again"),
}
"""Plain words for each, at the panel and on the command line."""


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
