"""`log`: the access log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app import (
    Options,
    database_address,
    read_settings,
    record_heads,
)
from kiosk.cli import moments
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import csv_output, tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.roles import Sight

app = group("The access log.")


@app.command("verify")
def log_verify(
    known: Annotated[
        str,
        typer.Option(
            "--head",
            metavar="FILE|NUMBER:LINK",
            help="Entries told outside: a file of them, or one as scanned from a sheet.",
        ),
    ] = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Whether log, attendance and audit trail stand as they were written; what was altered behind
    the kiosk's back is named, the first first. Some seconds for 100,000 rows.

    What was told into the folder that the settings name is checked too; where all stands, the
    newest entry is told there."""
    from kiosk.domain.chain import heads_in
    from kiosk.domain.chain_words import said
    from kiosk.services.access.outside_heads import OutsideHeads, read_heads, told_outside

    options = Options(data_dir, database_url)
    heads = read_heads(Path(known)) if Path(known).is_file() else heads_in(known) if known else ()
    with signed_in(options, Sight.LOG) as admin:
        settings, address = read_settings(admin.records, options), database_address(options)
        report = admin.records.check_chain(
            record_heads(options).known(), *told_outside(settings, address), *heads
        )
        outside = OutsideHeads(address, admin.records.chain_head, lambda: settings)
        places = () if report.found else outside.tell(again=True)
    if as_json:
        tell_json(
            {
                "entries": report.entries,
                "head": report.head and {"seq": report.head.seq, "link": report.head.link},
                "found": [
                    {
                        "what": one.what.value,
                        "entry": one.seq,
                        "table": one.table,
                        "row": one.row_id,
                    }
                    for one in report.found
                ],
            }
        )
        return NEGATIVE if report.found else DONE
    for one in report.found:
        tell(said(one))
    entries = counted("{count} entry", "{count} entries", report.entries)
    if report.found:
        tell(_("The record was altered. {entries} were read.").format(entries=entries))
        return NEGATIVE
    tell(_("All stands as it was written: {entries}.").format(entries=entries))
    if report.head is not None:
        tell(
            _(
                "The newest is {number}:{link}. Write it down elsewhere, and the end can't be cut "
                "off unseen."
            ).format(number=report.head.seq, link=report.head.link[:16])
        )
    for place in places:
        tell(_("Told outside: {place}.").format(place=place))
    if outside.problem:
        tell(outside.problem)
    return DONE


@app.command("accept")
def log_accept(
    new: Annotated[
        bool, typer.Option("--new", help="Make an empty database where the one before is gone.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Go on from the record as it stands, after a database was put back by other means than
    `restore`, or is gone for good. The audit trail keeps who said so, and how far the record went
    before."""
    from kiosk.services.admin.recovery import recovery_warning

    options = Options(data_dir, database_url)
    heads = record_heads(options)
    known = heads.known()
    if known is None:
        raise BadInput(_("No record was kept of this database: there is nothing to accept."))
    with signed_in(options, Sight.LOG, another=True, new=new) as admin:
        if admin.records.chain_holds(known):
            raise BadInput(
                _("The record has the entry that was written last: there is nothing to accept.")
            )
        source = _("what was in its place was accepted")
        admin.backups.note_restored(admin.actor, source, known)
        newest = admin.records.chain_head()
        if newest is not None:
            heads.set_anew(newest)
        nobody = recovery_warning(admin.records) is None
    tell(
        _("Entry no. {number} was written before; who accepted its loss is in the trail.").format(
            number=known.seq
        )
    )
    if nobody:
        tell(_("No admin PIN is set in it. Whoever opens the panel next chooses one: be there."))
    return DONE


@app.command("extract")
def log_extract(
    file: Annotated[Path, typer.Argument(help="A new file, which is not encrypted.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """The record with its chain as a plain SQLite file, for tools/verify_log.py and auditors."""
    with signed_in(Options(data_dir, database_url), Sight.LOG) as admin:
        count = admin.backups.extract_record(admin.actor, file.expanduser().absolute())
    entries = counted("{count} entry", "{count} entries", count)
    tell(
        _(
            "{entries} in {path}. It is not encrypted: whoever gets it reads names and times. "
            "Delete it when it was checked."
        ).format(entries=entries, path=file)
    )
    return DONE


@app.command("export")
def log_export(
    out: Annotated[Path | None, typer.Argument(help="CSV file. [default: the screen]")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            parser=moments.moment, metavar="TIME", help="Such as 2026-11-24 or 2026-11-24T07:00."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=moments.moment, metavar="TIME", help="Up to this time."),
    ] = None,
    text: Annotated[str, typer.Option("--person", help="Part of a name.")] = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """The access log as CSV, newest first: the same bytes in a file and on the screen."""
    from kiosk.domain.records import EventFilter
    from kiosk.services.admin.access_log import export

    if since and until and since >= until:
        raise BadInput(_("--since must lie before --until."))
    wanted = EventFilter(since=since, until=until, text=text)
    with (
        signed_in(Options(data_dir, database_url), Sight.LOG) as admin,
        csv_output(out) as file,
    ):
        count = export(admin.records.events, wanted, file)
    if out:
        written = counted("{count} event", "{count} events", count)
        tell(_("{events} written to {path}.").format(events=written, path=out))
    return DONE
