"""Sentences for people, marked where they are written and translated when they are said.

A sentence is marked as ``_("{name} is enrolled already.").format(name=name)``: never an f-string,
which the extraction can't see, and never two halves put together, which no other grammar survives.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Final

DOMAIN: Final = "kiosk"
"""The catalogues' file name: FOLDER/de/LC_MESSAGES/kiosk.mo."""

_in_force = gettext.NullTranslations()


def install(folder: Path) -> None:
    """Speak the language that the system asks for (``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES`` or
    ``LANG``), where ``folder`` holds a catalogue of it; once, at the start."""
    use(gettext.translation(DOMAIN, folder, fallback=True))


def use(translations: gettext.NullTranslations) -> None:
    """Say everything in another language from now on."""
    global _in_force
    _in_force = translations


def _(message: str) -> str:
    """The sentence in the language in force; English where there is no translation."""
    return _in_force.gettext(message)


def counted(one: str, many: str, count: int, **more: object) -> str:
    """The right form for a number, with ``{count}`` filled in: ``1 photo``, ``2 photos``; ``more``
    is what else is to be filled in."""
    return _in_force.ngettext(one, many, count).format(count=count, **more)


def marked(message: str) -> str:
    """Mark a constant for the extraction; pass it through :func:`_` where it is said."""
    return message
