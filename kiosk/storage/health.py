"""What ``doctor`` is told of the database."""

from __future__ import annotations

from sqlalchemy import Connection, Table, false, func, select, update

from kiosk.domain.errors import StorageError
from kiosk.domain.records import StorageReport
from kiosk.storage import cipher
from kiosk.storage.schema import revision
from kiosk.storage.session import Database
from kiosk.storage.tables import clock_events, events, people, templates


def report(database: Database) -> StorageReport:
    """Look at everything; some 100 ms a 100,000 log rows.

    Raises:
        StorageError: the database can't be read at all.
    """
    unwritable = _unwritable(database)
    with database.read() as connection:
        return StorageReport(
            engine=f"{database.engine.dialect.name} {_version(connection)}",
            location=database.name,
            revision=revision(connection) or "none",
            people=_rows(connection, people),
            templates=_rows(connection, templates),
            events=_rows(connection, events),
            clock_events=_rows(connection, clock_events),
            size=database.path.stat().st_size if database.path else None,
            problems=_problems(connection),
            unwritable=unwritable,
            encrypted=database.key is not None,
            can_encrypt=cipher.AVAILABLE,
        )


def _unwritable(database: Database) -> str:
    try:
        with database.write() as connection:
            # Of no row, but refused all the same where rows may not be written.
            connection.execute(update(events).where(false()).values(camera=events.c.camera))
    except StorageError as error:
        return str(error)
    return ""


def _rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _version(connection: Connection) -> str:
    return ".".join(str(part) for part in connection.dialect.server_version_info or ())


def _problems(connection: Connection) -> tuple[str, ...]:
    if connection.dialect.name != "sqlite":
        return ()
    lines = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = [str(line) for line in lines if line != "ok"]
    if lost:
        found.append(f"{len(lost)} rows name a row that is gone")
    return tuple(found)
