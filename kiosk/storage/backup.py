"""Copies of a database that are whole, made while it is in use."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.storage import cipher
from kiosk.storage.failures import translate_errors
from kiosk.storage.session import Database


def back_up(database: Database, target: Path) -> None:
    """Copy what is committed into a new file, for its owner only; seconds where it is large.

    Raises:
        BadInput: the file exists already, or the database is a server's.
        StorageError: the database can't be read or the file not written; then there is no file.
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
    with database.engine.connect() as connection:
        source = connection.connection.driver_connection
        copy(source, database.key, target)


def copy(source: Any, key: bytes | None, target: Path) -> None:
    """Copy into a new file, for its owner only, under the same key. Raises StorageError;
    then there is no file."""
    with translate_errors(str(target)):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with closing(cipher.connect(target, key)) as copied:
                source.backup(copied)
        except BaseException:
            target.unlink()
            raise
