"""The options that commands share, and their exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DONE, NEGATIVE, BAD_INPUT = 0, 1, 2

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the database. [default: the user's]")
]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database-url", help="An SQLAlchemy URL instead of --data-dir.")
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
