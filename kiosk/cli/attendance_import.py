"""`attendance import` and `attendance absences`: what another system wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from kiosk.app import Options
from kiosk.cli.caller import signed_in
from kiosk.cli.options import BAD_INPUT, DONE, AsJson, Commands, DatabaseUrl, DataDir
from kiosk.cli.output import tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.roles import Sight

if TYPE_CHECKING:
    from kiosk.domain.attendance import ClockEvent
    from kiosk.domain.hours.shifts import Absence
    from kiosk.services.admin.imports import Import

SHOWN = 20
"""Refused lines that are told on the screen; as JSON all of them are."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name.strip())
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise BadInput(
            _("{name} is no zone: write it as Europe/Berlin.").format(name=repr(name))
        ) from None


File = Annotated[Path, typer.Argument(help="CSV file, its first line with the names of columns.")]
Map = Annotated[
    str,
    typer.Option(
        "--map", help="Which column is what, such as number=Staff no,moment=Time,direction=Kind."
    ),
]
Form = Annotated[
    str, typer.Option("--form", help="How dates are written, such as “%m/%d/%Y %H:%M”.")
]
Encoding = Annotated[
    str, typer.Option("--encoding", help="Such as cp1252. [default: UTF-8 or UTF-16]")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, add nothing.")]


def register(app: Commands) -> None:
    """Add both to the group of `attendance`."""
    app.command("import")(import_punches)
    app.command("absences")(import_absences)


def import_punches(
    file: File,
    columns: Map = "",
    words: Annotated[
        str, typer.Option("--words", help="The file's words, such as Arrived=in,Left=out.")
    ] = "",
    form: Form = "",
    zone: Annotated[
        ZoneInfo | None,
        typer.Option(
            parser=_zone,
            metavar="ZONE",
            help="Of the file's times, such as Europe/Berlin. [default: this machine's]",
        ),
    ] = None,
    encoding: Encoding = "",
    dry_run: DryRun = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Punches of another system: all of a file or nothing; the same file twice adds nothing.

    Columns: number or name; moment, or date and time; direction."""
    from kiosk.domain.hours.imports import Mapped
    from kiosk.services.csv_rows import read_table

    table, mapped = read_table(file, encoding), Mapped.of(columns, words, form)
    with signed_in(Options(data_dir, database_url), Sight.HOURS) as admin:
        found = admin.imports.punches(table, mapped, file.name, zone)
        return _done(found, dry_run, as_json, lambda: admin.imports.add_punches(admin.actor, found))


def import_absences(
    file: File,
    columns: Map = "",
    form: Form = "",
    encoding: Encoding = "",
    dry_run: DryRun = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Absences from a file: all or nothing; the same file twice adds nothing.

    Columns: number or name; kind; since; until (the same day without); note."""
    from kiosk.domain.hours.imports import Mapped
    from kiosk.services.csv_rows import read_table

    table, mapped = read_table(file, encoding), Mapped.of(columns, form=form)
    with signed_in(Options(data_dir, database_url), Sight.PLANS) as admin:
        found = admin.imports.absences(table, mapped, file.name)
        return _done(
            found, dry_run, as_json, lambda: admin.imports.add_absences(admin.actor, found)
        )


def _done(
    found: Import[ClockEvent] | Import[Absence],
    dry_run: bool,
    as_json: bool,
    add: Callable[[], int],
) -> int:
    adds = not dry_run and not found.refused
    added = add() if adds else 0
    if as_json:
        tell_json(
            {
                "new": len(found.new),
                "there": found.there,
                "added": added,
                "refused": [{"line": one.line, "why": one.why} for one in found.refused],
            }
        )
        return BAD_INPUT if found.refused else DONE
    for one in found.refused[:SHOWN]:
        tell(_("Line {line}: {why}").format(line=one.line, why=one.why))
    if len(found.refused) > SHOWN:
        tell(_("... and {count} more.").format(count=len(found.refused) - SHOWN))
    tell(_("{new} new, {there} there already.").format(new=len(found.new), there=found.there))
    if found.refused:
        tell(found.refusal)
        return BAD_INPUT
    tell(
        _("Imported.") if adds else _("Nothing was written: run it without --dry-run to import it.")
    )
    return DONE
