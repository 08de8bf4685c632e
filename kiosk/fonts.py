"""Whether the screen can write everybody's name: letters that no font has are empty boxes."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable

from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.services.site import Finding

SHIPPED = frozenset({"LATIN", "GREEK", "CYRILLIC"})
"""The scripts of the family that comes with the program (assets/fonts)."""


def in_a_font(letter: str) -> bool:
    """Whether any font of this machine has a letter; also where that can't be told: Windows and
    macOS bring fonts for every script. By fontconfig, whom Qt asks, too."""
    if sys.platform != "linux":
        return True
    asked = ["fc-list", f":charset={ord(letter):x}", "family"]
    try:
        answer = subprocess.run(asked, capture_output=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return True
    return bool(answer.stdout.strip())


def check_fonts(
    names: Iterable[str], has_font: Callable[[str], bool] = in_a_font
) -> tuple[Finding, ...]:
    """A note where names can't be read on the screen; nothing where all is well. One letter stands
    for its script: 10 ms each."""
    examples: dict[str, tuple[str, str]] = {}
    for name in names:
        for letter in filter(str.isalpha, name):
            script = unicodedata.name(letter, "").partition(" ")[0]
            if script not in SHIPPED:
                examples.setdefault(script, (letter, name))
    boxes = [name for letter, name in examples.values() if not has_font(letter)]
    if not boxes:
        return ()
    text = _(
        "No font here has the letters of {names}: on the screen they are empty boxes. Install "
        "some, such as fonts-noto-core and fonts-noto-cjk on Debian and Ubuntu."
    ).format(names=", ".join(map(isolated, dict.fromkeys(boxes))))
    return (Finding(_("Fonts"), True, text, advice=True),)
