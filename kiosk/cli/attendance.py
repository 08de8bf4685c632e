"""`attendance`: the day sheets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app import Options, opened_administration, read_settings
from kiosk.cli.options import DONE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import csv_output, tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated

app = group("Hours: who came and went.")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
        for near in (-3, 3):  # what is recorded is looked for some days around
            datetime.combine(day + timedelta(days=near), time()).astimezone()
        return day
    except (ValueError, OverflowError, OSError):  # no day, or before or after all calendars
        raise BadInput(
            _("{text} is no day: write it as 2026-11-24.").format(text=repr(text))
        ) from None


@app.command("export")
def attendance_export(
    out: Annotated[Path | None, typer.Argument(help="CSV file. [default: the screen]")] = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=_day,
            metavar="DAY",
            help="The first day, such as 2026-11-24. [default: the last one]",
        ),
    ] = None,
    until: Annotated[
        date | None, typer.Option(parser=_day, metavar="DAY", help="The last day. [default: today]")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """The day sheets as CSV, a row a person and day: the same bytes as from the panel."""
    from kiosk.services.access.pins import utc_now
    from kiosk.services.attendance import Attendance

    options = Options(data_dir, database_url)
    with opened_administration(options) as admin:
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
    """Who is in now, by their last clock event: a list for an evacuation."""
    from kiosk.services.access.pins import utc_now
    from kiosk.services.attendance import Attendance

    options = Options(data_dir, database_url)
    with opened_administration(options) as admin:
        settings = read_settings(admin.records, options)
        here = Attendance.of(admin.records, settings).here(utc_now())
    if as_json:
        tell_json(
            [
                {
                    "name": event.person_name,
                    "staff_number": event.staff_number,
                    "since": event.local.isoformat(timespec="seconds"),
                }
                for event in here
            ]
        )
        return DONE
    for event in here:
        number = f" ({event.staff_number})" if event.staff_number else ""
        since = _("since {time}").format(time=f"{event.local:%Y-%m-%d %H:%M}")
        tell(f"{isolated(event.person_name)}{number}  {since}")
    tell(
        counted("{count} person is in.", "{count} people are in.", len(here))
        if here
        else _("Nobody is in, by what was recorded.")
    )
    return DONE
