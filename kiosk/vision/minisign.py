"""Signatures in minisign's format, so that anybody can check them without this program.

https://jedisct1.github.io/minisign/ ("Signature format"): Ed25519 (RFC 8032) over the BLAKE2b-512
digest of the file, and over that signature with the trusted comment. The older format without a
digest ("Ed") is not taken.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

_DIGESTED: Final = b"ED"
_KEY: Final = b"Ed"
_UNTRUSTED: Final = "untrusted comment: "
_TRUSTED: Final = "trusted comment: "


class BadSignature(ValueError):
    """It is none, by another key, or of another content."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who signs: eight bytes that name the key, and the key itself."""

    name: bytes
    key: bytes

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """The line that minisign prints, such as ``RWQ...``.

        Raises:
            BadSignature: it is no public key of minisign's.
        """
        data = _decoded(text.strip(), 42)
        if data[:2] != _KEY:
            raise BadSignature("no Ed25519 key")
        return cls(data[2:10], data[10:])

    def text(self) -> str:
        return base64.b64encode(_KEY + self.name + self.key).decode()

    def verify(self, content: bytes, signature: str) -> str:
        """The trusted comment of the signature file's text.

        Raises:
            BadSignature: it is not this key's signature of this content.
        """
        # Loaded where it is used: 13 ms that a first picture need not wait for.
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        lines = signature.splitlines()
        if len(lines) < 4 or not lines[2].startswith(_TRUSTED):
            raise BadSignature("no signature of minisign's")
        made, sealed = _decoded(lines[1], 74), _decoded(lines[3], 64)
        if made[:2] != _DIGESTED:
            raise BadSignature("of another kind")
        if made[2:10] != self.name:
            raise BadSignature("by another key")
        comment = lines[2].removeprefix(_TRUSTED)
        key = Ed25519PublicKey.from_public_bytes(self.key)
        try:
            key.verify(made[10:], hashlib.blake2b(content).digest())
            key.verify(sealed, made[10:] + comment.encode())
        except InvalidSignature:
            raise BadSignature("of another content") from None
        return comment


@dataclass(frozen=True, slots=True)
class SecretKey:
    """What signs, as ``minisign -G -W`` leaves it: not encrypted. ``seed`` has 32 bytes."""

    name: bytes
    seed: bytes

    @property
    def public(self) -> PublicKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return PublicKey(self.name, key.public_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> SecretKey:
        """The content of a secret key's file.

        Raises:
            BadSignature: it is none, or encrypted.
        """
        lines = text.splitlines()
        data = _decoded(lines[1] if len(lines) > 1 else "", 158)
        if data[:6] != _KEY + bytes(2) + b"B2":
            raise BadSignature("encrypted, or of another kind")
        return cls(data[54:62], data[62:94])

    def text(self) -> str:
        key = self.name + self.seed + self.public.key
        check = hashlib.blake2b(_KEY + key, digest_size=32).digest()
        data = _KEY + bytes(2) + b"B2" + bytes(48) + key + check
        return f"{_UNTRUSTED}minisign secret key\n{base64.b64encode(data).decode()}\n"

    def sign(self, content: bytes, comment: str) -> str:
        """The text of the signature file; ``comment`` is one line, signed too."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        made = key.sign(hashlib.blake2b(content).digest())
        sealed = key.sign(made + comment.encode())
        first = base64.b64encode(_DIGESTED + self.name + made).decode()
        return (
            f"{_UNTRUSTED}signature from minisign secret key\n{first}\n"
            f"{_TRUSTED}{comment}\n{base64.b64encode(sealed).decode()}\n"
        )


def _decoded(text: str, length: int) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if len(data) != length:
        raise BadSignature("cut off, or no signature")
    return data
