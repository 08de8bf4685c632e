"""`people`: who is enrolled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import Options, opened_storage
from kiosk.cli.options import (
    DONE,
    NEGATIVE,
    AsJson,
    DatabaseUrl,
    DataDir,
)
from kiosk.domain.errors import BadInput

if TYPE_CHECKING:
    pass

app = typer.Typer(help="List and remove people.", no_args_is_help=True)


@app.command("list")
def people_list(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """Everybody enrolled, by name."""
    with opened_storage(Options(data_dir, database_url)) as storage:
        people = storage.people.find()
    if as_json:
        rows = [
            {
                "id": person.id,
                "name": person.name,
                "staff_number": person.staff_number,
                "enabled": person.enabled,
                "templates": person.template_count,
            }
            for person in people
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    elif not people:
        typer.echo("Nobody is enrolled yet: main.py enrol NAME picture.jpg")
    for person in () if as_json else people:
        number = f" ({person.staff_number})" if person.staff_number else ""
        state = "" if person.enabled else ", disabled"
        typer.echo(
            f"{person.id:>5}  {person.name}{number}, {person.template_count} templates{state}"
        )
    return DONE


@app.command("remove")
def people_remove(
    who: Annotated[str, typer.Argument(help="Staff number, exact name, or id from the list.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Remove a person with all templates; log rows stay."""
    with opened_storage(Options(data_dir, database_url)) as storage:
        person = storage.people.claim(who)
        if person is None and who.isdecimal():
            person = storage.people.get(int(who))
        if person is None:
            raise BadInput(f"Nobody here is called {who!r}, or several are: see people list.")
        question = (
            f"Delete {person.name} and {person.template_count} templates? The log entries stay."
        )
        if not yes and not typer.confirm(question):
            return NEGATIVE
        storage.people.delete(person.id)
    typer.echo(f"Deleted {person.name}.")
    return DONE
