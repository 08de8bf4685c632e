"""Putting hours right on the command line: entries, requests, periods."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.app import Options, read_settings
from kiosk.cli import moments
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, AsJson, Commands, DatabaseUrl, DataDir
from kiosk.cli.output import tell, tell_json
from kiosk.cli.people import one_person
from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.errors import BadInput, NotFound
from kiosk.domain.language import _, counted
from kiosk.domain.roles import Sight

if TYPE_CHECKING:
    from kiosk.domain.hours.periods import Period
    from kiosk.domain.hours.requests import CorrectionRequest
    from kiosk.services.admin.administration import Administration

Who = Annotated[
    str, typer.Argument(metavar="PERSON", help="Staff number, exact name, or id from the list.")
]
Why = Annotated[str, typer.Option(help="The reason: it stands beside the entry.")]
Since = Annotated[
    date | None, typer.Option(parser=moments.day, metavar="DAY", help="The first day.")
]
Until = Annotated[
    date | None, typer.Option(parser=moments.day, metavar="DAY", help="The last day.")
]


class Verdict(StrEnum):
    """What is said to a request."""

    APPROVE = "approve"
    REFUSE = "refuse"


def register(app: Commands) -> None:
    """Add all to the group of `attendance`."""
    app.command("events")(attendance_events)
    app.command("correct")(attendance_correct)
    app.command("requests")(attendance_requests)
    app.command("close")(attendance_close)
    app.command("periods")(attendance_periods)


def attendance_events(
    who: Who,
    since: Since = None,
    until: Until = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """All that was recorded of a person, with ids; without days of the last seven."""
    from kiosk.services.access.pins import utc_now
    from kiosk.services.attendance import Attendance

    options = Options(data_dir, database_url)
    with signed_in(options, Sight.HOURS) as admin:
        attendance = Attendance.of(admin.records, read_settings(admin.records, options))
        last = until or attendance.today(utc_now())
        first = since or last - timedelta(days=6)
        if first > last:
            raise BadInput(_("The last day lies before the first."))
        person = one_person(admin.records.people, who)
        begins, ends = attendance.span(first)[0], attendance.span(last)[1]
        found = admin.records.clock_events.between(begins, ends, person.id, struck=True)
    if as_json:
        tell_json([_event_json(event) for event in found])
        return DONE
    for event in found:
        tell(_event_line(event))
    if not found:
        tell(_("Nothing was recorded in these days."))
    return DONE


def attendance_correct(
    who: Who,
    came: Annotated[
        datetime | None,
        typer.Option("--in", parser=moments.moment, metavar="TIME", help="Add a coming."),
    ] = None,
    went: Annotated[
        datetime | None,
        typer.Option("--out", parser=moments.moment, metavar="TIME", help="Add a going."),
    ] = None,
    rest: Annotated[
        datetime | None,
        typer.Option("--break", parser=moments.moment, metavar="TIME", help="A break begins."),
    ] = None,
    back: Annotated[
        datetime | None,
        typer.Option("--back", parser=moments.moment, metavar="TIME", help="It is over."),
    ] = None,
    strike: Annotated[int | None, typer.Option(metavar="ID", help="Strike an entry out.")] = None,
    put_back: Annotated[
        int | None, typer.Option(metavar="ID", help="Let one that was struck out count again.")
    ] = None,
    move: Annotated[
        tuple[int, str] | None,
        typer.Option(metavar="ID TIME", help="Put an entry at another time."),
    ] = None,
    turn: Annotated[
        int | None, typer.Option(metavar="ID", help="Make a coming a going or the reverse.")
    ] = None,
    why: Why = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Put one entry right; nothing is deleted. Times are local, such as 2026-11-24T16:30."""
    added = {
        Direction.IN: came,
        Direction.OUT: went,
        Direction.BREAK: rest,
        Direction.BACK: back,
    }
    given = sum(one is not None for one in (*added.values(), strike, put_back, move, turn))
    if given != 1:
        raise BadInput(
            _(
                "Say one thing to put right: --in, --out, --break, --back, --move, --turn, "
                "--strike or --put-back."
            )
        )
    with signed_in(Options(data_dir, database_url), Sight.HOURS) as admin:
        person, actor = one_person(admin.records.people, who), admin.actor

        def theirs(number: int) -> ClockEvent:
            return _theirs(admin, number, person.id)

        if strike is not None:
            made = admin.corrections.strike(actor, theirs(strike), why)
        elif put_back is not None:
            made = admin.corrections.strike(actor, theirs(put_back), why, out=False)
        elif move is not None:
            made = admin.corrections.move(actor, theirs(move[0]), moments.moment(move[1]), why)
        elif turn is not None:
            made = admin.corrections.turn(actor, theirs(turn), None, why)
        else:
            direction, at = next((one, at) for one, at in added.items() if at is not None)
            if not why.strip():
                raise BadInput(_("Say why, with --why: whoever reads the sheet sees it."))
            made = admin.corrections.add(actor, person.id, direction, at, why)
    if as_json:
        tell_json(_event_json(made))
    else:
        tell(_event_line(made))
    return DONE


