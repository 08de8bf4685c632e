"""The log of a running kiosk: a file in its data folder, its owner's only, without passwords."""

from __future__ import annotations

import io
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from kiosk.domain.address import hide_secrets_in
from kiosk.services.private_files import OWNER_ONLY

NAME = "kiosk.log"
SIZE, KEPT = 1_000_000, 3
"""Bytes of a file, and how many older ones are kept."""


class WithoutSecrets(logging.Formatter):
    """Writes no part of an address's user and password, be it in a message or in a stack trace."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets_in(super().format(record))


@contextmanager
def log_file(folder: Path) -> Iterator[Path]:
    """Write warnings and errors of the whole program to the folder's log file meanwhile. A disk
    that is full or read-only is no reason to stop."""
    path = folder / NAME
    handler = _OwnersFile(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(
        WithoutSecrets("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    )
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield path
    finally:
        root.removeHandler(handler)
        handler.close()


class _OwnersFile(RotatingFileHandler):
    def emit(self, record: logging.LogRecord) -> None:
        """Into what is at the path now: the disk may have been mounted over the file, or it was
        moved away."""
        if self.stream is not None and not self._is_there(self.stream):
            self.stream.close()
            self.stream = None
        super().emit(record)

    def _is_there(self, stream: io.TextIOWrapper) -> bool:
        try:
            return os.path.samestat(Path(self.baseFilename).stat(), os.fstat(stream.fileno()))
        except OSError:
            return False

    def _open(self) -> io.TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, OWNER_ONLY)

        return open(
            self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=opener
        )

    def handleError(self, record: Any) -> None:  # noqa: N802
        """Nothing: the standard handler still tells it on the error output."""
