"""The key that a database is encrypted with, as a value, and as it is written on paper."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

LENGTH: Final = 32
"""Bytes of a key: AES-256."""
_CHECK: Final = 4


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The newest key, which everything is to be under, and older ones that a backup or a database
    may still be under. ``place`` says for people where they lie."""

    keys: tuple[bytes, ...] = field(repr=False)
    place: str = ""

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) != LENGTH for key in self.keys):
            raise ValueError("a ring holds keys of 32 bytes, one at least")

    @property
    def newest(self) -> bytes:
        return self.keys[0]


def parse_keys(text: str) -> tuple[bytes, ...]:
    """Keys of 64 hexadecimal digits, newest first, apart by lines, spaces or commas; none where
    there is anything else."""
    words = text.replace(",", " ").split()
    if not all(re.fullmatch(r"[0-9a-fA-F]{64}", word) for word in words):
        return ()
    return tuple(bytes.fromhex(word) for word in words)


def on_paper(key: bytes) -> str:
    """Groups of four digits in four lines, the last group a checksum of all."""
    text = key.hex() + _checksum(key)
    groups = [text[at : at + 4] for at in range(0, len(text), 4)]
    lines = [" ".join(groups[at : at + 4]) for at in range(0, 16, 4)]
    return "\n".join([*lines, groups[16]])


def from_paper(text: str) -> bytes:
    """What :func:`on_paper` wrote, however it is spaced.

    Raises:
        BadInput: digits are missing or were read wrongly.
    """
    digits = "".join(text.split()).replace("-", "").lower()
    if re.fullmatch(rf"[0-9a-f]{{{2 * LENGTH + _CHECK}}}", digits):
        key = bytes.fromhex(digits[: 2 * LENGTH])
        if _checksum(key) == digits[2 * LENGTH :]:
            return key
    raise BadInput(
        _(
            "This is no key, or a digit was read wrongly: expected are 17 groups of 4 digits "
            "(0 to 9, a to f), as `kiosk key show` printed them. Compare each group."
        )
    )


def _checksum(key: bytes) -> str:
    return hashlib.sha256(b"kiosk database key\0" + key).hexdigest()[:_CHECK]
