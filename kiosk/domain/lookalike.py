"""Names that differ only in look: for whoever reads a greeting they are one name.

After Unicode Technical Standard 39 (skeletons of confusable strings), for the letters that names
are written in; the full table holds 6,000 signs that no name has.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from kiosk.domain.invisible import without_invisible

# Letters of other scripts that cannot be told from Latin ones, in small letters after case folding.
_LATIN_TWINS: Final = {
    **dict(zip("авеёкмнорстухіјѕһԁԛԝѵьгп", "abeekmhopctyxijshdqwvbrn", strict=True)),  # Cyrillic
    **dict(zip("αβεηικμνορτυχωγ", "abenikuvoptuxwy", strict=True)),  # Greek
    **dict(zip("օսոցհ", "ounqh", strict=True)),  # Armenian
    "ı": "i",
    "ɑ": "a",
    "ɡ": "g",
    "ǀ": "l",
    "ӏ": "l",
    "|": "l",
    "0": "o",
    "1": "l",
    "i": "l",
}
_SEPARATORS: Final = str.maketrans(dict.fromkeys("_-‐‑‒–—.·,'’`´", " "))


def skeleton(name: str) -> str:
    """What is left of a name when all that hardly shows is taken away: case, kinds of spaces,
    invisible marks, separators, letters borrowed from another script."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(
        c
        for c in without_invisible(plain)
        if unicodedata.category(c) not in {"Cf", "Cc", "Co", "Cn"}
    )
    words = seen.translate(_SEPARATORS).split()
    return unicodedata.normalize("NFC", " ".join(map(_latin, words)))


def _latin(word: str) -> str:
    return "".join(_LATIN_TWINS.get(c, c) for c in word)


def look_alike(first: str, second: str) -> bool:
    """Whether two different names read as one."""
    return first != second and skeleton(first) == skeleton(second)


def mixes_scripts(name: str) -> bool:
    """Whether a word of the name mixes letters of scripts that imitate each other."""
    for word in name.split():
        scripts = {unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}) > 1:
            return True
    return False
