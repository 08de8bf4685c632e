"""Where commands write: the screen, whatever it is, files, and a bar while something takes long."""

from __future__ import annotations

import errno
import io
import json
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TextIO

import typer

from kiosk.domain.errors import BadInput, EnvironmentFailed, KioskError
from kiosk.domain.language import _


def tell(text: str = "") -> None:
    """A line for whoever called the command."""
    typer.echo(text)


def tell_json(value: object) -> None:
    """One JSON value on a line, in a form that any terminal and any program can read."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    typer.echo(json.dumps(value, ensure_ascii=not encoding.startswith("utf")))


def confirmed(question: str) -> bool:
    """Ask; only y and yes are a yes.

    Raises:
        BadInput: nobody is there to answer.
    """
    typer.echo(f"{question} [y/N]: ", nl=False)
    answer = sys.stdin.readline() if sys.stdin is not None else ""
    if not answer:
        typer.echo()
        raise BadInput(_("Nobody answered: add --yes to do it without being asked."))
    return answer.strip().lower() in ("y", "yes")


@contextmanager
def progress(silent: bool) -> Iterator[Any]:
    if silent or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(_("Enrolling"))
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def lines_to(path: Path | None) -> Iterator[Any]:
    """A function that writes one JSON line to a file, for its owner only; or nowhere (None)."""
    from kiosk.services.private_files import writing

    with writing(path) if path else nullcontext() as file:

        def write(line: dict[str, Any]) -> None:
            if file is not None:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()

        yield write


@contextmanager
def csv_output(path: Path | None) -> Iterator[TextIO]:
    """A CSV file, or without a path the screen: the same bytes.

    Raises:
        EnvironmentFailed: the file can't be written.
    """
    from kiosk.services.private_files import CSV_ENCODING, writing_csv

    if path is not None:
        with writing_csv(path) as file:
            yield file
        return
    if sys.stdout is None:  # closed
        yield io.StringIO()
        return
    sys.stdout.flush()
    screen = io.TextIOWrapper(sys.stdout.buffer, encoding=CSV_ENCODING, newline="")
    try:
        yield screen
        screen.flush()
    finally:
        screen.detach()  # closed with this one, nothing more could be printed


def bytes_output(path: Path | None, content: bytes) -> None:
    """Write a whole file, or without a path the screen: the same bytes.

    Raises:
        EnvironmentFailed: the file can't be written.
    """
    from kiosk.services.private_files import write_private

    if path is not None:
        write_private(path, content)
    elif sys.stdout is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


@contextmanager
def any_output() -> Iterator[None]:
    """Standard output that any text may be written to, whatever it is.

    What the encoding lacks is written as an escape. Where nobody reads any more (``| head -1``)
    the command goes on in silence: its work and its exit code are its own. A disk that is full
    raises EnvironmentFailed; on the error output nothing more can be said, and nothing is raised.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _sturdy(sys.stdout, must=True), _sturdy(sys.stderr, must=False)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with suppress(KioskError):  # it was told once
                    stream.flush()
        sys.stdout, sys.stderr = before


def _sturdy(stream: TextIO, *, must: bool) -> TextIO:
    try:
        stream.flush()
        if os.name == "nt" and stream.isatty():
            stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
            return stream  # a console takes letters, not bytes
        file = _Out(stream.fileno(), must)
    except (AttributeError, OSError, ValueError):  # closed, or no file at all
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(file),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.isatty(),
        write_through=not must,
    )


class _Out(io.FileIO):
    def __init__(self, number: int, must: bool) -> None:
        super().__init__(number, "wb", closefd=False)
        self._must = must

    def write(self, data: Any, /) -> int:
        try:
            while (written := super().write(data)) is None:  # a pipe that does not block
                select.select((), (self,), ())
            return written
        except OSError as error:
            # What is still to come, from Python's own end too, must not fail again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            # Windows says EINVAL where others say EPIPE.
            if not self._must or error.errno in (errno.EPIPE, errno.ECONNRESET, errno.EINVAL):
                return len(memoryview(data).cast("B"))
            raise EnvironmentFailed(
                _(
                    "The output can't be written: {why}. Free some space, or write elsewhere."
                ).format(why=error.strerror)
            ) from error
