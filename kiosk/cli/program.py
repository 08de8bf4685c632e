"""The command line: turns words into calls, and errors into sentences and exit codes, once."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from kiosk import __version__
from kiosk.app import Options
from kiosk.cli import checks, enrol, log, people, replay
from kiosk.cli.options import BAD_INPUT, DONE, Camera, DatabaseUrl, DataDir, Demo, Windowed
from kiosk.domain.errors import KioskError

app = typer.Typer(
    help="A face-verification kiosk: ALLOW or DENY at a false acceptance rate that you chose.",
    epilog="Exit codes: 0 done, 1 a negative result (deny, not the same), 2 bad input.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(replay.replay)
app.command()(enrol.enrol)
app.command()(enrol.compare)
app.add_typer(people.app, name="people")
app.add_typer(log.app, name="log")
app.command()(checks.doctor)
app.command()(checks.bench)


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
