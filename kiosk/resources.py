"""Where what ships beside the code lies: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


ASSETS: Final = _shipped("assets")
MODELS: Final = _shipped("models")
DEMO: Final = ASSETS / "demo"
LOCALE: Final = _PACKAGE / "locale"
"""Compiled catalogues, where there are any: English is what is written."""
