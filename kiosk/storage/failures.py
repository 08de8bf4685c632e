"""What the database raises, turned into sentences: here and nowhere else."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, TimeoutError

from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.language import _, marked
from kiosk.storage import cipher
from kiosk.storage.columns import Damaged

_DAMAGED = marked(
    "The database {database} is damaged or no database at all. Put the newest backup in its place "
    "with `kiosk restore`, which keeps the damaged file beside it."
)
_LOCKED = marked(
    "The database {database} is locked by another program. Close whatever else has it open (a "
    "database browser, a backup), then try again."
)
_FULL = marked(
    "The database {database} can't grow: the disk is full. Free some space, then try again."
)
_ROOM = 64 * 1024
"""Bytes of a disk below which SQLite fails to open a database: its shared memory takes 32 KiB, and
that there is no room for it is told as a fault of the disk."""
# By SQLite's primary result code, https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PERM: marked(
        "The database {database} may not be used by this user. Give the user the right to write it."
    ),
    sqlite3.SQLITE_READONLY: marked(
        "The database {database} can't be written: it is read-only, or was moved. Give this user "
        "the right to write the file and its folder, then start again."
    ),
    sqlite3.SQLITE_IOERR: marked(
        "The database {database} can't be read or written by the disk. Check the disk and its "
        "cable."
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: marked(
        "The database {database} can't be opened. Check that its folder exists and that this "
        "user may write there."
    ),
}


_FAILED: tuple[type[Exception], ...] = (DBAPIError, TimeoutError, OSError, *cipher.ERRORS)


@contextmanager
def translate_errors(database: str) -> Iterator[None]:
    """Failures inside become StorageError, values that no database can hold BadInput.

    ``database`` names it for people, without a password.
    """
    try:
        yield
    except (DataError, OverflowError, UnicodeError) as error:
        raise BadInput(
            _(
                "The database {database} can't hold a value this large or of this form: "
                "{what}. Use a shorter one."
            ).format(database=database, what=_cause(error))
        ) from error
    except Damaged as error:
        raise StorageError(
            _("The database {database} is damaged: {what}. Go back to a backup.").format(
                database=database, what=error
            )
        ) from error
    # SQLAlchemy's other errors are bugs of ours and keep their stack trace.
    except _FAILED as error:
        raise StorageError(_what_to_do(error, database)) from error


def _what_to_do(error: Exception, database: str) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None and (code & 0xFF) in _SQLITE:
        failed = code & 0xFF
        if failed == sqlite3.SQLITE_IOERR and _is_full(Path(database)):
            failed = sqlite3.SQLITE_FULL
        return _(_SQLITE[failed]).format(database=database)
    if isinstance(cause, OSError):
        return _(
            "The database {database} can't be reached: {why}. Check that its folder exists, has "
            "room and may be written by this user."
        ).format(database=database, why=cause.strerror or cause)
    return _(
        "The database {database} does not do what was asked: {why}. Check that it runs, can be "
        "reached and belongs to this program, then try again."
    ).format(database=database, why=_cause(error))


def _is_full(file: Path) -> bool:
    try:
        return shutil.disk_usage(file.parent).free < _ROOM
    except OSError:
        return False


def _cause(error: Exception) -> str:
    """The driver's own words, without the statement and its values (a server's first line)."""
    said = error.orig if isinstance(error, DBAPIError) else error
    lines = str(said).strip().splitlines() or [type(said).__name__]
    return lines[0].rstrip(".")
