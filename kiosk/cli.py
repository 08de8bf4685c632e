"""The command line: turns words into calls, and errors into sentences and exit codes, once."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk import __version__
from kiosk.app import Options, opened_storage, read_settings
from kiosk.domain.errors import BadInput, KioskError

if TYPE_CHECKING:
    from kiosk.services.enrol import EnrolReport
    from kiosk.services.verify import Announcement

DONE, NEGATIVE, BAD_INPUT = 0, 1, 2

app = typer.Typer(
    help="A face-verification kiosk: ALLOW or DENY at a false acceptance rate that you chose.",
    epilog="Exit codes: 0 done, 1 a negative result (deny, not the same), 2 bad input.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
people_app = typer.Typer(help="List and remove people.", no_args_is_help=True)
log_app = typer.Typer(help="The access log.", no_args_is_help=True)
app.add_typer(people_app, name="people")
app.add_typer(log_app, name="log")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the database. [default: the user's]")
]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database-url", help="An SQLAlchemy URL instead of --data-dir.")
]
Camera = Annotated[
    str | None,
    typer.Option(help="A camera's number, a video file, a folder of pictures, an rtsp:// address."),
]
Demo = Annotated[
    bool, typer.Option("--demo", help="Drawn people and a drawn clip, in a temporary folder.")
]
Windowed = Annotated[
    bool, typer.Option("--windowed", help="A window that may be closed, for development.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def main() -> None:
    """Run the command line; exits."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        code = app(standalone_mode=False)
    except KioskError as error:
        typer.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except typer.Abort:
        sys.exit(BAD_INPUT)
    except typer.Exit as exit_:
        sys.exit(exit_.exit_code)
    except Exception as error:
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        sys.exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else DONE)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kiosk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    camera: Camera = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    demo: Demo = False,
    windowed: Windowed = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> int:
    """Start the kiosk, or run one of the commands below."""
    if context.invoked_subcommand is None:
        return run(camera, data_dir, database_url, demo, windowed)
    return DONE


@app.command()
def run(
    camera: Camera = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    demo: Demo = False,
    windowed: Windowed = False,
) -> int:
    """Start the kiosk (what main.py does without a command)."""
    from kiosk import app as root

    return root.run(Options(data_dir, database_url, camera, demo, windowed))


