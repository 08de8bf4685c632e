"""What stands on the keys of the screen's keyboard; pure."""

from __future__ import annotations

from enum import StrEnum

Rows = tuple[str, ...]

LETTERS: dict[str, Rows] = {
    "QWERTY": ("qwertyuiop", "asdfghjkl'", "zxcvbnm-"),
    "QWERTZ": ("qwertzuiopü", "asdfghjklöä", "yxcvbnmß-"),
    "AZERTY": ("azertyuiop", "qsdfghjklm", "wxcvbn'-"),
}
_BY_LANGUAGE = {"de": "QWERTZ", "fr": "AZERTY"}

SYMBOLS: Rows = ("1234567890", "@:/.-_,;?&", "=+#%*()'\"!")
DIGITS: Rows = ("123", "456", "789", "-0.")
"""For numbers and dates; what a field refuses, its own check refuses."""

ACCENTS: dict[str, str] = {
    "a": "àáâãäåæąăā",
    "c": "çćč",
    "d": "ďđð",
    "e": "èéêëęěēė",
    "g": "ğģ",
    "i": "ìíîïīįı",
    "k": "ķ",
    "l": "łľļ",
    "n": "ñńňņ",
    "o": "òóôõöøœőơ",
    "r": "řŕ",
    "s": "śšşșß",
    "t": "ťțþ",
    "u": "ùúûüůűūư",
    "y": "ýÿ",
    "z": "źžż",
}
"""What a letter offers when it is held down, the commonest first."""


class Sheet(StrEnum):
    """Which keys are shown."""

    LETTERS = "letters"
    SYMBOLS = "symbols"
    ACCENTS = "accents"
    DIGITS = "digits"


def layout_for(language: str) -> str:
    """The arrangement of letters that a language's people know; ``language`` is such as ``de``
    or ``de_CH``."""
    return _BY_LANGUAGE.get(language[:2].lower(), "QWERTY")


def next_layout(name: str) -> str:
    """The arrangement after this one, round and round."""
    names = list(LETTERS)
    return names[(names.index(name) + 1) % len(names)]


def rows(sheet: Sheet, layout: str) -> Rows:
    """The characters of a sheet, row by row, in small letters."""
    if sheet is Sheet.SYMBOLS:
        return SYMBOLS
    if sheet is Sheet.DIGITS:
        return DIGITS
    if sheet is Sheet.ACCENTS:
        return ("àáâäãåæçćč", "èéêëęìíîïñń", "òóôöõøùúûüß", "łśšýźžż")
    return LETTERS[layout]


def capital(character: str) -> str:
    """A letter's capital where it is one letter: there is none of ß."""
    upper = character.upper()
    return upper if len(upper) == 1 else character
