"""What a PIN may be."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

LEAST: Final = 4
LEAST_ADMIN: Final = 6
MOST: Final = 12
COMMON: Final = frozenset(
    [
        "112233",
        "123123",
        "123321",
        "123654",
        "147258",
        "147369",
        "159357",
        "159753",
        "159951",
        "258456",
        "321654",
        "456123",
        "654123",
        "741852",
        "789456",
        "789654",
        "852456",
        "963852",
        "987456",
        "102030",
        "121314",
        "131313",
        "1234567890",
        "0987654321",
        "112358",
        "142536",
        "314159",
        "271828",
        "696969",
        "420420",
        "007007",
        "101010",
        "111222",
        "222333",
        "112211",
        "123455",
        "123789",
        "147852",
        "0123456",
        "7654321",
        "12344321",
        "11223344",
        "12341234",
        "147258369",
        "741852963",
        "159263",
        "951753",
        "357159",
        "258369",
    ]
)
"""Those of six digits and more that stand highest in lists of PINs that leaked."""


def checked(pin: str, least: int = LEAST) -> str:
    """The PIN, if it is ``least`` to 12 digits and none of the first that anybody tries: all the
    same, a plain row such as 1234, from six digits on also a short part again and again and the
    most common ones.

    Raises:
        BadInput: it is not.
    """
    if not (pin.isascii() and pin.isdigit() and least <= len(pin) <= MOST):
        raise BadInput(_("A PIN has {least} to {most} digits.").format(least=least, most=MOST))
    if _first_tried(pin):
        raise BadInput(
            _("{pin} is the first PIN that anybody tries: choose another.").format(pin=pin)
        )
    return pin


def _first_tried(pin: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        return True
    if len(pin) < LEAST_ADMIN:  # of 10,000 there are few enough already
        return False
    parts = (pin[:length] for length in range(1, len(pin) // 2 + 1))
    return pin in COMMON or any(part * (len(pin) // len(part)) == pin for part in parts)