@app.command()
def replay(
    source: Annotated[str, typer.Argument(help="A video file, a picture or a folder of them.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    claim: Annotated[
        str | None, typer.Option(help="Name or staff number: 1:1 against this person.")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(help="Write one JSON line a decision to this file.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Play a recording through the kiosk's path as fast as it goes, and log what it decides.

    Exits with 0 if somebody was let in, with 1 if nobody was.
    """
    from kiosk.app import build_engine, open_camera
    from kiosk.domain.decision import Outcome
    from kiosk.services.pins import utc_now
    from kiosk.services.replay import MediaClock, ReplayResult, StageTimes
    from kiosk.services.replay import replay as play

    options = Options(data_dir, database_url, camera=source)
    allowed = decisions = 0
    with opened_storage(options) as storage, _lines_to(events) as write:
        settings = read_settings(storage, options)
        person = None
        # Nobody taps or types before a recording.
        settings = replace(settings, mode="walk_up", tap_first=False)
        if claim is not None:
            settings = replace(settings, mode="claimed")
            person = storage.people.claim(claim)
            if person is None:
                raise BadInput(f"Nobody here is called {claim!r}: see main.py people list.")
        source_camera = open_camera(settings, realtime=False)
        clock, times, result = MediaClock(utc_now()), StageTimes(), ReplayResult()
        engine = build_engine(
            storage,
            settings,
            source_camera.name,
            now=clock,
            keypad_hold=settings.hold,
            observe=times.observe,
        )
        for seconds, announcement in play(
            source_camera, engine, clock, result, person.id if person else None
        ):
            line = _decision_line(seconds, announcement)
            write(line)
            decisions += 1
            allowed += announcement.decision.outcome is Outcome.ALLOW
            typer.echo(json.dumps(line) if as_json else _decision_text(line))
    summary = {
        "type": "summary",
        "source": source_camera.name,
        "frames": result.frames,
        "seconds": round(result.seconds, 3),
        "frames_per_second": round(result.frames / max(result.seconds, 1e-9), 1),
        "decisions": decisions,
        "allowed": allowed,
        "stages_ms": {
            stage: {"p50": round(p50, 2), "p95": round(p95, 2)}
            for stage, (p50, p95) in times.milliseconds().items()
        },
    }
    typer.echo(json.dumps(summary) if as_json else _summary_text(summary))
    return DONE if allowed else NEGATIVE


@app.command()
def enrol(
    name: Annotated[str | None, typer.Argument(help="The person's name.")] = None,
    images: Annotated[list[Path] | None, typer.Argument(help="Pictures of the person.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Enrol everybody in a folder of NAME/*.jpg.")
    ] = None,
    staff_number: Annotated[str | None, typer.Option(help="The person's staff number.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Enrol a person from pictures, or many from a folder."""
    from kiosk.app import build_enroller

    if (folder is None) == (name is None):
        raise BadInput("Give either a NAME and pictures, or --folder DIR.")
    if name is not None and not images:
        raise BadInput(f"Give at least one picture of {name}.")
    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        enroller = build_enroller(storage, read_settings(storage, options))
        if folder is not None:
            with _progress(as_json) as advance:
                report = enroller.enrol_folder(folder, progress=advance)
        else:
            report = enroller.enrol_files(name or "", images or [], staff_number)
    _tell_enrolment(report, as_json)
    return DONE if report.accepted else NEGATIVE


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A.jpg")],
    second: Annotated[Path, typer.Argument(metavar="B.jpg")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Say whether two pictures show the same person, at the FAR of the settings.

    Exits with 0 if they do, with 1 if they don't.
    """
    from kiosk.app import build_enroller, encoder_info
    from kiosk.domain.errors import BadImage
    from kiosk.domain.threshold import one_in, operating_point

    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        settings = read_settings(storage, options)
        curve = encoder_info(storage, settings).curve
        enroller = build_enroller(storage, settings)
        vectors = []
        for path in (first, second):
            try:
                vectors.append(enroller.largest_face(path))
            except BadImage as error:
                raise BadImage(f"{path.name}: {error}") from error
    point = operating_point(curve, settings.far, 1)
    similarity = float(vectors[0] @ vectors[1])
    same = similarity >= point.threshold
    if as_json:
        answer = {
            "similarity": round(similarity, 4),
            "threshold": round(point.threshold, 4),
            "far": point.far,
            "same": same,
        }
        typer.echo(json.dumps(answer))
    else:
        typer.echo(
            f"{'The same person' if same else 'Not the same person'}: similarity {similarity:.3f}, "
            f"threshold {point.threshold:.3f} ({one_in(point.far)} strangers would pass)."
        )
    return DONE if same else NEGATIVE


@people_app.command("list")
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


@people_app.command("remove")
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


@log_app.command("export")
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
    from kiosk.domain.ports import EventFilter
    from kiosk.services.access_log import export

    wanted = EventFilter(
        since=since.astimezone() if since else None,
        until=until.astimezone() if until else None,
        text=text,
    )
    with opened_storage(Options(data_dir, database_url)) as storage:
        if out is None:
            export(storage.events, wanted, sys.stdout)
            return DONE
        with _writing(out) as file:
            count = export(storage.events, wanted, file)
    typer.echo(f"{count} events written to {out}.")
    return DONE


@app.command()
def doctor(
    camera: Camera = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Check camera, models, database, clock and libraries; exits with 1 if something is wrong."""
    from kiosk.app import examine_all

    options = Options(data_dir, database_url, camera)
    with opened_storage(options) as storage:
        findings = examine_all(storage, read_settings(storage, options))
    if as_json:
        rows = [{"title": f.title, "ok": f.ok, "text": f.text} for f in findings]
        typer.echo(json.dumps({"ok": all(f.ok for f in findings), "findings": rows}))
    for finding in () if as_json else findings:
        typer.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.title}: {finding.text}")
    return DONE if all(finding.ok for finding in findings) else NEGATIVE


@app.command()
def bench(as_json: AsJson = False) -> int:
    """Measure speed and memory here, as ratios from one run; takes some minutes."""
    from kiosk.bench import report

    figures = report()
    if as_json:
        typer.echo(json.dumps(figures))
    for title, value in () if as_json else figures.items():
        typer.echo(f"{title:<58} {value}")
    return DONE


def _decision_line(seconds: float, announcement: Announcement) -> dict[str, Any]:
    decision, clock_event = announcement.decision, announcement.clock_event
    return {
        "type": "decision",
        "media_time": round(seconds, 3),
        "at": decision.at.isoformat(timespec="milliseconds"),
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "person_id": decision.person_id,
        "person": decision.person_name,
        "score": None if decision.score is None else round(decision.score, 4),
        "threshold": None if decision.threshold is None else round(decision.threshold, 4),
        "far": decision.far,
        "mode": decision.mode.value,
        "encoder": decision.encoder_id,
        "camera": decision.camera,
        "duration": None if decision.duration is None else round(decision.duration, 3),
        "direction": clock_event.direction.value if clock_event else None,
        "repeat": decision.repeat,
        "event_id": decision.event_id,
    }


def _decision_text(line: dict[str, Any]) -> str:
    who = f" {line['person']}" if line["person"] else ""
    score = (
        "" if line["score"] is None else f", {line['score']:.3f} against {line['threshold']:.3f}"
    )
    repeat = ", again" if line["repeat"] else ""
    return f"{line['media_time']:8.2f} s  {line['outcome']}{who} ({line['reason']}{score}{repeat})"


def _summary_text(summary: dict[str, Any]) -> str:
    stages = ", ".join(
        f"{stage} {ms['p50']:.1f}/{ms['p95']:.1f}" for stage, ms in summary["stages_ms"].items()
    )
    return (
        f"{summary['frames']} frames in {summary['seconds']:.1f} s "
        f"({summary['frames_per_second']:.0f} a second); {summary['decisions']} decisions, "
        f"{summary['allowed']} let in; ms p50/p95: {stages or 'nothing looked at'}"
    )


def _tell_enrolment(report: EnrolReport, as_json: bool) -> None:
    if as_json:
        answer = {
            "people": [{"id": person.id, "name": person.name} for person in report.people],
            "accepted": report.accepted,
            "refused": [
                {"path": str(refused.path), "reason": refused.reason} for refused in report.refused
            ],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for refused in report.refused:
        typer.echo(f"refused  {refused.path}: {refused.reason}")
    names = ", ".join(person.name for person in report.people) or "nobody"
    typer.echo(
        f"{report.accepted} templates for {names}"
        f"{f'; {len(report.refused)} pictures refused' if report.refused else ''}."
    )


@contextmanager
def _progress(silent: bool) -> Iterator[Any]:
    if silent or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("Enrolling")
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _writing(path: Path) -> Iterator[Any]:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror or error}.") from error


@contextmanager
def _lines_to(path: Path | None) -> Iterator[Any]:
    with _writing(path) if path else nullcontext() as file:

        def write(line: dict[str, Any]) -> None:
            if file is not None:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()

        yield write
