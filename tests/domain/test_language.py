from __future__ import annotations

import gettext
from collections.abc import Iterator

import pytest

from kiosk.domain import language
from kiosk.domain.language import _, counted, marked


class German(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return {"Hello {name}": "Hallo {name}"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return "{count} Fotos" if n != 1 else "{count} Foto"


@pytest.fixture
def german() -> Iterator[None]:
    language.use(German())
    yield
    language.use(gettext.NullTranslations())


def test_english_is_what_is_written() -> None:
    assert _("Hello {name}").format(name="Mia") == "Hello Mia"
    assert [counted("{count} photo", "{count} photos", n) for n in (0, 1, 2)] == [
        "0 photos",
        "1 photo",
        "2 photos",
    ]


@pytest.mark.usefixtures("german")
def test_another_language_is_said_from_then_on() -> None:
    assert _(marked("Hello {name}")).format(name="Mia") == "Hallo Mia"
    assert counted("{count} photo", "{count} photos", 2) == "2 Fotos"
    assert _("not translated") == "not translated"
