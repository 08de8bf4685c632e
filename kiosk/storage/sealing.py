"""Brings a database's file under the newest key: a plain one, or one under an older key.

The new file is written beside the old one, checked, and takes its place in one step; the bytes of
the old one are overwritten. Wherever that is cut off, one of both lies whole at the path, and the
next start goes on. Nobody has the database open meanwhile: otherwise it stays as it is.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from kiosk.domain.errors import StorageError
from kiosk.domain.keys import KeyRing
from kiosk.domain.language import _
from kiosk.storage import cipher
from kiosk.storage.failures import translate_errors

PARTIAL: Final = ".rekeying"
"""Ends the name of the new file until it is whole."""
REPLACED: Final = ".replaced"
"""Ends the name of the old one until its bytes are overwritten."""
_AT_ONCE = 1 << 20
_SHARED: Final = (510, 0x40000002)
"""Length and start of the bytes that readers lock."""
_PLAIN: Final = b"SQLite format 3\0"

log = logging.getLogger(__name__)


def is_encrypted(path: Path) -> bool:
    """Whether a file holds something, and no database that anybody can read. Only of a file that
    this process has not open: closing it again would take SQLite's locks from it."""
    try:
        return path.stat().st_size > 0 and not is_plain(path)
    except OSError:
        return False


def is_plain(path: Path) -> bool:
    """Whether a file is a database that anybody can read; as ``is_encrypted``. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def settle(path: Path, ring: KeyRing) -> bytes | None:
    """The key that a file is to be opened with; None: it is plain. It is brought under the newest
    one where nobody else has it open.

    Raises:
        StorageError: no key of the ring opens it, or it can't be read.
    """
    with translate_errors(str(path)):
        while True:
            found = _inode(path)
            key = key_of(path, ring)
            if key == ring.newest:
                _tidy(path)
                return key
            try:
                rekey(path, key, ring.newest)
            except (InUse, PermissionError) as error:
                if _inode(path) == found:
                    log.warning("%s is not under the newest key yet: %s", path, error)
                    return key
            except cipher.ERRORS as error:
                if _inode(path) == found:
                    if _code(error) == sqlite3.SQLITE_READONLY:
                        return key
                    raise
            # Another process did it meanwhile, or this one has: look.


class InUse(Exception):
    """Another process has the database open."""

    def __str__(self) -> str:
        return "another program has it open"


def rekey(path: Path, old: bytes | None, new: bytes) -> None:
    """Write the database anew under another key, in the place of the old one; 10,000 templates in
    a second or two.

    Raises:
        InUse: it is open elsewhere; nothing was changed.
        StorageError, one of ``cipher.ERRORS``, OSError: it can't be read or written.
    """
    partial, replaced = beside(path, PARTIAL), beside(path, REPLACED)
    found = _inode(path)
    _remove_left(path)
    with alone(path, old) as source:
        if _inode(path) != found:
            raise InUse
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            source.execute(f"ATTACH DATABASE ? AS sealed KEY {cipher.literal(new)}", [str(partial)])
            source.execute("PRAGMA sealed.journal_mode = DELETE")
            source.execute("SELECT sqlcipher_export('sealed')")
            version = source.execute("PRAGMA main.user_version").fetchone()[0]
            source.execute(f"PRAGMA sealed.user_version = {int(version)}")
            counted = rows(source)
            source.execute("DETACH DATABASE sealed")
            _check(partial, new, counted)
            sync(partial)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        if os.name == "nt":  # there an open file can't be replaced
            source.close()
        with suppress(OSError):  # a file system without links: then its bytes stay where they were
            os.link(path, replaced)
        partial.replace(path)
        sync(path.parent)
    _tidy(path)


def is_alone(path: Path, ring: KeyRing) -> bool:
    """Whether nobody has the database open. Raises StorageError as ``settle``."""
    with translate_errors(str(path)):
        key = key_of(path, ring)
        try:
            with alone(path, key):
                return True
        except InUse:
            return False


@contextmanager
def held_by_others(path: Path) -> Iterator[bool]:
    """Whether another process has a database open that can't be opened here: SQLite holds a lock
    on a byte of the file as long as it reads it (https://sqlite.org/fileformat2.html#lockbyte).
    Where it is False nobody gets that lock within the block."""
    if os.name != "posix":
        yield False
        return
    import fcntl

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *_SHARED)
        except OSError:
            yield True
        else:
            yield False


def rows(connection: Any) -> dict[str, int]:
    """How many each table holds."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in names
    }


