from __future__ import annotations

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk.domain import language
from kiosk.domain.language import _, counted, marked

ROOT = Path(__file__).resolve().parents[2]


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


def test_the_system_s_language_is_spoken_where_there_is_a_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (ROOT / "tests/ui/german.po").open("rb") as source, (folder / "kiosk.mo").open("wb") as to:
        write_mo(to, read_po(source, "de"))
    for wanted in ("de_AT.UTF-8", "fr", "C"):
        monkeypatch.setenv("LANGUAGE", wanted)
        language.install(tmp_path)
        said = "Bitte stillhalten" if wanted.startswith("de") else "Hold still"
        assert _("Hold still") == said
    language.use(gettext.NullTranslations())


def test_nothing_is_translated_before_the_language_is_known() -> None:
    """A sentence looked up while its module is imported would stay English for ever."""
    early = []
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        for node in _outside_functions(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in ("_", "counted"):
                early.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert early == []


def _outside_functions(tree: ast.AST) -> Iterator[Any]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [*node.args.defaults, *node.args.kw_defaults, *node.decorator_list]
            for part in filter(None, defaults):
                yield part
                yield from _outside_functions(part)
        elif not isinstance(node, ast.Lambda):
            yield node
            yield from _outside_functions(node)