def attendance_requests(
    verdict: Annotated[
        Verdict | None, typer.Argument(help="What to say to one. [default: list them]")
    ] = None,
    number: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="The request's, from the list.")
    ] = None,
    why: Why = "",
    every: Annotated[bool, typer.Option("--all", help="Those that are answered, too.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """What people ask to be put right; approve it, or refuse it with a reason."""
    with signed_in(Options(data_dir, database_url), Sight.REQUESTS) as admin:
        found = admin.records.hours.requests(open_only=not every and verdict is None)
        if verdict is not None:
            request = next((one for one in found if one.id == number), None)
            if number is None or request is None:
                raise NotFound(_("There is no such request: list them with attendance requests."))
            if verdict is Verdict.APPROVE:
                admin.requests.approve(admin.actor, request, why)
            else:
                admin.requests.refuse(admin.actor, request, why)
            found = tuple(
                one for one in admin.records.hours.requests(request.person_id) if one.id == number
            )
    if as_json:
        tell_json([_request_json(one) for one in found])
        return DONE
    for one in found:
        tell(_request_line(one))
    if not found:
        tell(_("Nobody waits for an answer."))
    return DONE


def attendance_close(
    since: Since = None,
    until: Until = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Although something is not settled.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Freeze some days: what is put right later is carried into the next period."""
    if since is None or until is None:
        raise BadInput(_("Give the first and the last day, with --since and --until."))
    with signed_in(Options(data_dir, database_url), Sight.PERIODS) as admin:
        period = admin.periods.close(admin.actor, since, until, unsettled_too=anyway)
        _tell_periods(admin, (period,), as_json=as_json, one=True)
    return DONE


def attendance_periods(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """The periods that are closed, with what each came to."""
    with signed_in(Options(data_dir, database_url), Sight.PERIODS) as admin:
        _tell_periods(admin, admin.records.hours.periods(), as_json=as_json)
    return DONE


def _theirs(admin: Administration, number: int, person_id: int) -> ClockEvent:
    event = admin.records.clock_events.get(number)
    if event.person_id != person_id:
        raise BadInput(
            _("Entry {number} is of somebody else: see attendance events.").format(number=number)
        )
    return event


def _event_line(event: ClockEvent) -> str:
    from kiosk.domain.hours.words import EVIDENCE

    told = [_(EVIDENCE[event.evidence]), event.note]
    if event.struck is not None:
        told.append(
            _("struck out by {name}: {why}").format(name=event.struck.by, why=event.struck.why)
        )
    if event.asks:
        told.append(_("open question"))
    rest = ", ".join(part for part in told if part)
    return f"{event.id:>6}  {event.local:%Y-%m-%d %H:%M:%S}  {event.direction:<5}  {rest}"


def _event_json(event: ClockEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "name": event.person_name,
        "at": event.local.isoformat(),
        "direction": event.direction.value,
        "evidence": event.evidence.value,
        "note": event.note,
        "struck": event.struck is not None,
        "struck_why": event.struck.why if event.struck else None,
        "replaces": event.replaces,
        "open_question": event.asks,
    }


def _request_line(one: CorrectionRequest) -> str:
    at = f"{one.moment.astimezone():%Y-%m-%d %H:%M}" if one.moment else _("strike out")
    place = _("instead of {number}").format(number=one.replaces) if one.replaces else ""
    answer = ""
    if one.answer is not None:
        answer = _("approved") if one.answer.approved else _("refused")
        answer = f"{answer}: {one.answer.why}" if one.answer.why else answer
    told = "  ".join(part for part in (f"{one.direction} {at}", place, one.why, answer) if part)
    return f"{one.id:>5}  {one.name}  {told}"


def _request_json(one: CorrectionRequest) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "asked_at": one.asked_at.astimezone().isoformat(timespec="seconds"),
        "direction": one.direction.value,
        "moment": one.moment.astimezone().isoformat() if one.moment else None,
        "replaces": one.replaces,
        "why": one.why,
        "approved": one.answer.approved if one.answer else None,
        "answer": one.answer.why if one.answer else None,
    }


def _tell_periods(
    admin: Administration, periods: tuple[Period, ...], *, as_json: bool, one: bool = False
) -> None:
    from kiosk.domain.hours.durations import hm

    told = []
    for period in periods:
        lines = admin.records.hours.period_lines(period.id)
        total = sum((line.counted for line in lines), timedelta())
        told.append((period, len(lines), total))
    if as_json:
        values = [
            {
                "since": period.since.isoformat(),
                "until": period.until.isoformat(),
                "closed_at": period.closed_at.astimezone().isoformat(timespec="seconds"),
                "closed_by": period.closed_by,
                "lines_count": count,
                "counted_s": total // timedelta(seconds=1),
                "sha256": period.digest,
            }
            for period, count, total in told
        ]
        tell_json(values[0] if one else values)
        return
    for period, count, total in told:
        closed = _("closed {time} by {name}").format(
            time=f"{period.closed_at.astimezone():%Y-%m-%d %H:%M}", name=period.closed_by
        )
        lines_told = counted("{count} line", "{count} lines", count)
        tell(f"{period.since} – {period.until}  {hm(total)} h  {lines_told}  {closed}")
        tell(f"  SHA-256 {period.digest}")
    if not told:
        tell(_("No period is closed yet: attendance close --since DAY --until DAY."))
