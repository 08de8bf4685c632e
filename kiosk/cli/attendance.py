"""`attendance`: the day sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import Options, read_settings
from kiosk.cli import moments
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import csv_output, tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.roles import Sight

if TYPE_CHECKING:
    from kiosk.domain.hours.inside import Present

app = group("Hours: who came and went.")


@app.command("export")
def attendance_export(
    out: Annotated[Path | None, typer.Argument(help="CSV file. [default: the screen]")] = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=moments.day,
            metavar="DAY",
            help="The first day, such as 2026-11-24. [default: the last one]",
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(parser=moments.day, metavar="DAY", help="The last day. [default: today]"),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """The day sheets as CSV, a row a person and day: the same bytes as from the panel."""
    from kiosk.services.access.pins import utc_now
    from kiosk.services.attendance import Attendance

    options = Options(data_dir, database_url)
    with signed_in(options, Sight.HOURS) as admin:
        settings = read_settings(admin.records, options)
        attendance = Attendance.of(admin.records, settings)
        last = until or attendance.today(utc_now())
        first = since or last
        if first > last:
            raise BadInput(_("--since must not lie after --until, or after today without it."))
        with csv_output(out) as file:
            count = attendance.export(attendance.recorded(first, last), file)
    if out:
        written = counted("{count} row", "{count} rows", count)
        tell(_("{rows} written to {path}.").format(rows=written, path=out))
    return DONE


@app.command("who")
def attendance_who(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """Who is in now, by what was recorded: surely, perhaps or not known; for an evacuation."""
    from kiosk.domain.hours.inside import Inside
    from kiosk.services.access.pins import utc_now
    from kiosk.services.attendance import Attendance

    options = Options(data_dir, database_url)
    with signed_in(options, Sight.INSIDE) as admin:
        settings = read_settings(admin.records, options)
        present = Attendance.of(admin.records, settings).inside(utc_now())
    if as_json:
        tell_json(
            [
                {
                    "name": one.event.person_name,
                    "staff_number": one.event.staff_number,
                    "since": one.event.local.isoformat(timespec="seconds"),
                    "inside": one.inside.value,
                    "on_break": one.on_break,
                    "group": one.group,
                }
                for one in present
            ]
        )
        return DONE
    for one in present:
        tell(_line(one))
    unknown = sum(one.inside is Inside.UNKNOWN for one in present)
    here = len(present) - unknown
    tell(
        counted("{count} person is in.", "{count} people are in.", here)
        if here
        else _("Nobody is in, by what was recorded.")
    )
    if unknown:
        tell(
            counted(
                "Of {count} person nobody knows whether they left.",
                "Of {count} people nobody knows whether they left.",
                unknown,
            )
        )
    return DONE


def _line(one: Present) -> str:
    event = one.event
    number = f" ({event.staff_number})" if event.staff_number else ""
    since = _("since {time}").format(time=f"{event.local:%Y-%m-%d %H:%M}")
    how = {"surely": "", "perhaps": _("perhaps"), "unknown": _("not known")}[one.inside.value]
    parts = [since, _("on a break") if one.on_break else how, one.group]
    return f"{isolated(event.person_name)}{number}  {', '.join(part for part in parts if part)}"
