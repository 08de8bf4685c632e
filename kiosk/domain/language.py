"""Sentences for people, marked where they are written and translated when they are said.

A sentence is marked as ``_("{name} is enrolled already.").format(name=name)``: never an f-string,
which the extraction can't see, and never two halves put together, which no other grammar survives.
"""

from __future__ import annotations

import gettext

_in_force = gettext.NullTranslations()


def use(translations: gettext.NullTranslations) -> None:
    """Say everything in another language from now on; once, at the start."""
    global _in_force
    _in_force = translations


def _(message: str) -> str:
    """The sentence in the language in force; English where there is no translation."""
    return _in_force.gettext(message)


def counted(one: str, many: str, count: int) -> str:
    """The right form for a number, with ``{count}`` filled in: ``1 photo``, ``2 photos``."""
    return _in_force.ngettext(one, many, count).format(count=count)


def marked(message: str) -> str:
    """Mark a constant for the extraction; pass it through :func:`_` where it is said."""
    return message
