"""The options that commands share: where they may stand, and what they then mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.once import OnceCommand, OnceGroup

_F = TypeVar("_F", bound=Callable[..., Any])

DONE, NEGATIVE, BAD_INPUT, OUR_FAULT = 0, 1, 2, 3

DATABASE_VARIABLE = "KIOSK_DATABASE_URL"


def _folder(text: str) -> Path:
    if not text:  # as a variable that is not set would make it; Path takes it for this folder
        raise BadInput(_("--data-dir is empty: give it a folder or leave it out."))
    return Path(text)


DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        parser=_folder,
        metavar="FOLDER",
        help="Folder of the database. [default: the user's]",
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        envvar=DATABASE_VARIABLE,
        help="An SQLAlchemy URL instead of --data-dir. One with a password belongs in the "
        "variable: others can read the options of a running program.",
    ),
]
Camera = Annotated[
    str | None,
    typer.Option(
        help="A camera's number, a video file, a folder of pictures, an rtsp:// or http:// address."
    ),
]
Demo = Annotated[
    bool, typer.Option("--demo", help="Drawn people and a drawn clip, in a temporary folder.")
]
Windowed = Annotated[
    bool, typer.Option("--windowed", help="A window that may be closed, for development.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]

_FLAGS = {
    "data_dir": "--data-dir",
    "database_url": "--database-url",
    "camera": "--camera",
    "demo": "--demo",
    "windowed": "--windowed",
    "as_json": "--json",
}
_GIVEN = "kiosk.cli.options"


class _Command(OnceCommand):
    def invoke(self, ctx: Any) -> Any:
        collect(ctx)
        hand_over(ctx)
        return super().invoke(ctx)


class _Group(OnceGroup):
    def invoke(self, ctx: Any) -> Any:
        collect(ctx)
        return super().invoke(ctx)


class Commands(typer.Typer):
    """Commands whose shared options mean the same before and after the command's name."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=_Group, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[_F], _F]:
        return super().command(name, cls=_Command, **settings)


def group(text: str) -> Commands:
    """A group of commands; the options of its commands may stand behind its name too."""
    made = Commands(help=text, no_args_is_help=True)

    @made.callback()
    def options(
        data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
    ) -> None:
        """:func:`collect` has seen them."""

    options.__doc__ = text
    return made


def collect(ctx: Any) -> None:
    """Note which shared options were given at this level.

    Raises:
        BadInput: one is empty, or says something else than at a level above.
    """
    given: dict[str, Any] = ctx.meta.setdefault(_GIVEN, {})
    for name, flag in _FLAGS.items():
        source = ctx.get_parameter_source(name)
        if source is None or source.name != "COMMANDLINE":
            continue
        value = ctx.params[name]
        if value == "":
            raise BadInput(
                _("{option} is empty: give it a value or leave it out.").format(option=flag)
            )
        if given.setdefault(name, value) != value:
            raise BadInput(
                _("{option} is given twice, with different values: keep one.").format(option=flag)
            )
    # What is typed now means more than what stands in the environment.
    if "data_dir" in given and "database_url" not in given and "database_url" in ctx.params:
        ctx.params["database_url"] = None


def hand_over(ctx: Any) -> None:
    """Give a command the shared options that stood before its name.

    Raises:
        BadInput: the command has no such option.
    """
    given: dict[str, Any] = ctx.meta[_GIVEN]
    for name, value in given.items():
        if name not in ctx.params:
            raise BadInput(
                _("{command} has no option {option}: leave it out.").format(
                    command=ctx.command_path.split(maxsplit=1)[-1], option=_FLAGS[name]
                )
            )
        ctx.params[name] = value
