"""Files that may be read: regular ones, within bounds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a regular file, at most ``most``. Never waits for a pipe.

    Raises:
        BadInput: it is no regular file.
        OSError: it can't be opened or read.
    """
    # Not to wait for whoever writes into a pipe, should it be one.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    require_regular(path)
    with os.fdopen(os.open(path, flags), "rb") as file:
        _require_regular(path, os.fstat(file.fileno()).st_mode)  # as it is now, not a moment ago
        return file.read(most)


def require_regular(path: Path) -> None:
    """See :func:`read_regular`; opens nothing."""
    _require_regular(path, path.stat().st_mode)


def _require_regular(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise BadInput(_("Expected a file, but {path} is a folder.").format(path=path))
    if stat.S_ISFIFO(mode):
        kind = _("a pipe")
    elif stat.S_ISSOCK(mode):
        kind = _("a socket")
    else:
        kind = _("a device")
    raise BadInput(
        _("{path} is {kind}, not a file. Save what comes out of it as a file first.").format(
            path=path, kind=kind
        )
    )
