"""How a database's file is opened: encrypted as a whole by SQLCipher, or plain.

SQLCipher is SQLite with each page under AES-256-CBC and an HMAC-SHA512, in database, write-ahead
log and backups; temporary tables stay in memory. The key is given as it is: deriving one from a
passphrase would take a quarter of a second for each connection.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any, Final

try:
    from sqlcipher3 import dbapi2 as _sqlcipher
except ImportError:  # no wheel for this platform
    _sqlcipher = None

AVAILABLE: Final = _sqlcipher is not None
"""Whether this machine can encrypt at all."""
ERRORS: Final[tuple[type[Exception], ...]] = (
    (sqlite3.Error, _sqlcipher.Error) if _sqlcipher else (sqlite3.Error,)
)
"""What either driver raises; their codes are SQLite's."""
CONNECTIONS: Final[tuple[type, ...]] = (
    (sqlite3.Connection, _sqlcipher.Connection) if _sqlcipher else (sqlite3.Connection,)
)


def driver(key: bytes | None) -> ModuleType:
    """The DB-API module for a file with this key, or (None) a plain one."""
    if key is None:
        return sqlite3
    assert _sqlcipher is not None
    return _sqlcipher  # type: ignore[no-any-return]


def unlock(connection: Any, key: bytes | None) -> None:
    """Before anything else is asked of a new connection."""
    if key is None:
        return
    # What is wrong is told by our own sentence, not by lines on the error output.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {literal(key)}")
    connection.execute("PRAGMA temp_store = MEMORY")


def literal(key: bytes) -> str:
    """A key as SQL takes it."""
    return f"\"x'{key.hex()}'\""


def connect(path: Path, key: bytes | None, options: str = "mode=rw", **more: Any) -> Any:
    """An existing file by itself, in autocommit. ``options`` are those of SQLite's URIs.

    Raises:
        one of ``ERRORS``: it can't be opened. Whether the key is right is known at the first read.
    """
    uri = f"{path.absolute().as_uri()}?{options}"
    connection = driver(key).connect(uri, uri=True, isolation_level=None, **more)
    try:
        unlock(connection, key)
    except BaseException:
        connection.close()
        raise
    return connection
