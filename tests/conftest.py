"""Fixtures that every test may use."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, and no deadline: a busy machine is no bug.
settings.register_profile("kiosk", derandomize=True, deadline=None)
settings.load_profile("kiosk")

# Before anything imports Qt: tests draw real widgets on no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


# Nor does a test touch the key of whoever runs it.
_KEYS = tempfile.TemporaryDirectory(prefix="kiosk-tests-")
_KEY = Path(_KEYS.name) / "record.key"
_KEY.write_text("5a" * 32)
os.environ["KIOSK_KEY_FILE"] = str(_KEY)
_DATABASE_KEY = Path(_KEYS.name) / "database.key"
_DATABASE_KEY.write_text("a5" * 32)
os.environ["KIOSK_DATABASE_KEY_FILE"] = str(_DATABASE_KEY)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of research data beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the research data is not here: ../shared/data is missing")
    return folder


@pytest.fixture
def machine_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts this machine into a zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system can't change the zone of a running program")
    with monkeypatch.context() as patch:

        def move(zone: str) -> None:
            patch.setenv("TZ", zone)
            time.tzset()

        yield move
    time.tzset()
