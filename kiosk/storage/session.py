"""One database: how it is opened, and the two kinds of transaction."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SAWarning
from sqlalchemy.pool import QueuePool

from kiosk.domain.address import Address, hide_secrets, hide_secrets_in, is_local
from kiosk.domain.chain import Head
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.language import _
from kiosk.storage import cipher
from kiosk.storage.chain import Seal, holds, new_step, options
from kiosk.storage.failures import translate_errors
from kiosk.storage.file_watch import FileWatch, numbers

CONNECT_WITHIN = 10
"""Seconds for a database server to answer, where its address says nothing else."""
BUSY_WITHIN = 5
"""Seconds that a lock is waited for: the SQLite driver's own default."""
_HIDDEN = True
"""What a statement was about (names, numbers) is in no error, whose stack trace a log keeps."""
_MEMORY = (None, "", ":memory:")
_WRITE = "kiosk_write"
_DELETED = "kiosk_deleted"
_OF_ANOTHER_FILE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""What SQLite says where the tables are not those that a connection knows."""
_LOST: tuple[type[Exception], ...] = (StorageError, *cipher.ERRORS)
_ONE_WRITER = 0x6B696F736B
"""PostgreSQL's advisory lock that stands for SQLite's one writer: any number that others do not
use; these are the letters of ``kiosk``."""


class Database:
    """An engine whose failures are sentences. Any thread may use it. ``seal`` is what rows
    that must not change unseen are chained with, ``key`` what the file is encrypted with (None: it
    is plain).

    ``foreign_keys=False`` is for migrations only: SQLite rebuilds a table by dropping it, which
    would take the rows that point to it along.
    """

    def __init__(
        self,
        url: str,
        *,
        foreign_keys: bool = True,
        seal: Seal | None = None,
        key: bytes | None = None,
    ) -> None:
        self.address = url
        self.seal = seal or Seal()
        self._joined = threading.local()
        self._file: FileWatch | None = None
        parsed = _parsed(url)
        self.path = _file(parsed)
        self.key = key if self.path else None
        self.name = str(self.path or hide_secrets(url))
        with translate_errors(self.name):
            if self.path:
                _make_private(self.path)
                self._file = FileWatch(self.path, self.key)
            try:
                with catch_warnings():
                    simplefilter("error", SAWarning)  # an option in the address that is none
                    self.engine = _engine(parsed, foreign_keys, self._file, self.key)
                    self.engine.update_execution_options(**options(self.seal))
            except (NoSuchModuleError, ModuleNotFoundError) as error:
                raise BadInput(
                    _("The database address needs a driver that is not installed: {why}.").format(
                        why=error
                    )
                ) from None
            except (ArgumentError, SAWarning, TypeError, ValueError) as error:
                why = str(error).splitlines()[0].rstrip(".")
                raise BadInput(
                    _("The database address {address} can't be used: {why}.").format(
                        address=self.name, why=hide_secrets_in(why)
                    )
                ) from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and waits for nobody; inside of
        :meth:`write` on the same thread, part of that."""
        open_one = self._open_here()
        if open_one is not None:
            with translate_errors(self.name):
                yield open_one
            return
        with translate_errors(self.name):
            self._check_file()
            with self._begun_anew_after_trouble(), self.engine.connect() as connection:
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, and undone if it raises.

        What it held can then be read by everybody: a database file that was taken away or replaced
        meanwhile is a StorageError.

        There is one writer at a time, so that what is read here is still true when it is written.
        The lock is taken at once: a reader that turns writer half-way could not wait for
        it. Inside of another block on the same thread this one is part of that.
        """
        open_one = self._open_here()
        if open_one is not None:
            with translate_errors(self.name):
                yield open_one
            return
        with translate_errors(self.name):
            self._check_file()
            with (
                self._begun_anew_after_trouble(),
                self.engine.connect().execution_options(**{_WRITE: True}) as connection,
                connection.begin(),
            ):
                with self._joining(connection):
                    yield connection
                written = self._written(connection)
                step = new_step(connection)
                deleted = bool(connection.info.pop(_DELETED, False))
            self._confirm(written)
            if deleted:
                self._empty_journal()
        if step is not None:
            # Nearly always what was told last is where this transaction began: nothing is read.
            self.seal.tell(step.head, lambda one: one == step.before or self.holds(one))

    def holds(self, one: Head) -> bool:
        """Whether this entry is in the chain."""
        with self.read() as connection:
            return holds(connection, one)

    def _empty_journal(self) -> None:
        """Write what stands in SQLite's journal (WAL) into the file and cut the journal to nothing:
        pages from before something was deleted stand in it until it is written over. A reader who
        is at it puts it off to the next time; a server looks after its own."""
        if self.path is None:
            return
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    @contextmanager
    def _joining(self, connection: Connection) -> Iterator[None]:
        """Blocks inside of this one, on the same thread, are part of it."""
        if self.engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_ONE_WRITER)))
        self._joined.connection = connection
        new_step(connection)  # of a transaction that was undone, as the next
        connection.info.pop(_DELETED, None)
        try:
            yield
        finally:
            self._joined.connection = None

    def _check_file(self) -> None:
        if self._file is not None:
            with self._closing_all():
                self._file.check()

    def _written(self, connection: Connection) -> dict[str, int]:
        raw = connection.connection.driver_connection
        if self._file is None or not isinstance(raw, cipher.CONNECTIONS):
            return {}
        return numbers(raw)

    def _confirm(self, written: dict[str, int]) -> None:
        if self._file is not None:
            with self._closing_all():
                self._file.confirm(written)

    @contextmanager
    def _begun_anew_after_trouble(self) -> Iterator[None]:
        """A connection remembers the tables that it saw: those of a file that was cut off it would
        miss for ever, though the file is whole again."""
        try:
            yield
        except DBAPIError as error:
            code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_BUSY)
            if self._file is not None and code in _OF_ANOTHER_FILE:
                self.engine.dispose()
            raise

    @contextmanager
    def _closing_all(self) -> Iterator[None]:
        """If the file is another now: the next connection is to that one."""
        try:
            yield
        except _LOST:
            self.engine.dispose()
            raise

    def _open_here(self) -> Connection | None:
        found: Connection | None = getattr(self._joined, "connection", None)
        return found

    def close(self) -> None:
        """Close all connections; may be called twice."""
        self.engine.dispose()


def forget_deleted(connection: Connection) -> None:
    """What this transaction deletes is to stand in no file once it is on disk, as far as readers
    let."""
    connection.info[_DELETED] = True


def _parsed(url: str) -> URL:
    address = Address.of(url)
    try:
        return make_url(url if address.login is None or is_local(url) else address.escaped())
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise BadInput(
            _(
                "{address} is no database address. Expected one such as "
                "sqlite:////var/lib/kiosk/kiosk.db or postgresql+psycopg://host/kiosk, where "
                "user and password may stand before the host."
            ).format(address=hide_secrets(url))
        ) from None


def database_file(url: str) -> Path | None:
    """The file that an address names, where it is one. Raises BadInput: it is no address."""
    return _file(_parsed(url))


def in_memory(url: str) -> bool:
    """Whether an address names a database that ends with the program. Raises BadInput."""
    parsed = _parsed(url)
    return (
        parsed.get_backend_name() == "sqlite"
        and _file(parsed) is None
        and (parsed.database in _MEMORY or parsed.query.get("mode") == "memory")
    )


def _file(url: URL) -> Path | None:
    """The database's file, where it is one."""
    name = url.database
    if url.get_backend_name() != "sqlite" or not name or name == ":memory:":
        return None
    # A URI (file:...?uri=true) goes to SQLite as it is.
    return None if name.startswith("file:") else Path(name).absolute()


