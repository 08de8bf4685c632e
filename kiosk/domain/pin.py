"""What a PIN may be."""

from __future__ import annotations

from itertools import pairwise

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _


def checked(pin: str) -> str:
    """The PIN, if it is 4 to 12 digits, not all the same and no plain row such as 1234.

    Raises:
        BadInput: it is not.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise BadInput(_("A PIN has 4 to 12 digits."))
    steps = {ord(b) - ord(a) for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise BadInput(
            _("{pin} is the first PIN that anybody tries: choose another.").format(pin=pin)
        )
    return pin
