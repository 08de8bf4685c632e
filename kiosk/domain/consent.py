"""Who agreed to have their face compared, to which text, and until when."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, marked
from kiosk.domain.people import clean_text

HOW_LIMIT: Final = 100
AT_THE_KIOSK: Final = marked("at the kiosk")
ON_PAPER: Final = marked("on paper")
WAYS: Final = (AT_THE_KIOSK, ON_PAPER)
"""How people usually agree; any other words may be typed."""
OWN_VERSION: Final = "1"
"""Of the text below, in whichever language it is read."""
OWN_TEXT: Final = marked(
    "This kiosk lets me in by my face and can record when I come and go. For that it keeps numbers "
    "that it makes of some photos of me, my name and, if I have one, my staff number. The photos "
    "themselves are not kept, unless I am told so here. Each look is written into a log: when, "
    "whether I was let in, and how alike the face was. Nobody is given these numbers, they are "
    "used for nothing else, and nothing leaves this kiosk by itself.\n\n"
    "I agree of my own free will. I can come in with a PIN instead, with the same rights, and need "
    "not say why. I can withdraw this at any time by telling whoever looks after the kiosk: then "
    "the numbers are deleted at once, and from the backups when they are replaced. I can ask at "
    "any time what is kept of me, and have it put right."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that people agree to; the same version means the same text."""

    version: str
    text: str


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody agreed. Times are in UTC; ``how`` is in words, such as on paper. It stays when it is
    withdrawn, with when and by whom."""

    id: int
    person_id: int
    name: str
    wording: Wording
    given_at: datetime
    recorded_by: str
    how: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many of the people with photos agreed to the text in force, to an older one, and not."""

    now: int = 0
    before: int = 0
    never: int = 0

    @classmethod
    def of(cls, people: Iterable[int], newest: Mapping[int, Consent], wording: Wording) -> Agreed:
        """``people`` are the ids of those with photos, ``newest`` the newest consent of each."""
        kinds = Counter(_kind(newest.get(one), wording) for one in people)
        return cls(kinds["now"], kinds["before"], kinds["never"])


def _kind(consent: Consent | None, wording: Wording) -> str:
    if consent is None or not consent.stands:
        return "never"
    return "now" if consent.wording.version == wording.version else "before"


def wording(own: str) -> Wording:
    """The text in force: ``own`` of the site with the first 12 figures of its SHA-256 as version,
    or where that is empty the kiosk's."""
    text = "\n".join(line.rstrip() for line in own.strip().splitlines())
    if not text:
        return Wording(OWN_VERSION, _(OWN_TEXT))
    return Wording(hashlib.sha256(text.encode()).hexdigest()[:12], text)


def clean_how(how: str) -> str:
    """How somebody agreed, as it is stored.

    Raises:
        BadInput: it is empty, or longer than 100 characters.
    """
    cleaned = clean_text(how)
    if not cleaned:
        raise BadInput(_("Say how the person agreed: at the kiosk, on paper."))
    if len(cleaned) > HOW_LIMIT:
        raise BadInput(
            _("How the person agreed has {count} characters; at most {limit} fit.").format(
                count=len(cleaned), limit=HOW_LIMIT
            )
        )
    return cleaned
