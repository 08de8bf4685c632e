"""Sentences are marked so that they can be collected for translators."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parents[1]
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
