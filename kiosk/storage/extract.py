"""The record as a plain file, for whoever checks it without the kiosk's key."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.storage.chain import CHAINED
from kiosk.storage.failures import translate_errors
from kiosk.storage.sealing import sync
from kiosk.storage.session import Database
from kiosk.storage.tables import chain

TABLES: Final = (*(table.name for table in CHAINED), chain.name)


def extract(database: Database, target: Path) -> int:
    """Write the chained tables and the chain, value by value as they are stored, into a new SQLite
    file that is not encrypted, for its owner only; returns how many entries the chain has.

    Raises:
        BadInput: the file exists already, or the database is a server's.
        StorageError: one of them can't be read or written; then there is no file.
    """
    if database.engine.dialect.name != "sqlite":
        raise BadInput(
            _("The record of a database on a server is checked there: use `kiosk log verify`.")
        )
    if os.path.lexists(target):
        raise BadInput(_("{path} exists already: name a new file.").format(path=target))
    with database.read() as connection, translate_errors(str(target)):
        source = connection.connection.driver_connection
        assert source is not None
        # Its name is that of a whole file; what a kill left of another run goes.
        partial = target.with_name(f".{target.name}.part")
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with closing(sqlite3.connect(partial)) as written:
                for name in TABLES:
                    (statement,) = source.execute(
                        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [name]
                    ).fetchone()
                    written.execute(statement)
                    rows = source.execute(f'SELECT * FROM "{name}"')
                    marks = ", ".join("?" * len(rows.description))
                    written.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
                written.commit()
                count = written.execute(f'SELECT count(*) FROM "{chain.name}"').fetchone()[0]
            sync(partial)
            partial.rename(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return int(count)