def _make_private(path: Path) -> None:
    """Create the file for its owner only; SQLite gives its side files the same mode."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _engine(url: URL, foreign_keys: bool, file: FileWatch | None, key: bytes | None) -> Engine:
    if url.get_backend_name() != "sqlite":
        # Something that listens and never answers must not be waited for for ever.
        patient = url.get_backend_name() != "postgresql" or "connect_timeout" in url.query
        waits = {} if patient else {"connect_timeout": CONNECT_WITHIN}
        return create_engine(url, pool_pre_ping=True, connect_args=waits, hide_parameters=_HIDDEN)
    if url.database in _MEMORY:
        # The database lives as long as its connection: one, handed from thread to thread.
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            connect_args={"check_same_thread": False},
            hide_parameters=_HIDDEN,
        )
    elif file is None or (path := _file(url)) is None:
        engine = create_engine(url, hide_parameters=_HIDDEN)
    else:
        create_engine(url)  # complains of what is wrong in the address as it was written
        # Never made in passing: where a database was, an empty one must not take its place.
        existing = {**url.query, "mode": "rw", "uri": "true"}
        engine = create_engine(
            url.set(database=path.as_uri(), query=existing),
            module=cipher.driver(key),
            hide_parameters=_HIDDEN,
        )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        cipher.unlock(connection, key)
        # Transactions begin where _begin says, not where Python's driver guesses.
        connection.isolation_level = None
        # A lock is waited for as long as the URL's ?timeout= says, else the driver's 5 s.
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        _use_wal(connection)
        # A decision is on disk before it is announced, even if the power fails.
        connection.execute("PRAGMA synchronous = FULL")
        # A deleted person's templates are overwritten, not only unlinked.
        connection.execute("PRAGMA secure_delete = ON")
        if file is not None:
            # Whatever lies beside the file from now on is there.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            file.opened()

    if file is not None:
        event.listen(engine, "engine_disposed", lambda _: file.closed())

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _use_wal(connection: Any) -> None:
    """Readers never wait for the writer, nor the writer for readers.

    Two that change a new file's mode at once would wait for each other for ever: SQLite refuses
    one of them at once, whatever its timeout (https://sqlite.org/rescode.html#busy). It tries
    again, as long as a lock is waited for.
    """
    give_up = time.monotonic() + BUSY_WITHIN
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except cipher.ERRORS as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
        time.sleep(0.01)
