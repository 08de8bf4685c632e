"""What somebody with a role signs in by: a PIN of six digits or more, or a passphrase."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.names import folded
from kiosk.domain.pin import LEAST_ADMIN, MOST, checked

LEAST_LETTERS: Final = 15
"""NIST SP 800-63B-4, 3.1.1.2: a password that is all that is asked for."""
MOST_LETTERS: Final = 128
COMMON: Final = frozenset(
    [
        "correcthorsebatterystaple",
        "administrator123",
        "administratoradministrator",
        "changemechangeme",
        "iloveyouiloveyou",
        "letmeinletmeinletmein",
        "mynameismynameis",
        "opensesameopensesame",
        "passwordpassword",
        "password12345678",
        "password123456789",
        "p@ssw0rdp@ssw0rd",
        "qwertyuiopasdfgh",
        "qwertyuiopasdfghjkl",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjkl",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "abcdefghijklmno",
        "abcdefghijklmnopqrstuvwxyz",
        "thisisapassword",
        "thisismypassword",
        "whatismypassword",
        "welcomewelcome1",
    ]
)
"""Long ones that stand in lists of what leaked."""


def normal(secret: str) -> str:
    """As it is hashed: the same letters typed on any keyboard (NFKC, as the same standard asks)."""
    return unicodedata.normalize("NFKC", secret)


def checked_secret(secret: str, names: Iterable[str] = ()) -> str:
    """The PIN or passphrase in its normal form, if it is one that is not tried first. ``names``
    are those that it must not consist of.

    Raises:
        BadInput: digits that are no PIN of 6 to 12, or too easy; or a passphrase of fewer than 15
            or more than 128 characters, a common one, or a short part again and again.
    """
    secret = normal(secret)
    if secret.isdigit():
        return checked(secret, LEAST_ADMIN)
    if not LEAST_LETTERS <= len(secret) <= MOST_LETTERS:
        raise BadInput(
            _(
                "Give a PIN of {least} to {most} digits, or a passphrase of {letters} or more."
            ).format(least=LEAST_ADMIN, most=MOST, letters=LEAST_LETTERS)
        )
    plain = "".join(folded(secret).split())
    if plain in COMMON or _repeats(plain) or plain in {"".join(folded(n).split()) for n in names}:
        raise BadInput(_("This is among the first that anybody tries: choose another."))
    return secret


def _repeats(text: str) -> bool:
    """Whether it is one part of at most a third of it, again and again."""
    return any(
        (text[:length] * len(text))[: len(text)] == text for length in range(1, len(text) // 3 + 1)
    )