def wipe(path: Path) -> None:
    """Overwrite a file's bytes and remove it. What a flash disk keeps elsewhere of them nobody
    reaches from here."""
    with path.open("r+b") as file:
        _zero(file.fileno())
    path.unlink()


def opens(path: Path, key: bytes) -> bool:
    """Whether a key opens a database; an empty one, and one that is not encrypted, any key does.

    Raises:
        StorageError: it can't be read.
    """
    with translate_errors(str(path)):
        return _first_that_opens(path, (key, None)) is not None


def key_of(path: Path, ring: KeyRing) -> bytes | None:
    found = _first_that_opens(path, (*ring.keys, None))
    if found is not None:
        return found[0]
    raise StorageError(
        _(
            "The database {database} can't be opened with the key in {place}: it is under another "
            "key, or the file is damaged. Put its own key back with `kiosk key restore`, or the "
            "newest backup in its place with `kiosk restore`."
        ).format(database=path, place=ring.place)
    )


def _first_that_opens(path: Path, keys: tuple[bytes | None, ...]) -> tuple[bytes | None] | None:
    """In a tuple, since None is the key of a plain file."""
    if not path.exists() or path.stat().st_size == 0:
        return (keys[0],)
    for key in keys:
        try:
            # Plain files, too, through the one library: two in one process would undo each other's
            # locks (https://sqlite.org/howtocorrupt.html).
            with closing(_opened(path, key)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                return (key,)
        except cipher.ERRORS as error:
            if _code(error) != sqlite3.SQLITE_NOTADB:
                raise
    return None


def _opened(path: Path, key: bytes | None) -> Any:
    if key is not None:
        return cipher.connect(path, key)
    connection = cipher.driver(b"" if cipher.AVAILABLE else None).connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None
    )
    connection.execute("PRAGMA cipher_log_level = NONE")
    return connection


@contextmanager
def alone(path: Path, key: bytes | None) -> Iterator[Any]:
    """A connection while nobody else has one, which the change out of the write-ahead log asks
    for; what that log held is overwritten, too."""
    side = beside(path, "-wal")
    with closing(_opened(path, key)) as source:
        source.execute("PRAGMA busy_timeout = 0")
        log_bytes = _hold(side)
        try:
            mode = source.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            source.execute("PRAGMA locking_mode = EXCLUSIVE")
            source.execute("BEGIN EXCLUSIVE")
            source.execute("COMMIT")
            if log_bytes is not None and not side.exists():
                _zero(log_bytes)
        except cipher.ERRORS as error:
            if _code(error) == sqlite3.SQLITE_BUSY:
                raise InUse from None
            raise
        finally:
            if log_bytes is not None:
                os.close(log_bytes)
        if mode != "delete":
            raise InUse
        yield source


def _hold(path: Path) -> int | None:
    if os.name == "nt":  # there it could not be removed then
        return None
    try:
        return os.open(path, os.O_RDWR)
    except OSError:
        return None


def _check(path: Path, key: bytes, expected: dict[str, int]) -> None:
    with closing(cipher.connect(path, key, "mode=ro")) as copied:
        found = rows(copied)
        problems = copied.execute("PRAGMA cipher_integrity_check").fetchall()
        problems += [line for line in copied.execute("PRAGMA quick_check") if line != ("ok",)]
    if problems or found != expected:
        raise StorageError(
            _(
                "The database {database} could not be written anew under its key: the copy is not "
                "the same ({what}). It stays as it is; check the disk."
            ).format(database=path, what=problems[0][0] if problems else _("rows are missing"))
        )


def _tidy(path: Path) -> None:
    """What lies beside a database that is under its newest key."""
    beside(path, PARTIAL).unlink(missing_ok=True)
    replaced = beside(path, REPLACED)
    try:
        if replaced.exists():
            wipe(replaced)
    except OSError as error:
        log.warning("%s can't be overwritten and removed: %s", replaced, error.strerror)


def _remove_left(path: Path) -> None:
    """Of a run that was cut off before the new file took its place: a second name of the database
    is only a name."""
    beside(path, PARTIAL).unlink(missing_ok=True)
    replaced = beside(path, REPLACED)
    if replaced.exists():
        if replaced.samefile(path):
            replaced.unlink()
        else:
            wipe(replaced)


def beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _zero(number: int) -> None:
    size = os.fstat(number).st_size
    os.lseek(number, 0, os.SEEK_SET)
    for start in range(0, size, _AT_ONCE):
        os.write(number, bytes(min(_AT_ONCE, size - start)))
    os.fsync(number)


def sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
