"""Where commands write: files, and a bar while something takes long."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from kiosk.domain.errors import BadInput


@contextmanager
def progress(silent: bool) -> Iterator[Any]:
    if silent or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("Enrolling")
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def writing(path: Path) -> Iterator[Any]:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror or error}.") from error


@contextmanager
def lines_to(path: Path | None) -> Iterator[Any]:
    with writing(path) if path else nullcontext() as file:

        def write(line: dict[str, Any]) -> None:
            if file is not None:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()

        yield write
