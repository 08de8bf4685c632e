"""`attendance sheet` and `attendance profiles`: hours to be signed, files for payroll offices."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.app import Options, read_settings
from kiosk.cli import moments
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, AsJson, Commands, DatabaseUrl, DataDir
from kiosk.cli.output import bytes_output, tell, tell_json
from kiosk.cli.people import one_person
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.roles import Sight
from kiosk.ui.common.sheet_files import ENDINGS, WITH_PROFILE, Form, sheet_file

if TYPE_CHECKING:
    from kiosk.services.attendance.profiles import Profile
    from kiosk.services.attendance.sheets import Figures, PersonSheet


_ENDINGS = {f".{ending}": form for form, ending in ENDINGS.items()}


def register(app: Commands) -> None:
    """Add both to the group of `attendance`."""
    app.command("sheet")(attendance_sheet)
    app.command("profiles")(attendance_profiles)


def attendance_sheet(
    who: Annotated[
        str | None,
        typer.Argument(
            metavar="[PERSON]", help="Staff number, exact name or id. [default: everybody]"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Argument(metavar="[OUT]", help="The file to write. [default: the screen]"),
    ] = None,
    month: Annotated[
        str | None, typer.Option(help="Such as 2026-11. [default: the last month]")
    ] = None,
    since: Annotated[
        date | None, typer.Option(parser=moments.day, metavar="DAY", help="The first day.")
    ] = None,
    until: Annotated[
        date | None, typer.Option(parser=moments.day, metavar="DAY", help="The last day.")
    ] = None,
    group: Annotated[str, typer.Option(help="People of one group alone.")] = "",
    form: Annotated[
        Form | None, typer.Option("--as", help="[default: by the file's ending, else text]")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="How CSV and XLSX look: see attendance profiles. [default: Days]"),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Hours with what they rest on: a page a person to be signed, or a file for the payroll."""
    from kiosk.services.access.pins import utc_now
    from kiosk.services.attendance import Attendance
    from kiosk.services.attendance.sheets import Sheets

    if who and out is None and Path(who).suffix.lower() in _ENDINGS:
        out, who = Path(who), None  # everybody's, into a file
    form = _form(form, out, profile)
    options = Options(data_dir, database_url)
    with signed_in(options, Sight.HOURS) as admin:
        attendance = Attendance.of(admin.records, read_settings(admin.records, options))
        first, last = _days(month, since, until, attendance.today(utc_now()))
        chosen = admin.profiles.named(profile or "Days")
        people = None if who is None else (one_person(admin.records.people, who).id,)
        sheets = Sheets(admin.records, attendance).of(first, last, people, group)
        head = admin.records.chain_head()
    if as_json:
        tell_json([_json(sheet) for sheet in sheets])
        return DONE
    if form is Form.TEXT and out is None:
        tell(
            "\n".join(_text(sheet) for sheet in sheets) or _("Nothing was recorded in these days.")
        )
        return DONE
    if form is Form.TEXT:
        content = "\n".join(_text(sheet) for sheet in sheets).encode()
        what = counted("{count} sheet", "{count} sheets", len(sheets))
    else:
        content, what = sheet_file(sheets, form, chosen, utc_now(), head=head)
    bytes_output(out, content)
    if out is not None:
        tell(_("{what} written to {path}.").format(what=what, path=out))
    return DONE


