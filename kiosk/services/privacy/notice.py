"""The notice at the door: what whoever passes is told before they are looked at (GDPR, Art. 13)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.language import _, counted
from kiosk.domain.retention import Kept, until_deleted
from kiosk.domain.settings import Settings
from kiosk.services.privacy.retention import days_kept

CODE_LIMIT = 600
"""Characters that a code on paper holds and a telephone still reads."""
MANY = 2
"""What is said of looks and hours that nobody counts here."""
BLANK = "\n"
"""Room to write in what the settings do not say."""


@dataclass(frozen=True, slots=True)
class Notice:
    """``parts`` are a heading and a text each; a text of ``BLANK`` is written in by hand. ``code``
    is what the code on it says."""

    title: str
    parts: tuple[tuple[str, str], ...]
    code: str


def notice(settings: Settings) -> Notice:
    """What is true under these settings."""
    parts = (
        (_("Who is responsible"), settings.controller.strip() or BLANK),
        (_("What happens here"), _what(settings)),
        (_("What is stored"), _stored(settings)),
        (_("How long"), _how_long(settings)),
        (_("What is not stored"), _not_stored()),
        (_("Another way in"), _other_way(settings)),
        (_("What you may ask for"), _rights()),
        (_("Who answers, and where to object"), settings.data_contact.strip() or BLANK),
    )
    title = _("This door knows faces")
    page = settings.notice_page.strip()
    return Notice(title, parts, page or _code(title, parts))


def _what(settings: Settings) -> str:
    told = _(
        "A camera compares the face of whoever stands in front of it with those of people who are "
        "enrolled, to let them in."
    )
    if settings.attendance:
        told += " " + _("It records when they come and go.")
    return told


def _stored(settings: Settings) -> str:
    told = _(
        "Of people who are enrolled: name, staff number, numbers made of some photos of the face. "
        "Of each look: when it was, whether somebody was let in, and who, if it was somebody "
        "enrolled."
    )
    if settings.keep_crops:
        told += " " + _("A small picture of each enrolled face, too.")
    return told


def _how_long(settings: Settings) -> str:
    kinds = (
        (_("looks that were refused"), Kept.REFUSED),
        (_("looks that were let in"), Kept.ALLOWED),
        *([(_("hours"), Kept.ATTENDANCE)] if settings.attendance else ()),
    )
    ends = []
    for name, kind in kinds:
        days = days_kept(settings, kind)
        until = counted("{count} day", "{count} days", days) if days else until_deleted(MANY)
        ends.append(f"{name}: {until}")
    return _("{kinds}. Photos: until you withdraw, or are no longer enrolled.").format(
        kinds="; ".join(ends).capitalize()
    )


def _not_stored() -> str:
    return _(
        "Films, sound, pictures of whoever passes, and numbers of faces that are not enrolled: "
        "they are compared and dropped within seconds. Nothing leaves this kiosk by itself."
    )


def _other_way(settings: Settings) -> str:
    if settings.pin_entry:
        return _(
            "Nobody needs to have a face on file: a PIN opens the same door, with the same rights."
        )
    return BLANK


def _rights() -> str:
    return _(
        "To see all that is kept of you, to have it put right or deleted, to take it along, to "
        "withdraw your consent at any time, here under My data or by telling us, and to complain "
        "to the authority for data protection."
    )


def _code(title: str, parts: tuple[tuple[str, str], ...]) -> str:
    told = "\n".join((title, *(text for _heading, text in parts if text != BLANK)))
    return told if len(told) <= CODE_LIMIT else told[: CODE_LIMIT - 1].rstrip() + "…"
