"""Copies of a database that are whole, made while it is in use."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from kiosk.storage import cipher
from kiosk.storage.failures import translate_errors


def copy(source: Any, key: bytes | None, target: Path) -> None:
    """Copy into a new file, for its owner only, under the same key. Raises StorageError;
    then there is no file."""
    with translate_errors(str(target)):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with closing(cipher.connect(target, key)) as copied:
                source.backup(copied)
                # All of it in this one file.
                copied.execute("PRAGMA journal_mode = DELETE")
        except BaseException:
            target.unlink()
            raise
