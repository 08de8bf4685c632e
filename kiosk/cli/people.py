"""`people`: who is enrolled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import Options
from kiosk.cli.caller import signed_in
from kiosk.cli.options import (
    DONE,
    NEGATIVE,
    AsJson,
    DatabaseUrl,
    DataDir,
    group,
)
from kiosk.cli.output import confirmed, tell, tell_json
from kiosk.domain.consent import ON_PAPER
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.people import Person
from kiosk.domain.records import PeopleRecords
from kiosk.domain.roles import Sight

if TYPE_CHECKING:
    from kiosk.services.privacy.own_data import OwnData

app = group("List and remove people; what is kept of them.")


@app.command("list")
def people_list(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """Everybody enrolled, by name."""
    with signed_in(Options(data_dir, database_url), Sight.PEOPLE) as admin:
        people = admin.records.people.find()
    if as_json:
        tell_json(
            [
                {
                    "id": person.id,
                    "name": person.name,
                    "staff_number": person.staff_number,
                    "enabled": person.enabled,
                    "templates": person.template_count,
                }
                for person in people
            ]
        )
        return DONE
    for person in people:
        tell(_line(person))
    if not people:
        tell(_("Nobody is enrolled yet: main.py enrol NAME picture.jpg"))
    return DONE


@app.command("remove")
def people_remove(
    who: Annotated[str, typer.Argument(help="Staff number, exact name, or id from the list.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Remove a person with all photos; log rows stay."""
    with signed_in(Options(data_dir, database_url), Sight.PEOPLE) as admin:
        person = one_person(admin.records.people, who)
        question = _("Delete {name} and {photos}? The log entries stay.").format(
            name=person.name, photos=_photos(person)
        )
        if not yes and not confirmed(question):
            return NEGATIVE
        receipt = admin.erasures.delete(admin.actor, person.id)
    tell(_("Deleted {name}.").format(name=person.name))
    for line in receipt.lines:
        tell(line)
    return DONE


@app.command("erase")
def people_erase(
    who: Annotated[str, typer.Argument(help="Staff number, exact name, or id from the list.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Remove a person with all photos, and their name from log and audit trail; hours stay as long
    as the law asks. Prints a receipt."""
    with signed_in(Options(data_dir, database_url), Sight.PEOPLE) as admin:
        person = one_person(admin.records.people, who)
        question = _("Erase {name}, {photos} and their name from the log?").format(
            name=person.name, photos=_photos(person)
        )
        if not yes and not confirmed(question):
            return NEGATIVE
        receipt = admin.erasures.erase(admin.actor, person.id)
    for line in receipt.text:
        tell(line)
    return DONE


@app.command("data")
def people_data(
    who: Annotated[str, typer.Argument(help="Staff number, exact name, or id from the list.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Where to write it: names that end in .pdf or .json."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """All that is kept of a person, to be handed to them: into files, or as JSON on screen."""
    files = files or []
    for file in files:
        if file.suffix.lower() not in (".pdf", ".json"):
            raise BadInput(
                _("{path} must end in .pdf, for people, or .json, for programs.").format(path=file)
            )
    with signed_in(Options(data_dir, database_url), Sight.PEOPLE) as admin:
        person = one_person(admin.records.people, who)
        data = admin.own_data.hand_out(admin.actor, person.id)
    for file in files:
        _write(data, file)
        tell(_("Written: {path}").format(path=file))
    if not files:
        tell(data.json.decode())
    return DONE


def _write(data: OwnData, file: Path) -> None:
    from kiosk.services.private_files import write_private

    if file.suffix.lower() == ".json":
        write_private(file, data.json)
        return
    from kiosk.ui.common.own_data_pages import own_data_pdf

    write_private(file, own_data_pdf(data))


@app.command("agree")
def people_agree(
    who: Annotated[str, typer.Argument(help="Staff number, exact name, or id from the list.")],
    how: Annotated[str, typer.Option(help="How they agreed, in words.")] = ON_PAPER,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Record that a person agreed to the text of the settings."""
    with signed_in(Options(data_dir, database_url), Sight.PEOPLE) as admin:
        person = one_person(admin.records.people, who)
        consent = admin.consents.record(admin.actor, person.id, how)
    tell(
        _("{name} agreed, {how}, to version {version}.").format(
            name=person.name, how=_(consent.how), version=consent.wording.version
        )
    )
    return DONE


@app.command("withdraw")
def people_withdraw(
    who: Annotated[str, typer.Argument(help="Staff number, exact name, or id from the list.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """A person agrees no more: their photos are deleted at once, the person stays with their
    PIN."""
    with signed_in(Options(data_dir, database_url), Sight.PEOPLE) as admin:
        person = one_person(admin.records.people, who)
        question = _("Delete {photos} of {name}? They stay, with their PIN and hours.").format(
            name=person.name, photos=_photos(person)
        )
        if not yes and not confirmed(question):
            return NEGATIVE
        withdrawn = admin.consents.withdraw(admin.actor, person.id)
    tell(withdrawn.sentence)
    return DONE


def one_person(people: PeopleRecords, who: str) -> Person:
    """By staff number, exact name, or id.

    Raises:
        BadInput: nobody is meant, or several may be.
        NotFound: there is nobody of this id.
    """
    person = people.claim(who)
    if person is None and who.isdecimal() and len(who) < 19:
        person = people.get(int(who))
    if person is None:
        raise BadInput(
            _("Nobody here is called {who}, or several are: see people list.").format(who=repr(who))
        )
    return person


def _line(person: Person) -> str:
    number = f" ({person.staff_number})" if person.staff_number else ""
    state = "" if person.enabled else _(", disabled")
    return f"{person.id:>5}  {person.name}{number}, {_photos(person)}{state}"


def _photos(person: Person) -> str:
    return counted("{count} photo", "{count} photos", person.template_count)
