"""A second language, to see that the longest words have room: German, from a catalogue that is
compiled and looked up as a shipped one would be."""

from __future__ import annotations

import gettext
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk.domain import language
from kiosk.ui.common.texts import Texts, in_force


def catalogue() -> gettext.GNUTranslations:
    """The compiled catalogue."""
    compiled = BytesIO()
    with Path(__file__).with_name("german.po").open("rb") as source:
        write_mo(compiled, read_po(source, "de"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _german() -> Texts:
    language.use(catalogue())
    try:
        return in_force()
    finally:
        language.use(gettext.NullTranslations())


GERMAN = _german()
