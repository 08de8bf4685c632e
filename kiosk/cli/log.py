"""`log`: the access log."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import Options, opened_storage
from kiosk.cli.options import (
    DONE,
    DatabaseUrl,
    DataDir,
)
from kiosk.cli.output import writing

if TYPE_CHECKING:
    pass

app = typer.Typer(help="The access log.", no_args_is_help=True)


@app.command("export")
def log_export(
    out: Annotated[Path | None, typer.Argument(help="CSV file. [default: the screen]")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Local time, such as 2026-11-24 or 2026-11-24T07:00:00.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="Local time, exclusive.")] = None,
    text: Annotated[str, typer.Option("--person", help="Part of a name.")] = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """The access log as CSV, newest first."""
    from kiosk.domain.records import EventFilter
    from kiosk.services.admin.access_log import export

    wanted = EventFilter(
        since=since.astimezone() if since else None,
        until=until.astimezone() if until else None,
        text=text,
    )
    with opened_storage(Options(data_dir, database_url)) as storage:
        if out is None:
            export(storage.events, wanted, sys.stdout)
            return DONE
        with writing(out) as file:
            count = export(storage.events, wanted, file)
    typer.echo(f"{count} events written to {out}.")
    return DONE
