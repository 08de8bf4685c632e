"""`retention`: what was kept for long enough; `notice`: what people are told at the door."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app import Options
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import confirmed, tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.retention import KINDS, Due
from kiosk.domain.roles import Sight
from kiosk.domain.settings import Settings
from kiosk.services.privacy.notice import BLANK, notice
from kiosk.services.private_files import write_private

app = group("How long data is kept: what would go, and have it gone.")


@app.command("preview")
def retention_preview(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """What would be erased by the settings in force; changes nothing."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        due = admin.retention.preview()
    _tell(due, as_json)
    return DONE


@app.command("run")
def retention_run(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Erase what is old enough now; a running kiosk does so each day."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        due = admin.retention.preview()
        if due and not yes:
            _tell(due, as_json=False)
            if not confirmed(_("Erase it? It can't be brought back.")):
                return NEGATIVE
        _tell(admin.retention.run(admin.actor), as_json)
    if due and not as_json:
        tell(
            _("It is erased. The rows are there yet and name nobody; log verify finds them whole.")
        )
    return DONE


def notice_command(
    file: Annotated[Path, typer.Argument(help="Where to write it: a name that ends in .pdf.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """A notice to print for the door: what is stored, how long, who answers; by the settings."""
    from kiosk.ui.common.notice_page import notice_pdf

    if file.suffix.lower() != ".pdf":
        raise BadInput(_("{path} must end in .pdf.").format(path=file))
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        settings = Settings.of(admin.records.settings.load())
    made = notice(settings)
    write_private(file, notice_pdf(made))
    tell(_("Written: {path}").format(path=file))
    blank = [heading for heading, text in made.parts if text == BLANK]
    if blank:
        tell(_("To be written in by hand, or set first: {what}.").format(what="; ".join(blank)))
    return DONE


def _tell(due: Sequence[Due], as_json: bool) -> None:
    if as_json:
        tell_json(
            [
                {
                    "kind": one.kind.value,
                    "count": one.count,
                    "first": one.first and one.first.isoformat(),
                    "last": one.last and one.last.isoformat(),
                }
                for one in due
            ]
        )
        return
    for one in due:
        rows = counted("{count} row", "{count} rows", one.count)
        tell(f"{_(KINDS[one.kind])}: {rows}, {one.first} – {one.last}")
    if not due:
        tell(_("Nothing is old enough to go."))
