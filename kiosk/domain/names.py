"""Names as they are searched and typed: ``lukasz`` finds Łukasz."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

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
_BARRED = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH ")


def folded(text: str) -> str:
    """What a search compares: without case, accents, strokes (``lukasz`` finds ``Łukasz``) and
    compatibility forms (NFKD), single spaces. Other scripts stay: nobody types them in Latin."""
    caseless = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = (_bare(c) for c in caseless if unicodedata.category(c) != "Mn")
    # No database stores lone surrogates (undecodable file names) or NUL.
    stored = "".join(bare).encode("utf-8", "replace").decode().replace("\0", "?")
    return " ".join(stored.split())


@cache
def _bare(letter: str) -> str:
    """A letter without what Unicode takes for a part of it: a stroke, a hook, a tail."""
    if letter.isascii():
        return letter
    if letter in _WORDS:
        return _WORDS[letter]
    barred = _BARRED.match(unicodedata.name(letter, ""))
    return barred[1].lower() if barred else letter
