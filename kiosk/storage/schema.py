"""Brings a database to the tables of this version: made, migrated, or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from kiosk.domain.errors import StorageError
from kiosk.domain.language import _
from kiosk.storage import chain, cipher
from kiosk.storage.copying import copy
from kiosk.storage.session import Database
from kiosk.storage.tables import metadata

HEAD = "0010"
"""The newest revision in ``migrations/versions``. Written down here, so that a start with an
up-to-date database need not import Alembic."""

CHAIN_BEGINS = "0008"
"""The revision whose migration enters all that stood there before."""

log = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).parent / "migrations"
# As Alembic makes it.
_version = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


def _now() -> datetime:
    return datetime.now(UTC)


def prepare(
    database: Database, now: Callable[[], datetime] = _now, *, may_make: bool = True
) -> None:
    """Make the tables in an empty database (where ``may_make``), or migrate an older one after a
    backup.

    Either happens in one transaction: it is done as a whole or not at all, and a second kiosk
    that starts at the same time waits for it.

    Raises:
        StorageError: the database is of a newer version or another program, or fails; or it is
            empty and none may be made.
    """
    with database.read() as connection:
        if revision(connection) == HEAD:
            return
    if database.path is None:
        with database.write() as connection:
            _bring_up(connection, database, now, may_make)
        return
    with (
        closing(_without_foreign_keys(database)) as unlinked,
        unlinked.write() as connection,
    ):
        _bring_up(connection, database, now, may_make)


def gone(name: str) -> StorageError:
    """What is said where a database was, and there is none or one without tables."""
    return StorageError(
        _(
            "The database that was at {place} is not there. Is its disk mounted, and its address "
            "right? To go back to a backup, say `kiosk restore`; to begin anew with an empty "
            "database, say `kiosk log accept --new`."
        ).format(place=name)
    )


def _without_foreign_keys(database: Database) -> Database:
    return Database(database.address, foreign_keys=False, seal=database.seal, key=database.key)


def revision(connection: Connection) -> str | None:
    """The database's revision; None if it has none."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar()


def _bring_up(
    connection: Connection, database: Database, now: Callable[[], datetime], may_make: bool
) -> None:
    found = revision(connection)
    if found == HEAD:
        return
    if found is not None:
        _migrate(connection, found, database, now())
    elif inspect(connection).get_table_names():
        raise StorageError(
            _(
                "The database {name} holds another program's tables. Name an empty database "
                "or a new file."
            ).format(name=database.name)
        )
    elif not may_make:
        raise gone(database.name)
    else:
        metadata.create_all(connection)
        _version.create(connection)
        connection.execute(insert(_version).values(version_num=HEAD))


def _migrate(connection: Connection, found: str, database: Database, at: datetime) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if found not in known:
        raise StorageError(
            _(
                "The database {name} is of a newer version (revision {found}) than this "
                "program knows (up to {head}). Install the newer program, or use a backup "
                "made before it."
            ).format(name=database.name, found=found, head=HEAD)
        )
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _backed_up(database, found, at), _whole(database.name):
        command.upgrade(config, "head")
        if found < CHAIN_BEGINS:
            chain.begin(connection)


@contextmanager
def _whole(database: str) -> Iterator[None]:
    """Whatever rows an older file holds, a migration that can't read one is told in a sentence; the
    transaction is undone, and what went wrong stands in the log."""
    try:
        yield
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        log.debug("migration", exc_info=True)
        raise StorageError(
            _(
                "The database {database} can't be brought up to this version, since something in "
                "it is damaged ({what}). Nothing was changed: go back to a backup, or keep the "
                "program of before."
            ).format(database=database, what=error)
        ) from error


@contextmanager
def _backed_up(database: Database, found: str, at: datetime) -> Iterator[None]:
    """A consistent copy beside the database, for its owner only, of what is committed. None is left
    by a migration that fails: nothing was changed, and it is tried again and again."""
    path, key = database.path, database.key
    if path is None:
        yield
        return
    target = path.with_name(f"{path.name}.backup-{found}-{at:%Y%m%dT%H%M%SZ}")
    # The migration holds the write lock: nothing is committed between copy and change.
    with closing(cipher.connect(path, key)) as source:
        copy(source, key, target)
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise
