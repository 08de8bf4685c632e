"""The command line: turns words into calls, and errors into sentences and exit codes, once."""

from __future__ import annotations

import json
import logging
import sys
from typing import Annotated, Any

import typer

from kiosk import __version__
from kiosk.app import INTERRUPTED, Options
from kiosk.cli import (
    attendance,
    attendance_correct,
    attendance_import,
    attendance_sheet,
    backup,
    checks,
    drill,
    enrol,
    keys,
    log,
    owner,
    people,
    privacy,
    replay,
    roles,
)
from kiosk.cli.options import (
    BAD_INPUT,
    DONE,
    OUR_FAULT,
    AsJson,
    Camera,
    Commands,
    DatabaseUrl,
    DataDir,
    Demo,
    Windowed,
)
from kiosk.cli.output import any_output, tell
from kiosk.domain import language
from kiosk.domain.address import hide_secrets_in
from kiosk.domain.errors import BadInput, KioskError
from kiosk.domain.language import _
from kiosk.resources import LOCALE
from kiosk.services.log_file import WithoutSecrets

app = Commands(
    help="A face-verification kiosk: ALLOW or DENY at a false acceptance rate that you chose.",
    epilog="Exit codes: 0 done, 1 a negative result (deny, not the same), 2 bad input or a "
    "failing environment (database, disk, camera), 3 a fault of the program, 130 interrupted.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(replay.replay)
app.command()(enrol.enrol)
app.command()(enrol.compare)
app.add_typer(people.app, name="people")
app.add_typer(roles.app, name="roles")
app.add_typer(log.app, name="log")
app.add_typer(privacy.app, name="retention")
app.command("notice")(privacy.notice_command)
attendance_import.register(attendance.app)
attendance_sheet.register(attendance.app)
attendance_correct.register(attendance.app)
app.add_typer(attendance.app, name="attendance")
app.command()(drill.drill)
app.command()(checks.doctor)
app.add_typer(backup.app, name="backup")
app.command()(backup.restore)
app.command()(owner.reset_pin)
app.add_typer(owner.audit, name="audit")
app.add_typer(keys.app, name="key")
app.command()(checks.bench)


def main() -> None:
    """Run the command line; exits."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutSecrets("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    language.install(LOCALE)
    with any_output():
        code = execute(sys.argv[1:])
    sys.exit(code)


def execute(words: list[str]) -> int:
    """Run one command; returns its exit code."""
    as_json = "--json" in words
    try:
        result = app(words, standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return result if isinstance(result, int) else DONE
    except KioskError as error:
        _say(str(error), as_json)
    except typer.Abort:
        pass
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        told = getattr(error, "format_message", None)
        if told is None:
            _say(_bug(error), as_json)
            logging.getLogger(__name__).debug("", exc_info=True)
            return OUR_FAULT
        _say(_usage(error) + told(), as_json)
    return BAD_INPUT


def _say(text: str, as_json: bool) -> None:
    text = hide_secrets_in(text)
    typer.echo(json.dumps({"error": text}) if as_json else text, err=True)


def _usage(error: Any) -> str:
    context = getattr(error, "ctx", None)
    # Without words a group answers with its help, which begins with its usage.
    if context is None or (not context.args and type(error).__name__ == "NoArgsIsHelpError"):
        return ""
    return f"{context.get_usage()}\n"


def _bug(error: Exception) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else "?"
    return _(
        "Something went wrong that was not foreseen: {kind}: {text} ({where}). Please report it."
    ).format(kind=type(error).__name__, text=error, where=where)


def _version(asked: bool) -> None:
    if asked:
        tell(f"kiosk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    camera: Camera = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    demo: Demo = False,
    windowed: Windowed = False,
    as_json: AsJson = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> int:
    """Start the kiosk, or run one of the commands below."""
    if context.invoked_subcommand is not None:
        return DONE
    if as_json:
        raise BadInput(_("The kiosk has no option --json: name a command, such as doctor."))
    return run(camera, data_dir, database_url, demo, windowed)


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

    if demo and (data_dir or database_url):
        _say(_("The demo has a folder of its own: yours is neither read nor written."), False)
    return root.run_watched(Options(data_dir, database_url, camera, demo, windowed))
