"""Whether the file that SQLite has open is still the one that everybody else sees.

A file that was unlinked or renamed goes on working for whoever has it open: decisions would be told
that no file holds. So the path is looked at before and after each transaction, and what was written
is read back through a connection of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.domain.errors import StorageError
from kiosk.domain.language import _
from kiosk.storage import cipher

_Inode = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Look:
    """The file and its write-ahead log and index, as they lie on the disk now."""

    main: _Inode
    size: int
    wal: _Inode | None
    shm: _Inode | None

    def may_follow(self, before: _Look) -> bool:
        """Whether this can be the same database somewhat later."""
        return (
            self.main == before.main
            and self.size >= before.size  # nobody shrinks it but VACUUM, which we never do
            and before.wal in (None, self.wal)
            and before.shm in (None, self.shm)
        )


class FileWatch:
    """Any thread. Where a look raises, all connections must be closed: the next ones are to what
    lies at the path then."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self._path = path
        self._key = key
        self._lock = threading.Lock()
        self._known: _Look | None = None
        self._lost: _Look | None = None

    def opened(self) -> None:
        """A connection was opened; the first one says what is looked for from now on."""
        with self._lock:
            self._known = self._known or self._look()

    def closed(self) -> None:
        """All connections were closed, on purpose: SQLite takes the files beside it away itself."""
        with self._lock:
            self._known = None

    def check(self) -> None:
        """Some 10 us.

        Raises:
            StorageError: the file is gone, or another.
        """
        with self._lock:
            try:
                now = self._look()
                self._compare(now)
            except StorageError:
                self._lost, self._known = self._known or self._lost, None
                raise
            self._known = self._known and now

    def confirm(self, written: Mapping[str, int]) -> None:
        """Read back through a new connection what was committed: the newest number of each table;
        some 0.2 ms.

        Raises:
            StorageError: it is not there.
        """
        self.check()
        with closing(cipher.connect(self._path, self._key, "mode=ro")) as other:
            found = numbers(other)
        if any(found.get(table, 0) < number for table, number in written.items()):
            with self._lock:
                self._lost, self._known = self._known or self._lost, None
            raise StorageError(
                _(
                    "The database {path} does not hold what was just written to it: it was "
                    "replaced or overwritten. Put the right file back."
                ).format(path=self._path)
            )

    def _compare(self, now: _Look) -> None:
        before = self._known
        if before is not None and not now.may_follow(before):
            raise StorageError(
                _(
                    "The database {path} is not the file that it was: it was replaced, cut off or "
                    "overwritten, or a file beside it was deleted. It is opened anew."
                ).format(path=self._path)
            )
        lost = self._lost
        foreign = lost is not None and lost.main != now.main and lost.wal is not None
        if before is None and lost is not None and foreign and lost.wal == now.wal:
            raise StorageError(
                _(
                    "The database {path} was replaced, but {name}-wal beside it belongs to the one "
                    "before and would spoil it. Put the old file back, or delete {name}-wal and "
                    "{name}-shm as well."
                ).format(path=self._path, name=self._path.name)
            )

    def _look(self) -> _Look:
        try:
            main = self._path.stat()
        except OSError as error:
            raise StorageError(
                _(
                    "The database {path} is gone ({why}): it was removed or renamed, or its disk "
                    "is away. Put it back; the kiosk goes on by itself."
                ).format(path=self._path, why=error.strerror or error)
            ) from error
        return _Look(
            (main.st_dev, main.st_ino), main.st_size, self._inode("-wal"), self._inode("-shm")
        )

    def _inode(self, side: str) -> _Inode | None:
        try:
            found = self._path.with_name(self._path.name + side).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def numbers(connection: Any) -> dict[str, int]:
    """The number given last in each table."""
    return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
