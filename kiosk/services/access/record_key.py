"""The key that the record is chained with, and its newest head: apart from the database."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from pathlib import Path
from typing import Final

from kiosk.domain.chain import Head
from kiosk.domain.errors import StorageError
from kiosk.domain.language import _
from kiosk.services.private_files import create_private

log = logging.getLogger(__name__)

KEY_FILE: Final = "KIOSK_KEY_FILE"
"""The environment's name for another place of the key: one file for many kiosks on one database."""
NAME: Final = "record.key"
LENGTH: Final = 32


class RecordKey:
    """A file of its owner's only, with 64 hexadecimal digits, made where there is none; beside it
    the newest head of each database. ``folder`` is where both lie unless the environment names a
    key file."""

    def __init__(self, folder: Path) -> None:
        named = os.environ.get(KEY_FILE, "")
        self.path = Path(named).expanduser() if named else folder / NAME
        self._may_make = not named

    def read(self) -> bytes:
        """The key.

        Raises:
            StorageError: it can't be read or made, or is none.
        """
        try:
            if self._may_make and not self.path.exists():
                create_private(self.path, secrets.token_hex(LENGTH))
            text = self.path.read_text("ascii").strip()
            key = bytes.fromhex(text)
        except OSError as error:
            raise StorageError(
                _(
                    "The key that the record is sealed with can't be read at {path}: {why}. Put it "
                    "back from where you keep it, or name another file in {variable}."
                ).format(path=self.path, why=error.strerror, variable=KEY_FILE)
            ) from None
        except ValueError:
            key = b""
        if len(key) != LENGTH:
            raise StorageError(
                _(
                    "{path} should hold the key that the record is sealed with, 64 hexadecimal "
                    "digits: put it back from where you keep it."
                ).format(path=self.path)
            )
        return key

    def heads(self, address: str) -> HeadFile:
        """Of the database at an address."""
        name = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return HeadFile(self.path.parent / "heads" / f"{name}.json")


class HeadFile:
    """The newest head of one database, so that its end can't be cut off unseen. A file that can't
    be written is said once, and keeps nobody out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._told = False

    def tell(self, head: Head) -> None:
        """Keep it; some 0.1 ms."""
        partial = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_text(json.dumps({"seq": head.seq, "link": head.link}), "ascii")
            partial.replace(self.path)
        except OSError as error:
            if not self._told:
                log.warning("the record's newest entry can't be kept at %s: %s", self.path, error)
            self._told = True

    def known(self) -> Head | None:
        """What was kept last; None where nothing was, or nothing that can be read."""
        try:
            kept = json.loads(self.path.read_text("ascii"))
            return Head(int(kept["seq"]), str(kept["link"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
