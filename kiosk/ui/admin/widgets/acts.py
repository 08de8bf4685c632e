"""Plain words for who did something in administration; what, see ``kiosk.domain.audit``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.domain.audit import ActorKind
from kiosk.domain.language import _

ACTORS: Mapping[ActorKind, Callable[[], str]] = {
    ActorKind.ADMINISTRATOR: lambda: _("administrator"),
    ActorKind.SYSTEM_USER: lambda: _("somebody at the command line"),
    ActorKind.PERSON: lambda: _("somebody at the kiosk"),
    ActorKind.STAFF: lambda: _("somebody with a role"),
    ActorKind.PROGRAM: lambda: _("the program"),
}
