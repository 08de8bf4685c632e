"""A kiosk's database, opened by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kiosk.domain.keys import KeyRing, parse_keys
from kiosk.storage import cipher


def ring() -> KeyRing:
    """The keys that tests of the whole program run under (``tests/conftest.py``)."""
    return KeyRing(parse_keys(Path(os.environ["KIOSK_DATABASE_KEY_FILE"]).read_text()), "the tests")


def opened(path: Path) -> Any:
    """An existing database that the program wrote."""
    return cipher.connect(path, ring().newest)
