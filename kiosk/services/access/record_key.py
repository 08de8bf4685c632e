"""The key that the record is chained with, and its newest head: apart from the database."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable
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
    """The newest head of one database, so that its end can't be cut off unseen. It only goes
    forward along one chain: of a database that was taken back it keeps what was there before,
    however much is written after. What can't be kept is said once, and keeps nobody out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._told = False

    def tell(self, head: Head, holds: Callable[[Head], bool]) -> None:
        """Keep it, if it is newer than what is kept, and its chain ``holds`` that; some 0.1 ms.

        Several kiosks may share a database: what a slower one tells late is passed over."""
        kept = self.known()
        try:
            if kept is not None and not holds(kept):
                raise StorageError(
                    _(
                        "Entry no. {number} of the record was written, and is not there or is "
                        "another: the database was taken back. `kiosk log verify` says more."
                    ).format(number=kept.seq)
                )
            if kept is None or kept.seq < head.seq:
                self.set_anew(head)
        except StorageError as error:
            if not self._told:
                log.warning("%s", error)
            self._told = True

    def set_anew(self, head: Head) -> None:
        """Keep it whatever was kept before: an older copy was put in place lawfully.

        Raises:
            StorageError: the file can't be written.
        """
        partial = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_text(json.dumps({"seq": head.seq, "link": head.link}), "ascii")
            partial.replace(self.path)
        except OSError as error:
            raise StorageError(
                _(
                    "The record's newest entry can't be kept at {path}: {why}. Put that right, and "
                    "say `kiosk log accept` where the database was put back."
                ).format(path=self.path, why=error.strerror)
            ) from None

    def known(self) -> Head | None:
        """What was kept last; None where nothing was, or nothing that can be read."""
        try:
            kept = json.loads(self.path.read_text("ascii"))
            return Head(int(kept["seq"]), str(kept["link"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
