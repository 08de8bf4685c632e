"""The chain that rows of the record form, so that none is changed, taken out, put in or cut off
unseen.

Each entry says of one row what its content was, as a SHA-256 over its columns in a form of their
own, and its link is an HMAC-SHA256 (RFC 2104) over that and the link before, with a key that is
kept apart from the database. ``tools/verify_log.py`` says the same in a hundred lines of standard
library, for whoever wants to trust neither this program nor its makers.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

BEGIN: Final = bytes(32)
"""The link before the first."""
DERIVED: Final = frozenset({"search_name"})
"""Columns that follow from others, and may be made anew."""


class Altered(StrEnum):
    """What was done to the record behind the kiosk's back."""

    CHANGED = "changed"
    """A row says something else than when it was written."""
    MISSING = "missing"
    """A row is gone."""
    ADDED = "added"
    """A row that the kiosk did not write."""
    BROKEN = "broken"
    """An entry of the chain itself was changed, moved, put in or taken out."""
    CUT = "cut"
    """The newest entries are gone, or the whole database is an older copy."""
    OTHER_KEY = "other_key"
    """Written with another key than the one at hand: whether it is true can't be told."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry: its place from 1 on, the row that it is of, and what proves it."""

    seq: int
    table: str
    row_id: int
    content: bytes
    link: bytes
    key_id: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry, as it is told outside of the database; of one that was written down,
    ``link`` may be the first sixteen digits or more."""

    seq: int
    link: str

    def told(self, at: datetime) -> str:
        """A line for a file, a log or a code on paper, of this moment."""
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ} {self.seq}:{self.link}"

    def is_of(self, link: bytes) -> bool:
        return link.hex().startswith(self.link)


@dataclass(frozen=True, slots=True)
class Alteration:
    """What was found, at which entry (0 where there is none) and in which row."""

    what: Altered
    seq: int
    table: str = ""
    row_id: int = 0


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Of how many entries, and what was found, the first by place first; empty where all stands as
    it was written. ``found`` is cut after some."""

    entries: int
    head: Head | None
    found: tuple[Alteration, ...] = ()


_TOLD: Final = re.compile(r'(\d{1,18})(?:, "link": "|:)([0-9a-f]{16,64})(?![0-9a-f])')


def heads_in(text: str) -> tuple[Head, ...]:
    """All heads that a text names, in lines as ``Head.told`` writes them or scanned from paper.

    Raises:
        BadInput: there is none.
    """
    found = tuple(Head(int(seq), link) for seq, link in _TOLD.findall(text.lower()))
    if not found:
        raise BadInput(
            _(
                "This should name an entry of the record, its number and link such as "
                "1234:0f3a9c5e7b1d2468, or be a file of such lines; there is none in it."
            )
        )
    return found


def content(row: Mapping[str, Any]) -> bytes:
    """The SHA-256 of a row: its columns that hold anything, by name, as JSON. Times are in UTC to
    the microsecond, truth values 0 and 1, bytes in hexadecimal."""
    columns = [
        [name, _plain(row[name])]
        for name in sorted(row)
        if row[name] is not None and name not in DERIVED
    ]
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).digest()


def next_link(key: bytes, before: bytes, seq: int, table: str, row_id: int, row: bytes) -> bytes:
    """The link of an entry whose row has this content."""
    told = before + seq.to_bytes(8) + f"{table}\0{row_id}\0".encode() + row
    return hmac.digest(key, told, "sha256")


def key_id(key: bytes) -> str:
    """What tells keys apart without telling them: eight letters."""
    return hashlib.sha256(b"kiosk chain key\0" + key).hexdigest()[:8]


def _plain(value: object) -> object:
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return value
