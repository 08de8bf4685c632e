"""`roles`: who may do what."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kiosk.app import Options
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import confirmed, tell, tell_json
from kiosk.cli.people import one_person
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.roles import Role, Sight, StaffRole, named

app = group("Who may do what: operators, enrollers, managers, administrators, auditors.")

Who = Annotated[str, typer.Argument(help="Staff number, exact name, or id from people list.")]


@app.command("list")
def roles_list(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """Who has a role, and who of them can sign in."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        names = {person.id: person.name for person in admin.records.people.find()}
        found = admin.records.roles.all()
    if as_json:
        tell_json(
            [
                {
                    "id": one.person_id,
                    "name": names.get(one.person_id, ""),
                    "role": one.role.value,
                    "departments": list(one.departments),
                    "can_sign_in": one.has_secret,
                }
                for one in found
            ]
        )
        return DONE
    for one in found:
        tell(_line(one, names.get(one.person_id, "")))
    if not found:
        tell(_("Nobody has a role: whoever knows the admin PIN may do everything."))
    return DONE


@app.command("give")
def roles_give(
    who: Who,
    role: Annotated[
        str, typer.Argument(help="operator, enroller, manager, administrator or auditor.")
    ],
    departments: Annotated[
        list[str] | None, typer.Argument(help="Whose hours a manager sees.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Give a person a role, in the place of the one they had."""
    wanted = _meant(role)
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        person = one_person(admin.records.people, who)
        made = admin.roles.give(admin.actor, person.id, wanted, departments or ())
    tell(_line(made, person.name))
    if not made.has_secret:
        tell(_("Now set what they sign in by: main.py roles set-pin {who}").format(who=person.id))
    return DONE


@app.command("take")
def roles_take(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Take a person's role away, and what they signed in by; at once."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        person = one_person(admin.records.people, who)
        question = _("Take away the role of {name}?").format(name=person.name)
        if not yes and not confirmed(question):
            return NEGATIVE
        admin.roles.take(admin.actor, person.id)
    tell(_("{name} has no role any more.").format(name=person.name))
    return DONE


@app.command("set-pin")
def roles_set_pin(who: Who, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> int:
    """Set what a person signs in by: a PIN of six digits or more, or a passphrase of 15 letters or
    more. It is asked for twice; from a pipe it is the first line."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        person = one_person(admin.records.people, who)
        admin.roles.set_secret(admin.actor, person.id, _secret())
    tell(_("{name} signs in by it from now on.").format(name=person.name))
    return DONE


def _meant(text: str) -> Role:
    """Raises BadInput where there is no such role."""
    try:
        return Role(text.casefold())
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise BadInput(
            _("There is no role {text}: say one of {roles}.").format(text=repr(text), roles=known)
        ) from None


def _secret() -> str:
    """Raises BadInput where nothing is given, or two different ones."""
    import getpass

    if sys.stdin is not None and sys.stdin.isatty():
        first = getpass.getpass(_("New PIN or passphrase") + ": ")
        if first != getpass.getpass(_("Once more") + ": "):
            raise BadInput(_("The two are not the same: nothing was changed."))
    else:
        first = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not first:
        raise BadInput(_("Nothing was typed: nothing was changed."))
    return first


def _line(one: StaffRole, name: str) -> str:
    parts = [name, named(one.role), *one.departments]
    if not one.has_secret:
        parts.append(_("no PIN yet"))
    return f"{one.person_id:>5}  {', '.join(parts)}"
