"""Signs that nobody sees: a name that holds them looks like another and is not."""

from __future__ import annotations

import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"
# Blank, though Unicode calls them letters or symbols.
_BLANKS: Final = "\u115f\u1160\u3164\uffa0\u2800"
_GRAPHEME_JOINER: Final = "\u034f"
# Of category Cf, but printed: Arabic number signs and their kin.
_PRINTED: Final = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"


def without_invisible(text: str) -> str:
    """The text without marks that show nothing, blank letters as spaces.

    What shapes a script or an emoji stays where it does so: joiners between letters of scripts
    that join (Persian, Indic) and between emoji, variation selectors but after Latin, Greek and
    Cyrillic letters, the tags of flags.
    """
    kept: list[str] = []
    for sign in text:
        before = kept[-1] if kept else ""
        if before in _JOINERS and before and not _joins(sign):
            kept.pop()
            before = kept[-1] if kept else ""
        if sign in _BLANKS:
            kept.append(" ")
        elif not _is_invisible(sign) or _shapes(sign, before):
            kept.append(sign)
    while kept and kept[-1] in _JOINERS:
        kept.pop()
    return "".join(kept)


def _is_invisible(sign: str) -> bool:
    if sign == _GRAPHEME_JOINER or _is_selector(sign):
        return True
    return unicodedata.category(sign) == "Cf" and sign not in _PRINTED


def _shapes(sign: str, before: str) -> bool:
    if not before:
        return False
    if sign in _JOINERS:
        return before not in _JOINERS and _joins(before)
    if _is_selector(sign):
        return not _is_selector(before) and unicodedata.category(before) in {
            "So", "Lo", "Nd", "Po", "Sm",
        }  # fmt: skip
    return _is_tag(sign) and (before == "\U0001f3f4" or _is_tag(before))


def _joins(sign: str) -> bool:
    """Whether a joiner beside it may change how it is drawn."""
    match unicodedata.category(sign):
        case "Lo" | "So":
            return True
        case "Mn" | "Mc":
            return not unicodedata.name(sign, "").startswith("COMBINING")
        case "Sk":
            return sign > "\U0001f000"  # the skin tones of emoji
        case _:
            return sign in "\u2640\u2642"


def _is_selector(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _is_tag(sign: str) -> bool:
    return "\U000e0020" <= sign <= "\U000e007f"