def attendance_profiles(
    add: Annotated[
        Path | None, typer.Option(help="A file as --show prints it: keep what is in it.")
    ] = None,
    show: Annotated[
        str | None, typer.Option(metavar="NAME", help="Print one, to be changed and added.")
    ] = None,
    remove: Annotated[
        str | None, typer.Option(metavar="NAME", help="Forget one of your own.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """The forms of file for payroll offices: which columns, under which headings."""
    from kiosk.services.attendance.profiles import FIELDS, fields, to_json

    with signed_in(Options(data_dir, database_url), Sight.HOURS) as admin:
        if show is not None:
            tell(to_json([admin.profiles.named(show)]))
            return DONE
        if add is not None:
            for one in _read(add):
                kept = admin.profiles.save(admin.actor, one)
                tell(_("Kept: {name}.").format(name=kept.name))
        if remove is not None:
            admin.profiles.remove(admin.actor, remove)
            tell(_("Removed: {name}.").format(name=remove))
        every = admin.profiles.all()
    if add is not None or remove is not None:
        return DONE
    if as_json:
        tell_json(
            [
                {
                    "name": one.name,
                    "per": one.per.value,
                    "columns": [column.heading for column in one.columns],
                    "fields": [_(FIELDS[field]) for field in fields(one.per)],
                }
                for one in every
            ]
        )
        return DONE
    for one in every:
        tell(f"{_(one.name)}: {', '.join(column.heading for column in one.columns)}")
    return DONE


def _read(path: Path) -> tuple[Profile, ...]:
    from kiosk.services.attendance.profiles import from_json

    try:
        found = from_json(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(_("{path} can't be read: {why}.").format(path=path, why=error)) from error
    if not found:
        raise BadInput(
            _("{path} holds no profile: print one with --show, change it, and add that.").format(
                path=path
            )
        )
    return found


def _form(form: Form | None, out: Path | None, profile: str | None) -> Form:
    found = form
    if found is None and out is not None:
        found = _ENDINGS.get(out.suffix.lower())
        if found is None:
            raise BadInput(
                _(
                    "{path} does not say what to write: end it in .pdf, .xlsx, .csv, .ics or .txt, "
                    "or name it with --as."
                ).format(path=out)
            )
    found = found or (Form.CSV if profile else Form.TEXT)
    if found in (Form.PDF, Form.XLSX) and out is None:
        raise BadInput(_("Name a file to write to: this is nothing to read on the screen."))
    if profile is not None and found not in WITH_PROFILE:
        raise BadInput(_("--profile is for CSV and XLSX: leave it out."))
    return found


def _days(
    month: str | None, since: date | None, until: date | None, today: date
) -> tuple[date, date]:
    from kiosk.services.attendance.sheets import month as of_month

    if month is not None:
        if since or until:
            raise BadInput(_("Give a month, or the first and the last day: not both."))
        return of_month(month)
    if since is None and until is None:
        return of_month(f"{today.replace(day=1) - timedelta(days=1):%Y-%m}")
    if since is None:
        raise BadInput(_("--until needs --since: give the first day too."))
    return since, until or today


def _text(sheet: PersonSheet) -> str:
    """As on paper, for a screen."""
    from kiosk.cli.drill import table
    from kiosk.domain.hours.durations import hm, hms, signed
    from kiosk.domain.hours.words import notes
    from kiosk.services.attendance.sheets import BASES
    from kiosk.services.attendance.tables import WEEKDAYS, times

    about = [sheet.name, sheet.staff_number or "", sheet.group, f"{sheet.since} – {sheet.until}"]
    head = (_("day"), "", _("times"), _("break"), _("exact"), _("counted"), _("notes"))
    lines = [
        (
            f"{day.row.day}",
            _(WEEKDAYS[day.row.day.weekday()]),
            times(day),
            hms(day.figures.rested),
            hms(day.figures.exact),
            hm(day.figures.counted),
            "; ".join(notes(day.row)),
        )
        for day in sheet.days
        if not day.empty
    ]
    totals = sheet.totals
    rests = ", ".join(f"{_(BASES[b])} {hm(time)}" for b, time in totals.by_basis.items() if time)
    carried = [f"{line.day}  {signed(line.counted)}  {line.why}" for line in sheet.carried]
    told = [
        ", ".join(part for part in about if part),
        *table((head, *lines)),
        sheet.summary,
        _("Rests on: {what}").format(what=rests) if rests else "",
        sheet.proof,
        *([_("Carried on from earlier periods:"), *carried] if carried else []),
        _("Not settled yet: {what}.").format(what=sheet.unsettled) if sheet.unsettled else "",
    ]
    return "".join(f"{line}\n" for line in told if line)


def _json(sheet: PersonSheet) -> dict[str, Any]:
    from kiosk.domain.hours.words import notes
    from kiosk.services.attendance.tables import moments as recorded

    return {
        "name": sheet.name,
        "staff_number": sheet.staff_number,
        "group": sheet.group,
        "since": sheet.since.isoformat(),
        "until": sheet.until.isoformat(),
        **_figures(sheet.totals),
        "carried_s": _seconds(sheet.carried_total),
        "payable_s": _seconds(sheet.payable),
        "closed_sha256": sheet.period.digest if sheet.period else None,
        "open": str(sheet.unsettled),
        "days": [
            {
                "day": day.row.day.isoformat(),
                **_figures(day.figures),
                "moments": recorded(day),
                "notes": list(notes(day.row)),
            }
            for day in sheet.days
            if not day.empty
        ],
        "carried": [
            {"day": line.day.isoformat(), "carried_s": _seconds(line.counted), "why": line.why}
            for line in sheet.carried
        ],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "exact_s": _seconds(figures.exact),
        "breaks_s": _seconds(figures.rested),
        "rounding_s": _seconds(figures.gain),
        "counted_s": _seconds(figures.counted),
        "by_hand_s": _seconds(figures.by_hand),
        "rests_on_s": {basis.value: _seconds(time) for basis, time in figures.by_basis.items()},
    }


def _seconds(time: timedelta) -> int:
    return time // timedelta(seconds=1)
