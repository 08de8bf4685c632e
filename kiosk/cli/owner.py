"""`reset-pin` and `audit`: for whoever owns the machine. Who may read and write the
data folder is the owner: nothing else proves it, and nothing else could keep them out."""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.app import Options
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import confirmed, tell, tell_json
from kiosk.domain.audit import ACTIONS, ActorKind, AuditEntry
from kiosk.domain.audit_words import in_words
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, marked
from kiosk.domain.roles import Sight, named

audit = group("What was done in administration, and by whom.")

_WHO = {
    ActorKind.ADMINISTRATOR: marked("administrator at the panel"),
    ActorKind.SYSTEM_USER: marked("command line"),
    ActorKind.PERSON: marked("at the door"),
    ActorKind.STAFF: marked("at the panel"),
    ActorKind.PROGRAM: marked("the kiosk itself"),
}


def _count(text: object) -> int:
    number = str(text).strip()
    if not (number.isascii() and number.isdigit() and len(number) < 10 and int(number)):
        raise BadInput(
            _("--limit is how many entries to show: {text} is no such number.").format(
                text=repr(text)
            )
        )
    return int(number)


@audit.command("list")
def audit_list(
    limit: Annotated[
        int, typer.Option(parser=_count, metavar="N", help="At most so many, the newest.")
    ] = 200,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """What was done, newest first; times are local."""
    with signed_in(Options(data_dir, database_url), Sight.ABOUT) as admin:
        entries = admin.records.audit.newest(limit)
    if as_json:
        tell_json(
            [
                {
                    "id": entry.id,
                    "at": entry.at.isoformat(timespec="seconds"),
                    "actor_kind": entry.actor.kind.value,
                    "actor_name": entry.actor.name,
                    "actor_role": entry.actor.role and entry.actor.role.value,
                    "action": entry.action.value,
                    "subject": entry.subject,
                    "details": entry.details,
                }
                for entry in entries
            ]
        )
        return DONE
    for entry in entries:
        tell(_line(entry))
    if not entries:
        tell(_("Nothing was done in administration yet."))
    return DONE


def reset_pin(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Forget the admin PIN; the panel then asks for a new one."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        question = _(
            "Forget the admin PIN? Whoever opens the panel next chooses the new one: be there."
        )
        if not yes and not confirmed(question):
            return NEGATIVE
        admin.settings.reset_admin_pin(admin.actor)
    tell(_("The admin PIN is forgotten: open the panel now and choose a new one."))
    return DONE


def _line(entry: AuditEntry) -> str:
    who = _(_WHO[entry.actor.kind])
    inside = (entry.actor.name, entry.actor.role and named(entry.actor.role))
    if any(inside):
        who += f" ({', '.join(filter(None, inside))})"
    told = in_words(entry)
    parts = (who, _(ACTIONS[entry.action]), told.subject, told.details)
    return f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}  {'; '.join(p for p in parts if p)}"
