"""Plain words for who did something in administration and what, with days and times as the screen
writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from kiosk.domain import audit_words
from kiosk.domain.audit import ActorKind, AuditEntry
from kiosk.domain.language import _
from kiosk.ui.admin.widgets.formats import day, local_clock

ACTORS: Mapping[ActorKind, Callable[[], str]] = {
    ActorKind.ADMINISTRATOR: lambda: _("administrator"),
    ActorKind.SYSTEM_USER: lambda: _("somebody at the command line"),
    ActorKind.PERSON: lambda: _("somebody at the kiosk"),
    ActorKind.STAFF: lambda: _("somebody with a role"),
    ActorKind.PROGRAM: lambda: _("the program"),
}


@lru_cache(maxsize=2048)  # a table asks for each of its cells anew
def in_words(entry: AuditEntry) -> AuditEntry:
    """The same entry with its subject and details for people."""
    return audit_words.in_words(entry, day, _minute)


def _minute(local: datetime) -> str:
    return f"{day(local.date())} {local_clock(local)}"
