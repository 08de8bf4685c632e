"""Backups: made while the database is in use, verified by restoring them, and put in its place.

A backup is a database by itself, under the key that the database had.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from kiosk.domain.backups import Contents, moment_of, stamp
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.keys import KeyRing
from kiosk.domain.language import _
from kiosk.storage import chain, cipher, health, schema
from kiosk.storage.chain import Seal
from kiosk.storage.copying import copy
from kiosk.storage.failures import translate_errors
from kiosk.storage.sealing import (
    InUse,
    alone,
    beside,
    held_by_others,
    is_plain,
    key_of,
    settle,
    sync,
    wipe,
)
from kiosk.storage.session import Database

BEFORE: Final = ".before-restore-"
"""Stands in the name of a database that a backup took the place of, before the moment."""
BEFORE_MIGRATION: Final = ".backup-"
_SCRATCH: Final = ".kiosk-restoring-"
_LEFT_AFTER: Final = 24 * 3600.0
"""Seconds after which a scratch folder is nobody's any more."""

_CANT_OPEN: Final[tuple[type[Exception], ...]] = (StorageError, *cipher.ERRORS)


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that came back whole, in a scratch folder: under the newest key, of this
    version."""

    path: Path
    contents: Contents

    def put_in_place_of(self, path: Path, ring: KeyRing | None, at: datetime) -> Path | None:
        """Make it the database at ``path``; the one before is kept beside it under the name that
        is returned (None: there was none). Cut off anywhere, one of both lies whole at the path,
        or (where the one before can't be opened) beside it.

        Raises:
            BadInput: the one before is in use.
            StorageError: the disk does not do it; then nothing was changed.
        """
        with translate_errors(str(path)), self._replaceable(path, ring):
            kept = beside(path, f"{BEFORE}{stamp(at)}") if _holds_something(path) else None
            if kept is not None:
                for end in ("-wal", ""):
                    _second_name(beside(path, end), beside(kept, end))
            # A journal of the one before would spoil what takes its place.
            for end in ("-wal", "-shm", "-journal"):
                beside(path, end).unlink(missing_ok=True)
            sync(path.parent)
            self.path.replace(path)
            sync(path.parent)
        return kept

    @contextmanager
    def _replaceable(self, path: Path, ring: KeyRing | None) -> Iterator[None]:
        """While nobody else has the one before open."""
        in_use = BadInput(
            _("{path} is in use: close the kiosk and whatever else has it open.").format(path=path)
        )
        if not path.exists():
            yield
            return
        try:
            key = key_of(path, ring) if ring is not None and cipher.AVAILABLE else None
        except _CANT_OPEN:  # damaged, or under another key
            with held_by_others(path) as held:
                if held:
                    raise in_use from None
                yield
            return
        try:
            with alone(path, key):
                yield
        except InUse:
            raise in_use from None


def back_up(
    database: Database, target: Path, ring: KeyRing | None, now: Callable[[], datetime]
) -> Contents:
    """Copy what is committed into a new file, for its owner only, which has its name only once it
    was restored and found whole; some seconds a 100,000 rows.

    Raises:
        BadInput: the file exists already, or the database is a server's.
        StorageError: the database can't be read, the file not written, or it is not whole; then
            there is no file.
    """
    if database.engine.dialect.name != "sqlite":
        raise BadInput(
            _(
                "A database on a server is backed up by the server's own means, such as "
                "pg_dump --format=custom --file=kiosk.dump."
            )
        )
    if os.path.lexists(target):
        raise BadInput(
            _("{path} exists already: name a new file for the backup.").format(path=target)
        )
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    # On the database's own disk: a share on the network is no place for SQLite's locks.
    with translate_errors(str(target)), scratch(database.path) as folder:
        copied = folder / "copied.db"
        with database.engine.connect() as connection:
            copy(connection.connection.driver_connection, database.key, copied)
        try:
            _copy_file(copied, partial)
            copied.unlink()
            with restored(partial, folder, ring, database.seal, now) as found:
                _compare(database, target, found.contents)
            _name(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    return found.contents


@contextmanager
def restored(
    source: Path,
    folder: Path,
    ring: KeyRing | None,
    seal: Seal,
    now: Callable[[], datetime],
) -> Iterator[Restored]:
    """Restore a backup into a folder, under the newest key; it is gone when the block ends, unless
    it was put somewhere.

    Raises:
        StorageError: it can't be read, no key of the ring opens it, or it is not whole.
    """
    path = folder / "kiosk.db"
    with translate_errors(str(source)):
        _copy_file(source, path)
        try:
            if not _holds_something(path):
                raise StorageError(_("{path} is empty: it is no backup.").format(path=source))
            try:
                key = settle(path, ring) if ring is not None and cipher.AVAILABLE else None
                contents = _look(path, key, Seal(seal.key), now, source)
            except StorageError as error:
                # As the file is called that people know.
                raise StorageError(str(error).replace(str(path), str(source))) from error
            sync(path)
            yield Restored(path, contents)
        finally:
            for end in ("", "-wal", "-shm"):
                beside(path, end).unlink(missing_ok=True)


@contextmanager
def scratch(beside_file: Path | None) -> Iterator[Path]:
    """A folder beside the database, for this user only, gone when the block ends; one that a
    program was killed over is taken away by the next."""
    parent = beside_file.parent if beside_file is not None else Path(tempfile.gettempdir())
    for left in parent.glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_AFTER:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=parent) as name:
        yield Path(name)


def forget_copies(path: Path, before: datetime) -> int:
    """Delete the copies beside a database that were made before a migration or a restore, where
    they are older; one that is not encrypted is overwritten first. How many there were."""
    gone = 0
    for mark in (BEFORE, BEFORE_MIGRATION):
        for copied in path.parent.glob(f"{path.name}{mark}*"):
            at = moment_of(copied.name.removesuffix("-wal")[-len(stamp(before)) :])
            if at is None or at >= before or not copied.is_file():
                continue
            with translate_errors(str(copied)):
                if is_plain(copied):
                    wipe(copied)
                else:
                    copied.unlink()
            gone += 1
    return gone


def _look(
    path: Path, key: bytes | None, seal: Seal, now: Callable[[], datetime], source: Path
) -> Contents:
    """Open it as a kiosk would, and read all of it."""
    address = URL.create("sqlite", database=str(path)).render_as_string()
    with closing(Database(address, seal=seal, key=key)) as database:
        schema.prepare(database, now)
        report = health.report(database)
        if report.problems or report.unwritable:
            raise StorageError(
                _(
                    "{path} is not whole ({what}): restored, it could not be used. Take another "
                    "backup, and check the disk."
                ).format(path=source, what=report.unwritable or "; ".join(report.problems[:3]))
            )
        with database.read() as connection:
            record = chain.verify(connection)
    return Contents(report.people, report.templates, report.events, record)


def _compare(database: Database, target: Path, contents: Contents) -> None:
    """What was altered in the database is altered in its backup; nothing else may be."""
    if not contents.record.found:
        return
    with database.read() as connection:
        here = chain.verify(connection)
    if not set(contents.record.found) <= set(here.found):
        raise StorageError(
            _(
                "{path}: what was read back is not what is in the database. There is no backup; "
                "check the disk."
            ).format(path=target)
        )


def _copy_file(source: Path, target: Path) -> None:
    with source.open("rb") as read:
        number = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(number, "wb") as written:
                shutil.copyfileobj(read, written, 1 << 20)
                written.flush()
                os.fsync(written.fileno())
        except BaseException:
            target.unlink()
            raise


def _name(partial: Path, target: Path) -> None:
    """Never in the place of another file."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        partial.rename(target)
    sync(target.parent)


def _second_name(path: Path, other: Path) -> None:
    if not path.exists():
        return
    try:
        os.link(path, other)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        _copy_file(path, other)


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
