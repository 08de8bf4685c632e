"""PINs and passphrases as they are kept: hashed with Argon2id."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Hashes:
    """Any thread but the screen's: a check takes about 0.1 s by design (argon2's own defaults,
    RFC 9106's second choice). ``nobody`` is the hash of a secret that nobody knows, made by
    ``hasher``: checking it costs the same as checking a real one."""

    def __init__(self, hasher: PasswordHasher, nobody: str) -> None:
        self._hasher = hasher
        self._nobody = nobody

    def of(self, secret: str) -> str:
        """To be stored."""
        return self._hasher.hash(secret)

    def match(self, stored: str | None, secret: str) -> bool:
        """Whether it is the right one; it takes as long where nothing is stored."""
        try:
            self._hasher.verify(stored or self._nobody, secret)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def anew(self, stored: str, secret: str) -> str | None:
        """The hash of the right secret by the parameters of today, where the stored one was made
        by others; else None."""
        return self.of(secret) if self._hasher.check_needs_rehash(stored) else None
