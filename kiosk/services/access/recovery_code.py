"""The printed code that gives a way back to whoever forgot the administrator's PIN."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: none is taken for another."""
GROUPS, IN_A_GROUP = 5, 5
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_code() -> str:
    """Five groups of five: 125 bits by chance, so that nobody guesses it however fast."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS)
    )


def code_hash(code: str) -> str:
    """What is kept of it, however it is typed. A plain SHA-256: with 125 bits nothing is gained by
    a slow one."""
    meant = code.upper().translate(_MEANT)
    return hashlib.sha256(b"kiosk recovery code\0" + meant.encode()).hexdigest()


def code_fits(stored: str, code: str) -> bool:
    """Whether this is the code that is kept; never where none is."""
    return hmac.compare_digest(stored, code_hash(code))
