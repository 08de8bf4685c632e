"""Files that the kiosk writes for people: complete, and for their owner only."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from kiosk.domain.errors import EnvironmentFailed
from kiosk.domain.language import _

OWNER_ONLY = 0o600
CSV_ENCODING = "utf-8-sig"
"""UTF-8 with the mark at the beginning by which spreadsheets tell it."""


@contextmanager
def writing(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file that is written as it goes, its line ends as they are given.

    Raises:
        EnvironmentFailed: the file can't be written.
    """
    with _told(path), _open(path, encoding) as file:
        yield file


@contextmanager
def writing_csv(path: Path) -> Iterator[TextIO]:
    """A CSV file for spreadsheets: all of it, or, where the block raises, the file as it was.

    Raises:
        EnvironmentFailed: the file can't be written.
    """
    with _whole(path) as number, os.fdopen(number, "w", encoding=CSV_ENCODING, newline="") as file:
        yield file
        file.flush()
        _kept(number)


def write_private(path: Path, content: bytes) -> None:
    """A whole file, or the file as it was.

    Raises:
        EnvironmentFailed: the file can't be written.
    """
    with _whole(path) as number, os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        _kept(number)


def create_private(path: Path, text: str) -> None:
    """A small file of its owner's only, as a whole or not at all; of two that make one at once the
    first one's stays. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _whole(path: Path) -> Iterator[int]:
    """The number of a file that takes the place of the one of this path once it is closed."""
    with _told(path):
        if path.exists() and not path.is_file():  # a pipe, or /dev/stdout
            yield _number(path)
            return
        target = path.resolve()
        beside = target.with_name(f".{target.name}.part")
        try:
            yield _number(beside)
            beside.replace(target)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _kept(number: int) -> None:
    """On the disk, where it is a file."""
    if stat.S_ISREG(os.fstat(number).st_mode):
        os.fsync(number)


def _open(path: Path, encoding: str) -> TextIO:
    return os.fdopen(_number(path), "w", encoding=encoding, newline="")


def _number(path: Path) -> int:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    # One that was there before, written by an older version or by hand.
    if os.name == "posix" and stat.S_ISREG(os.fstat(number).st_mode):
        with suppress(OSError):  # somebody else's
            os.fchmod(number, OWNER_ONLY)
    return number


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFailed(
            _("{path} can't be written ({why}): choose another place.").format(
                path=path, why=error.strerror or error
            )
        ) from error
