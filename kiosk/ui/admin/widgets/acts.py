"""Plain words for who did what in administration."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.domain.audit import Action, ActorKind
from kiosk.domain.language import _

ACTORS: Mapping[ActorKind, Callable[[], str]] = {
    ActorKind.ADMINISTRATOR: lambda: _("administrator"),
    ActorKind.SYSTEM_USER: lambda: _("somebody at the command line"),
    ActorKind.PERSON: lambda: _("somebody at the kiosk"),
    ActorKind.PROGRAM: lambda: _("the program"),
}

ACTIONS: Mapping[Action, Callable[[], str]] = {
    Action.ENROL: lambda: _("enrolled"),
    Action.ADD_TEMPLATES: lambda: _("added photos"),
    Action.CHANGE_PERSON: lambda: _("changed a person"),
    Action.DELETE_PERSON: lambda: _("deleted a person"),
    Action.DELETE_TEMPLATE: lambda: _("deleted a photo"),
    Action.SET_PIN: lambda: _("set a PIN"),
    Action.REMOVE_PIN: lambda: _("removed a PIN"),
    Action.SET_ADMIN_PIN: lambda: _("set the admin PIN"),
    Action.RESET_ADMIN_PIN: lambda: _("reset the admin PIN"),
    Action.CHANGE_SETTINGS: lambda: _("changed settings"),
    Action.ADD_CLOCK_EVENT: lambda: _("added a clock event"),
    Action.TURN_CLOCK_EVENT: lambda: _("turned a clock event"),
    Action.EXPORT: lambda: _("exported"),
    Action.BACK_UP: lambda: _("made a backup"),
}
