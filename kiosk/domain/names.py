"""Names as they are searched and typed: ``lukasz`` finds Łukasz."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

_WORDS = {
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "ŋ": "n",
    "ı": "i",
    "ȷ": "j",
    "ĸ": "k",
    "ə": "e",
    "ǝ": "e",
    **dict.fromkeys("’‘ʼʻ`´ʹ", "'"),
    **dict.fromkeys("‐‒–—−", "-"),
}
_NORDIC = dict(zip("åäæöø", (0, 1, 1, 2, 2), strict=True))
_DANISH = dict(zip("æäøöå", (0, 0, 1, 1, 2), strict=True))
_AFTER_Z = {"sv": _NORDIC, "fi": _NORDIC, **dict.fromkeys(("da", "nb", "nn", "no"), _DANISH)}
"""Letters of their own, and their place after z. Everywhere else a letter stands with the one that
it is written like: Đ with D, Ł with L, Å with A. PyICU knows more and has no wheels (a compiler and
ICU's headers on each machine); pyuca knows no languages, at 12 MB and 0.15 s."""

TYPED: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 -'.")
"""What the pad at the door has keys for, in each of its forms."""

_BARRED = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH ")


def folded(text: str) -> str:
    """What a search compares: without case, accents, strokes (``lukasz`` finds ``Łukasz``) and
    compatibility forms (NFKD), single spaces. Other scripts stay: nobody types them in Latin."""
    caseless = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = (_bare(c) for c in caseless if unicodedata.category(c) != "Mn")
    # No database stores lone surrogates (undecodable file names) or NUL.
    stored = "".join(bare).encode("utf-8", "replace").decode().replace("\0", "?")
    return " ".join(stored.split())


def typeable(name: str) -> bool:
    """Whether a name (or a staff number) can be typed at the door, where accents are no matter."""
    letters = folded(name)
    return bool(letters) and TYPED.issuperset(letters)


def sort_key(name: str, language: str = "") -> str:
    """By which a list of names is sorted, as readers of a language (``sv``, ``de_CH``) expect."""
    last = _AFTER_Z.get(language[:2].lower(), {})
    composed = unicodedata.normalize("NFC", name).casefold()
    placed = "".join(chr(ord("{") + last[c]) if c in last else c for c in composed)
    return f"{folded(placed)}\0{name}"


def readers_language(environment: Mapping[str, str] = os.environ) -> str:
    """Whose order the operating system's user expects, such as ``sv_SE.UTF-8``; may be empty."""
    names = ("LC_ALL", "LC_COLLATE", "LANG")
    return next((environment[name] for name in names if environment.get(name)), "")


def isolated(name: str) -> str:
    """A name (or any foreign text) for use within a sentence: one that is written from right to
    left stands in a Unicode isolate, so that it turns round neither the sentence nor the signs
    beside it. Any other stays as it is."""
    leftwards = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{name}\u2069" if leftwards else name


@cache
def _bare(letter: str) -> str:
    """A letter without what Unicode takes for a part of it: a stroke, a hook, a tail."""
    if letter.isascii():
        return letter
    if letter in _WORDS:
        return _WORDS[letter]
    barred = _BARRED.match(unicodedata.name(letter, ""))
    return barred[1].lower() if barred else letter
