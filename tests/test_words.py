"""Sentences are marked so that they can be collected for translators."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parents[1]
OURS = re.compile(r"\btemplates?\b", re.IGNORECASE)
KEYWORDS = {"_": None, "counted": (1, 2), "marked": None}


def sentences() -> dict[str, str]:
    """Each sentence, and the file that says it."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        for _line, message, _notes, _context in extract(
            "python", BytesIO(path.read_bytes()), keywords=KEYWORDS
        ):
            for text in (message,) if isinstance(message, str) else message:
                found[text] = str(path.relative_to(ROOT))
    return found


def test_sentences_of_every_layer_are_found() -> None:
    found = sentences()
    layers = {Path(file).parts[1] for file in found.values()}
    assert {"domain", "services", "devices", "storage", "vision", "ui", "cli"} <= layers
    assert len(found) > 300
    assert {"{count} photos", "Look here to check in"} <= found.keys()


def test_placeholders_have_names() -> None:
    """A translator puts them in another order."""
    unnamed = re.compile(r"(?<!\{)\{(\d*|![rs])\}(?!\})")
    assert [text for text in sentences() if unnamed.search(text)] == []


def test_the_word_for_us_is_not_said_to_people() -> None:
    """Our template is a photo or a face on screen, where not all sentences are marked."""
    said = {text: file for text, file in sentences().items() if OURS.search(text)}
    for path in sorted((ROOT / "kiosk" / "ui").rglob("*.py")):
        tree = ast.parse(path.read_text())
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and id(node) not in notes and OURS.search(text):
                said[text] = str(path.relative_to(ROOT))
    assert said == {}


def test_models_are_described_without_it() -> None:
    described = json.loads((ROOT / "models" / "manifest.json").read_text())
    assert not OURS.search(json.dumps(described))


NOT_SAID = {
    "kiosk/ui/common/inhibitors.py",  # told to the desktop, which is not translated
    "kiosk/ui/main_window.py",  # the window's name
    "kiosk/vision/align.py",  # a mistake of ours
}
SENTENCE = re.compile(r"\{?\}?\s*[A-Z][a-z]+[ .,:]")


def test_what_people_read_is_marked() -> None:
    """Wherever a sentence stands: of the command line its help texts alone stay English, which are
    read when the program is imported, before any language is known."""
    bare = []
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        place = path.relative_to(ROOT)
        if place.parts[1] in ("lab", "benchmark", "cli") or str(place) in NOT_SAID:
            continue
        bare += [f"{place}:{line}: {text}" for line, text in _bare(ast.parse(path.read_text()))]
    assert bare == []


def _bare(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Sentences in code that are in no call that marks them."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
            text = "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        around: list[ast.AST] = [node]
        while around[-1] in above:
            around.append(above[around[-1]])
        calls = [other.func for other in around if isinstance(other, ast.Call)]
        inside = {called.id for called in calls if isinstance(called, ast.Name)}
        comment = isinstance(around[1], ast.Expr | ast.JoinedStr)
        if SENTENCE.match(text) and " " in text and not comment and not inside & set(KEYWORDS):
            yield node.lineno, text
