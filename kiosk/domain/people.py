"""Who is known here, and by which templates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Vector
from kiosk.domain.invisible import without_invisible
from kiosk.domain.language import _

NAME_LIMIT = 200
GROUP_LIMIT = 60
STAFF_NUMBER_LIMIT = 32
GOOD, FAIR = 0.75, 0.5
"""The least quality of a photo that is called good, and fair."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody enrolled. ``created_at`` is in UTC; a disabled person is never let in, nor is one
    on a day outside ``valid_from`` to ``valid_until``, both included. ``group`` is a department."""

    id: int
    name: str
    staff_number: str | None
    enabled: bool
    created_at: datetime
    has_pin: bool = False
    template_count: int = 0
    group: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def valid(self, day: date) -> bool:
        """Whether the person belongs to the site on a day; both ends are included."""
        if self.valid_from is not None and day < self.valid_from:
            return False
        return self.valid_until is None or day <= self.valid_until


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One reference vector of a person, made by the encoder ``encoder_id``.

    ``quality`` is 0 to 1; ``source`` says where it came from (``camera``, or a file's name);
    ``created_at`` is in UTC. Vectors of different encoders can't be compared.
    """

    id: int
    person_id: int
    vector: Vector
    encoder_id: str
    quality: float
    source: str
    created_at: datetime


def clean_name(name: str) -> str:
    """A name as it is stored: NFC, no control characters or marks that nobody sees, single spaces,
    1 to 200 characters.

    Raises:
        BadInput: nothing that can be seen is left, or the name is longer than 200 characters.
    """
    cleaned = clean_text(name)
    if all(unicodedata.category(c) in {"Cf", "Zs"} for c in cleaned):
        raise BadInput(_("The name is empty: type the person's name."))
    if len(cleaned) > NAME_LIMIT:
        raise BadInput(
            _("The name has {count} characters; at most {limit} fit. Shorten it.").format(
                count=len(cleaned), limit=NAME_LIMIT
            )
        )
    return cleaned


def clean_group(group: str) -> str:
    """A group (a department) as it is stored; empty for none.

    Raises:
        BadInput: it is longer than 60 characters.
    """
    cleaned = clean_text(group)
    if len(cleaned) > GROUP_LIMIT:
        raise BadInput(
            _("The group has {count} characters; at most {limit} fit.").format(
                count=len(cleaned), limit=GROUP_LIMIT
            )
        )
    return cleaned


def check_dates(valid_from: date | None, valid_until: date | None) -> None:
    """Raises BadInput where the last day lies before the first."""
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise BadInput(_("The last day lies before the first: put them the other way round."))


def clean_staff_number(staff_number: str | None) -> str | None:
    """A staff number as it is stored, or None where none was given.

    Raises:
        BadInput: it is longer than 32 characters.
    """
    cleaned = clean_text(staff_number or "")
    if len(cleaned) > STAFF_NUMBER_LIMIT:
        raise BadInput(
            _("The staff number has {count} characters; at most {limit} fit.").format(
                count=len(cleaned), limit=STAFF_NUMBER_LIMIT
            )
        )
    return cleaned or None


def clean_text(text: str) -> str:
    """In one form (NFC), without control characters or marks that nobody sees, single spaces."""
    normal = unicodedata.normalize("NFC", text)
    printable = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in normal)
    seen = unicodedata.normalize("NFC", without_invisible(printable))
    return re.sub(r"\s+", " ", seen).strip()
